"""What one run comes to: a number an outcome, from its daily counts and its members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from comsim.model.kernel.basics import ONE
from comsim.model.stages import STAGES, retrospective_stages

LATELY = 28  # days over which a daily count is levelled out at the end: four whole weeks
CENTS = 100.0
THRIVING = [STAGES.index("growth"), STAGES.index("activity")]


@dataclass(frozen=True)
class Outcome:
    """A number that a run is judged by.

    `good` is 1 where more is better, -1 where less is, 0 where it depends. `validated` is False
    where no data has tested such levels. `amount` says that it is zero for nothing and never
    below, so that a relative difference means something. `begins` marks the day on which something
    begins, NaN where it never does; `leaps` what differs by much in few worlds and by nothing in
    the others, as such days do.
    """

    name: str
    label: str
    unit: str = ""
    good: int = 0
    meaning: str = ""
    validated: bool = True
    amount: bool = True
    begins: bool = False
    leaps: bool = False


SINCE = "whole run (in a comparison: from the first day on which the policies can differ)"
STAGE = "first day of the stage, read in retrospect as `comsim run` does (docs/stages.md)"
OUTCOMES = (
    Outcome("wau_mean", "weekly members, mean", "people", 1,
            f"weekly active members, mean over the {SINCE}"),
    Outcome("wau", "weekly members, last day", "people", 1,
            "members who visited in the last 7 days of the run"),
    Outcome("members", "members, last day", "people", 1, "members on the last evening"),
    Outcome("posts", "members' posts lately", "a day", 1,
            "members' posts a day over the last 28 days"),
    Outcome("interest", "interest, last day", "0 to 1", 1, "mean over members, last evening"),
    Outcome("trust", "trust, last day", "0 to 1", 1, "mean over members, last evening",
            validated=False),
    Outcome("retention_30", "retention, 30 days", "share", 1,
            "of those who joined at least 30 days before the end (in a comparison: and since the "
            "policies can differ), who visited 30 days or more after joining"),
    Outcome("retention_90", "retention, 90 days", "share", 1,
            "of those who joined at least 90 days before the end (in a comparison: and since the "
            "policies can differ), who visited 90 days or more after joining"),
    Outcome("thriving", "days in growth or activity", "days", 1,
            f"days in one of these two stages, {SINCE}", amount=False, leaps=True),
    Outcome("revenue", "revenue", "currency", 1, SINCE, validated=False),
    Outcome("cost", "cost", "currency", 0, f"all costs, {SINCE}", validated=False),
    Outcome("profit", "profit", "currency", 1, f"revenue less cost, {SINCE}", validated=False,
            amount=False),
    Outcome("roi", "return on cost", "ratio", 1, f"profit over cost, {SINCE}", validated=False,
            amount=False),
    Outcome("growth", "growth begins", "day", 0, STAGE, begins=True),
    # A good lever may bring both peak and decline earlier, and who is never born never declines.
    Outcome("activity", "activity begins", "day", 0, STAGE, begins=True),
    Outcome("decline", "decline begins", "day", 0, STAGE, begins=True),
    Outcome("dormancy", "dormancy begins", "day", 0, STAGE, begins=True),
    Outcome("break_even", "breaks even", "day", -1,
            "first day from which the profit since day 0 stays at zero or above (in a comparison: "
            "at the earliest that on which the policies can differ)", validated=False, begins=True),
)  # fmt: skip
BY_NAME = {outcome.name: outcome for outcome in OUTCOMES}


@dataclass(frozen=True)
class Life:
    """A run, to be measured: its days, and its world on the evening of the last of them."""

    world: Any
    daily: np.ndarray
    """Records (DAY_RECORD) of the days that were lived."""
    since: int = 0
    """The first day measured."""

    @cached_property
    def stages(self) -> np.ndarray:
        """The stage of each day, read in retrospect: codes, as in STAGES."""
        return retrospective_stages(self.daily["wau"])

    @property
    def late(self) -> np.ndarray:
        """Records of the measured days."""
        return self.daily[self.since :]

    @property
    def last(self) -> np.void:
        """The record of the last day."""
        return self.daily[-1]

    def total(self, name: str) -> float:
        """Sum of a column of money over the measured days, in currency."""
        return self.late[name].sum() / CENTS

    @property
    def profit(self) -> float:
        return self.total("revenue") - self.total("cost")


def first_day_of(stage: str) -> Callable[[Life], float]:
    """The measure of the first day of a stage; NaN where it never begins."""
    code = STAGES.index(stage)
    return lambda life: first_day(life.stages == code)


# How each outcome is read from a run; NaN for what doesn't exist.
MEASURES: dict[str, Callable[[Life], float]] = {
    "wau_mean": lambda life: life.late["wau"].mean(),
    "wau": lambda life: life.last["wau"],
    "members": lambda life: life.last["members"],
    "posts": lambda life: life.late["posts"][-LATELY:].mean(),
    "interest": lambda life: mean_state(life.last, "interest_sum"),
    "trust": lambda life: mean_state(life.last, "trust_sum"),
    "retention_30": lambda life: retention(life, 30),
    "retention_90": lambda life: retention(life, 90),
    "thriving": lambda life: np.isin(life.stages[life.since :], THRIVING).sum(),
    "revenue": lambda life: life.total("revenue"),
    "cost": lambda life: life.total("cost"),
    "profit": lambda life: life.profit,
    "roi": lambda life: life.profit / life.total("cost") if life.total("cost") else np.nan,
    **{stage: first_day_of(stage) for stage in STAGES[1:]},
    "break_even": lambda life: max(break_even(life.daily["profit_cumulative"]), life.since),
}


def outcomes_of(world: Any, since: int = 0) -> np.ndarray:
    """The outcomes of a run in the order of OUTCOMES (float64); NaN for what doesn't exist. Sums
    and means over days start on the day `since`; a stage may begin before it."""
    life = Life(world, world.daily, since)
    return np.array([MEASURES[outcome.name](life) for outcome in OUTCOMES], np.float64)


def mean_state(day: np.void, total: str) -> float:
    """Mean of a state over the members of a day, 0 to 1; NaN without members."""
    return day[total] / ONE / day["members"] if day["members"] else np.nan


def retention(life: Life, after: int) -> float:
    """Share of those who joined `after` days or more before the last day who visited `after` days
    or more after joining; leavers stay in. NaN where nobody joined so early, and since the first
    day that counts.

    Early joiners had longer to come back, so it is a rate at the horizon, not of a cohort.
    """
    mine = life.world.m.own[: int(life.world.now["rows"][0])]
    joined, seen = mine["joined_day"], mine["last_visit"]
    watched = (joined >= life.since) & (joined <= len(life.daily) - 1 - after)
    return float((seen - joined >= after)[watched].mean()) if watched.any() else np.nan


def first_day(mask: np.ndarray) -> float:
    """The first day that is marked; NaN for none."""
    return float(mask.argmax()) if mask.any() else np.nan


def break_even(profit: np.ndarray) -> float:
    """The first day from which the profit so far stays at zero or above; NaN for none."""
    losses = np.flatnonzero(profit < 0)
    even = int(losses[-1]) + 1 if len(losses) else 0
    return float(even) if even < len(profit) else np.nan


def censored(values: np.ndarray, outcome: Outcome, days: int) -> np.ndarray:
    """Outcomes as they are compared: a day that never came counts as the horizon.

    Its mean is then the restricted mean time (Royston and Parmar 2013, BMC Medical Research
    Methodology 13:152): the same days are looked at in all worlds, whether it came or not.
    """
    return np.where(np.isnan(values), float(days), values) if outcome.begins else values


# Daily series of which a comparison draws fans: float32 of each day.
SERIES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "wau": lambda daily: daily["wau"],
    # Nobody's trust is not 0: it does not exist.
    "trust": lambda daily: np.where(
        daily["members"] > 0, daily["trust_sum"] / ONE / np.maximum(daily["members"], 1), np.nan
    ),
    "profit": lambda daily: daily["profit_cumulative"] / CENTS,
}


def series_of(world: Any) -> np.ndarray:
    """The daily series of a run, float32 (series, days), in the order of SERIES."""
    return np.stack([series(world.daily) for series in SERIES.values()]).astype(np.float32)
