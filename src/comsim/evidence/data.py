"""The data files of this package."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def data(name: str) -> dict[str, Any]:
    """A TOML file of this package, by its path in it. Each call reads it anew, so that the caller
    may change the result."""
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))
