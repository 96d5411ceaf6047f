"""Programmes with several starts: the names of these policies in the reader's language, and the
start with the most weekly members."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pandas as pd

from comsim.language.amounts import probability
from comsim.language.phrases import Words
from comsim.studies.comparison.choices.starts import called

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison


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
                by_name.setdefault(programme.name, []).append(policy)
    lines = []
    for name, policies in by_name.items():
        among = table[(table["figure"] == "wau_mean") & table["policy"].isin(policies)]
        among = among[among["against"].isin(policies)]
        if not len(among):
            continue
        best = among.groupby("policy", observed=True)["ahead"].mean().idxmax()
        shares = among[among["policy"] == best].set_index("against")["ahead"]
        days = {policy: words.when(comparison.start_of(policy)) for policy in policies}
        others = [
            words("answer.other_start", when=days[other], share=probability(shares[other]))
            for other in policies
            if other != best
        ]
        lines.append(
            words("answer.starts", policy=name, when=days[best], others=words.listed(others))
        )
    return lines


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
