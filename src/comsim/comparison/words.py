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
SAME, WITHIN = "same people", "within"  # effects in the table of arms
MANY = 3  # parameters named
HARDLY = 0.02  # as a share: a difference that is surely smaller is told as hardly any
VAGUE = 2.0  # width of an interval, as a share, from which a difference is told in its unit


def sentences(comparison: Comparison) -> Iterator[str]:
    """One sentence a policy, on mean weekly members over the run."""
    first = comparison.policies[0]
    for policy in comparison.policies[1:]:
        row = comparison.of(HEADLINE, policy)
        change = f"{WHAT} {percent(row)} over the run"
        many = row["worlds"]
        if row["verdict"] == "no difference":
            yield f"{policy} and {first}: no difference in any of {many} worlds."
        elif hardly(row):
            profit = comparison.of("profit", policy)
            yield (
                f"{policy} makes hardly any difference to {first}: {change}; profit "
                f"{number(profit['difference'], sign=True)} [{number(profit['low'])}, "
                f"{number(profit['high'])}], not validated."
            )
        elif row["verdict"] == "better":
            yield f"{policy} beats {first} in {row['wins']} of {many} worlds: {change}."
        elif row["verdict"] == "worse":
            yield f"{policy} loses to {first} in {row['losses']} of {many} worlds: {change}."
        else:
            yield (
                f"{many} worlds can't tell {policy} from {first}: {change}, more in "
                f"{row['wins']} of them."
            )


def hardly(row: pd.Series) -> bool:
    """Whether a difference is surely a small one: all of its interval is."""
    return all(abs(row[f"relative_{end}"]) < HARDLY for end in ("low", "high"))


def why(comparison: Comparison, policy: str) -> list[str]:
    """What a verdict rests on, in sentences: luck or ignorance, parameters, number of worlds."""
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
        words = [
            f"{h.parameter} ({h.correlation:+.2f} [{h.low:+.2f}, {h.high:+.2f}]"
            f"{'' if h.clear else ', may be chance'})"
            for h in mine.head(MANY).itertuples()
        ]
        told.append(
            f"It moves most with (rank correlation over draws): {', '.join(words)}.".replace(
                "-0.", "−0."
            )
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
        interval = f"[{number(row['low'])}, {number(row['high'])}]"
        doubt = "" if row["validated"] else " *"
        better = f"{row['better']:.0%}" if row["good"] else ""
        if np.isnan(row["low"]):
            interval = "too few worlds differ"
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
    if row["relative_high"] - row["relative_low"] > VAGUE:
        return (
            f"{number(row['difference'], sign=True)} [{number(row['low'])}, {number(row['high'])}]"
        )
    value, low, high = (100 * row[f"relative{end}"] for end in ("", "_low", "_high"))
    places = 0 if high - low >= 2 else 1 if high - low >= 0.2 else 2
    return f"{value:+.{places}f} % [{low:.{places}f}, {high:.{places}f}]".replace("-", "−")


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


def arm_lines(comparison: Comparison) -> list[str]:
    """What each policy does to each arm, and what an A/B test between them would show."""
    first, *others = comparison.policies
    lines = [
        f"Arms, held against the same people under {first}; and, last, one arm against the other"
    ]
    for policy in others:
        rows = comparison.arms[comparison.arms["policy"] == policy]
        names = list(rows["arm"].unique())
        heads = [*names, f"{names[0]} against {' and '.join(names[1:])}"]
        lines.append(f"  {policy:<40.40}" + "".join(f"{head:<19.18}" for head in heads).rstrip())
        for _, same in rows.groupby("outcome", sort=False):
            cells = [same[(same["arm"] == n) & (same["effect"] == SAME)] for n in names]
            cells.append(same[(same["arm"] == names[0]) & (same["effect"] == WITHIN)])
            told = [percent(cell.iloc[0]) if len(cell) else "" for cell in cells]
            label = f"{same['label'].iloc[0]}, {same['unit'].iloc[0]}"
            lines.append(f"    {label:<38}" + "".join(f"{text:<19}" for text in told).rstrip())
    return lines
