"""`[[tests]]`: results of randomised tests that the operator ran in the community itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

from pydantic import Field, model_validator

from comsim.model.catalogue import LEVERS
from comsim.scenario.checks import Described, Moment, number, one_of, plain, range_of, wrong
from comsim.scenario.table import Amount, Table

MAX_TESTS = 16
LEAST, MOST = -1.0, 100.0  # relative effects: nothing is left; ends of an interval
# What a test may measure (`comsim.studies.comparison.basis.arms`).
TESTED = ("wau", "new_wau", "visits", "posts", "members", "interest", "trust", "muted")

ONE_OUTCOME = "one outcome of each experiment, because its outcomes are not independent"

Effect, End = number(LEAST, 1.0), number(LEAST, MOST)


class OwnTest(Table):
    """A randomised test: a share of the people, drawn at random, had another value of a lever for
    some days, and was compared with the others."""

    lever: one_of(LEVERS, "lever") = Field(description="the lever that was changed")
    value: Amount = Field(
        description="its value for the people drawn; an event takes place on the first day"
    )
    share: number(0.01, 0.99) = Field(description="share of the people drawn at random")
    from_: Moment = Field(alias="from", description="first day: a day number or a date")
    until: Moment = Field(description="last day: a day number or a date")
    outcome: one_of(TESTED, "outcome") = Field(
        description="wau: weekly members on the last day; new_wau: those of them who joined in the "
        "last 56 days; visits, posts: during the test; members, interest, trust, muted: on the "
        "last day"
    )
    effect: Effect = Field(
        description="the people drawn compared with the others: 0.04 for 4 % more per head"
    )
    interval: tuple[End, ...] = Field(
        description="95 % confidence interval of the effect, [low, high]"
    )

    @property
    def error(self) -> float:
        """The standard error of the effect, from its 95 % interval."""
        low, high = self.interval
        return (high - low) / (2 * 1.96)

    @model_validator(mode="after")
    def _check(self) -> OwnTest:
        lever = LEVERS[self.lever]
        if lever.scope == "community":
            found = Described(f"lever {self.lever!r}, which is set for the whole community")
            wrong(found, "a lever that some members can have and others not", "lever")
        if not lever.low <= self.value <= lever.high:
            wrong(self.value, f"{range_of(lever.low, lever.high)} ({lever.unit})", "value")
        ends = self.interval
        if len(ends) != 2 or not ends[0] <= self.effect <= ends[1] or ends[0] == ends[1]:
            found = f"[{', '.join(plain(end) for end in ends)}]"
            wrong(Described(found), f"[low, high] around the effect {plain(self.effect)}",
                  "interval")  # fmt: skip
        return self


def same_experiment(one: OwnTest, other: OwnTest, day_number: Callable[[Any], int]) -> bool:
    """Whether two tests are of the same lever, on days that overlap."""
    (first, last), (start, end) = ((day_number(x.from_), day_number(x.until)) for x in (one, other))
    return one.lever == other.lever and first <= end and start <= last


def check_apart(tests: Sequence[OwnTest], day_number: Callable[[Any], int]) -> None:
    """Refuse two tests that belong to the same experiment."""
    for (a, one), (b, other) in combinations(enumerate(tests), 2):
        if same_experiment(one, other, day_number):
            found = Described(f"a test of {other.lever} on days of tests[{a}]")
            wrong(found, ONE_OUTCOME, f"tests[{b}]")
