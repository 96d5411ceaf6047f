"""What is told of a row of verdicts: which interval, what kind of sentence, what reasons.

One author for the verdict, the terminal and the page, so that they can't contradict one another;
each of them only puts it in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from numpy import isfinite, isnan

HEADLINE = "wau_mean"
HARDLY = 0.02  # as a share: a difference that is surely smaller is told as hardly any
VAGUE = 2.0  # width of an interval, as a share, from which a difference is told in its unit
SHARES = {"share", "ratio"}  # units told in points
ENOUGH_DRAWS = 20  # from which on shares of a variance are more than a guess (an assumption)


class Change(NamedTuple):
    """A difference with its 95 % interval (NaN where there is none): as a share of the first
    policy's mean ("relative"), in hundredths ("points") or in the outcome's unit."""

    value: float
    low: float
    high: float
    how: Literal["relative", "points", "unit"]


def change(row: Mapping[str, Any]) -> Change:
    """How a difference is told. The verdict is taken from this interval."""
    plain = [row["difference"], row["low"], row["high"]]
    if row["unit"] in SHARES:
        return Change(*(100 * x for x in plain), "points")
    share = [row["relative"], row["relative_low"], row["relative_high"]]
    if share[2] - share[1] <= VAGUE:  # False where there is none
        return Change(*share, "relative")
    return Change(*plain, "unit")


def kind(row: Mapping[str, Any]) -> str:
    """What kind of sentence a row makes: its verdict, or "hardly", or "better_on_average" and
    "worse_on_average" where the mean is clear and yet not most worlds go that way."""
    told, verdict = change(row), row["verdict"]
    if verdict in ("no difference", "does not exist"):
        return verdict.replace(" ", "_")
    if told.how == "relative" and max(abs(told.low), abs(told.high)) < HARDLY:
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


def why(row: Mapping[str, Any], fixed_world: bool) -> Why:
    """What the verdict on a row rests on."""
    unknown = tuple(row[f"difference_parameters{end}"] for end in ("", "_low", "_high"))
    return Why(
        None if fixed_world or isnan(unknown[1]) else unknown,
        row["pairing"] if isfinite(row["pairing"]) else None,
        row["worlds_to_tell"] if isfinite(row["worlds_to_tell"]) else None,
    )
