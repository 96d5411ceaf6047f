"""Who stays: a heat map of cohorts by month of joining and months since then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import seaborn as sns

from comsim.present import palette
from comsim.present.figures.headed import TOP, headed
from comsim.present.figures.style import SHARE, SMALL, WIDTH, panel

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

ROW = 0.26  # inches a cohort
FEWEST = 10  # members of a cohort that is shown: a share of fewer says little


def retention(cohorts: pd.DataFrame, name: str) -> Figure | None:
    """The share of each cohort that stayed, from `comsim.measure.cohorts`; None without cohorts.

    `name` is that of the community. Cohorts of fewer than 10 members are left out.
    """
    large = cohorts[cohorts.groupby("cohort")["members"].transform("max") >= FEWEST]
    later = large[large["month"] > 0]
    if later.empty:
        return None
    shares = later.pivot(index="cohort", columns="month", values="share")
    after = {month: sizes["stayed"].sum() / sizes["members"].sum()
             for month, sizes in later[later["month"].isin([1, 3])].groupby("month")}  # fmt: skip
    title = f"{name}: " + ", ".join(
        f"{share:.0%} stay {month} month{'s' if month > 1 else ''} or longer"
        for month, share in after.items()
    )
    height = TOP + 0.3 + ROW * max(len(shares), 6) + 0.95

    def draw(figure: Figure) -> None:
        axes = panel(figure, 1.3, 2.5, TOP + 0.1, 0.95)
        bar = panel(figure, WIDTH - 2.1, 1.85, TOP + 0.1, max(height - TOP - 3.1, 0.95))
        shades = sns.blend_palette([palette.LOW, palette.HIGH], as_cmap=True)
        sns.heatmap(shares, vmin=0, vmax=1, cmap=shades, linewidths=1, square=False,
                    annot=100 * shares, fmt=".0f", annot_kws={"size": SMALL - 2}, ax=axes,
                    cbar_ax=bar, cbar_kws={"format": SHARE})  # fmt: skip
        axes.set(xlabel="months since joining (30 days each)", ylabel="month of joining")
        axes.tick_params(rotation=0)

    subtitle = "% of the members who joined in that month (row) and visited in that month or later"
    return headed(title, subtitle, height, draw)
