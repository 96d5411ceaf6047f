"""The optional mechanisms, one per file. A mechanism that a scenario does not use costs nothing."""
