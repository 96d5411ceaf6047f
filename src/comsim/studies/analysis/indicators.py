"""Daily signs that might warn of decline, and the first day on which each raises an alarm.

A sign on one day depends on the days up to it only. Before a tipping point, a system recovers more
and more slowly from small disturbances, so that its variance and autocorrelation rise
(`comsim.statistics.rolling`). Thresholds, windows and the lag are round numbers (assumptions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comsim.language.phrases import Words
from comsim.model.catalogue import DAILY
from comsim.model.periods import FOUR_WEEKS
from comsim.statistics.rolling import (
    median_so_far,
    ratio,
    rolling_mean,
    shifted,
    variance_and_autocorrelation,
)

if TYPE_CHECKING:
    import pandas as pd

WINDOW = 56  # days for variance and autocorrelation
QUIET = 2 * WINDOW  # first day of an alarm: by then each sign has a history for comparison
RUNS = 100  # runs at a time, to limit memory


@dataclass(frozen=True)
class Sign:
    """A daily number that raises an alarm when it reaches a threshold."""

    name: str
    label: str
    template: str
    """A threshold in words: "variance {} times its median so far"."""
    thresholds: tuple[float, ...]
    column: str
    over: str = ""
    """The denominator of a rate; both columns are averaged over 28 days."""
    percent: bool = False

    def in_words(self, threshold: float) -> str:
        """A threshold in words."""
        number = f"{100 * threshold:g} %" if self.percent else f"{threshold:g}"
        return self.template.format(number)


def signs(metric: str, label: str, others: Iterable[str]) -> tuple[Sign, ...]:
    """The naive rule first, then the other signs: two of the metric, and a fall of each other
    column; `answered` as a share of `posts` if both exist."""
    others, words = list(others), Words("en")
    falling = {name: (name, "") for name in others}
    if {"answered", "posts"} <= set(others):
        del falling["answered"]
        falling = {"response_rate": ("answered", "posts"), **falling}
    falls = (0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3)
    return (
        Sign("naive", f"falling {label}",
             f"28-day mean of {label} {{}} below that of the previous 28 days", falls, metric,
             percent=True),
        Sign("variance", "rising variance", "variance {} times its median so far",
             (1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0), metric),
        Sign("autocorrelation", "rising autocorrelation",
             "autocorrelation {} above its median so far",
             (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8), metric),
        *(Sign(f"falling_{name}", f"falling {words.label(DAILY, name)}",
               f"28-day mean of {words.label(DAILY, name)} {{}} below its maximum",
               (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5), column, over, True)
          for name, (column, over) in falling.items()),
    )  # fmt: skip


def first_alarms(
    series: pd.DataFrame, watched: tuple[Sign, ...]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Runs, and for each sign the day of the first alarm at each threshold, float32 (runs,
    thresholds); NaN if there is none.

    `series` has complete runs: `run`, `day` (in equal steps from 0) and the columns of the signs.
    """
    runs, place = np.unique(series["run"].to_numpy(), return_inverse=True)
    days = np.unique(series["day"].to_numpy())
    step = int(np.diff(days).min()) if len(days) > 1 else 1
    many = int(days.max()) // step + 1
    column = series["day"].to_numpy() // step
    alarms = {sign.name: np.full((len(runs), len(sign.thresholds)), np.nan, np.float32)
              for sign in watched}  # fmt: skip
    values = {}
    for name in dict.fromkeys(c for sign in watched for c in (sign.column, sign.over) if c):
        values[name] = np.full((len(runs), many), np.nan)
        values[name][place, column] = series[name].to_numpy(np.float64)
    for at in range(0, len(runs), RUNS):
        some = slice(at, at + RUNS)
        for sign, level in _levels({name: v[some] for name, v in values.items()}, watched, step):
            level[:, : -(-QUIET // step)] = np.nan
            for k, threshold in enumerate(sign.thresholds):
                with np.errstate(invalid="ignore"):
                    on = level >= threshold
                alarms[sign.name][some, k] = np.where(on.any(axis=1), on.argmax(axis=1) * step,
                                                      np.nan)  # fmt: skip
    return runs, alarms


def _levels(
    values: dict[str, np.ndarray], watched: tuple[Sign, ...], step: int
) -> Iterator[tuple[Sign, np.ndarray]]:
    """The level of each sign, (runs, days); NaN as long as it has no value."""
    weeks, window = (max(round(n / step), 1) for n in (FOUR_WEEKS, WINDOW))
    slow: dict[str, np.ndarray] = {}
    for sign in watched:
        series = values[sign.column]
        if sign.name == "naive":
            mean = rolling_mean(series, weeks)
            yield sign, 1 - ratio(mean, shifted(mean, weeks))
        elif sign.name in ("variance", "autocorrelation"):
            if not slow:
                both = variance_and_autocorrelation(series, window)
                slow = dict(zip(("variance", "autocorrelation"), both, strict=True))
            level = slow[sign.name]
            usual = median_so_far(level, max(round(7 / step), 1))
            yield sign, level / usual if sign.name == "variance" else level - usual
        else:
            mean = rolling_mean(series, weeks)
            if sign.over:
                mean = ratio(mean, rolling_mean(values[sign.over], weeks))
            top = np.fmax.accumulate(mean, axis=1)
            yield sign, 1 - ratio(mean, top)
