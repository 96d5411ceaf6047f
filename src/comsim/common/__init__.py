"""Helpers for all rooms.

    errors         the error for invalid input
    arguments      checks of arguments
    copies         copies of data for the user
    documentation  docstrings
    progress       progress reports
    machine        processors
    threads        work in threads
    version        the version of comsim

Imports language only.
"""
