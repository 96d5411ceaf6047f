"""How many facts hold, by mark. Only held facts that can fail are evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comsim.evidence.fact import Finding, Kind
from comsim.evidence.marks import Mark
from comsim.statistics.intervals import Interval, share


@dataclass(frozen=True)
class Count:
    """How many of a number of facts hold."""

    hold: int
    of: int


def counted(findings: Sequence[Finding]) -> Count:
    """The held facts that count: those that can be tested, and that their rival fails."""
    return total(by_kind(findings, "held"))


def interval(count: Count) -> Interval:
    """The share of facts that hold, with Wilson's 95 % interval, which treats facts as independent.
    NaN without facts."""
    if not count.of:
        return Interval(np.nan, np.nan, np.nan)
    holds = np.arange(count.of) < count.hold
    return Interval(*(float(x) for x in share(holds[:, None].astype(float))))


def cannot_fail(findings: Sequence[Finding]) -> list[Finding]:
    """Held facts that the rival also meets, so that they are no evidence for the model."""
    return [one for one in _tested(findings) if one.rival is not None and not one.counts]


def without_rival(findings: Sequence[Finding]) -> list[Finding]:
    """Held facts with nothing to switch off and no figure from November 2026."""
    return [one for one in _tested(findings) if one.rival is None and one.fact.off is None]


def not_switched_off(findings: Sequence[Finding]) -> list[Finding]:
    """Held facts with a mechanism that was not switched off."""
    return [one for one in _tested(findings) if one.rival is None and one.fact.off is not None]


def not_yet(findings: Sequence[Finding]) -> list[Finding]:
    """Held facts that cannot be tested yet, because the model lacks something."""
    return [one for one in _held(findings) if one.fact.missing is not None]


def by_kind(findings: Sequence[Finding], mark: Mark) -> dict[Kind, Count]:
    """The facts with a mark that hold, by kind; for held facts, only those that count. Kinds
    without facts are omitted."""
    mine = [one for one in findings if one.fact.mark == mark and (mark != "held" or one.counts)]
    kinds = dict.fromkeys(one.fact.kind for one in mine)
    return {kind: _count([one for one in mine if one.fact.kind == kind]) for kind in kinds}


def total(counts: dict[Kind, Count]) -> Count:
    """All kinds together."""
    return Count(sum(c.hold for c in counts.values()), sum(c.of for c in counts.values()))


def _held(findings: Sequence[Finding]) -> list[Finding]:
    return [one for one in findings if one.fact.mark == "held"]


def _tested(findings: Sequence[Finding]) -> list[Finding]:
    return [one for one in _held(findings) if one.fact.missing is None]


def _count(findings: Sequence[Finding]) -> Count:
    return Count(sum(one.verdict == "pass" for one in findings), len(findings))
