"""The stages of a community's life: seeding, growth, activity, decline, dormancy.

Stages are determined from one number per day (weekly active members, or any other measure of
activity), relative to the community's own highs and lows, never from a calendar. There are two
methods, with the same thresholds:

- `causal_step` uses only the days up to today, as a policy can.
- `retrospective_stages` uses the whole curve, as reports do.

A factor of two keeps both from flickering: a wave of activity begins when the curve has doubled
from its low, and ends when it has halved from its peak. Smaller changes are ignored.
docs/stages.md compares both with stages that people assigned to six real communities by eye.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

STAGES = ("seeding", "growth", "activity", "decline", "dormancy")
SEEDING, GROWTH, ACTIVITY, DECLINE, DORMANCY = range(5)


class StageRule(NamedTuple):
    """Thresholds. All are assumptions: round numbers, checked on the labels of docs/stages.md."""

    swing: float = 2.0  # ratio of a rise that starts a wave, and of a fall that ends it
    ground: float = 0.08  # share of the highest level below which a community is on the ground
    handful: float = 5.0  # members; a community that never has so many does not leave seeding
    # retrospective only
    window: int = 15  # days of the centred smoothing: two weeks, so that one odd week is no wave
    lift: float = 1.5  # ratio to the low between two waves at which the new one begins
    height: float = 0.75  # share of a wave's peak from which it counts as full activity
    # causal only
    memory: float = 7.0  # days of the running mean: a week, to even out weekdays
    step: float = 1.1  # ratio of a rise that shows that growth continues
    calm: float = 21.0  # days without such a rise after which growth has ended


RULE = StageRule()


class CausalState(NamedTuple):
    """The state of the causal rule; levels in the unit of the activity."""

    stage: int  # 0..4, the index in STAGES
    level: float  # running mean of the activity
    peak: float  # highest level so far
    top: float  # highest level of this wave
    base: float  # level from which a rise is measured: the low or, in growth, the last step up
    calm: float  # days since the last step up


def causal_start(activity: float) -> CausalState:
    """State after the first day: seeding at any size, since one day shows no direction."""
    level = activity * 1.0
    return CausalState(SEEDING, level, level, level, level, 0.0)


def causal_step(state: CausalState, activity: float, rule: StageRule) -> CausalState:
    """State after one more day.

    Growth begins when the level has doubled from its low and is above the ground; activity, when
    growth has paused, or a new community has kept its size, for three weeks; decline, when the
    level has halved from its peak; dormancy, when it has fallen to the ground.

    Uses only scalars, the four basic operations and comparisons, so that the bits are the same
    whether or not numba compiles it.
    """
    level = state.level + (activity - state.level) / rule.memory
    peak = max(state.peak, level)
    top = max(state.top, level)
    ground = rule.ground * peak
    stage = state.stage
    calm = state.calm + 1.0
    base = state.base
    if stage != GROWTH:
        base = min(base, level)
    elif level >= rule.step * base:
        base, calm = level, 0.0

    if stage == SEEDING and level < rule.handful:  # still too small
        top, calm = level, 0.0
    elif stage != GROWTH and level >= max(rule.swing * base, ground, rule.handful):
        stage, top, base, calm = GROWTH, level, level, 0.0
    elif stage < DORMANCY and level < ground:
        stage, base = DORMANCY, level
    elif stage < DECLINE and rule.swing * level < top:
        stage, base = DECLINE, level
    elif stage < ACTIVITY and calm >= rule.calm:
        stage, base = ACTIVITY, level
    return CausalState(stage, level, peak, top, base, calm)


def causal_stages(activity: ArrayLike, rule: StageRule = RULE) -> NDArray[np.int64]:
    """Stage codes, shape (days,), each from the days so far; activity: shape (days,)."""
    series = _series(activity).tolist()
    codes = np.full(len(series), SEEDING, dtype=np.int64)
    if series:
        state = causal_start(series[0])
        for day in range(1, len(series)):
            state = causal_step(state, series[day], rule)
            codes[day] = state.stage
    return codes


def retrospective_stages(activity: ArrayLike, rule: StageRule = RULE) -> NDArray[np.int64]:
    """Stage codes, shape (days,), determined from the whole curve; activity: shape (days,).

    The curve is smoothed over two weeks; its ground is 8 % of the highest level. A wave begins when
    the curve doubles from a low and leaves the ground, and ends when it halves. Activity lasts from
    the first to the last day at three quarters of the wave's peak or more. Before it comes growth
    (from the low; seeding, until the first wave leaves the ground); after it come decline and, once
    the curve touches the ground, dormancy until the next wave.
    """
    series = _series(activity)
    codes = np.full(len(series), SEEDING, dtype=np.int64)
    level = _smooth(series, rule.window)
    # A single first day is not a peak: only days with a whole window count, if there are any.
    edge = rule.window // 2 if len(level) > rule.window else 0
    peak = level[edge : len(level) - edge].max(initial=0.0)
    if peak < rule.handful:
        return codes
    ground = rule.ground * peak
    foot = max(ground, rule.handful)
    waves = _waves(level, rule.swing, foot)
    bounds = [foot] + [rule.lift * level[low] for low, _, _ in waves[1:]]
    starts = [
        _last_below(level, low, top, bound) + 1
        for (low, top, _), bound in zip(waves, bounds, strict=True)
    ]
    for (_, top, over), start, end in zip(waves, starts, [*starts[1:], len(level)], strict=True):
        high = np.flatnonzero(level[start:end] >= rule.height * level[top])
        fallen = start + high[-1] + 1 if over else end
        grounded = np.flatnonzero(level[fallen:end] < ground)
        codes[start:end] = GROWTH
        codes[start + high[0] : fallen] = ACTIVITY
        codes[fallen:end] = DECLINE
        if len(grounded):
            codes[fallen + grounded[0] : end] = DORMANCY
    return codes


def stage_spans(codes: ArrayLike, names: tuple[str, ...] = STAGES) -> list[tuple[str, int, int]]:
    """Runs of one stage in time order: (stage, first day, last day), both days included."""
    codes = np.asarray(codes, dtype=np.int64)
    if len(codes) == 0:
        return []
    firsts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist()]
    lasts = [first - 1 for first in firsts[1:]] + [len(codes) - 1]
    return [(names[codes[a]], a, b) for a, b in zip(firsts, lasts, strict=True)]


def _series(activity: ArrayLike) -> NDArray[np.float64]:
    series = np.asarray(activity, dtype=np.float64)
    if series.ndim != 1 or not np.all(np.isfinite(series) & (series >= 0)):
        raise ValueError("activity must be a sequence of finite numbers >= 0, one per day")
    return series


def _smooth(series: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Centred median, which removes odd weeks, then centred mean, which smooths its steps.

    The window shrinks evenly towards both ends, so that the end values do not move.
    """
    near, inside, half = _windows(len(series), window)
    ranked = np.sort(np.where(inside, series[near], np.inf), axis=1)
    median = ranked[np.arange(len(series)), half]
    return np.where(inside, median[near], 0.0).sum(axis=1) / (2 * half + 1)


@lru_cache(maxsize=4)
def _windows(days: int, window: int) -> tuple[NDArray, NDArray[np.bool_], NDArray]:
    """For each day: the days around it, whether they are in its window, and how many precede it."""
    day, most = np.arange(days), window // 2
    half = np.minimum(most, np.minimum(day, day[::-1]))
    offset = np.arange(-most, most + 1)
    inside = np.abs(offset) <= half[:, None]
    return np.where(inside, day[:, None] + offset, 0), inside, half


def _waves(level: NDArray[np.float64], swing: float, foot: float) -> list[tuple[int, int, bool]]:
    """Waves with a peak above the foot: (day of the low, day of the peak, whether it halved since).

    The first day counts as the start of a rise, since a community may open at full size.
    """
    waves: list[tuple[int, int, bool]] = []
    low, top, rising = 0, 0, True
    level = level.tolist()
    least = most = level[0]  # levels on those days
    for day, value in enumerate(level):
        if rising:
            if value >= most:
                top, most = day, value
            elif swing * value < most:
                if most >= foot:
                    waves.append((low, top, True))
                low, least, rising = day, value, False
        elif value <= least:
            low, least = day, value
        elif value >= foot and value >= swing * least:
            top, most, rising = day, value, True
    return [*waves, (low, top, False)] if rising and most >= foot else waves


def _last_below(level: NDArray[np.float64], low: int, top: int, bound: float) -> int:
    """Last day from low to top with a level below the bound, or low - 1."""
    below = np.flatnonzero(level[low : top + 1] < bound)
    return low + int(below[-1]) if len(below) else low - 1
