"""Make the standard streams accept every character, in any terminal or pipe."""

from __future__ import annotations

import os
import sys

STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def prepare() -> None:
    """Call before any output: escape characters that the terminal's encoding lacks, and connect
    closed streams to the null device."""
    for name, mode in STREAMS:
        stream = getattr(sys, name)
        if stream is None:
            # Takes the lowest free descriptor, so no file of a result gets 1 or 2.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def drop(*names: str) -> None:
    """Connect unwritable streams to the null device; otherwise Python writes again at exit."""
    for name in names:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), getattr(sys, name).fileno())
        except (OSError, ValueError):  # it has no file descriptor
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
