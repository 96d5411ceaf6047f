"""A comparison in words, for a terminal and for a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.report import told
from comsim.report.told import HEADLINE

if TYPE_CHECKING:
    import pandas as pd

    from comsim.comparison.form import Comparison

WHAT = "weekly members"
SAME, WITHIN = "same people", "within"  # effects in the table of arms
MANY = 3  # parameters named
MOST_PLACES = 3  # after the point of a percentage


def sentences(comparison: Comparison) -> Iterator[str]:
    """One sentence a policy, on mean weekly members over the run."""
    first = comparison.policies[0]
    for policy in comparison.policies[1:]:
        row = comparison.of(HEADLINE, policy)
        change, many = f"{WHAT} {percent(row)} over the run", row["worlds"]
        wins, losses, money = row["wins"], row["losses"], comparison.of("profit", policy)
        if money["verdict"] in ("better", "worse"):
            change += f"; profit {percent(money)}, not validated"
        yield {
            "no_difference": f"{policy} and {first}: no difference in any of {many} worlds.",
            "hardly": f"{policy} makes hardly any difference to members of {first}: {change}.",
            "better": f"{policy} beats {first} in {wins} of {many} worlds: {change}.",
            "worse": f"{policy} loses to {first} in {losses} of {many} worlds: {change}.",
            "better_on_average": f"{policy} is better than {first} on average, though ahead in "
            f"only {wins} of {many} worlds: {change}.",
            "worse_on_average": f"{policy} is worse than {first} on average, though behind in "
            f"only {losses} of {many} worlds: {change}.",
            "not_clear": f"{many} worlds can't tell {policy} from {first}: {change}, more in "
            f"{wins} of them.",
        }[told.kind(row)]


def why(comparison: Comparison, policy: str) -> list[str]:
    """What a verdict rests on, in sentences: luck or ignorance, parameters, number of worlds."""
    row, first = comparison.of(HEADLINE, policy), comparison.policies[0]
    if row["verdict"] == "no difference":
        return []
    lines, reasons = [], told.why(row, comparison.fixed_world)
    if reasons.unknown:
        unknown, low, high = reasons.unknown
        lines.append(
            f"How large the difference is hangs on what nobody knows about members "
            f"({unknown:.0%} [{low:.0%}, {high:.0%}] of its variance) and, for the rest, on luck."
        )
    hinges = comparison.hinges
    if len(hinges):
        mine = hinges[(hinges["policy"] == policy) & (hinges["outcome"] == HEADLINE)]
        words = [
            f"{h.parameter} ({number(h.correlation, True)} [{number(h.low, True)}, "
            f"{number(h.high, True)}])"
            for h in mine[mine["clear"]].head(MANY).round(2).itertuples()
        ]
        lines.append(
            f"It moves most with (rank correlation over draws): {', '.join(words)}."
            if words
            else "No single number that nobody knows stands out in these draws."
        )
    if comparison.number_of_draws >= told.ENOUGH_DRAWS:
        shares = [row[f"share_{part}"] for part in ("luck", "parameters", "policy")]
        lines.append(
            "{} vary by luck {:.0%}, by what nobody knows {:.0%}, by policy {:.0%}.".format(
                WHAT.capitalize(), *shares
            )
        )
    text = ""
    if reasons.pairing:
        text = (
            f"The same worlds for both shrank the variance of the difference "
            f"{number(reasons.pairing)}-fold. "
        )
    lines.append(
        f"{text}If the difference is what it looks like, to tell {policy} from {first} takes "
        f"{worlds(row['worlds_to_tell'])} worlds; to know it within 5 % of {first}'s mean takes "
        f"{worlds(row['worlds_to_measure'])}."
    )
    return lines


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
    head = f"{'':25} {'A':>9} {'B':>9} {'B − A':>10} {'95 % interval':<20} {'better':>6}  verdict"
    lines = [head]
    for row in rows.to_dict("records"):
        if np.isnan(row.get("difference", np.nan)):
            lines.append(f"{row['label']:<25} {'does not exist in these worlds':>30}")
            continue
        change, interval = shown(row)
        if not interval and row["verdict"] != "no difference":
            interval = "too few worlds differ"
        doubt = "" if row["validated"] else " *"
        better = f"{row['better']:.0%}" if row["good"] else ""
        lines.append(
            f"{row['label']:<25} {number(row['mean_a']):>9} {number(row['mean_b']):>9} "
            f"{change:>10} {interval:<20} {better:>6}  "
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
    """A difference with its interval, as a share where that has a meaning."""
    return " ".join(text for text in shown(row) if text)


def shown(row: pd.Series | dict[str, Any]) -> tuple[str, str]:
    """A difference and its interval, as they are told; no interval where there is none."""
    value, low, high, how = told.change(row)
    if how == "relative":
        value, low, high = 100 * value, 100 * low, 100 * high
        places = 0 if high - low >= 2 else 1 if high - low >= 0.2 else 2
        while places < MOST_PLACES and any(end and not round(end, places) for end in (low, high)):
            places += 1  # an end is zero only if it is
        texts = [
            f"{x:{sign}.{places}f}".replace("-", "−") if x else "0"
            for x, sign in ((value, "+"), (low, ""), (high, ""))
        ]
    else:
        texts = [number(value, sign=True), number(low), number(high)]
    unit = {"relative": " %", "points": " pts", "unit": ""}[how]
    return texts[0] + unit, "" if np.isnan(low) else f"[{texts[1]}, {texts[2]}]"


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
        grid = [[f"{policy:.40}", *heads]]
        for _, same in rows.groupby("outcome", sort=False):
            cells = [same[(same["arm"] == n) & (same["effect"] == SAME)] for n in names]
            cells.append(same[(same["arm"] == names[0]) & (same["effect"] == WITHIN)])
            texts = [percent(cell.iloc[0]) if len(cell) else "" for cell in cells]
            grid.append([f"  {same['label'].iloc[0]}, {same['unit'].iloc[0]}", *texts])
        kept = [column for column in zip(*grid, strict=True) if any(column[1:])]
        wide = [max(map(len, column)) for column in kept]
        lines += [
            "  " + "  ".join(f"{text:<{n}}" for text, n in zip(row, wide, strict=True)).rstrip()
            for row in zip(*kept, strict=True)
        ]
    return lines
