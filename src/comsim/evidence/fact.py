"""What a fact is, and what is found of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import inf, isfinite
from typing import Any, Literal

from comsim.common.copies import Copied
from comsim.model.catalogue import LEVERS
from comsim.statistics.intervals import Interval

WORLDS = 20  # that a verdict is given on
QUICK_WORLDS = 5
Kind = Literal["input", "fitted", "predicted"]
Verdict = Literal["pass", "fail", "not yet", "shown"]


@dataclass(frozen=True)
class Check:
    """One figure of a fact, and what its interval has to do. A figure with neither a band nor
    something to contain is printed beside, and decides nothing."""

    figure: str
    label: dict[str, str] = Copied()
    """In each language."""
    unit: str = ""
    low: float = -inf
    high: float = inf
    contains: float | None = None
    """What the interval has to contain."""
    ratio: tuple[str, ...] = ()
    """Of which two figures it is the ratio: of their means over worlds, since a ratio in each world
    has no mean where what it is divided by may be near zero."""
    published: tuple[float, ...] = ()
    """The same figure where it was measured."""

    @property
    def decides(self) -> bool:
        return self.contains is not None or isfinite(self.low) or isfinite(self.high)

    def met(self, found: Interval) -> bool:
        """Whether the interval of the mean lies inside the band, ends included; False where there
        is no interval."""
        if self.contains is not None:
            return bool(found.low <= self.contains <= found.high)
        return bool(self.low <= found.low and found.high <= self.high)


@dataclass(frozen=True)
class Fact:
    """A row of section 5 of the charter."""

    id: str
    title: dict[str, str] = Copied()
    published: dict[str, str] = Copied()
    """What was published or measured, with its source."""
    status: str
    """V seen in a text, D computed from data, S a claim of textbooks, M another simulation's."""
    criterion: dict[str, str] = Copied()
    kind: Kind
    why: dict[str, str] = Copied()
    """Why it is of that kind."""
    scenario: dict[str, str] = Copied()
    """In which community it was looked for."""
    checks: tuple[Check, ...] = ()
    counts: bool = True
    """Whether it may count for the headline."""
    quick: bool = False
    needs: tuple[str, ...] = ()
    """Levers without which it can't be asked."""
    missing: dict[str, str] | None = None
    """What the model lacks to be asked at all, where it lacks one of those."""


@dataclass(frozen=True)
class Finding:
    """What came out for a fact."""

    fact: Fact
    figures: dict[str, Interval] = Copied()
    """Mean over worlds with its 95 % confidence interval, by figure; NaN if none was found."""
    absent: dict[str, int] = Copied()
    """In how many worlds a figure did not exist."""

    @property
    def verdict(self) -> Verdict:
        """Pass if every check that decides is met, and each of its figures exists in all worlds."""
        if self.fact.missing is not None:
            return "not yet"
        deciding = [check for check in self.fact.checks if check.decides]
        if not deciding:
            return "shown"
        return "pass" if all(self.met(check) for check in deciding) else "fail"

    def met(self, check: Check) -> bool:
        """Whether a check that decides is met."""
        return not self.absent[check.figure] and check.met(self.figures[check.figure])


@cache
def facts() -> dict[str, Fact]:
    """Every fact of `facts.toml`, by id."""
    text = files(__package__).joinpath("facts.toml").read_text("utf-8")
    return {id: _fact(id, data) for id, data in tomllib.loads(text).items()}


def _fact(id: str, data: dict[str, Any]) -> Fact:
    needs = tuple(data.pop("needs", ()))
    if all(lever in LEVERS for lever in needs):
        data.pop("missing", None)
    checks = tuple(
        Check(**check | {key: tuple(check.get(key, ())) for key in ("published", "ratio")})
        for check in data.pop("checks", ())
    )
    return Fact(id=id, checks=checks, needs=needs, **data)
