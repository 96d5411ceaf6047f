"""A comparison in words, for a terminal and for a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.comparison.form import HEADLINE

if TYPE_CHECKING:
    import pandas as pd

    from comsim.comparison.form import Comparison

WHAT = "weekly members"
MANY = 5  # parameters named


def sentences(comparison: Comparison) -> Iterator[str]:
    """One sentence a policy, on mean weekly members over the run."""
    first = comparison.policies[0]
    for policy in comparison.policies[1:]:
        row = comparison.of(HEADLINE, policy)
        change = f"{WHAT} {percent(row)} over the run"
        many = row["worlds"]
        if row["verdict"] == "no difference":
            yield f"{policy} and {first}: no difference in any of {many} worlds."
        elif row["verdict"] == "better":
            yield f"{policy} beats {first} in {row['wins']} of {many} worlds: {change}."
        elif row["verdict"] == "worse":
            yield f"{first} beats {policy} in {row['losses']} of {many} worlds: {change}."
        else:
            yield (
                f"{many} worlds can't tell {policy} from {first}: {change}, more in "
                f"{row['wins']} of them."
            )


def why(comparison: Comparison, policy: str) -> list[str]:
    """What a verdict rests on, in sentences: luck or ignorance, which parameters, how many worlds."""
    row, first = comparison.of(HEADLINE, policy), comparison.policies[0]
    if row["verdict"] == "no difference":
        return []
    told = []
    if not comparison.fixed_world:
        unknown = row["difference_parameters"]
        told.append(
            f"How large the difference is hangs on what nobody knows about members "
            f"({unknown:.0%} of its variance) and on luck ({1 - unknown:.0%})."
        )
        hinges = comparison.hinges
        mine = hinges[(hinges["policy"] == policy) & (hinges["outcome"] == HEADLINE)]
        clear = mine[mine["clear"]].head(MANY)
        words = [
            f"{h.parameter} ({number(h.correlation)} [{number(h.low)}, {number(h.high)}])"
            for h in clear.itertuples()
        ]
        told.append(
            f"It is larger or smaller with (rank correlation): {', '.join(words)}."
            if words
            else "No single parameter stands out in so many worlds."
        )
    shares = [row[f"share_{part}"] for part in ("luck", "parameters", "policy")]
    told.append(
        "{} vary by luck {:.0%}, by what nobody knows {:.0%}, by policy {:.0%}.".format(
            WHAT.capitalize(), *shares
        )
    )
    told.append(
        f"The same worlds for both shrank the variance of the difference "
        f"{number(row['pairing'])}-fold. To tell {policy} from {first} takes "
        f"{worlds(row['worlds_to_tell'])} worlds; to know the difference within 5 % of "
        f"{first}'s mean takes {worlds(row['worlds_to_measure'])}."
    )
    return told


def cannot_say(comparison: Comparison) -> tuple[str, ...]:
    """What such a comparison does not show."""
    lines = ["Trust and money are not validated against data: their levels are assumptions."]
    if comparison.fixed_world:
        lines.append("Luck alone was varied: all parameters have their defaults.")
    else:
        lines.append(
            "How far parameters may be off is an assumption (comsim parameters), and each was "
            "drawn apart from the others."
        )
    lines.append("Intervals are about the model: whether it is right, they cannot say.")
    rows = comparison.verdicts
    silent = rows[rows["low"].isna() & (rows["verdict"] == "not clear")]["label"].unique()
    if len(silent):
        lines.append(f"Too few worlds differ for an interval: {', '.join(silent)}.")
    return tuple(lines)


def table(comparison: Comparison, policy: str) -> list[str]:
    """The verdicts on a policy, a line an outcome, at most 100 columns."""
    rows = comparison.verdicts[comparison.verdicts["policy"] == policy]
    head = f"{'':25} {'A':>9} {'B':>9} {'B - A':>9}  {'95 % interval':<20} {'better':>6}  verdict"
    lines = [head]
    for row in rows.to_dict("records"):
        if np.isnan(row.get("difference", np.nan)):
            lines.append(f"{row['label']:<25} {'does not exist in these worlds':>30}")
            continue
        interval = ""
        if not np.isnan(row["low"]):
            interval = f"[{number(row['low'])}, {number(row['high'])}]"
        doubt = "" if row["validated"] else " *"
        better = f"{row['better']:.0%}" if row["good"] else ""
        lines.append(
            f"{row['label']:<25} {number(row['mean_a']):>9} {number(row['mean_b']):>9} "
            f"{number(row['difference'], sign=True):>9}  {interval:<20} {better:>6}  "
            f"{row['verdict']}{doubt}"
        )
    return lines


def begun(comparison: Comparison, policy: str) -> list[str]:
    """For each stage: in how many worlds it begins, and how much later where it does in both."""
    lines = []
    rows = comparison.verdicts[comparison.verdicts["policy"] == policy]
    for row in rows[rows["begins_a"].notna()].to_dict("records"):
        text = (
            f"  {row['label']} in {row['begins_a']:.0%} of worlds under A, "
            f"{row['begins_b']:.0%} under B"
        )
        if row["both"] and not np.isnan(row["both_difference"]):
            text += (
                f"; where under both, {number(row['both_difference'], sign=True)} days "
                f"[{number(row['both_low'])}, {number(row['both_high'])}]"
            )
        lines.append(text)
    return lines


def percent(row: pd.Series | dict[str, Any]) -> str:
    """A relative difference with its interval, or an absolute one where that has no meaning."""
    if np.isnan(row["relative_low"]):
        return f"{number(row['difference'], sign=True)} {row['unit']}"
    low, high = (number(100 * row[key]) for key in ("relative_low", "relative_high"))
    return f"{number(100 * row['relative'], sign=True)} % [{low}, {high}]"


def number(value: float, sign: bool = False) -> str:
    """Three figures, whole from a hundred on, with a true minus sign."""
    if np.isnan(value):
        return "–"
    if np.isinf(value):
        return "∞"
    if value == 0:
        return "0"
    plus = "+" if sign else ""
    text = f"{value:{plus},.0f}" if abs(value) >= 99.95 else f"{value:{plus}.3g}"
    return text.replace("-", "−")


def worlds(count: float) -> str:
    """A number of worlds."""
    return "more than 10 million" if np.isinf(count) else f"{count:,.0f}"
