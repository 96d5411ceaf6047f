"""The phrases of the lab: those of the reports, plus `text.toml` and `stories.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from comsim.language import phrases

LANGUAGES = phrases.LANGUAGES


@cache
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Every phrase: catalogue()[section][key][language]."""
    entries = phrases.catalogue()
    for name in ("text.toml", "stories.toml"):
        entries = entries | tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))
    return entries


class LabPhrases(phrases.Words):
    """Phrases in one language, including those of the lab."""

    phrases = staticmethod(catalogue)

    def room(self, name: str) -> dict[str, str]:
        """All phrases of a section, by key."""
        return {key: self.name(name, key) for key in catalogue()[name]}
