"""Who stays: a heat map of retention by month of joining and months since then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import seaborn as sns

from comsim.common.errors import InputError
from comsim.present import palette
from comsim.present.figures.headed import TOP, headed
from comsim.present.figures.style import SHARE, SMALL, WIDTH, panel

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ROW = 0.26  # inches a cohort
FEWEST = 10  # members of a cohort that is shown: a share of fewer says little


def retention(cohorts: pd.DataFrame, name: str) -> Figure:
    """The share of each cohort that visited, month by month.

    `cohorts` is the table of a run's folder (`cohorts.parquet`), and `name` the name of the
    community. Cohorts of fewer than 10 members are left out. InputError if none is left.
    """
    large = cohorts[cohorts.groupby("cohort")["members"].transform("max") >= FEWEST]
    later = large[large["month"] > 0]
    if later.empty:
        raise InputError.at("draw", "retention", "no cohort with a month to come back in",
                            f"30 days after {FEWEST} members joined")  # fmt: skip
    shares = later.pivot(index="cohort", columns="month", values="share")
    back = (later["share"] * later["members"]).groupby(later["month"]).sum()
    mean = back / later.groupby("month")["members"].sum()
    parts = [f"{mean[month]:.0%} after {words}"
             for month, words in ((1, "one month"), (3, "three months"))
             if month in mean]  # fmt: skip
    title = f"{name}: retention is {' and '.join(parts)}"
    height = TOP + 0.3 + ROW * max(len(shares), 6) + 0.95

    def draw(figure: Figure) -> None:
        axes = panel(figure, 1.3, 2.5, TOP + 0.1, 0.95)
        bar = panel(figure, WIDTH - 2.1, 1.85, TOP + 0.1, max(height - TOP - 3.1, 0.95))
        shades = sns.blend_palette([palette.LOW, palette.HIGH], as_cmap=True)
        sns.heatmap(shares, vmin=0, vmax=1, cmap=shades, linewidths=1, annot=100 * shares,
                    fmt=".0f", annot_kws={"size": SMALL - 2}, ax=axes, cbar_ax=bar,
                    cbar_kws={"format": SHARE})  # fmt: skip
        bar.tick_params(length=0)
        axes.grid(False)
        axes.set(xlabel="months since joining (30 days each)", ylabel="month of joining")
        axes.tick_params(rotation=0)

    subtitle = "% of the members who joined in a month (row), by months since joining"
    return headed(title, subtitle, height, draw, [name])
