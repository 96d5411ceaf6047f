"""The stages of a community's life: seeding, growth, activity, decline, dormancy.

Stages are determined from one number per day (weekly active members, or any other measure of
activity), relative to the community's own highs and lows, never from a calendar. There is one rule,
`causal_step`, which goes through the days in order and never looks ahead. It is used in two ways:

- `causal_stages`: as seen that day. The rule follows a running mean, as a policy can, and a stage
  begins on the day on which the rule notices it.
- `retrospective_stages`: in retrospect, as in reports. The rule follows a centred mean, two weeks
  behind the last day, and a stage is dated back to the day on which it began, by eight weeks at
  most. So a date, once given, stays the same however long the community is watched.

docs/stages.md compares both with stages that people assigned to six real communities by eye.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comsim.model.periods import FOUR_WEEKS, WEEK

STAGES = ("seeding", "growth", "activity", "decline", "dormancy")
SEEDING, GROWTH, ACTIVITY, DECLINE, DORMANCY = range(5)

FEW, PART = 50.0, 0.05  # people, and of a small market: fewer active members are still seeding


class StageRule(NamedTuple):
    """Thresholds. All are assumptions: round numbers, checked on the labels of docs/stages.md."""

    swing: float = 2.0  # ratio of a rise that starts a wave, and of a fall that ends it at once
    height: float = (
        2.0 / 3.0
    )  # share of a wave's top: at this level or above, it is at full activity
    lift: float = 1.5  # ratio to the low before it at which a wave begins
    hold: float = 2.0 * FOUR_WEEKS  # days on the other side of such a level that are a change
    step: float = 1.05  # ratio of a rise that shows that growth continues
    calm: float = 2.0 * FOUR_WEEKS  # days without such a rise after which growth has ended
    ground: float = 0.08  # share of the highest level below which a community is on the ground
    filling: float = float(WEEK)  # days for which the activity is still being filled: WAU's week
    # as seen that day
    memory: float = float(WEEK)  # days of the running mean: a week, to even out weekdays
    # in retrospect
    window: int = 15  # days of the centred smoothing: two weeks, so that one odd week is no wave
    back: int = 2 * FOUR_WEEKS  # days by which a change is dated back, at most


RULE = StageRule()


class StageState(NamedTuple):
    """The state of the rule; levels in the unit of the activity."""

    stage: int  # 0..4, the index in STAGES
    age: float  # days since the first active one; counted while the activity is being filled
    level: float  # running mean of the activity
    peak: float  # highest level so far
    top: float  # highest level of this wave
    low: float  # level from which a doubling is a new wave: the lowest or, in activity, the top
    mark: float  # level of the last step up
    calm: float  # days since then
    under: float  # days in a row below the height of this wave
    over: float  # days in a row at it or above or, while seeding, above the low by half


def few_of(market: float) -> float:
    """The number of active members that a community must reach to leave seeding: 50, or 5 % of a
    market of fewer than 1,000 people. With fewer, every person who joins or leaves looks like
    growth or decline. Assumption."""
    return max(1.0, min(FEW, PART * market))


def causal_start(activity: float) -> StageState:
    """State after the first day: seeding at any size, since one day shows no direction."""
    level = activity * 1.0
    age = 1.0 if level > 0.0 else 0.0
    return StageState(SEEDING, age, level, level, level, level, level, 0.0, 0.0, 0.0)


def causal_step(state: StageState, activity: float, few: float, rule: StageRule) -> StageState:
    """State after one more day; few: active members needed to leave seeding (`few_of`).

    While the activity is still being filled, which takes a week for weekly active members, every
    day starts anew. After that, growth begins when the level has doubled from its low and is above
    the ground or, while seeding, has been half above its low for eight weeks; activity, when the
    level has not risen for eight weeks, or has been back at two thirds of its wave's top for eight;
    decline, when it has been below them for eight weeks, or has halved; dormancy, when it has
    fallen to the ground.

    Uses only scalars, the four basic operations and comparisons, so that the bits are the same
    whether or not numba compiles it.
    """
    if state.age < rule.filling:
        level = activity * 1.0
        age = state.age + 1.0 if state.age + level > 0.0 else 0.0
        return StageState(SEEDING, age, level, level, level, level, level, 0.0, 0.0, 0.0)
    level = state.level + (activity - state.level) / rule.memory
    peak = max(state.peak, level)
    stage, top, low, mark = state.stage, max(state.top, level), state.low, state.mark
    calm, under, over = state.calm + 1.0, 0.0, 0.0
    ground = rule.ground * peak
    if level >= rule.step * mark:
        mark, calm = level, 0.0
    if stage != GROWTH and stage != ACTIVITY:
        low = min(low, level)
    if level < rule.height * top:
        under = state.under + 1.0
    if level >= (rule.lift * low if stage == SEEDING else rule.height * top):
        over = state.over + 1.0
    risen = level >= rule.swing * low or (stage == SEEDING and over >= rule.hold)

    if stage == SEEDING and level < few:  # still too small
        top, mark, calm, under, over = level, level, 0.0, 0.0, 0.0
    elif stage != GROWTH and risen and level >= max(ground, few):
        stage, top, mark, calm, under, over = GROWTH, level, level, 0.0, 0.0, 0.0
    elif stage < DORMANCY and level < ground:
        stage, low = DORMANCY, level
    elif stage < DECLINE and (rule.swing * level < top or under >= rule.hold):
        stage, low = DECLINE, level
    elif (stage < ACTIVITY and calm >= rule.calm) or (stage == DECLINE and over >= rule.hold):
        if stage == SEEDING:  # the first day may have been odd
            top = level
        stage, low = ACTIVITY, top
    return StageState(stage, state.age, level, peak, top, low, mark, calm, under, over)


def causal_stages(
    activity: ArrayLike, few: float = FEW, rule: StageRule = RULE
) -> NDArray[np.int64]:
    """Stage codes, shape (days,), as seen on each day; activity: shape (days,).

    few: active members needed to leave seeding (`few_of`).
    """
    return np.array([state.stage for state in _states(_series(activity), few, rule)], np.int64)


def retrospective_stages(
    activity: ArrayLike, few: float = FEW, rule: StageRule = RULE
) -> NDArray[np.int64]:
    """Stage codes, shape (days,), in retrospect; activity: shape (days,).

    few: active members needed to leave seeding (`few_of`). The curve is smoothed over two weeks,
    and the rule of `causal_step` is applied to it. Each change is dated back, by eight weeks at
    most (`rule.back`): growth begins on the day on which the curve has risen by half above its low,
    activity on the day on which it reaches two thirds of the wave's top, decline on the day on
    which it has fallen below them, and dormancy on the day on which it touches the ground.

    Changes of the last two weeks can't be noticed yet, since smoothing needs the days that follow:
    the last stage is that of two weeks before the end. If days are added, no date that has been
    given changes, except that the first days may turn out not to have been seeding. New dates lie
    within the last ten weeks.
    """
    series = _series(activity)
    codes = np.full(len(series), SEEDING, np.int64)
    active = np.flatnonzero(series)
    first = int(active[0]) if len(active) else len(series)
    # While the activity is being filled, its level is that of the day on which it is filled.
    filled = series[first:].copy()
    last = int(rule.filling) - 1
    if last < len(filled):
        filled[:last] = filled[last]
    level = smoothed(filled, rule.window)[: max(0, len(filled) - 2 * (rule.window // 2))]
    alike = rule._replace(memory=1.0, filling=1.0)  # the curve is smooth and filled already
    states = _states(level, few, alike)
    begun = -1
    for day in range(1, len(states)):
        if states[day].stage != states[day - 1].stage:
            for stage, since in _dated(level, day, states[day - 1], states[day], few, rule):
                begun = max(begun + 1, since)  # after the stage that it follows
                codes[first + begun :] = stage
    return codes


def stage_spans(codes: ArrayLike, names: tuple[str, ...] = STAGES) -> list[tuple[str, int, int]]:
    """Runs of one stage in time order: (stage, first day, last day), both days included."""
    codes = np.asarray(codes, dtype=np.int64)
    if len(codes) == 0:
        return []
    firsts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist()]
    lasts = [first - 1 for first in firsts[1:]] + [len(codes) - 1]
    return [(names[codes[a]], a, b) for a, b in zip(firsts, lasts, strict=True)]


def _dated(
    level: NDArray[np.float64],
    day: int,
    before: StageState,
    after: StageState,
    few: float,
    rule: StageRule,
) -> list[tuple[int, int]]:
    """The stages that a change noticed on a day has shown, with their first days. A wave that falls
    before its growth was seen to end, or before it was seen to begin, was active in between."""
    lately = level[max(0, day - rule.back) : day + 1]
    first, high = day + 1 - len(lately), lately >= rule.height * after.top

    def run(of: NDArray[np.bool_]) -> int:
        """The first of the days up to this one on which a condition has held without a break."""
        return first + len(of) - int(np.logical_and.accumulate(of[::-1]).sum())

    formed = run(lately >= few)
    if after.stage == GROWTH:
        begun = run(lately >= rule.lift * before.low)
        return [(GROWTH, max(begun, formed) if before.stage == SEEDING else begun)]
    risen = formed if before.stage == SEEDING else first + int(high.argmax())
    if after.stage == ACTIVITY:
        return [(ACTIVITY, run(high) if before.stage == DECLINE else risen)]
    fall = [(ACTIVITY, risen)] if before.stage < ACTIVITY else []
    if before.stage < DECLINE:
        fall.append((DECLINE, run(~high)))
    return [*fall, (DORMANCY, day)] if after.stage == DORMANCY else fall


def _states(series: NDArray[np.float64], few: float, rule: StageRule) -> Sequence[StageState]:
    states: list[StageState] = []
    for activity in series.tolist():
        states.append(
            causal_step(states[-1], activity, few, rule) if states else causal_start(activity)
        )
    return states


def _series(activity: ArrayLike) -> NDArray[np.float64]:
    series = np.asarray(activity, dtype=np.float64)
    if series.ndim != 1 or not np.all(np.isfinite(series) & (series >= 0)):
        raise ValueError("activity must be a sequence of finite numbers >= 0, one per day")
    return series


def smoothed(series: NDArray[np.float64], window: int) -> NDArray[np.float64]:
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
