"""Retention by cohort (`comsim.measure.retention`)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from comsim.language.phrases import Words
from comsim.measure.record import Record
from comsim.model.periods import MONTH
from comsim.present.report.chart import TextTable
from comsim.present.report.page import Items, Section

if TYPE_CHECKING:
    import pandas as pd

MOST = 26  # rows and columns of the map
ROW = 21  # pixels


@dataclass(frozen=True)
class Heat:
    """A map of shares: cells are (column, row, share 0 to 1, text)."""

    cells: list[tuple[int, int, float, str]]
    columns: list[str]
    rows: list[str]
    x_name: str
    y_name: str
    table: TextTable
    row_height: int = ROW
    kind: str = "heat"


def section(record: Record, words: Words) -> Section:
    """The heat map of cohorts."""
    known = [
        (words.number(100 * x["share"]), "{}–{}".format(*x["days"]))
        for x in record.summary["retention"]
        if x["share"] is not None
    ]
    shares = [
        words("retention.part" if place else "retention.first", n=n, days=days)
        for place, (n, days) in enumerate(known)
    ]
    later = record.cohorts[record.cohorts["month"] > 0]
    if not shares or later.empty:
        return Section("retention", words("topic.retention"), words("retention.none"), half=True)
    title = words("retention.title", shares=words.listed(shares))
    grouped, step = coarser(later)
    return Section(
        "retention", words("topic.retention"), title, words("retention.lead", n=MONTH),
        [_heat(grouped, step, words), Items([words("retention.note")])],
        half=True,
    )  # fmt: skip


def coarser(cohorts: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Group cohorts so that the map is readable; returns them, and the number of months per group.

    Of the months after joining, only every n-th is kept, where n is that number. `members` and
    `visited` of a cell are sums over the same people.
    """
    step = ceil((int(cohorts["cohort"].max()) + 1) / MOST)
    kept = cohorts[cohorts["month"] % step == 0]
    grouped = (
        kept.assign(cohort=kept["cohort"] // step, month=kept["month"] // step - 1)
        .groupby(["cohort", "month"], as_index=False)[["members", "visited"]]
        .sum()
    )
    return grouped, step


def _heat(cohorts: pd.DataFrame, step: int, words: Words) -> Heat:
    numbers = np.unique(cohorts["cohort"])
    place = {number: row for row, number in enumerate(numbers.tolist())}
    shares = cohorts["visited"] / cohorts["members"]
    months = int(cohorts["month"].max()) + 1
    names = [words.brief(int(n) * step * MONTH) for n in numbers]
    columns = [words.number((month + 1) * step) for month in range(months)]
    grid = [["" for _ in range(months)] for _ in names]
    cells = []
    for cohort, month, share in zip(cohorts["cohort"], cohorts["month"], shares, strict=True):
        row = place[int(cohort)]
        cells.append((int(month), row, float(share), words.number(100 * share)))
        grid[row][int(month)] = words.percent(share)
    sizes = cohorts[cohorts["month"] == 0].set_index("cohort")["members"]
    table = TextTable(
        [words("retention.cohort"), words("retention.size"), *columns],
        [
            [name, words.number(sizes.get(number, 0)), *row]
            for name, number, row in zip(names, numbers.tolist(), grid, strict=True)
        ],
        [False] + [True] * (months + 1),
    )
    return Heat(cells, columns, names, words("retention.x"), words("retention.cohort"), table)
