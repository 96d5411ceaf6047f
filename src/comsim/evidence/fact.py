"""A fact about real communities, what was measured of it, and the rules of the verdict."""

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
    """Ends of its 95 % interval, if it is known."""
    range: tuple[float, float] | None = None
    """Ends of a range of figures, if the source gives one."""
    sign: int = 0


@dataclass(frozen=True)
class Check:
    """One figure of a fact, and the condition on it. A figure without a condition is shown for
    information, and does not affect the verdict."""

    figure: str
    label: dict[str, str] = Copied()
    """In each language."""
    unit: str = ""
    low: float = -inf
    high: float = inf
    contains: float | None = None
    """A value that the interval must contain."""
    of_mean: bool = False
    """Whether the band is for the mean alone (kinds E and B) and not for the whole interval."""
    side: int = 0
    """The side of 0 on which the whole interval must lie; 0 for any."""
    ratio: tuple[str, ...] = ()
    """Two figures: the check is on the ratio of their means over worlds, since a ratio in each
    world has no mean if the denominator may be near zero."""
    published: tuple[float, ...] = ()
    """The same figure in published measurements."""
    published_span: tuple[float, float] | None = None
    """The 95 % interval of the published figure, or its range, if it is known."""
    published_error: float | None = None
    """The standard error of the published figure, from its interval."""

    @property
    def decides(self) -> bool:
        return self.contains is not None or isfinite(self.low) or isfinite(self.high)

    def met(self, interval: Interval) -> bool:
        """Whether the interval of the mean (or the mean) lies inside the band. The ends of a band
        belong to it, but a band that is open on one side is "above" or "below" its end. False
        without an interval."""
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
    """A published finding about real communities, and what the model must show."""

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
    """Where it was read."""
    design: str = ""
    """randomised, quasi-experiment, matched, observational, measurement, ..."""
    seen: str = ""
    """V: the figure was read in a text, R: recalled, D: computed from data, S: a claim of
    textbooks, M: the output of another simulation."""
    effect: Effect | None = None
    published: Text | None = None
    """The published result in words, if it is more than an effect."""
    horizon_days: int | None = None
    transfer: float | None = None
    """The standard deviation by which the effect may differ here, as a share of it."""
    before_look: bool | None = None
    """Whether the band was written before anybody looked at what the model does."""
    criterion: Text | None = None
    """The condition in words, if it is more than a band."""
    note: Text | None = None
    """What else a reader must know about its criterion."""
    why: Text | None = None
    """The reason for its mark."""
    scenario: Text | None = None
    """The community in which it is checked."""
    checks: tuple[Check, ...] = ()
    lever: str = ""
    family: str = ""
    """What it measures, or the family of levers: facts of a family are marked together."""
    study: str = ""
    """The study: its facts are marked together."""
    tested_as: str = ""
    """The fact that tests it."""
    idle: bool = False
    """Whether its figures are effects of a treatment, by lot or on the whole. Without the treatment
    they are exactly 0 against a twin, and 0 in expectation between groups inside one run."""
    off: Mapping[str, Any] | None = None
    """Changes to the scenarios that switch its mechanism off; None if there is nothing to switch
    off, or if the lever is idle instead."""
    quick: bool = False
    needs: tuple[str, ...] = ()
    """Levers without which it can't be measured."""
    missing: Text | None = None
    """What the model lacks to measure it."""

    @property
    def of_distributions(self) -> bool:
        """Whether it compares distributions over communities, by their distance."""
        return any(check.unit == DISTANCE for check in self.checks)

    @property
    def deciding(self) -> list[Check]:
        return [check for check in self.checks if check.decides]


class Coverage(NamedTuple):
    """The communities behind the distance between a real and a simulated distribution."""

    medians: tuple[float, float]
    """Of the matched real and simulated communities; types of source weigh equally."""
    matched: dict[str, tuple[int, int]]
    """By type of source: real communities with a match, and all that have the feature."""
    simulated: int
    """Simulated communities that match them."""
    enough: bool
    """Whether enough real communities are matched to judge the distance."""

    @property
    def total(self) -> tuple[int, int]:
        """Real communities with a match, and all that have the feature."""
        found, all = zip(*self.matched.values(), strict=True)
        return sum(found), sum(all)


@dataclass(frozen=True)
class Measurement:
    """What a model makes of a fact."""

    figures: dict[str, Interval] = Copied()
    """Mean over worlds with its 95 % confidence interval, by figure; NaN if it does not exist."""
    absent: dict[str, int] = Copied()
    """The number of worlds in which a figure does not exist."""
    worlds: int = 0
    """The number of worlds; 0 for a figure that is known without a run."""
    coverage: dict[str, Coverage] = field(default_factory=dict)
    """What each distance is based on."""

    def met(self, check: Check) -> bool:
        """Whether a deciding check is met; its figure must exist in all worlds, and a distance must
        cover enough real communities."""
        measured = check.figure in self.figures and not self.absent[check.figure]
        return measured and self.covers(check) and check.met(self.figures[check.figure])

    def covers(self, check: Check) -> bool:
        """Whether enough real communities are matched; true of a figure without matches."""
        return check.figure not in self.coverage or self.coverage[check.figure].enough

    def passes(self, fact: Fact) -> bool:
        """Whether every deciding check of the fact is met."""
        return all(self.met(check) for check in fact.deciding)

    def settles(self, fact: Fact) -> bool:
        """Whether more worlds would hardly change the verdict: all intervals lie inside their
        bands, or one lies outside."""
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
    """The effects of a treatment that nobody gets: 0 (`Fact.idle`); a ratio of two does not
    exist."""
    figures = {c.figure: NONE if c.ratio else Interval(0.0, 0.0, 0.0) for c in fact.checks}
    return Measurement(figures, {c.figure: int(bool(c.ratio)) for c in fact.checks})


@dataclass(frozen=True)
class Finding:
    """The result for a fact, with two rivals: what remains of it without its mechanism, and what
    the model of November 2026 makes of it."""

    fact: Fact
    measured: Measurement = UNMEASURED
    precise: bool = True
    """Whether the simulation's error is as small as it should be."""
    off: Measurement | None = None
    november: Measurement | None = None

    @property
    def verdict(self) -> Verdict:
        """Pass if every deciding check is met, and its figure exists in all worlds. A fact that is
        marked as shown is not judged."""
        if self.fact.mark == "shown" or not self.fact.deciding:
            return "shown"
        if self.fact.missing is not None:
            return "not yet"
        return "pass" if self.measured.passes(self.fact) else "fail"

    @property
    def rival(self) -> Measurement | None:
        """What it is compared with: the model without its mechanism or, if nothing can be switched
        off, the model of November 2026. None if that is unknown."""
        nothing = self.off is None and self.fact.off is None
        return self.november if nothing else self.off

    @property
    def counts(self) -> bool:
        """Whether it counts for the headline: it is held, it can be tested, and the rival fails
        it."""
        tested = self.fact.mark == "held" and self.fact.missing is None
        return tested and self.rival is not None and not self.rival.passes(self.fact)
