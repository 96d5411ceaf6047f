"""What is told of a row of verdicts: which interval, what kind of sentence, what reasons.

One author for the verdict, the terminal and the page, so that they can't contradict one another;
each of them only puts it in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from numpy import isfinite, isnan

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison

HEADLINE = "wau_mean"
HARDLY = 0.02  # as a share: a difference that is surely smaller is told as hardly any
ENDS_KNOWN = 40  # worlds: two lie beyond each end of the range over worlds (an assumption)
VAGUE = 2.0  # relative width from which an interval is shown in the outcome's unit
SHARES = {"share", "ratio"}  # units told in points
ENOUGH_DRAWS = 20  # from which on shares of a variance are more than a guess (an assumption)


How = Literal["relative", "points", "unit"]
"""As a share of the first policy's level, in hundredths, or in the outcome's unit."""


class Change(NamedTuple):
    """The mean difference over worlds with its 95 % confidence interval (NaN where there is
    none), relative ones as shares."""

    value: float
    low: float
    high: float
    how: How


class Spread(NamedTuple):
    """The 5–95 % range of the difference over worlds, and its median, relative ones as shares."""

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


def change(row: Mapping[str, Any]) -> Change:
    """The mean difference as shown. The verdict is based on this interval."""
    way = how(row)
    names = ("difference", "mean_low", "mean_high")
    if way == "relative":
        names = ("relative", "relative_mean_low", "relative_mean_high")
    return Change(*_scaled(row, names, way), way)


def spread(row: Mapping[str, Any]) -> Spread:
    """The range of the difference in nine of ten worlds, as shown."""
    way = how(row)
    prefix = "relative_" if way == "relative" else ""
    return Spread(*_scaled(row, [f"{prefix}q{q}" for q in ("05", "50", "95")], way), way)


def _scaled(row: Mapping[str, Any], names: Iterable[str], way: How) -> list[float]:
    return [(100 if way == "points" else 1) * row[name] for name in names]


def kind(row: Mapping[str, Any]) -> str:
    """The kind of sentence for a row: its verdict, or "hardly" if the difference is small in nine
    of ten worlds and on average, or "better_on_average" and "worse_on_average" if the mean is clear
    but most worlds do not go that way."""
    verdict = row["verdict"]
    if verdict in ("no difference", "does not exist"):
        return verdict.replace(" ", "_")
    ends = (change(row).low, change(row).high, spread(row).low, spread(row).high)
    if how(row) == "relative" and all(abs(end) < HARDLY for end in ends):
        return "hardly"
    ahead = {"better": row["wins"], "worse": row["losses"]}.get(verdict)
    if ahead is not None and 2 * ahead <= row["worlds"]:
        return f"{verdict}_on_average"
    return verdict.replace(" ", "_")


class Why(NamedTuple):
    """What a verdict rests on; None for what is not told."""

    unknown: tuple[float, float, float] | None
    """Of the variance of the difference, the share from not knowing the parameters: value, low,
    high."""
    pairing: float | None
    to_tell: float | None
    """Worlds, if the difference is what it looks like."""


def why(row: Mapping[str, Any], comparison: Comparison) -> Why:
    """What the verdict on a row of a comparison rests on."""
    unknown = tuple(row[f"difference_parameters{end}"] for end in ("", "_low", "_high"))
    few = comparison.fixed_world or comparison.number_of_draws < ENOUGH_DRAWS
    return Why(
        None if few or isnan(unknown[1]) else unknown,
        row["pairing"] if isfinite(row["pairing"]) else None,
        row["worlds_to_tell"] if isfinite(row["worlds_to_tell"]) else None,
    )
