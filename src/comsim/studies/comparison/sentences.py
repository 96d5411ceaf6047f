"""A comparison in words, for a terminal and for a report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.language.amounts import probability, rounded
from comsim.studies.comparison import finding as told
from comsim.studies.comparison.finding import HEADLINE

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison

WHAT = "weekly members"
SAME, WITHIN = "same people", "within"  # effects in the table of arms
OPPOSED = {"better", "worse"}  # verdicts on two outcomes
MANY = 3  # parameters named
OF_WORLDS = "5–95 % of worlds"
TABLE_NOTE = (
    f"{OF_WORLDS}: the range in which nine of ten worlds lie. mean [95 % CI]: the mean over worlds "
    "and its 95 % confidence interval, which narrows with more worlds."
)


def sentences(comparison: Comparison) -> Iterator[str]:
    """One sentence per policy, on mean weekly members over the measured days."""
    for policy in comparison.policies[1:]:
        money = comparison.of("profit", policy)
        text = headline(comparison, policy) + measured(comparison, policy)
        if money["verdict"] in ("better", "worse"):
            opposed = {money["verdict"], comparison.of(HEADLINE, policy)["verdict"]} == OPPOSED
            text += f"; {'but ' * opposed}profit {ranged(money)}, not validated"
        yield f"{text}."


def headline(comparison: Comparison, policy: str) -> str:
    """What a policy does to mean weekly members."""
    first, row = comparison.policies[0], comparison.of(HEADLINE, policy)
    wins, losses, many, kind = row["wins"], row["losses"], row["worlds"], told.kind(row)
    if kind == "no_difference":
        return f"{policy} and {first}: no difference in any of {many} worlds"
    begin = {
        "hardly": f"{policy} makes hardly any difference to the members of {first}",
        "better": f"{policy} is ahead of {first} in {wins} of {many} worlds",
        "worse": f"{policy} is behind {first} in {losses} of {many} worlds",
        "better_on_average": f"{policy} is better than {first} on average, though ahead in only "
        f"{wins} of {many} worlds",
        "worse_on_average": f"{policy} is worse than {first} on average, though behind in only "
        f"{losses} of {many} worlds",
        "not_clear": f"{many} worlds can't tell {policy} from {first}, ahead in {wins} of them",
    }[kind]
    return f"{begin}: {WHAT} {ranged(row)}"


def measured(comparison: Comparison, policy: str) -> str:
    """The day from which the effects of a policy are measured."""
    since = comparison.since_of(policy)
    if not since:
        return " over the run"
    day = comparison.start + timedelta(days=since)
    return f", measured from {day} (day {since}), the first day on which the policies can differ"


def why(comparison: Comparison, policy: str) -> list[str]:
    """What a verdict rests on, in sentences: luck or ignorance, parameters, number of worlds."""
    row, first = comparison.of(HEADLINE, policy), comparison.policies[0]
    if row["verdict"] == "no difference":
        return []
    lines, reasons = [], told.why(row, comparison)
    if reasons.unknown:
        unknown, low, high = reasons.unknown
        lines.append(
            f"The size of the difference depends on unknown parameters of members "
            f"({unknown:.0%} of its variance, 95 % CI {low:.0%} to {high:.0%}) and otherwise on "
            "stochastic variation."
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
            f"It depends most on (rank correlation over draws, 95 % CI): {', '.join(words)}."
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
            f"{rounded(reasons.pairing)[0]}-fold. "
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
    if comparison.number < told.ENDS_KNOWN:
        lines.append(
            f"{comparison.number} worlds are too few to estimate the ends of the 5–95 % range "
            f"well: use {told.ENDS_KNOWN} or more."
        )
    lines.append("Ranges and intervals describe the model; they cannot show whether it is right.")
    rows = comparison.verdicts
    silent = rows[rows["mean_low"].isna() & (rows["verdict"] == "not clear")]["label"].unique()
    if len(silent):
        lines.append(
            f"Too few worlds differ for a confidence interval of the mean: {', '.join(silent)}."
        )
    return tuple(lines)


def table(comparison: Comparison, policy: str) -> list[str]:
    """The verdicts on a policy, one line per outcome: first the range over worlds, then means."""
    rows = comparison.verdicts[comparison.verdicts["policy"] == policy]
    grid = [["B − A:", OF_WORLDS, "median", "mean A", "mean B",
             "mean [95 % CI]", "better", "verdict"]]  # fmt: skip
    for row in rows.to_dict("records"):
        if np.isnan(row.get("difference", np.nan)):
            grid.append([row["label"], row["verdict"], *[""] * 6])
            continue
        low, middle, high = _spread(row)
        levels = rounded(row["mean_a"], row["mean_b"])
        doubt = "" if row["validated"] else " *"
        better = probability(row["better"]) if row["good"] else ""
        grid.append([row["label"], f"{low} to {high}", middle, *levels, mean(row), better,
                     f"{row['verdict']}{doubt}"])  # fmt: skip
    return _aligned(grid, right=(2, 3, 4, 6))


def begun(comparison: Comparison, policy: str) -> list[str]:
    """For each stage: in how many worlds it begins, and how much later where it does in both."""
    lines = []
    rows = comparison.verdicts[comparison.verdicts["policy"] == policy]
    for row in rows[rows["begins_a"].notna() | (rows["before"] > 0)].to_dict("records"):
        text = f"  {row['label']}"
        if row["before"]:
            of, day = comparison.number, comparison.since_of(policy)
            text += f": begun before day {day} in {row['before']:.0f} of {of} worlds"
        if not np.isnan(row["begins_a"]):
            where = ", the others: " if row["before"] else " "
            text += (
                f"{where}in {row['begins_a']:.0%} of worlds under A, {row['begins_b']:.0%} under B"
            )
        if row["both"] > 0 and not np.isnan(row["both_difference"]):
            (value,) = rounded(row["both_difference"], sign=True)
            low, high = rounded(row["both_mean_low"], row["both_mean_high"], sign=True)
            text += f"; where under both, mean {value} days [95 % CI {low} to {high}]"
        lines.append(text)
    return lines


def ranged(row: pd.Series | dict[str, Any]) -> str:
    """A difference over worlds: its 5–95 % range and median."""
    low, middle, high = _spread(row)
    return f"{low} to {high} ({OF_WORLDS}, median {middle})"


def mean(row: pd.Series | dict[str, Any]) -> str:
    """The mean difference, with its confidence interval if there is one."""
    value, low, high, unit = _in_units(told.change(row))
    if np.isnan(low):
        return _signed(value, unit)[0]
    (middle, *ends) = _signed(value, unit, low, high)
    return f"{middle} [{', '.join(end.removesuffix(unit).lstrip('+') for end in ends)}]"


def _spread(row: pd.Series | dict[str, Any]) -> tuple[str, str, str]:
    """The ends of the range, and the median between them."""
    low, middle, high, unit = _in_units(told.spread(row))
    texts = _signed(low, unit, middle, high)
    return texts[0].removesuffix(unit) if unit else texts[0], texts[1], texts[2]


def _in_units(told_of: told.Change | told.Spread) -> tuple[float, float, float, str]:
    one, two, three, how = told_of
    scale = 100 if how == "relative" else 1
    return (
        scale * one,
        scale * two,
        scale * three,
        {"relative": " %", "points": " pts"}.get(how, ""),
    )


def _signed(first: float, unit: str, *others: float) -> list[str]:
    """Numbers shown together, each with its sign and unit."""
    return [text + unit for text in rounded(first, *others, sign=True)]


def _aligned(grid: list[list[str]], right: tuple[int, ...] = ()) -> list[str]:
    """Rows of text as lines, in aligned columns, some of them right-aligned."""
    wide = [max(map(len, column)) for column in zip(*grid, strict=True)]
    return [
        "  ".join(
            f"{text:{'>' if at in right else '<'}{n}}"
            for at, (text, n) in enumerate(zip(row, wide, strict=True))
        ).rstrip()
        for row in grid
    ]


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
    return "more than 10 million" if np.isinf(count) else rounded(count)[0]


def arm_lines(comparison: Comparison) -> list[str]:
    """What each policy does to each arm, and what an A/B test between them would show."""
    first, *others = comparison.policies
    lines = [
        f"Arms, compared with the same people under {first}; and, last, one arm with the other. "
        f"{OF_WORLDS}, and the median:"
    ]
    for policy in others:
        rows = comparison.arms[comparison.arms["policy"] == policy]
        names = list(rows["arm"].unique())
        heads = [*names, f"{names[0]} against {' and '.join(names[1:])}"]
        grid = [[f"{policy:.40}", *heads]]
        for _, same in rows.groupby("outcome", sort=False):
            cells = [same[(same["arm"] == n) & (same["effect"] == SAME)] for n in names]
            cells.append(same[(same["arm"] == names[0]) & (same["effect"] == WITHIN)])
            texts = [_cell(cell.iloc[0]) if len(cell) else "" for cell in cells]
            grid.append([f"  {same['label'].iloc[0]}, {same['unit'].iloc[0]}", *texts])
        kept = [column for column in zip(*grid, strict=True) if any(column[1:])]
        lines += [f"  {line}" for line in _aligned([list(row) for row in zip(*kept, strict=True)])]
    return lines


def _cell(row: pd.Series) -> str:
    low, middle, high = _spread(row)
    return f"{low} to {high} ({middle})"
