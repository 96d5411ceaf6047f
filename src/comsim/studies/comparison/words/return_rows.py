"""What programmes cost and bring in, as tables of text for the terminal and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from numpy import isnan

from comsim.language.amounts import probability, rounded
from comsim.language.phrases import Words
from comsim.studies.comparison.choices.returns import OTHERS, RANKED

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison

NONE = "–"
FIGURES = ("spending", "margin", "profit", "return")


class Rows(NamedTuple):
    """A table of text."""

    columns: list[str]
    rows: list[list[str]]


def cost_rows(comparison: Comparison, words: Words) -> Rows:
    """Spending, margin, profit and return of each policy: median and range over worlds."""
    columns = [words("returns.policy"), *(words(f"returns.{figure}") for figure in FIGURES)]
    rows = [
        [policy, *(figure_in_words(comparison, policy, figure, words) for figure in FIGURES)]
        for policy in comparison.policies[1:]
    ]
    if comparison.budget is not None:  # after spending
        columns.insert(2, words("answer.within", budget=words.short(comparison.budget)))
        for row in rows:
            row.insert(2, probability(comparison.within_budget(row[0])))
    return Rows(columns, rows)


def figure_in_words(comparison: Comparison, policy: str, figure: str, words: Words) -> str:
    """A figure of a policy compared with the first one; a dash if it does not exist."""
    row = _found(comparison.returns, policy, comparison.policies[0], figure)
    values = [row[end] for end in ("q50", "q05", "q95")]
    if isnan(values[0]):
        return NONE
    share = figure == "return"
    texts = rounded(*((100 if share else 1) * value for value in values))
    middle, low, high = (f"{text}%" if share else text for text in texts)
    return words("verdict.level_range", value=middle, low=low, high=high)


def ahead_rows(comparison: Comparison, words: Words) -> Rows | None:
    """For each two policies, the share of worlds in which the first has more weekly members, and
    the share in which it has the most of all; None if they are not compared with one another."""
    table, policies = comparison.returns, comparison.policies
    if OTHERS not in set(table["against"]):
        return None
    columns = [words("returns.more"), *policies, *(words(f"returns.most_{x}") for x in RANKED)]
    rows = []
    for policy in policies:
        cells = [policy]
        for other in policies:
            turned = policy == policies[0]  # the first is never compared with the others
            pair = (other, policy) if turned else (policy, other)
            share = None if other == policy else _found(table, *pair, "wau_mean")["ahead"]
            cells.append("" if share is None else words.percent(1 - share if turned else share))
        cells += [words.percent(_found(table, policy, OTHERS, x)["ahead"]) for x in RANKED]
        rows.append(cells)
    return Rows(columns, rows)


def _found(table: pd.DataFrame, policy: str, against: str, figure: str) -> Any:
    keys = zip(("policy", "against", "figure"), (policy, against, figure), strict=True)
    rows = table
    for column, value in keys:
        rows = rows[rows[column] == value]
    return rows.iloc[0]
