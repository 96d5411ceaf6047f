"""Files that are written whole or not at all, known by their checksums when they are read again."""
