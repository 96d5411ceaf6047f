"""The tables of a comparison for a terminal, in aligned columns."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from comsim.language.phrases import Words
from comsim.studies.comparison.basis.lots import SAME, WITHIN
from comsim.studies.comparison.finding import exists
from comsim.studies.comparison.words import sentences
from comsim.studies.comparison.words.answer import (
    about_budget,
    answer_rows,
    best_of,
    lead_sentences,
    left_out,
    measured_together,
    next_test,
)
from comsim.studies.comparison.words.basis_sentences import settling_sentence
from comsim.studies.comparison.words.differences import (
    later_where_both,
    levels,
    mean,
    median,
    range_over_worlds,
)

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison

ENGLISH = Words("en")
NAMED = 36  # characters of a name
OF_WORLDS = "5–95% of worlds"
HEADS = ["B − A:", OF_WORLDS, "median", "", "mean A", "mean B", "mean (95% CI)", "verdict"]
TABLE_NOTE = (
    f"{OF_WORLDS}: the range in which nine of ten worlds lie. {{worth}}: share of worlds in which "
    "B is better by at least as much. mean (95% CI): the mean over worlds and its 95% confidence "
    "interval, which narrows with more worlds. *: not validated."
)


def answer_lines(comparison: Comparison, width: int) -> list[str]:
    """What the comparison advises, and the table on page one of the report."""
    words = comparison.words()
    title = ENGLISH.stop(sentences.title(comparison.findings, ENGLISH))
    title = " ".join([title, *lead_sentences(comparison, words)])
    columns, rows = answer_rows(comparison, best_of(comparison), words)
    short = [[f"{name:.{NAMED}}", *cells] for name, *cells in rows]
    note = ENGLISH("answer.note", worth=ENGLISH.percent(comparison.worth))
    others = left_out(comparison, best_of(comparison), words)
    note = " ".join([note, *about_budget(comparison, ENGLISH), *others])
    if measured := measured_together(comparison, words):
        title = f"{title} {measured}"
    return [fill(title, width), "", *aligned([columns, *short]), fill(note, width)]


def basis_lines(comparison: Comparison, width: int) -> list[str]:
    """What the effects rest on, and the most informative test of the best policy."""
    lines = [fill(line, width) for line in comparison.basis_in_words()]
    if test := next_test(comparison, best_of(comparison)):
        told = settling_sentence(test, comparison.words())
        lines += ["", fill(told, width), "", test["toml"].rstrip()]
    return lines


def outcome_lines(comparison: Comparison, policy: str, width: int) -> list[str]:
    """The verdict on a policy, the table of outcomes, and stages."""
    (finding,) = (one for one in comparison.findings if one.policy == policy)
    lines = [fill(sentences.sentence(finding, comparison.words()), width), ""]
    lines += [f"A = {comparison.policies[0]}   B = {policy}", *verdict_lines(comparison, policy)]
    lines += [fill(TABLE_NOTE.format(worth=worth_head(comparison)), width), ""]
    stages = stage_lines(comparison, policy)
    return [*lines, *(fill(line, width, subsequent_indent="    ") for line in stages), ""]


def verdict_lines(comparison: Comparison, policy: str) -> list[str]:
    """The verdicts on a policy, one line per outcome: the range over worlds, then means."""
    rows, words = comparison.verdicts[comparison.verdicts["policy"] == policy], comparison.words()
    grid = [[head or worth_head(comparison) for head in HEADS]]
    for row in rows.to_dict("records"):
        label = row["label"] + ("" if row["validated"] else " *")
        if not exists(row):
            grid.append([label, row["verdict"], *[""] * 6])
            continue
        grid.append(
            [
                label,
                range_over_worlds(row, ENGLISH),
                median(row, ENGLISH),
                "" if row["gains"] != row["gains"] else ENGLISH.percent(row["gains"]),
                *levels(row, words),
                mean(row, ENGLISH),
                row["verdict"],
            ]
        )
    return aligned(grid, right=(2, 3, 4, 5))


def worth_head(comparison: Comparison) -> str:
    """The head of the column with the chance of an effect that is worth having."""
    return f"≥ {ENGLISH.percent(comparison.worth)}"


def stage_lines(comparison: Comparison, policy: str) -> list[str]:
    """For each stage: the share of worlds in which it begins under each policy, and the delay in
    worlds in which it begins under both."""
    lines = []
    rows = comparison.verdicts[comparison.verdicts["policy"] == policy]
    for row in rows[rows["begins_a"].notna() | (rows["before"] > 0)].to_dict("records"):
        text = f"  {row['label']}"
        if row["before"]:
            of, start = comparison.number, comparison.words().when(comparison.start_of(policy))
            text += f": begun before {start} in {row['before']:.0f} of {of} worlds"
        if row["begins_a"] == row["begins_a"]:  # not NaN
            where = ", the others: " if row["before"] else " "
            text += (
                f"{where}in {row['begins_a']:.0%} of worlds under A, {row['begins_b']:.0%} under B"
            )
        if row["both"] > 0 and row["both_mean_low"] == row["both_mean_low"]:
            shift = later_where_both(row, ENGLISH)
            text += f"; under both, shifted by {shift} days on average (+: later)"
        lines.append(text)
    return lines


def arm_lines(comparison: Comparison) -> list[str]:
    """The effect of each policy on each arm, and the effect that an A/B test would show."""
    first, *others = comparison.policies
    lines = [
        f"Arms, compared with the same people under {first}. The last column compares one arm with "
        f"the other. {OF_WORLDS}, and the median:"
    ]
    for policy in others:
        rows = comparison.arms[comparison.arms["policy"] == policy]
        names = list(rows["arm"].unique())
        heads = [*names, f"{names[0]} against {' and '.join(names[1:])}"]
        grid = [[f"{policy:.40}", *heads]]
        for _, same in rows.groupby("outcome", sort=False):
            cells = [same[(same["arm"] == n) & (same["effect"] == SAME)] for n in names]
            cells.append(same[(same["arm"] == names[0]) & (same["effect"] == WITHIN)])
            texts = [_arm_cell(cell.iloc[0]) if len(cell) else "" for cell in cells]
            grid.append([f"  {same['label'].iloc[0]}, {same['unit'].iloc[0]}", *texts])
        kept = [column for column in zip(*grid, strict=True) if any(column[1:])]
        lines += [f"  {line}" for line in aligned([list(row) for row in zip(*kept, strict=True)])]
    return lines


def _arm_cell(row: pd.Series) -> str:
    return f"{range_over_worlds(row, ENGLISH)} ({median(row, ENGLISH)})"


def aligned(grid: list[list[str]], right: tuple[int, ...] = ()) -> list[str]:
    """Rows of text as lines, in aligned columns, some of them right-aligned."""
    wide = [max(map(len, column)) for column in zip(*grid, strict=True)]
    return [
        "  ".join(
            f"{text:{'>' if at in right else '<'}{n}}"
            for at, (text, n) in enumerate(zip(row, wide, strict=True))
        ).rstrip()
        for row in grid
    ]
