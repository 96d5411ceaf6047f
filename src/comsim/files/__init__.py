"""Files that are written completely or not at all, and checked by their checksums when read."""
