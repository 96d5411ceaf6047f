"""The day of a community, compiled: one file a phase."""
