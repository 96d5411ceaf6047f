"""Programmes with several starts: the names of these policies in the reader's language, and the
start with the most weekly members."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pandas as pd

from comsim.language.amounts import probability
from comsim.language.phrases import Words
from comsim.studies.comparison.choices.starts import called, start_in_words

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison


EVEN = 0.5  # share of worlds in which a start is ahead if starts make no difference


def in_words(comparison: Comparison, words: Words) -> Comparison:
    """The comparison, with the names of its policies, which include starts, in a language."""
    names = _names(comparison, words)
    if all(old == new for old, new in names.items()):
        return comparison
    tables = {
        field.name: _renamed(table, names)
        for field in fields(comparison)
        if isinstance(table := getattr(comparison, field.name), pd.DataFrame)
    }
    return replace(comparison, policies=tuple(names.values()), **tables)


def best_starts(comparison: Comparison, words: Words) -> list[str]:
    """For each programme with several starts, a sentence: the start that most often has more weekly
    members than the others, and the share of worlds in which it has more than each of them."""
    table, by_name = comparison.returns, {}
    for policy, scenario in zip(comparison.policies, comparison.scenarios, strict=True):
        match scenario.programmes:
            case [programme] if programme.starts:
                when = start_in_words(programme, Words(words.language, scenario.dates))
                by_name.setdefault(programme.name, {})[policy] = when
    lines = []
    for name, days in by_name.items():
        among = table[(table["figure"] == "wau_mean") & table["policy"].isin(list(days))]
        among = among[among["against"].isin(list(days))]
        means = among.groupby("policy", observed=True)["ahead"].mean()
        if not len(means) or not means.max() > EVEN:
            continue
        best = means.idxmax()
        shares = among[among["policy"] == best].set_index("against")["ahead"]
        others = [
            words("answer.other_start", when=when, share=probability(shares[other]))
            for other, when in days.items()
            if other != best
        ]
        lines.append(
            words("answer.starts", policy=name, when=days[best], others=words.listed(others))
        )
    return lines


def _names(comparison: Comparison, words: Words) -> dict[str, str]:
    """The new name of each policy: the longest names of programmes are replaced first, since they
    may contain others."""
    names = {}
    for policy, scenario in zip(comparison.policies, comparison.scenarios, strict=True):
        here = {
            called(programme, Words("en", scenario.dates)): called(
                programme, Words(words.language, scenario.dates)
            )
            for programme in scenario.programmes
            if programme.starts
        }
        longest = sorted(here, key=len, reverse=True)
        either = "|".join(rf"{re.escape(name)}(?!\d)" for name in longest) or r"(?!)"
        names[policy] = re.sub(either, lambda found, here=here: here[found[0]], policy)
    return names


def _renamed(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    columns = [name for name in ("policy", "against") if name in table.columns]
    return table.assign(**{x: table[x].astype(object).replace(names) for x in columns})
