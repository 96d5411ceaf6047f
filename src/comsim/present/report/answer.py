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
from comsim.studies.comparison.finding import PolicyFinding
from comsim.studies.comparison.words.answer import about_budget, answer_rows, best_of, left_out
from comsim.studies.comparison.words.sentences import three_limits

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison

HIGH, LOW = 190, 105  # pixels of one chart, and of one of several


def section(comparison: Comparison, words: Words) -> Section:
    """The table of effects, the differences from today on, what is made up, and three limits."""
    best = best_of(comparison)
    blocks: list[Any] = [
        _table(comparison, best, words),
        differences(comparison, [finding.policy for finding in best], words),
        Items(
            [
                *left_out(comparison, best, words),
                *comparison.pasts(words.language),
                *three_limits(best[0], comparison.sample.name, words, comparison.today is not None),
            ]
        ),
    ]
    lead = words("answer.lead", first=comparison.policies[0], worth=words.percent(comparison.worth))
    lead = words.joined_sentences([lead, *about_budget(comparison, words)])
    return Section("answer", words("topic.verdict"), "", lead, blocks)


def shown_days(comparison: Comparison, words: Words, ticks: int = 9) -> Days:
    """The days on the page: four weeks of the shared past, and all that follow."""
    first = max(min(comparison.since[1:]) - FOUR_WEEKS, 0)
    return Days(words, comparison.days, first, ticks)


def _table(comparison: Comparison, best: Sequence[PolicyFinding], words: Words) -> TextTable:
    columns, rows = answer_rows(comparison, best, words)
    return TextTable(columns, rows, [False] * len(columns))


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
    charts = []
    for name in policies:
        place = comparison.policies.index(name)
        drawn = fan_series(words("fan.middle"), fans[name], SERIES[place % len(SERIES)])
        height = HIGH if few else LOW
        one = panel(days, name, words("answer.unit"), drawn, height, scale)
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
