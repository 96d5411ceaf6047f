"""The findings of a comparison, decided in one place: which interval is shown, what is clear, and
which policy is best.

The verdicts, the terminal, the report and the figures all rest on these decisions;
`comsim.studies.comparison.words.sentences` words them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy import isfinite, isnan

if TYPE_CHECKING:
    import pandas as pd

HEADLINE = "wau_mean"  # the outcome that sentences are about
HARDLY = 0.02  # as a share: a difference that is surely smaller is called hardly any
ENDS = ("q05", "q95")  # of the range over worlds
ENDS_KNOWN = 40  # worlds: two lie beyond each end of the range (an assumption)
VAGUE = 2.0  # relative width from which an interval is shown in the outcome's unit
SHARES = {"share", "ratio"}  # units shown in percentage points
NEARLY_ALL = 0.9  # share of worlds
AFFORDABLE = 0.8  # least share of worlds within the budget for advice (an assumption)
LIKELY = 0.5  # share of worlds from which an effect worth having is likely
ABSENT = ("does not exist", "begun before")  # verdicts without a difference
MOST_DRIVERS = 3  # named in a sentence

How = Literal["relative", "points", "unit"]
"""As a share of the first policy's level, in percentage points, or in the outcome's unit."""


class MeanDifference(NamedTuple):
    """The mean difference over worlds with its 95 % confidence interval (NaN if there is none).
    Relative differences are shares."""

    value: float
    low: float
    high: float
    how: How


class DifferenceRange(NamedTuple):
    """The 5–95 % range of the difference over worlds, and its median. Relative ones are shares."""

    low: float
    middle: float
    high: float
    how: How


def how(row: Mapping[str, Any]) -> How:
    """How to show a difference: relative if its range and interval are narrow enough."""
    if row["unit"] in SHARES:
        return "points"
    ends = ("relative_q05", "relative_q95"), ("relative_mean_low", "relative_mean_high")
    narrow = all(row[high] - row[low] <= VAGUE for low, high in ends)  # False where there is none
    return "relative" if narrow else "unit"


def change(row: Mapping[str, Any]) -> MeanDifference:
    """The mean difference as shown, with its interval."""
    way = how(row)
    names = ("difference", "mean_low", "mean_high")
    if way == "relative":
        names = ("relative", "relative_mean_low", "relative_mean_high")
    return MeanDifference(*_scaled(row, names, way), way)


def spread(row: Mapping[str, Any]) -> DifferenceRange:
    """The range of the difference in nine of ten worlds, as shown."""
    return DifferenceRange(*_shown(row, ("q05", "q50", "q95")), how(row))


def ends(row: Mapping[str, Any]) -> tuple[float, ...]:
    """The 95 % intervals of both ends of the range, as shown."""
    return tuple(_shown(row, [f"{end}_{side}" for end in ENDS for side in ("low", "high")]))


def _shown(row: Mapping[str, Any], names: Iterable[str]) -> list[float]:
    """Columns of the difference, or of the relative one, as shown."""
    way = how(row)
    prefix = "relative_" if way == "relative" else ""
    return _scaled(row, [prefix + name for name in names], way)


def _scaled(row: Mapping[str, Any], names: Iterable[str], way: How) -> list[float]:
    return [(100 if way == "points" else 1) * row[name] for name in names]


def exists(row: Mapping[str, Any]) -> bool:
    """Whether a row (of verdicts, or of arms) has a difference to show."""
    return row.get("verdict") not in ABSENT


def clear_count(verdicts: Iterable[str]) -> tuple[int, int]:
    """The number of clear verdicts, and the number of all verdicts about outcomes that exist."""
    there = [verdict for verdict in verdicts if verdict not in ABSENT]
    return sum(verdict not in ("not clear", "no difference") for verdict in there), len(there)


def kind(row: Mapping[str, Any]) -> str:
    """The kind of sentence for a row: its verdict, or "hardly" if the difference is small in nine
    of ten worlds."""
    if exists(row) and how(row) == "relative":
        low, _, high, _ = spread(row)
        if row["verdict"] != "no difference" and max(-low, high) < HARDLY:
            return "hardly"
    return row["verdict"].replace(" ", "_")


class Driver(NamedTuple):
    """A parameter on which the difference depends: its rank correlation, with 95 % interval."""

    parameter: str
    value: float
    low: float
    high: float


class Reasons(NamedTuple):
    """The basis of a verdict; None for unknown parts."""

    unknown: tuple[float, float, float] | None
    """Of the variance of the difference, the share from parameter uncertainty: value, low, high."""
    shares: tuple[float, float, float] | None
    """Of the variance of the outcome, the shares from policy, parameters, stochastic variation."""
    pairing: float | None
    to_tell: float | None
    """Worlds that distinguish the mean difference from zero, if the estimate is right."""
    to_measure: float | None
    """Worlds that give the mean difference to within 5 % of the first policy's mean."""


@dataclass(frozen=True)
class PolicyFinding:
    """What a comparison finds about one policy."""

    policy: str
    first: str
    """The policy that it is compared with."""
    row: Mapping[str, Any]
    """The verdict on mean weekly members."""
    profit: Mapping[str, Any]
    """The verdict on profit."""
    since: int
    """The first day that is measured."""
    worth: float
    """The relative effect that is worth having."""
    worlds: float
    """The effective number of worlds."""
    fixed_world: bool
    reasons: Reasons
    drivers: tuple[Driver, ...] | None
    """The clear key drivers, strongest first; None if no parameter was uncertain."""
    grade: str | None = None
    """The weakest evidence on which at least a fifth of the effect rests; None if unknown."""
    untested: bool = False
    """Whether most of the effect rests on levers whose effect nobody has measured."""
    start: int = 0
    """The first day on which it can differ from the first policy."""
    budget: float | None = None
    """The most that it may cost, compared with the first policy; None without a budget."""
    within: float | None = None
    """The share of worlds in which it stays within the budget; None without a budget."""

    @property
    def costly(self) -> bool:
        """Whether it is too likely to exceed the budget to be advised."""
        return self.within is not None and round(self.within, 2) < AFFORDABLE  # as it is shown

    @property
    def good(self) -> bool:
        """Whether it is at least probably better."""
        return self.kind in ("better", "probably_better")

    @property
    def kind(self) -> str:
        """The kind of sentence (`kind`)."""
        return kind(self.row)

    @property
    def rough(self) -> bool:
        """Whether there are too few worlds to know the ends of the range."""
        return self.worlds < ENDS_KNOWN

    @property
    def profit_clear(self) -> bool:
        """Whether profit is at least probably better or worse."""
        return self.profit["verdict"].endswith(("better", "worse"))

    @property
    def profit_conflicts(self) -> bool:
        """Whether profit changes in the opposite direction to members."""
        signs = {x["verdict"].removeprefix("probably ") for x in (self.profit, self.row)}
        return signs == {"better", "worse"}


def reasons(row: Mapping[str, Any], fixed_world: bool) -> Reasons:
    """The basis of the verdict on a row."""
    unknown = tuple(row[f"difference_parameters{end}"] for end in ("", "_low", "_high"))
    shares = tuple(row[f"share_{part}"] for part in ("policy", "parameters", "luck"))
    return Reasons(
        unknown if not fixed_world and not isnan(unknown[1]) else None,
        shares if isfinite(shares[-1]) else None,
        *(row[name] if isfinite(row[name]) else None
          for name in ("pairing", "worlds_to_tell", "worlds_to_measure")),
    )  # fmt: skip


def clear_drivers(table: pd.DataFrame) -> tuple[Driver, ...] | None:
    """The clear key drivers among the rows of one policy and outcome, strongest first."""
    if not len(table):
        return None
    clear = table[table["clear"].astype(bool)]
    order = clear["correlation"].abs().sort_values(ascending=False, kind="stable").index
    columns = ["parameter", "correlation", "low", "high"]
    return tuple(Driver(*row) for row in clear.loc[order, columns].itertuples(index=False))


def ranked(findings: Sequence[PolicyFinding]) -> list[PolicyFinding]:
    """The findings by the chance of a gain that is worth having, then by the median. Policies that
    are too likely to exceed the budget come last."""

    def rank(finding: PolicyFinding) -> tuple[bool, float, float]:
        gains, middle = finding.row.get("gains", nan), finding.row.get("q50", nan)
        gains, middle = (gains if isfinite(gains) else 0.0), (middle if isfinite(middle) else -inf)
        return not finding.costly, gains, middle

    return sorted(findings, key=rank, reverse=True)


Advice = Literal["same", "over", "hardly", "none", "test", "small", "probably", "do"]
"""No difference; all policies are too likely to exceed the budget; hardly any difference; no policy
is at least probably better; the best one should be tested first; it is better, but probably not by
an effect that is worth having; it is probably better, or it is better."""


def advice(findings: Sequence[PolicyFinding]) -> tuple[Advice, PolicyFinding]:
    """What a comparison advises, and the finding about the best policy among those that are likely
    enough to stay within the budget."""
    best = ranked(findings)
    if all(finding.kind == "no_difference" for finding in findings):
        return "same", best[0]
    if best[0].costly:
        return "over", best[0]
    good = [finding for finding in best if finding.good and not finding.costly]
    if not good:
        return ("hardly" if best[0].kind == "hardly" else "none"), best[0]
    finding = good[0]
    if finding.untested:
        return "test", finding
    if finding.row.get("gains", nan) < LIKELY:
        return "small", finding
    return ("do" if finding.kind == "better" else "probably"), finding


def too_costly(findings: Sequence[PolicyFinding]) -> list[PolicyFinding]:
    """The findings about policies that are not advised because of the budget, the best first."""
    return [finding for finding in ranked(findings) if finding.costly and finding.good]


class Ahead(NamedTuple):
    """Which of two policies is ahead in a daily series at the end, and in how many worlds."""

    kind: Literal["none", "same", "same_last", "to_end", "last"]
    """Nobody is left; no difference on any day, or on the last; the same policy is ahead in
    nearly all worlds from a day to the end; or else what holds on the last day."""
    policy: str
    """The one that is ahead."""
    other: str
    day: int
    """The day from which it is ahead in nearly all worlds (`to_end`)."""
    share: float
    """Of worlds in which it is ahead on the last day, ties half; with its 95 % interval."""
    low: float
    high: float
    tied: bool
    """Whether there are ties on the last day."""


def ahead(fan: pd.DataFrame, policy: str, first: str) -> Ahead:
    """Which of two policies is ahead, from the rows of their difference in `Comparison.series`."""
    shares, tied = fan["ahead"].to_numpy(float), fan["tied"].to_numpy(float)
    last = fan.iloc[-1]
    share, low, high = (float(last[name]) for name in ("ahead", "ahead_low", "ahead_high"))
    names = (policy, first)
    if share < 0.5:
        names, shares = (first, policy), 1 - shares
        share, low, high = 1 - share, 1 - high, 1 - low
    nearly = shares >= NEARLY_ALL
    if not isfinite(share):
        what = "none"
    elif tied[-1] == 1:
        what = "same" if (tied == 1).all() else "same_last"
    else:
        what = "to_end" if nearly[-1] else "last"
    doubtful = np.flatnonzero(~nearly)
    day = int(doubtful[-1]) + 1 if len(doubtful) else 0
    return Ahead(what, *names, day, share, low, high, bool(tied[-1]))


def clearest(aheads: Sequence[Ahead]) -> Ahead:
    """The policy that is most clearly ahead or behind at the end."""
    there = [one for one in aheads if one.kind != "none"]
    return max(there, key=lambda one: one.share) if there else aheads[0]
