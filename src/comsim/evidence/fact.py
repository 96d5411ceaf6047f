"""Facts about real communities, their measurements, and the rules of the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite, nan
from typing import Any, Literal, NamedTuple

from comsim.common.copies import Copied
from comsim.evidence.marks import Mark
from comsim.statistics.intervals import Interval

Kind = Literal["F", "E", "B", "V"]
Verdict = Literal["pass", "fail", "not yet", "shown"]
Text = Mapping[str, str]
"""A text in each language."""

DISTANCE = "distance"  # unit of a Kolmogorov-Smirnov distance


class Effect(NamedTuple):
    """A published effect or level."""

    value: float | None
    """None if only the sign is known."""
    unit: str
    """relative, share, level, odds, elasticity or sign."""
    low: float | None = None
    high: float | None = None
    """Ends of its 95 % interval, if known."""
    range: tuple[float, float] | None = None
    """Ends of a range of figures, if the source gives one."""
    sign: int = 0


@dataclass(frozen=True)
class Check:
    """One figure of a fact and its condition. A figure without a condition is shown for information
    and does not affect the verdict."""

    figure: str
    label: dict[str, str] = Copied()
    """In each language."""
    unit: str = ""
    low: float = -inf
    high: float = inf
    contains: float | None = None
    """A value that the interval must contain."""
    of_mean: bool = False
    """Whether the band applies to the mean alone (kinds E and B) instead of the whole interval."""
    side: int = 0
    """The side of 0 on which the whole interval must lie; 0 for any."""
    ratio: tuple[str, ...] = ()
    """Two figures. The check uses the ratio of their means over worlds, because the ratio in each
    world has no mean if the denominator can be close to zero."""
    published: tuple[float, ...] = ()
    """The same figure in published measurements."""
    published_span: tuple[float, float] | None = None
    """The 95 % interval of the published figure, or its range, if known."""
    published_error: float | None = None
    """The standard error of the published figure, computed from its interval."""

    @property
    def decides(self) -> bool:
        return self.contains is not None or isfinite(self.low) or isfinite(self.high)

    def met(self, interval: Interval) -> bool:
        """Whether the interval of the mean (or the mean) lies in the band. The ends of a band
        belong to it, unless the band is open on one side ("above" or "below"). False without an
        interval."""
        value, low, high = interval
        if self.contains is not None:
            return bool(low <= self.contains <= high)
        if self.side and not (low > 0 if self.side > 0 else high < 0):
            return False
        if self.of_mean:
            return bool(self.low <= value <= self.high)
        if isfinite(self.low) and isfinite(self.high):
            return bool(self.low <= low and high <= self.high)
        return bool(self.low < low and high < self.high)

    def missed(self, interval: Interval) -> bool:
        """Whether no value of the interval meets the condition."""
        _, low, high = interval
        if self.contains is not None:
            return not low <= self.contains <= high
        if self.side and (high <= 0 if self.side > 0 else low >= 0):
            return True
        return bool(high < self.low or low > self.high)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A published finding about real communities, and what the model must reproduce."""

    id: str
    kind: Kind
    mark: Mark
    title: dict[str, str] = Copied()
    population: Text | None = None
    varied: Text | None = None
    """What the study changed or compared."""
    outcome: Text | None = None
    citation: str = ""
    doi: str = ""
    url: str = ""
    """Where the source was read."""
    design: str = ""
    """randomised, quasi-experiment, matched, observational, measurement, ..."""
    seen: str = ""
    """V: read in a text, R: recalled, D: computed from data, S: claimed by textbooks, M: output of
    another simulation."""
    effect: Effect | None = None
    published: Text | None = None
    """The published result in words, unless it is only an effect."""
    horizon_days: int | None = None
    transfer: float | None = None
    """The standard deviation by which the effect may differ here, as a share of the effect."""
    before_look: bool | None = None
    """Whether the band was written before anybody looked at the model's results."""
    criterion: Text | None = None
    """The condition in words, unless it is only a band."""
    note: Text | None = None
    """A remark on its criterion."""
    why: Text | None = None
    """The reason for its mark."""
    scenario: Text | None = None
    """The community in which it is checked."""
    checks: tuple[Check, ...] = ()
    lever: str = ""
    family: str = ""
    """What it measures, or its family of levers. Facts of the same family share a mark."""
    study: str = ""
    """The study. Facts of the same study share a mark."""
    tested_as: str = ""
    """The id of the fact that tests it."""
    idle: bool = False
    """Whether its figures are effects of a treatment, on a random half or on everybody. Without the
    treatment, they are exactly 0 relative to a twin, and 0 in expectation within one run."""
    off: Mapping[str, Any] | None = None
    """Changes to the scenarios that switch its mechanism off; None if there is nothing to switch
    off, or if the lever is idle instead."""
    quick: bool = False
    needs: tuple[str, ...] = ()
    """Levers that are required to measure it."""
    missing: Text | None = None
    """What the model lacks to measure it."""

    @property
    def of_distributions(self) -> bool:
        """Whether it is about the distance between distributions over communities."""
        return any(check.unit == DISTANCE for check in self.checks)

    @property
    def deciding(self) -> list[Check]:
        return [check for check in self.checks if check.decides]


class Coverage(NamedTuple):
    """The communities behind the distance between a real and a simulated distribution."""

    medians: tuple[float, float]
    """Of the matched real and simulated communities; types of source have equal weight."""
    matched: dict[str, tuple[int, int]]
    """By type of source: real communities with a match, and all that have the feature."""
    simulated: int
    """The number of simulated communities that match them."""
    enough: bool
    """Whether enough real communities are matched to judge the distance."""

    @property
    def total(self) -> tuple[int, int]:
        """Real communities with a match, and all that have the feature."""
        found, all = zip(*self.matched.values(), strict=True)
        return sum(found), sum(all)


@dataclass(frozen=True)
class Measurement:
    """The figures of a fact in a model."""

    figures: dict[str, Interval] = Copied()
    """Mean over worlds with its 95 % confidence interval, by figure; NaN if it does not exist."""
    absent: dict[str, int] = Copied()
    """The number of worlds in which a figure does not exist."""
    worlds: int = 0
    """The number of worlds; 0 if the figures are known without a run."""
    coverage: dict[str, Coverage] = field(default_factory=dict)
    """The communities behind each distance."""

    def met(self, check: Check) -> bool:
        """Whether a deciding check is met; its figure must exist in all worlds, and a distance must
        cover enough real communities."""
        measured = check.figure in self.figures and not self.absent[check.figure]
        return measured and self.covers(check) and check.met(self.figures[check.figure])

    def covers(self, check: Check) -> bool:
        """Whether enough real communities are matched; True for a figure without coverage."""
        return check.figure not in self.coverage or self.coverage[check.figure].enough

    def passes(self, fact: Fact) -> bool:
        """Whether every deciding check of the fact is met."""
        return all(self.met(check) for check in fact.deciding)

    def settles(self, fact: Fact) -> bool:
        """Whether more worlds are unlikely to change the verdict: all intervals lie inside their
        bands, or at least one lies outside its band."""
        if any(self.absent[c.figure] or c.missed(self.figures[c.figure]) for c in fact.deciding):
            return True
        inside = (
            check.low <= self.figures[check.figure].low
            and self.figures[check.figure].high <= check.high
            for check in fact.deciding
        )
        return all(inside) and self.passes(fact)


NONE = Interval(nan, nan, nan)
UNMEASURED = Measurement({}, {})


def idle(fact: Fact) -> Measurement:
    """The effects of a treatment that nobody gets: 0 (`Fact.idle`). The ratio of two such effects
    does not exist."""
    figures = {c.figure: NONE if c.ratio else Interval(0.0, 0.0, 0.0) for c in fact.checks}
    return Measurement(figures, {c.figure: int(bool(c.ratio)) for c in fact.checks})


@dataclass(frozen=True)
class Finding:
    """The result for a fact, with two rivals: the model without the fact's mechanism, and the model
    of November 2026."""

    fact: Fact
    measured: Measurement = UNMEASURED
    precise: bool = True
    """Whether the simulation error is small enough compared with the band."""
    off: Measurement | None = None
    november: Measurement | None = None

    @property
    def verdict(self) -> Verdict:
        """Pass if every deciding check is met and its figure exists in all worlds. A fact marked as
        shown is not judged."""
        if self.fact.mark == "shown" or not self.fact.deciding:
            return "shown"
        if self.fact.missing is not None:
            return "not yet"
        return "pass" if self.measured.passes(self.fact) else "fail"

    @property
    def rival(self) -> Measurement | None:
        """The model to compare with: the model without the mechanism or, if nothing can be switched
        off, the model of November 2026. None if its figures are unknown."""
        nothing = self.off is None and self.fact.off is None
        return self.november if nothing else self.off

    @property
    def counts(self) -> bool:
        """Whether the fact counts for the headline: it is held and testable, and the rival fails
        it."""
        tested = self.fact.mark == "held" and self.fact.missing is None
        return tested and self.rival is not None and not self.rival.passes(self.fact)
