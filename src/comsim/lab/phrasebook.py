"""The lab's words: those of the reports, and `text.toml` and `told.toml` besides."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from comsim.language import phrases as words

LANGUAGES = words.LANGUAGES


@cache
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Every phrase: catalogue()[room][key][language]; the lab's rooms have names of their own."""
    found = words.catalogue()
    for name in ("text.toml", "told.toml"):
        found = found | tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))
    return found


class Words(words.Words):
    """Says things in one language, the lab's own too."""

    phrases = staticmethod(catalogue)

    def room(self, name: str) -> dict[str, str]:
        """All phrases of a room, by key."""
        return {key: self.name(name, key) for key in catalogue()[name]}
