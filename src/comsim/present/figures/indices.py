"""Bar charts of what an outcome depends on. Each factor has a row: first levers, then
uncertainties.

Each function takes a table from `comsim.studies.analysis` and returns a figure. All of them convert
the rows of the table to `_Row`, which `_figure` draws.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import seaborn as sns

from comsim.present import palette
from comsim.present.figures.headed import TOP, headed
from comsim.present.figures.style import NORMAL, SHARE, SMALL, panel, plain, tick
from comsim.present.palette import INK, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, HEAD = 0.62, 0.3  # inches a row, and above the first one
LEFT, RIGHT, BOTTOM = 3.2, 2.7, 0.85  # margins, inches
WIDE, THIN = 0.62, 0.30  # bars, as parts of a row
MOST, MOST_PAIRS = 14, 8  # rows
WIDEST = 0.1  # of the variance: axes of shares reach at least there, so that little looks little
FINE = 11.0  # letters of long labels
LABEL_LETTERS, RIGHT_LETTERS = 26, 24
KINDS = {"lever": "what you can choose", "uncertainty": "what is unknown"}
NAN = float("nan")


@dataclass
class _Row:
    """What is drawn for a factor. NaN is not drawn."""

    head: str
    """To the right of the bar: the number that matters."""
    wide: float = NAN
    thin: float = NAN
    pale: bool = False
    """Whether the wide bar is pale."""
    low: float = NAN
    high: float = NAN
    wide_low: float = NAN
    """An interval of its own of the wide bar, at its edge."""
    wide_high: float = NAN
    diamond: float = NAN
    more: str = ""
    """Below `head`."""
    bold: bool = True


def effects(title: str, rows: pd.DataFrame, outcome: str, unit: str, over: str) -> Figure:
    """How much an outcome changes as each factor goes from one end of its range to the other.

    If it swings much more on the way, a pale bar shows the swing. A bar is also pale if the change
    is not clear.
    """

    def drawn(row: Any) -> _Row:
        if np.isnan(row.change):
            return _Row("can't be told apart", bold=False)
        interval = {"low": row.low, "high": row.high}
        if row.bent:
            return _Row(f"swings by {row.swing:,.3g}", (np.sign(row.change) or 1.0) * row.swing,
                        row.change, True, more=f"most at {_short(row.most_at)}",
                        **interval)  # fmt: skip
        head = f"{row.change:+,.3g}".replace("-", "−") if row.clear else "not clear"
        ends = fill(f"{_short(row.start)} to {_short(row.to)}", RIGHT_LETTERS)
        return _Row(head, row.change, pale=not row.clear, more=ends, bold=row.clear, **interval)

    subtitle = (
        "as each factor goes over its range, averaged over the others; 95 % confidence intervals "
        f"of the mean over {over}"
    )
    if rows["bent"].any():
        subtitle += "; pale: how far it swings on the way"
    rows = rows.rename(columns={"from": "start"})
    return _figure(title, subtitle, rows, map(drawn, rows.itertuples()), _change(outcome, unit))


def sobol(title: str, rows: pd.DataFrame, outcome: str) -> Figure:
    """First-order indices (dark) within total ones (pale)."""

    def drawn(row: Any) -> _Row:
        total = {"wide_low": row.total_low, "wide_high": row.total_high}
        if not row.told:
            return _Row("uncertain", more="too few points", bold=False, **total)
        return _Row(f"{_percent(row.total)} with others", row.total, row.first, True,
                    row.first_low, row.first_high, more=f"{_percent(row.first)} by itself",
                    bold=False, **total)  # fmt: skip

    subtitle = (
        "share of its variance by a factor alone (dark) and with others (pale); 95 % confidence "
        "intervals"
    )
    return _figure(title, subtitle, rows, map(drawn, rows.itertuples()),
                   f"share of the variance of {outcome}", shares=True,
                   noise=_mean(rows["luck"]))  # fmt: skip


def morris(title: str, rows: pd.DataFrame, outcome: str, unit: str) -> Figure:
    """The mean size of a factor's effect (bars), and how much the effect varies over the other
    factors."""

    def drawn(row: Any) -> _Row:
        way, known = " ↑" if row.mu_low > 0 else " ↓" if row.mu_high < 0 else " ↑↓", True
        if row.mu_star_low <= row.luck:
            way, known = ", may be chance", False
        return _Row(f"{row.mu_star:,.3g}{way}", row.mu_star, pale=not known,
                    low=max(row.mu_star_low, 0.0), high=row.mu_star_high, diamond=row.sigma,
                    bold=known)  # fmt: skip

    subtitle = (
        "mean size of the change as each factor goes over its range, 95 % confidence interval; "
        "◇ how much it differs from place to place"
    )
    return _figure(title, subtitle, rows, map(drawn, rows.itertuples()), _change(outcome, unit),
                   noise=_mean(rows["luck"]))  # fmt: skip


def pairs(title: str, rows: pd.DataFrame, outcome: str, unit: str) -> Figure:
    """The share of the variance due to the interaction of two factors."""

    def drawn(row: Any) -> _Row:
        if np.isnan(row.share):
            return _Row("can't be told", bold=False)
        more = ""
        if row.clear and hasattr(row, "change_low"):
            low, high = (
                f"{change:+,.3g} at {_short(at)}".replace("-", "−")
                for change, at in (
                    (row.change_low, row.other_low), (row.change_high, row.other_high),
                )
            )  # fmt: skip
            more = fill(f"{low}, {high}", RIGHT_LETTERS + 4)
        return _Row(_percent(row.share) if row.clear else "not clear", max(row.share, 0.0),
                    pale=not row.clear, low=max(getattr(row, "low", NAN), 0.0),
                    high=max(getattr(row, "high", NAN), 0.0), more=more,
                    bold=row.clear)  # fmt: skip

    rows = rows.assign(label=rows["label"] + " × " + rows["other_label"], kind="pair")
    subtitle = "share of its variance that two factors make only together"
    if "change_low" in rows:
        subtitle += "; right: what the first one does over its range, at two settings of the second"
        subtitle += f", {'days' if unit == 'day' else unit}" if unit else ""
    return _figure(title, subtitle, rows, map(drawn, rows.itertuples()),
                   f"share of the variance of {outcome}", shares=True, reach=WIDEST,
                   most=MOST_PAIRS)  # fmt: skip


def stochastic(title: str, rows: pd.DataFrame, drawn: bool) -> Figure:
    """The share of each outcome's variance that is stochastic."""
    what = "stochastic variation and parameter uncertainty" if drawn else "stochastic variation"
    subtitle = (
        f"share of the differences between runs that is {what}, 95 % confidence interval; "
        "the rest was varied"
    )
    shown = [
        _Row(_percent(row.share), row.share, low=row.low, high=row.high)
        for row in rows.itertuples()
    ]
    return _figure(title, subtitle, rows.assign(kind="luck"), shown, "share of the variance",
                   shares=True, reach=1.0)  # fmt: skip


def _figure(
    title: str, subtitle: str, rows: pd.DataFrame, shown: Iterable[_Row], label: str,
    *, shares: bool = False, noise: float = 0.0, reach: float = 0.0, most: int = MOST,
) -> Figure:  # fmt: skip
    """Rows in groups by kind, each below a line with its name.

    `noise` is how long a bar would be from stochastic variation alone; a line marks it if it is
    large enough to see. The axis extends at least to `reach`.
    """
    left_out = len(rows) - most
    table = pd.DataFrame([vars(row) for row in shown], index=rows.index).head(most)
    table = table.assign(label=rows["label"], kind=rows["kind"])
    lines = _with_heads(table)
    height = TOP + HEAD + BOTTOM + ROW * len(lines)

    def draw(figure: Figure) -> None:
        axes = panel(figure, LEFT, RIGHT, TOP + HEAD, BOTTOM)
        _bars(axes, table, lines)
        _limits(axes, table, max(reach, noise))
        _texts(axes, table, lines)
        if axes.get_xlim()[0] < 0 or not shares:
            axes.axvline(0, color=SOFT, lw=1.2)
        if noise > 0.01 * axes.get_xlim()[1]:
            axes.axvline(noise, color=INK, lw=1.2, ls=(0, (3, 2)))
            axes.annotate("stochastic variation alone", (noise, 1), (4, 2), size=SMALL,
                          va="bottom", xycoords=("data", "axes fraction"),
                          textcoords="offset points")  # fmt: skip
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", visible=True)
        axes.xaxis.set_major_formatter(SHARE if shares else tick)
        axes.set_xlabel(label + (f" ({left_out} smaller ones not drawn)" if left_out > 0 else ""),
                        fontsize=SMALL)  # fmt: skip

    return headed(title, subtitle, height, draw, rows["label"])


def _with_heads(table: pd.DataFrame) -> list[Any]:
    """The categories of the axis from top to bottom: names of groups, and rows by their index."""
    lines: list[Any] = []
    for kind in dict.fromkeys([*KINDS, *table["kind"]]):
        group = table.index[table["kind"] == kind]
        lines += [KINDS[kind]] if kind in KINDS and len(group) else []
        lines += list(group)
    return lines


def _bars(axes: Axes, table: pd.DataFrame, lines: list[Any]) -> None:
    """Draw bars, intervals and diamonds, each at the height of its row in `lines`."""
    hues = {kind: palette.COLOURS[palette.FACTORS.get(kind, "blue")] for kind in table["kind"]}
    pale = {f"{kind} pale": sns.blend_palette([palette.PAPER, hue], 5)[2]
            for kind, hue in hues.items()}  # fmt: skip
    shade = table["kind"] + np.where(table["pale"], " pale", "")
    order = [str(line) for line in lines]
    for width, values, hue in ((WIDE, table["wide"], shade), (THIN, table["thin"], table["kind"])):
        if values.notna().any():
            sns.barplot(x=values, y=table.index.astype(str), hue=hue, order=order, width=width,
                        palette=hues | pale, dodge=False, saturation=1, errorbar=None,
                        legend=False, ax=axes)  # fmt: skip
    places = np.array([lines.index(index) for index in table.index])
    for low, high, colour, lift in (
        ("wide_low", "wide_high", SOFT, WIDE / 2 - 0.07 if table["thin"].notna().any() else 0),
        ("low", "high", INK, 0),
    ):
        ends = table[low].to_numpy(float), table[high].to_numpy(float)
        axes.errorbar(sum(ends) / 2, places - lift, xerr=(ends[1] - ends[0]) / 2, fmt="none",
                      ecolor=colour, elinewidth=1.8, capsize=4, capthick=1.8)  # fmt: skip
    axes.plot(table["diamond"], places, "D", ms=9, mfc="white", mec=INK, mew=1.6)
    axes.set_ylim(len(lines) - 0.5, -0.5)


def _limits(axes: Axes, table: pd.DataFrame, reach: float) -> None:
    """Limits of the axis, which includes zero, everything that is drawn, and `reach`."""
    columns = ["wide", "thin", "low", "high", "wide_low", "wide_high", "diamond"]
    values = np.append(table[columns].to_numpy(float), [0.0, reach])
    low, high = np.nanmin(values), np.nanmax(values)
    room = 0.04 * (high - low) or 1.0
    axes.set_xlim(low - room if low < 0 else 0.0, high + (room if high > 0 else 0.0))


def _texts(axes: Axes, table: pd.DataFrame, lines: list[Any]) -> None:
    """Labels on the left (names of groups in bold), and numbers at the right ends of rows."""
    long = table["label"].map(len).max() > 2 * LABEL_LETTERS  # three lines, or more
    letters = int(LABEL_LETTERS * NORMAL / FINE) if long else LABEL_LETTERS
    texts = [line if line in KINDS.values() else fill(table["label"][line], letters)
             for line in lines]  # fmt: skip
    axes.set_yticks(range(len(lines)), texts)
    axes.set_ylabel("")
    names = {text: palette.COLOURS[palette.FACTORS[kind]] for kind, text in KINDS.items()}
    for line, text in zip(lines, axes.get_yticklabels(), strict=True):
        if line in names:
            text.set(color=names[line], weight="bold", size=NORMAL)
            continue
        text.set(color=INK, size=FINE if long else NORMAL)
        row, y = table.loc[line], lines.index(line)
        lifted = 1 + row["more"].count("\n") if row["more"] else 0
        for what, lift, look in (
            (row["head"], 6.5 * lifted, {"weight": "bold" if row["bold"] else "normal"}),
            (row["more"], -8.0, {"color": SOFT}),
        ):
            axes.annotate(what, (1, y), (10, lift), xycoords=("axes fraction", "data"),
                          textcoords="offset points", va="center", annotation_clip=False,
                          size=SMALL - 0.5, linespacing=1.1, **look)  # fmt: skip


def _change(outcome: str, unit: str) -> str:
    """The label of an axis that shows changes of an outcome."""
    unit = {"day": "days", "share": "share of 1", "0 to 1": ""}.get(unit, unit)
    return f"{outcome}: change in {unit}" if unit else f"{outcome}: change"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "under 1 %"


def _short(value: float | str) -> str:
    return fill(value, 18) if isinstance(value, str) else plain(value)


def _mean(values: pd.Series) -> float:
    """The mean of the known values; 0 if there are none."""
    return float(values.mean()) if values.notna().any() else 0.0
