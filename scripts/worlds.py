"""Draw the effect of each lever in the prior and in the plausible worlds (docs/worlds.png).

    .venv/bin/python scripts/worlds.py

Reads `src/comsim/evidence/plausible/effects.csv`, which `python -m
comsim.evidence.plausible.effects FOLDER --write` makes.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from comsim.evidence.plausible.effects import TABLE
from comsim.model.declare import GRADES
from comsim.present import palette
from comsim.present.figures.style import theme, write_png

PICTURE = Path(__file__).parent.parent / "docs" / "worlds.png"
PANELS = {
    "members": "on the random half that gets it",
    "whole": "on weekly members, if everybody gets it",
}
MOST = 60  # percent shown on either side; longer bars end in an arrow
BLUE, GREY = "#1f6fb2", "#c3c8ce"


def picture(table: pd.DataFrame) -> Figure:
    """One row per lever, grouped by grade: a grey bar for the prior, a blue one for the worlds."""
    table = table.assign(order=table["grade"].map(GRADES.index))
    table = table.sort_values(["order", "lever"], ignore_index=True)
    gaps = table["order"].diff().fillna(0).ne(0).cumsum()
    y = -(table.index.to_numpy() + gaps.to_numpy() * 1.2)
    figure = Figure(figsize=(13, 13), layout="constrained")
    axes = figure.subplots(1, 2, sharey=True)
    for axis, (on, title) in zip(axes, PANELS.items(), strict=True):
        for name, colour, up, width in (
            ("prior", GREY, 0.17, 6),
            ("worlds", BLUE, -0.17, 6),
        ):
            low, middle, high = (table[f"{on}_{name}_{end}"] for end in ("05", "50", "95"))
            axis.hlines(y + up, low.clip(-MOST, MOST), high.clip(-MOST, MOST), colour, lw=width)
            axis.plot(
                middle.clip(-MOST, MOST), y + up, "|", color=palette.INK, ms=9, mew=1.5, zorder=3
            )
            for end, mark in ((low, "<"), (high, ">")):
                far = end.abs() > MOST
                axis.plot(end[far].clip(-MOST, MOST), (y + up)[far], mark, color=colour, ms=8)
        axis.axvline(0, color=palette.INK, lw=0.8)
        axis.set_xlim(-MOST * 1.04, MOST * 1.04)
        axis.set_title(title, loc="left", fontsize=13)
        axis.set_xlabel("effect, %")
        axis.grid(axis="y", visible=False)
    axes[0].set_yticks(y, table["lever"].str.replace("_", " "))
    for grade, at in zip(*_heads(table, y), strict=True):
        axes[0].text(-MOST * 1.03, at + 1.0, f"evidence: {grade}", fontsize=12, weight="bold",
                     va="center")  # fmt: skip
    figure.suptitle(
        "Effect of each lever after a year: 90 % of draws from the prior (grey) and of plausible "
        "worlds (blue), with medians",
        x=0.01, ha="left", fontsize=14,
    )  # fmt: skip
    return figure


def _heads(table: pd.DataFrame, y: pd.Series) -> tuple[list[str], list[float]]:
    """The grades, and the height of the first lever of each."""
    first = table.drop_duplicates("grade").index
    return table.loc[first, "grade"].tolist(), [float(y[k]) for k in first]


def main() -> None:
    """Draw it."""
    with theme():
        write_png(picture(pd.read_csv(TABLE)), PICTURE)


if __name__ == "__main__":
    main()
