"""A fact about real communities, and the finding for the model."""

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

WORLDS = 20  # for a verdict
QUICK_WORLDS = 5
Kind = Literal["input", "fitted", "predicted"]
Verdict = Literal["pass", "fail", "not yet", "shown"]


@dataclass(frozen=True)
class Check:
    """One figure of a fact, and the condition on its interval. A figure without a condition is
    shown for information, and does not affect the verdict."""

    figure: str
    label: dict[str, str] = Copied()
    """In each language."""
    unit: str = ""
    low: float = -inf
    high: float = inf
    contains: float | None = None
    """A value that the interval must contain."""
    ratio: tuple[str, ...] = ()
    """Two figures: the check is on the ratio of their means over worlds, since a ratio in each
    world has no mean if the denominator may be near zero."""
    published: tuple[float, ...] = ()
    """The same figure in published measurements."""

    @property
    def decides(self) -> bool:
        return self.contains is not None or isfinite(self.low) or isfinite(self.high)

    def met(self, interval: Interval) -> bool:
        """Whether the interval of the mean lies inside the band, ends included; False without an
        interval."""
        if self.contains is not None:
            return bool(interval.low <= self.contains <= interval.high)
        return bool(self.low <= interval.low and interval.high <= self.high)


@dataclass(frozen=True)
class Fact:
    """A row of section 5 of the charter."""

    id: str
    title: dict[str, str] = Copied()
    published: dict[str, str] = Copied()
    """The published or measured result, with its source."""
    status: str
    """V found in a text, D computed from data, S claimed by textbooks, M from another
    simulation."""
    criterion: dict[str, str] = Copied()
    kind: Kind
    why: dict[str, str] = Copied()
    """The reason for this kind."""
    scenario: dict[str, str] = Copied()
    """The community in which it is checked."""
    checks: tuple[Check, ...] = ()
    family: str = ""
    """What it measures, or the family of levers: facts of a family are marked together."""
    study: str = ""
    """The study, if facts of other families come from it too."""
    counts: bool = True
    """Whether it counts for the headline."""
    quick: bool = False
    needs: tuple[str, ...] = ()
    """Levers without which it can't be measured."""
    missing: dict[str, str] | None = None
    """What the model lacks to measure it, if one of these levers is missing."""


@dataclass(frozen=True)
class Finding:
    """The result for a fact."""

    fact: Fact
    figures: dict[str, Interval] = Copied()
    """Mean over worlds with its 95 % confidence interval, by figure; NaN if it does not exist."""
    absent: dict[str, int] = Copied()
    """The number of worlds in which a figure does not exist."""

    @property
    def verdict(self) -> Verdict:
        """Pass if every deciding check is met and its figure exists in all worlds."""
        if self.fact.missing is not None:
            return "not yet"
        deciding = [check for check in self.fact.checks if check.decides]
        if not deciding:
            return "shown"
        return "pass" if all(self.met(check) for check in deciding) else "fail"

    def met(self, check: Check) -> bool:
        """Whether a deciding check is met."""
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
