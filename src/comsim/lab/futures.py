"""How two futures differ: in the world on the page, and in other worlds.

Both futures are simulated to the end with the seed and the parameters of the page, and then in
other worlds with the same moves. Each of these has its own seed and a row of the plausible worlds
(`comsim.scenario.rows`), as in `comsim compare`. The common past of both futures is simulated once
per world.

Each result comes from twice as many worlds as the one before, so a page can show how the band
narrows. Everything runs in the caller's thread, on one processor; compiled days release Python's
global lock.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from comsim.lab.moves import parting
from comsim.lab.phrasebook import LabPhrases
from comsim.lab.timeline import Timeline
from comsim.run.simulation import live
from comsim.run.snapshots import carry_on
from comsim.scenario import Plan, Scenario, parameter_values
from comsim.scenario.rows import PLAUSIBLE, rows_of
from comsim.scenario.worlds import drawn, make_worlds, uncertain
from comsim.statistics.intervals import mean
from comsim.studies.comparison.outcomes import SERIES, series_of
from comsim.studies.comparison.runs import morning_of

STEPS = (5, 10, 20, 40, 80, 160)  # worlds
STRETCH = 30  # days between two checks whether the result is still wanted
MOST, LEAST = 0.95, 0.05  # quantiles over worlds: 90 % lie between
OUTCOMES = tuple(SERIES)
"""The outcomes compared day by day: "wau", "trust" (mean, 0 to 1), "profit" (so far, currency)."""


@dataclass(frozen=True)
class Difference:
    """The second future less the first: float arrays (outcomes, days), in the order of OUTCOMES.

    NaN where the outcome does not exist (trust without visits); worlds without it are omitted.
    Without other worlds, all except `here` are NaN.
    """

    since: int
    """The first day on which the futures can differ."""
    worlds: int
    """Number of other worlds so far."""
    here: np.ndarray
    """In the world of the page."""
    mean: np.ndarray
    """The mean over the other worlds, and the 95 % confidence interval of that mean:"""
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    """90 % of worlds lie between `least` and `most`."""
    most: np.ndarray


def differences(
    first: Timeline,
    second: Timeline,
    steps: Sequence[int] = STEPS,
    wanted: Callable[[], bool] = lambda: True,
) -> Iterator[Difference]:
    """The second future less the first on all days, from more and more worlds.

    The first result covers the world of the page only, the next ones as many other worlds as
    `steps` says. Stops early, within 30 simulated days, once `wanted` returns False. Later moves on
    the timelines have no effect. Raises ValueError for futures without a common past.
    """
    if (first.base, first.seed) != (second.base, second.seed):
        raise ValueError("futures to compare must have the same scenario and seed")
    since = parting(first.moves, second.moves, first.days)
    pair = _Pair(first.base, (first.plan, second.plan), since)
    return _differences(pair, first.seed, tuple(steps), wanted)


@dataclass(frozen=True)
class _Pair:
    base: Scenario
    plans: tuple[Plan, Plan]
    since: int


def _differences(
    pair: _Pair, seed: int, steps: Sequence[int], wanted: Callable[[], bool]
) -> Iterator[Difference]:
    here = _lived(pair, seed, parameter_values(pair.base, seed), wanted)
    if here is None:
        return
    nothing = np.full_like(here, np.nan)
    yield Difference(pair.since, 0, here, *[nothing] * 5)
    results: list[np.ndarray] = []
    rows = rows_of(PLAUSIBLE, "lab")
    numbers = uncertain(pair.base, rows.names)
    for world in make_worlds(seed, max(steps, default=0), fixed=True):
        values = drawn(numbers, seed, world.number, rows.sample(seed, world.number))
        one = _lived(pair, world.seed, values, wanted)
        if one is None:
            return
        results.append(one)
        if len(results) in steps:
            worlds = np.array(results)
            interval = mean(worlds[:, None])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # days on which no world has trust
                spread = np.nanquantile(worlds, [LEAST, MOST], axis=0)
            yield Difference(pair.since, len(results), here, *interval, *spread)


def _lived(
    pair: _Pair, seed: int, values: dict[str, float], wanted: Callable[[], bool]
) -> np.ndarray | None:
    """The difference in a world, float64 (outcomes, days); None if not wanted. `values`: its
    parameters and traits."""
    first, second = pair.plans
    one, _ = morning_of(pair.base, first, values, seed)
    if not _live(one, 0, pair.since, wanted):
        return None
    other, plan = morning_of(pair.base, second, values, seed)
    carry_on(one, pair.since, other, plan)
    for world in (one, other):
        if not _live(world, pair.since, pair.base.days, wanted):
            return None
    return series_of(other).astype(np.float64) - series_of(one)


def _live(world: Any, first: int, stop: int, wanted: Callable[[], bool]) -> bool:
    """Simulate days of a world on one processor; False once they are not wanted."""
    for day in range(first, stop, STRETCH):
        if not wanted():
            return False
        live(world, day, min(day + STRETCH, stop), threads=1)
    return True


def sentence(
    difference: Difference, outcome: str, language: str = "en", day: int | None = None
) -> str:
    """The difference in an outcome on a day (by default the last), in one sentence.

    If there are other worlds, it gives the confidence interval of the mean, says whether this
    excludes zero, and gives the range of 90 % of worlds.
    """
    words, at = LabPhrases(language), OUTCOMES.index(outcome)
    day = difference.here.shape[1] - 1 if day is None else day
    here = difference.here[at, day]
    centre, low, high = (
        value[at, day] for value in (difference.mean, difference.low, difference.high)
    )
    values = {"days": words.days(day + 1), "worlds": words.number(difference.worlds)}
    values["here"] = _change(words, outcome, here)
    if not difference.worlds:
        return words("difference.here", **values)
    if not np.isfinite(centre):
        return words("difference.nothing", **values)
    if low == high == 0:
        return words("difference.none", **values)
    clear = low > 0 or high < 0
    ends = sorted((abs(low), abs(high))) if clear else (low, high)
    amount = _amount if clear else _signed
    values["low"], values["high"] = (amount(words, outcome, end) for end in ends)
    least, most = difference.least[at, day], difference.most[at, day]
    values["least"], values["most"] = (_signed(words, outcome, end) for end in (least, most))
    values["change"] = _change(words, outcome, centre)
    return words("difference.clear" if clear else "difference.unclear", **values)


def _change(words: LabPhrases, outcome: str, value: float) -> str:
    """A difference in words: more or less of an outcome, and by how much."""
    if not np.isfinite(value):
        return words("difference.missing")
    way = "same" if _amount(words, outcome, value) == "0" else "more" if value > 0 else "less"
    return words(f"difference_{way}.{outcome}", by=_amount(words, outcome, value))


def _amount(words: LabPhrases, outcome: str, value: float) -> str:
    """Its size: people and money as whole numbers, trust with three digits."""
    text = words.number(abs(value), 3 if outcome == "trust" else 0)
    return "0" if not text.strip("0.") else text


def _signed(words: LabPhrases, outcome: str, value: float) -> str:
    sign = "−" if value < 0 else "+"
    text = _amount(words, outcome, value)
    return text if text == "0" else sign + text
