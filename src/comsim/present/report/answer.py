"""Page one: what to do, what it may bring, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.language.phrases import Words
from comsim.model.periods import FOUR_WEEKS
from comsim.present.palette import SERIES
from comsim.present.report.chart import (
    Days,
    Multiples,
    Scale,
    Series,
    TextTable,
    TimeChart,
    panel,
)
from comsim.present.report.page import Items, Section
from comsim.studies.comparison.differences import chance, level_range, median_and_range
from comsim.studies.comparison.finding import PolicyFinding, ranked
from comsim.studies.comparison.return_rows import figure_in_words
from comsim.studies.comparison.sentences import three_limits

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison

MOST = 5  # policies on page one
HIGH, LOW = 190, 105  # pixels of one chart, and of one of several


def section(comparison: Comparison, words: Words) -> Section:
    """The table of effects, the differences from today on, and three limits."""
    best = ranked(comparison.findings)[:MOST]
    blocks: list[Any] = [
        _table(comparison, best, words),
        differences(comparison, [finding.policy for finding in best], words),
        Items(three_limits(best[0], comparison.sample.name, words)),
    ]
    return Section("answer", words("topic.verdict"), "", "", blocks)


def shown_days(comparison: Comparison, words: Words, ticks: int = 9) -> Days:
    """The days on the page: four weeks of the shared past, and all that follow."""
    first = max(min(comparison.since[1:]) - FOUR_WEEKS, 0)
    return Days(words, comparison.days, first, ticks)


def _table(comparison: Comparison, best: Sequence[PolicyFinding], words: Words) -> TextTable:
    """A row for the first policy and for each of the best others: level, effect, spending,
    chance."""
    worth = words.percent(comparison.worth)
    spent = ["spending"] if len(comparison.returns) else []  # none in results of earlier versions
    dated = len({*comparison.since[1:]}) > 1
    columns = [
        words("answer.policy"),
        *[words("answer.since")] * dated,
        words("answer.level"),
        words("answer.effect"),
        *(words(f"answer.{x}") for x in spent),
        words("answer.chance", worth=worth),
    ]
    level = level_range(best[0].row, "a", words)
    rows = [[comparison.policies[0], *[""] * dated, level, "", *("" for _ in spent), ""]]
    for finding in best:
        row = finding.row
        rows.append(
            [
                finding.policy,
                *[words.brief(finding.since)] * dated,
                level_range(row, "b", words),
                median_and_range(row, words),
                *(figure_in_words(comparison, finding.policy, x, words) for x in spent),
                chance(row),
            ]
        )
    return TextTable(columns, rows, [False] * (len(columns) - 1) + [True])


def differences(comparison: Comparison, policies: Sequence[str], words: Words) -> Multiples:
    """The difference of each policy from the first one in weekly members, on one scale."""
    few = len(policies) == 1
    days = shown_days(comparison, words, 9 if few else 4)
    series = comparison.series[
        (comparison.series["metric"] == "wau") & (comparison.series["of"] == "difference")
    ]
    fans = {name: fan.sort_values("day") for name, fan in series.groupby("policy", observed=True)}
    shown = np.concatenate(
        [fans[name][["q05", "q95"]].to_numpy(float)[days.first :] for name in policies]
    )
    known = shown[np.isfinite(shown)]
    scale = Scale(min(known.min(initial=0.0), 0.0), max(known.max(initial=0.0), 0.0) * 1.06)
    first = comparison.policies[0]
    charts = []
    for name in policies:
        place = comparison.policies.index(name)
        title = words("fan.difference", policy=name, first=first)
        drawn = fan_series(words("fan.middle"), fans[name], SERIES[place % len(SERIES)])
        height = HIGH if few else LOW
        one = panel(days, title, words("answer.unit"), drawn, height, scale)
        charts.append(TimeChart([one], days.ticks()))
    return Multiples(charts)


def fan_series(name: str, fan: pd.DataFrame, colour: str) -> list[Series]:
    """Bands that contain nine in ten worlds and half of them, and the median."""

    def of(column: str) -> np.ndarray:
        return fan[column].to_numpy(float)

    return [
        Series("", of("q95"), colour, "band", of("q05"), end="", named=False),
        Series("", of("q75"), colour, "inner", of("q25"), end="", named=False),
        Series(name, of("q50"), colour, end=""),
    ]
