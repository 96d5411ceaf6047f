"""The outcomes of a run: one number per outcome, from its daily counts and its members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from comsim.measure.economy import break_even, return_on_cost
from comsim.measure.retention import Visits, visits_of
from comsim.model.periods import FOUR_WEEKS
from comsim.model.stages import STAGES, few_of, retrospective_stages
from comsim.run.tables import mean_state

CENTS = 100.0
THRIVING = [STAGES.index("growth"), STAGES.index("activity")]


@dataclass(frozen=True)
class Outcome:
    """A number that a run is judged by.

    `good` is 1 if more is better, -1 if less is, and 0 if it depends. `validated` is False if such
    levels have not been tested against data. `amount` means that zero stands for nothing and that
    the number is never negative, so that a relative difference makes sense. `begins` marks a day on
    which something begins (NaN if it never does). `leaps` marks outcomes that differ a lot in few
    worlds and not at all in the others, as such days do.
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
            f"members' posts a day over the last {FOUR_WEEKS} days"),
    Outcome("interest", "interest, last day", "0 to 1", 1,
            "mean over the visits of the last 7 days"),
    Outcome("trust", "trust, last day", "0 to 1", 1, "mean over the visits of the last 7 days",
            validated=False),
    Outcome("retention_30", "retention, days 30–59", "share", 1,
            "of members who joined at least 60 days before the end (in a comparison: and since the "
            "policies can differ), the share who visited on days 30 to 59 after joining"),
    Outcome("retention_90", "retention, days 90–119", "share", 1,
            "of members who joined at least 120 days before the end (in a comparison: and since "
            "the policies can differ), the share who visited on days 90 to 119 after joining"),
    Outcome("thriving", "days in growth or activity", "days", 1,
            f"days in one of these two stages, {SINCE}", amount=False, leaps=True),
    Outcome("revenue", "revenue", "currency", 1, SINCE, validated=False),
    Outcome("cost", "cost", "currency", 0, f"all costs, {SINCE}", validated=False),
    Outcome("spending", "spending, goods apart", "currency", 0,
            "all costs except those of the goods ordered, which sales pay for; the difference from "
            f"the first policy is what a programme costs, {SINCE}", validated=False, amount=False),
    Outcome("profit", "profit", "currency", 1, f"revenue less cost, {SINCE}", validated=False,
            amount=False),
    Outcome("roi", "return on cost", "ratio", 1, f"profit over cost, {SINCE}", validated=False,
            amount=False),
    Outcome("growth", "growth begins", "day", 0, STAGE, begins=True),
    # A good lever may bring peak and decline earlier; what never grows never declines.
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
    """A run to be measured: its days, and its world on the last evening."""

    world: Any
    daily: np.ndarray
    """Records (DAY_RECORD) of the days that were lived."""
    since: int = 0
    """The first day measured."""

    @cached_property
    def stages(self) -> np.ndarray:
        """The stage of each day, determined in retrospect: codes, as in STAGES."""
        return retrospective_stages(self.daily["wau"], few_of(self.world.people.size))

    @cached_property
    def visits(self) -> Visits:
        """Who visited in which month of membership."""
        return visits_of(self.world, len(self.daily))

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
    """A function that returns the first day of a stage; NaN if it never begins."""
    code = STAGES.index(stage)
    return lambda life: first_day(life.stages == code)


# How each outcome is read from a run; NaN for what doesn't exist.
MEASURES: dict[str, Callable[[Life], float]] = {
    "wau_mean": lambda life: life.late["wau"].mean(),
    "wau": lambda life: life.last["wau"],
    "members": lambda life: life.last["members"],
    "posts": lambda life: life.late["posts"][-FOUR_WEEKS:].mean(),
    "interest": lambda life: mean_state(life.daily, "interest_visitors")[-1],
    "trust": lambda life: mean_state(life.daily, "trust_mean")[-1],
    "retention_30": lambda life: retention(life, 1),
    "retention_90": lambda life: retention(life, 3),
    "thriving": lambda life: np.isin(life.stages[life.since :], THRIVING).sum(),
    "revenue": lambda life: life.total("revenue"),
    "cost": lambda life: life.total("cost"),
    "spending": lambda life: (life.late["cost"] - life.late["cost_goods"]).sum() / CENTS,
    "profit": lambda life: life.profit,
    "roi": lambda life: or_nan(return_on_cost(life.profit, life.total("cost"))),
    **{stage: first_day_of(stage) for stage in STAGES[1:]},
    "break_even": lambda life: max(or_nan(break_even(life.daily["profit_cumulative"])), life.since),
}


def outcomes_of(world: Any, since: int = 0, daily: np.ndarray | None = None) -> np.ndarray:
    """The outcomes of a run in the order of OUTCOMES (float64); NaN for what doesn't exist. Sums
    and means over days start on the day `since`; a stage may begin before it. `daily`: the records
    of its days, by default those of the world."""
    life = Life(world, world.daily if daily is None else daily, since)
    return np.array([MEASURES[outcome.name](life) for outcome in OUTCOMES], np.float64)


def retention(life: Life, month: int) -> float:
    """Retention in a month after joining (`comsim.measure.retention`) of those who joined on the
    first measured day or later. NaN if nobody is watched for that month."""
    return or_nan(life.visits.retention(month, life.since)["share"])


def or_nan(value: float | None) -> float:
    """NaN for what does not exist."""
    return np.nan if value is None else float(value)


def first_day(mask: np.ndarray) -> float:
    """The first day that is marked; NaN for none."""
    return float(mask.argmax()) if mask.any() else np.nan


def censored(values: np.ndarray, outcome: Outcome, days: int) -> np.ndarray:
    """Outcomes as they are compared: a day that never came counts as the horizon.

    Its mean is then the restricted mean time (Royston and Parmar 2013, BMC Medical Research
    Methodology 13:152): all worlds are observed over the same days, whether or not it came.
    """
    return np.where(np.isnan(values), float(days), values) if outcome.begins else values


# Daily series of which a comparison draws fans: float32 of each day.
SERIES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "wau": lambda daily: daily["wau"],
    "trust": lambda daily: mean_state(daily, "trust_mean"),
    "profit": lambda daily: daily["profit_cumulative"] / CENTS,
}


def series_of(world: Any, daily: np.ndarray | None = None) -> np.ndarray:
    """The daily series of a run, float32 (series, days), in the order of SERIES. `daily`: as in
    `outcomes_of`."""
    daily = world.daily if daily is None else daily
    return np.stack([series(daily) for series in SERIES.values()]).astype(np.float32)
