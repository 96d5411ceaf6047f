"""How two futures differ: on the luck that one watches, and in other worlds.

Both futures are lived to the end under the seed of the page, and then under other seeds, with the
same moves: worlds that differ in luck, and in what the scenario itself leaves open. (What nobody
knows about members is not drawn anew: that is what `comsim compare` is for.) Their common past is
lived once a world.

Results come one after the other, each from twice as many worlds as the one before, so that a page
can show the band as it gets narrower. All is computed in the caller's thread, on one processor;
compiled days let go of Python's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from comsim.lab.moves import parting
from comsim.lab.phrasebook import LabPhrases
from comsim.lab.timeline import Timeline
from comsim.run.simulation import first_morning, live
from comsim.run.snapshots import carry_on
from comsim.scenario import Plan, Scenario, parameter_values
from comsim.scenario.worlds import make_worlds
from comsim.statistics.intervals import mean
from comsim.studies.comparison.outcomes import SERIES, series_of

STEPS = (5, 10, 20, 40, 80, 160)  # worlds
STRETCH = 30  # days between two looks at whether anybody still waits
MOST, LEAST = 0.95, 0.05  # quantiles of worlds: nine of ten lie between
OUTCOMES = tuple(SERIES)
"""What is compared day by day: "wau", "trust" (mean, 0 to 1), "profit" (so far, currency)."""


@dataclass(frozen=True)
class Difference:
    """The second future less the first: float arrays (outcomes, days), in the order of OUTCOMES.

    NaN where it does not exist, as the trust of nobody; without other worlds all but `here` are.
    """

    since: int
    """The first day on which they may differ."""
    worlds: int
    """Other worlds lived so far."""
    here: np.ndarray
    """On the luck of the page."""
    mean: np.ndarray
    """The mean over the other worlds, and the 95 % confidence interval of that mean:"""
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    """Between `least` and `most` lie nine of ten worlds."""
    most: np.ndarray


def differences(
    first: Timeline,
    second: Timeline,
    steps: Sequence[int] = STEPS,
    wanted: Callable[[], bool] = lambda: True,
) -> Iterator[Difference]:
    """The second future less the first over all their days, from ever more worlds.

    The first result is of the page's own world alone, the next ones of as many others as `steps`
    say. It ends early, within a month of days, once `wanted` says that nobody waits. Moves made
    later on the timelines do not count. ValueError for futures that have no common past.
    """
    if (first.base, first.seed) != (second.base, second.seed):
        raise ValueError("futures to compare have one scenario and one seed")
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
    here = _lived(pair, seed, wanted)
    if here is None:
        return
    nothing = np.full_like(here, np.nan)
    yield Difference(pair.since, 0, here, *[nothing] * 5)
    found: list[np.ndarray] = []
    for world in make_worlds(seed, max(steps, default=0), fixed=True):
        one = _lived(pair, world.seed, wanted)
        if one is None:
            return
        found.append(one)
        if len(found) in steps:
            worlds = np.array(found)
            interval = mean(worlds[:, None])
            spread = np.quantile(worlds, [LEAST, MOST], axis=0)
            yield Difference(pair.since, len(found), here, *interval, *spread)


def _lived(pair: _Pair, seed: int, wanted: Callable[[], bool]) -> np.ndarray | None:
    """The difference in the world of a seed, float64 (outcomes, days); None if nobody waits."""
    first, second = pair.plans
    parameters = parameter_values(pair.base, seed)
    one = first_morning(pair.base, first, parameters, seed)
    if not _live(one, 0, pair.since, wanted):
        return None
    other = first_morning(pair.base, second, parameters, seed)
    carry_on(one, pair.since, other, second)
    for world in (one, other):
        if not _live(world, pair.since, pair.base.days, wanted):
            return None
    return series_of(other).astype(np.float64) - series_of(one)


def _live(world: Any, first: int, stop: int, wanted: Callable[[], bool]) -> bool:
    """Days of a world on one processor; False as soon as nobody waits for them."""
    for day in range(first, stop, STRETCH):
        if not wanted():
            return False
        live(world, day, min(day + STRETCH, stop), threads=1)
    return True


def sentence(
    difference: Difference, outcome: str, language: str = "en", day: int | None = None
) -> str:
    """What the difference in an outcome comes to on a day (by default the last), in one sentence.

    Once there are other worlds, with the confidence interval of the mean, whether it is clear of
    zero, and the range in which nine of ten worlds lie.
    """
    words, at = LabPhrases(language), OUTCOMES.index(outcome)
    day = difference.here.shape[1] - 1 if day is None else day
    here = difference.here[at, day]
    centre, low, high = (
        value[at, day] for value in (difference.mean, difference.low, difference.high)
    )
    said = {"days": words.days(day + 1), "worlds": words.number(difference.worlds)}
    said["here"] = _change(words, outcome, here)
    if not difference.worlds:
        return words("difference.here", **said)
    if not np.isfinite(centre):
        return words("difference.nothing", **said)
    if low == high == 0:
        return words("difference.none", **said)
    clear = low > 0 or high < 0
    ends = sorted((abs(low), abs(high))) if clear else (low, high)
    amount = _amount if clear else _signed
    said["low"], said["high"] = (amount(words, outcome, end) for end in ends)
    least, most = difference.least[at, day], difference.most[at, day]
    said["least"], said["most"] = (_signed(words, outcome, end) for end in (least, most))
    said["change"] = _change(words, outcome, centre)
    return words("difference.clear" if clear else "difference.unclear", **said)


def _change(words: LabPhrases, outcome: str, value: float) -> str:
    """A difference in words: so much more, or less, of an outcome."""
    if not np.isfinite(value):
        return words("difference.missing")
    way = "same" if _amount(words, outcome, value) == "0" else "more" if value > 0 else "less"
    return words(f"difference_{way}.{outcome}", by=_amount(words, outcome, value))


def _amount(words: LabPhrases, outcome: str, value: float) -> str:
    """How large it is: whole people and money, trust with three digits."""
    text = words.number(abs(value), 3 if outcome == "trust" else 0)
    return "0" if not text.strip("0.") else text


def _signed(words: LabPhrases, outcome: str, value: float) -> str:
    sign = "−" if value < 0 else "+"
    text = _amount(words, outcome, value)
    return text if text == "0" else sign + text
