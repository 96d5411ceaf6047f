"""Daily signs that might foretell decline, and the first day on which each of them alarms.

Every sign knows the days up to its own only. Before a tipping point a system recovers ever more
slowly from small knocks, so that its variance and autocorrelation rise (Scheffer et al. 2009,
Nature 461:53-59; Dakos et al. 2012, PLoS ONE 7:e41010). Thresholds, windows and the lag are round
numbers (assumptions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from comsim.language.phrases import Words
from comsim.model.catalogue import DAILY

if TYPE_CHECKING:
    import pandas as pd

WINDOW = 56  # days that variance and autocorrelation look back on
MONTH = 28  # days of a mean: four whole weeks
QUIET = 2 * WINDOW  # first day of an alarm: by then each sign has a past to be compared with
RUNS = 100  # runs at a time, so that memory stays flat
LEAST_VARIANCE = 0.01  # of the square root of a count; of pure chance it would be 1/4


@dataclass(frozen=True)
class Sign:
    """A number a day that alarms when it reaches a threshold."""

    name: str
    label: str
    reads: str
    """How a threshold is told: "variance {} times its median so far"."""
    thresholds: tuple[float, ...]
    column: str
    over: str = ""
    """Of a rate: the column that it is divided by, both as means of 28 days."""
    percent: bool = False

    def told(self, threshold: float) -> str:
        """A threshold in words."""
        number = f"{100 * threshold:g} %" if self.percent else f"{threshold:g}"
        return self.reads.format(number)


def signs(metric: str, label: str, others: Iterable[str]) -> tuple[Sign, ...]:
    """The naive rule first, then what is held against it: of the metric, and each of the other
    columns if it falls; `answered` posts as a share of `posts`, where there are both."""
    others, called = list(others), Words("en")
    falling = {name: (name, "") for name in others}
    if {"answered", "posts"} <= set(others):
        del falling["answered"]
        falling = {"response_rate": ("answered", "posts"), **falling}
    falls = (0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3)
    return (
        Sign("naive", f"falling {label}",
             f"{label}, 28 days' mean, down {{}} on the 28 days before", falls, metric,
             percent=True),
        Sign("variance", "rising variance", "variance {} times its median so far",
             (1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0), metric),
        Sign("autocorrelation", "rising autocorrelation",
             "autocorrelation {} above its median so far",
             (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8), metric),
        *(Sign(f"falling_{name}", f"falling {called.label(DAILY, name)}",
               f"{called.label(DAILY, name)}, 28 days' mean, down {{}} on its highest",
               (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5), column, over, True)
          for name, (column, over) in falling.items()),
    )  # fmt: skip


def first_alarms(
    series: pd.DataFrame, watched: tuple[Sign, ...]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Runs, and for each sign the first day at each threshold, float32 (runs, thresholds).

    `series` has whole runs: `run`, `day` (0, or every so many days) and the columns that signs
    read. NaN where a sign never alarms.
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
    """Each sign's level, (runs, days); NaN where it has no value yet."""
    month, window = (max(round(n / step), 1) for n in (MONTH, WINDOW))
    slow: dict[str, np.ndarray] = {}
    for sign in watched:
        series = values[sign.column]
        if sign.name == "naive":
            mean = _rolling_mean(series, month)
            yield sign, 1 - _ratio(mean, _shifted(mean, month))
        elif sign.name in ("variance", "autocorrelation"):
            if not slow:
                slow = dict(zip(("variance", "autocorrelation"),
                                _slowing(series, window), strict=True))  # fmt: skip
            level = slow[sign.name]
            usual = _median_so_far(level, max(round(7 / step), 1))
            yield sign, level / usual if sign.name == "variance" else level - usual
        else:
            mean = _rolling_mean(series, month)
            if sign.over:
                mean = _ratio(mean, _rolling_mean(values[sign.over], month))
            top = np.fmax.accumulate(mean, axis=1)
            yield sign, 1 - _ratio(mean, top)


def _slowing(series: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Variance and autocorrelation from day to day, (runs, days), of what is left of the square
    root of a count (which makes chance alike at all sizes: Bartlett 1936) when a parabola through
    the last days is taken off. A straight line would leave the bend of the decline itself."""
    found = np.full((2, *series.shape), np.nan)
    if series.shape[1] < window:
        return found[0], found[1]
    day = np.linspace(-1, 1, window)
    curve = np.linalg.qr(np.stack([day**0, day, day**2], axis=1))[0].astype(np.float32)
    root = np.sqrt(np.maximum(series, 0.0)).astype(np.float32)
    parts = np.lib.stride_tricks.sliding_window_view(root, window, axis=1)
    rest = parts - (parts @ curve) @ curve.T
    squares = (rest**2).sum(axis=2)
    together = np.einsum("rdw,rdw->rd", rest[..., 1:], rest[..., :-1])
    found[0, :, window - 1 :] = squares / (window - 3) + LEAST_VARIANCE
    with np.errstate(invalid="ignore", divide="ignore"):
        found[1, :, window - 1 :] = np.where(squares > 1e-6, together / squares, np.nan)
    return found[0], found[1]


def _median_so_far(level: np.ndarray, week: int) -> np.ndarray:
    """The median of all days before, looked at once a week."""
    usual = np.full_like(level, np.nan)
    some = level[:, ::week]
    first = int(np.isfinite(level).any(axis=0).argmax()) // week + 1
    for k in range(max(first, 1), some.shape[1]):
        past = np.sort(some[:, :k], axis=1)  # NaN last
        known = np.isfinite(past).sum(axis=1)
        at = np.maximum((known - 1) // 2, 0)
        middle = past[np.arange(len(past)), at]
        usual[:, k * week : (k + 1) * week] = middle[:, None]
    return usual


def _rolling_mean(series: np.ndarray, days: int) -> np.ndarray:
    """The mean of the last days; NaN where one of them has no value."""
    found = np.full(series.shape, np.nan)
    if series.shape[1] >= days:
        parts = np.lib.stride_tricks.sliding_window_view(series, days, axis=1)
        found[:, days - 1 :] = parts.mean(axis=2)
    return found


def _shifted(series: np.ndarray, days: int) -> np.ndarray:
    found = np.full(series.shape, np.nan)
    found[:, days:] = series[:, :-days]
    return found


def _ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(b > 0, a / b, np.nan)
