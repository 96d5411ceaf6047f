"""Standard streams on which every character can be written, wherever they lead."""

from __future__ import annotations

import os
import sys

STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def prepare() -> None:
    """Before the first word: what a terminal has no letter for is written as its number, and a
    stream that was closed leads nowhere."""
    for name, mode in STREAMS:
        stream = getattr(sys, name)
        if stream is None:
            # The lowest free number, in order: no file of a result may become 1 or 2.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def drop(*names: str) -> None:
    """Let streams lead nowhere, for they can't be written to; Python would try again at the end."""
    for name in names:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), getattr(sys, name).fileno())
        except (OSError, ValueError):  # it has no number of its own
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
