"""Fan charts: the futures under each policy, their difference, and which policy is ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.language.phrases import Words
from comsim.present.palette import SERIES
from comsim.present.report import answer
from comsim.present.report.calendar import table
from comsim.present.report.chart import Days, Multiples, Panel, Scale, Series, TimeChart, panel
from comsim.present.report.moves import spell
from comsim.present.report.page import Section
from comsim.studies.comparison.finding import ahead, clearest
from comsim.studies.comparison.words.sentences import who_is_ahead

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison

UNITS = {"wau": "unit.people", "trust": "unit.state", "profit": "unit.currency"}
VALIDATED = {"wau"}


def section(comparison: Comparison, metric: str, words: Words, days: Days) -> Section:
    """One daily metric under each other policy, compared with the first: levels side by side, then
    how often each is ahead."""
    series = comparison.series[comparison.series["metric"] == metric]
    validated = metric in VALIDATED
    unit = words(UNITS[metric]) if metric in UNITS else metric
    by = {key: part.sort_values("day") for key, part in series.groupby(["of", "policy"])}
    levels = [(name, by["level", name]) for name in comparison.policies]
    apart = [(name, by["difference", name]) for name in comparison.policies[1:]]
    narrow = days if len(apart) == 1 else answer.shown_days(comparison, words, 4)
    charts = [
        TimeChart([_levels(narrow, levels, at, words, unit, metric, validated)], narrow.ticks())
        for at in range(1, len(levels))
    ]
    ahead_of = _ahead(days, apart, words, comparison.policies[0], validated)
    middle = words("verdict.median")
    columns = [(f"{name}, {middle}", _of(fan, "q50"), "mean") for name, fan in levels]
    columns += [
        (words("fan.ahead_of", policy=name), _of(fan, "ahead"), "mean") for name, fan in apart
    ]
    behind = table(words, columns, days.count, since=days.first)
    lead = clearest([ahead(fan, name, comparison.policies[0]) for name, fan in apart])
    return Section(
        f"fan-{metric}",
        words(f"fan.topic_{metric}"),
        who_is_ahead(lead, metric, words),
        words("fan.lead"),
        [
            Multiples(charts),
            TimeChart(
                [ahead_of], days.ticks(), changes=_parting(comparison, words, days), table=behind
            ),
        ],
        unvalidated=not validated,
    )


def _of(fan: pd.DataFrame, column: str) -> np.ndarray:
    return fan[column].to_numpy(float)


def _parting(comparison: Comparison, words: Words, days: Days) -> list[dict[str, Any]]:
    """The day on which each policy begins to differ from the first one, unless it is day 0."""
    parted = [(name, day) for name, day in zip(comparison.policies, comparison.starts, strict=True)
              if day]  # fmt: skip
    return [
        spell(number, words("fan.since", policy=name), [(days.percent(day), 0.0)], number - 1)
        for number, (name, day) in enumerate(parted, 1)
    ]


def _levels(
    days: Days,
    levels: list[tuple[str, pd.DataFrame]],
    at: int,
    words: Words,
    unit: str,
    metric: str,
    validated: bool,
) -> Panel:
    """The first policy and another one."""
    drawn: list[Series] = []
    for place in (0, at):
        name, fan = levels[place]
        drawn += answer.fan_series(name, fan, SERIES[place % len(SERIES)])
    low = None if metric == "profit" else 0.0
    high = 1.0 if metric == "trust" else None
    title = words.name("metric", metric)
    height = 230 if len(levels) == 2 else 130
    return panel(days, title, unit, drawn, height, Scale(low, high), unvalidated=not validated)


def _ahead(
    days: Days, apart: list[tuple[str, pd.DataFrame]], words: Words, first: str, validated: bool
) -> Panel:
    drawn: list[Series] = []
    for (name, fan), colour in zip(apart, SERIES[1:], strict=False):
        band = Series(
            "", _of(fan, "ahead_high"), colour, "band", _of(fan, "ahead_low"), end="", named=False
        )
        drawn += [band] * (len(apart) == 1) + [Series(name, _of(fan, "ahead"), colour, end="")]
    return panel(
        days, words("fan.ahead", first=first), words("fan.ahead_unit"), drawn, 120,
        Scale(high=1.0, level=0.5, show=words.percent), unvalidated=not validated,
    )  # fmt: skip
