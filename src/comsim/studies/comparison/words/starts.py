"""Policies that are named after a start, in the reader's language."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pandas as pd

from comsim.language.phrases import Words
from comsim.studies.comparison.choices.starts import called

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison


def in_words(comparison: Comparison, words: Words) -> Comparison:
    """The comparison, with the starts in the names of its policies in a language."""
    names = _names(comparison, words)
    if all(old == new for old, new in names.items()):
        return comparison
    tables = {
        field.name: _renamed(table, names)
        for field in fields(comparison)
        if isinstance(table := getattr(comparison, field.name), pd.DataFrame)
    }
    return replace(comparison, policies=tuple(names.values()), **tables)


def _names(comparison: Comparison, words: Words) -> dict[str, str]:
    """The new name of each policy."""
    names = {}
    for policy, scenario in zip(comparison.policies, comparison.scenarios, strict=True):
        name = policy
        for programme in scenario.programmes:
            if programme.starts:
                own = called(programme, Words("en", scenario.dates))
                name = name.replace(own, called(programme, Words(words.language, scenario.dates)))
        names[policy] = name
    return names


def _renamed(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    columns = [name for name in ("policy", "against") if name in table.columns]
    return table.assign(**{x: table[x].astype(object).replace(names) for x in columns})
