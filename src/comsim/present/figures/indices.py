"""Bars of what an outcome hangs on: a row a factor, what can be chosen above what can't be known.

Each function takes a table as the analyses make it (`comsim.studies.analysis`) and returns a
figure.
"""

from __future__ import annotations

from collections.abc import Callable
from textwrap import fill, wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.present.figures import style
from comsim.present.figures.style import BLUE, FAINT, INK, ORANGE, SMALL, SOFT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, HEAD, EDGE, LINE, UNDER = 0.62, 0.62, 0.3, 0.3, 0.75  # inches
LEFT, RIGHT, TOP, BOTTOM = 3.2, 2.7, 1.35, 0.85  # margins, inches
THICK, THIN = 0.62, 0.30  # of a row
MOST, MOST_PAIRS = 14, 8  # rows
WIDEST = 0.1  # of the variance: axes of shares reach at least there, so that little looks little
FINE = 11.0  # letters of long labels
TITLE_LETTERS, LABEL_LETTERS, RIGHT_LETTERS = 78, 26, 24
PALE = 0.38  # opacity
KINDS = {"lever": ("what you can choose", BLUE), "uncertainty": ("what you can't know", ORANGE)}


def effects(title: str, rows: pd.DataFrame, outcome: str, unit: str, over: str) -> Figure:
    """How far each factor moves an outcome over its range; pale where its curve swings by more."""

    def draw(axes: Axes, y: float, row: Any, colour: str) -> None:
        if np.isnan(row.change):
            _text(axes, y, "can't be told apart")
            return
        if row.bent:
            side = np.sign(row.change) or 1.0
            axes.barh(y, side * row.swing, THICK, color=colour, alpha=PALE, lw=0)
            head = f"swings by {row.swing:,.3g}"
            _text(axes, y, head, f"most at {_short(row.most_at)}", bold=True)
        else:
            text = f"{row.change:+,.3g}".replace("-", "−") if row.clear else "not clear"
            ends = fill(f"{_short(row.start)} to {_short(row.to)}", RIGHT_LETTERS)
            _text(axes, y, text, ends, bold=row.clear)
        axes.barh(y, row.change, THIN if row.bent else THICK, color=colour, lw=0,
                  alpha=1.0 if row.clear else PALE)  # fmt: skip
        _whisker(axes, y, row.low, row.high)

    rows = rows.rename(columns={"from": "start"})
    said = (
        "as each factor goes over its range, the others averaged over; 95 % confidence intervals "
        f"of the mean over {over}"
    )
    if rows["bent"].any():
        said += "; pale: how far it swings on the way"
    label = _change(outcome, unit)
    ends = rows[["change", "low", "high"]].to_numpy(float)
    swing = np.where(rows["bent"], np.sign(rows["change"]) * rows["swing"], 0.0)
    return _figure(title, said, rows, draw, label, np.concatenate([ends.ravel(), swing, [0.0]]))


def sobol(title: str, rows: pd.DataFrame, outcome: str) -> Figure:
    """First-order indices (dark) within total ones (pale)."""

    def draw(axes: Axes, y: float, row: Any, colour: str) -> None:
        if not row.told:
            _whisker(axes, y, row.total_low, row.total_high, SOFT)
            _text(axes, y, "uncertain", "too few points")
            return
        axes.barh(y, row.total, THICK, color=colour, alpha=PALE, lw=0)
        axes.barh(y, row.first, THIN, color=colour, lw=0)
        _whisker(axes, y + THICK / 2 - 0.07, row.total_low, row.total_high, SOFT)
        _whisker(axes, y, row.first_low, row.first_high)
        _text(axes, y, f"{_percent(row.total)} with others", f"{_percent(row.first)} by itself")

    said = (
        "share of its variance by a factor alone (dark) and with others (pale); 95 % confidence "
        "intervals"
    )
    values = np.append(rows[["total", "total_high", "first_high"]].to_numpy(float), 0.0)
    return _figure(title, said, rows, draw, f"share of the variance of {outcome}", values,
                   percent=True, luck=_mean(rows["luck"]))  # fmt: skip


def morris(title: str, rows: pd.DataFrame, outcome: str, unit: str) -> Figure:
    """Mean size of a factor's effect (bars), and how much it differs from place to place."""

    def draw(axes: Axes, y: float, row: Any, colour: str) -> None:
        axes.barh(y, row.mu_star, THICK, color=colour, lw=0, alpha=0.85)
        _whisker(axes, y, max(row.mu_star_low, 0.0), row.mu_star_high)
        axes.plot(row.sigma, y, marker="D", ms=9, mfc="white", mec=INK, mew=1.6)
        way, told = " ↑" if row.mu_low > 0 else " ↓" if row.mu_high < 0 else " ↑↓", True
        if row.mu_star_low <= row.luck:
            way, told = ", may be luck", False
        _text(axes, y, f"{row.mu_star:,.3g}{way}", bold=told)

    said = (
        "mean size of the change as each factor goes over its range, 95 % confidence interval; "
        "◇ how much it differs from place to place"
    )
    label = _change(outcome, unit)
    values = rows[["mu_star_high", "sigma"]].to_numpy(float).ravel()
    return _figure(title, said, rows, draw, label, np.append(values, 0.0),
                   luck=_mean(rows["luck"]))  # fmt: skip


def pairs(title: str, rows: pd.DataFrame, outcome: str, unit: str) -> Figure:
    """The share of the variance that two factors make only together."""

    def draw(axes: Axes, y: float, row: Any, colour: str) -> None:
        if np.isnan(row.share):
            _text(axes, y, "can't be told")
            return
        axes.barh(y, max(row.share, 0.0), THICK, color=colour, lw=0,
                  alpha=1.0 if row.clear else PALE)  # fmt: skip
        if hasattr(row, "low"):
            _whisker(axes, y, max(row.low, 0.0), max(row.high, 0.0))
        more = ""
        if row.clear and hasattr(row, "change_low"):
            low, high = (
                f"{change:+,.3g} at {_short(at)}".replace("-", "−")
                for change, at in (
                    (row.change_low, row.other_low), (row.change_high, row.other_high),
                )
            )  # fmt: skip
            more = fill(f"{low}, {high}", RIGHT_LETTERS + 4)
        _text(axes, y, _percent(row.share) if row.clear else "not clear", more,
              bold=row.clear)  # fmt: skip

    rows = rows.assign(label=rows["label"] + " × " + rows["other_label"], kind="pair")
    said = "share of its variance that two factors make only together"
    if "change_low" in rows:
        said += "\nright: what the first one does over its range, at two settings of the second"
        said += f", {'days' if unit == 'day' else unit}" if unit else ""
    columns = [name for name in ("share", "high") if name in rows]
    values = np.append(rows[columns].to_numpy(float).clip(min=0), [0.0, WIDEST])
    label = f"share of the variance of {outcome}"
    return _figure(title, said, rows, draw, label, values, percent=True, most=MOST_PAIRS)


def luck(title: str, rows: pd.DataFrame, drawn: bool) -> Figure:
    """Luck's share of each outcome's variance."""

    def draw(axes: Axes, y: float, row: Any, colour: str) -> None:
        axes.barh(y, 1, THICK, color=FAINT, lw=0)
        axes.barh(y, row.share, THICK, color=colour, lw=0, alpha=0.85)
        _whisker(axes, y, row.low, row.high)
        _text(axes, y, _percent(row.share), bold=True)

    what = "luck, and what nobody knows" if drawn else "luck alone"
    said = (
        f"share of what differs between runs that is {what}, 95 % confidence interval; the rest "
        "was varied"
    )
    return _figure(title, said, rows.assign(kind="luck"), draw, "share of the variance",
                   np.array([0.0, 1.0]), percent=True)  # fmt: skip


def _figure(
    title: str, said: str, rows: pd.DataFrame, draw: Callable[[Axes, float, Any, str], None],
    label: str, values: np.ndarray, percent: bool = False, luck: float = 0.0,
    most: int = MOST,
) -> Figure:  # fmt: skip
    """Rows under a finding and a line that says what is drawn, in groups by kind."""
    from matplotlib import rc_context
    from matplotlib.ticker import FuncFormatter, PercentFormatter

    from comsim.present.figures.picture import Picture

    more, rows = len(rows) - most, rows.head(most)
    places, heads, high = _places(rows)
    lines = _lines(title)
    top = TOP + LINE * (len(lines) - 1)
    tall = top + BOTTOM + ROW * high
    with rc_context(style.look(title, said, *rows["label"])):
        figure = Picture(figsize=(style.WIDTH, tall), dpi=style.DPI)
        wide = style.WIDTH
        axes = figure.add_axes(
            (LEFT / wide, BOTTOM / tall, 1 - (LEFT + RIGHT) / wide, 1 - (top + BOTTOM) / tall)
        )
        axes.set_ylim(-high, 0)
        axes.set_xlim(*_limits(values))
        axes.grid(axis="y", visible=False)
        axes.grid(axis="x", visible=True)
        for row, y in zip(rows.itertuples(), places, strict=True):
            draw(axes, y, row, KINDS.get(row.kind, ("", BLUE))[1])
        if axes.get_xlim()[0] < 0 or not percent:
            axes.axvline(0, color=SOFT, lw=1.2)
        for y, words, colour in heads:
            axes.text((EDGE - LEFT) / (wide - LEFT - RIGHT), y, words, color=colour, weight="bold",
                      va="center", transform=axes.get_yaxis_transform())  # fmt: skip
        if luck > 0.01 * axes.get_xlim()[1]:
            axes.axvline(luck, color=INK, lw=1.2, ls=(0, (3, 2)))
            axes.annotate("luck alone", (luck, 1), (4, 0), color=INK, size=SMALL, va="bottom",
                          xycoords=("data", "axes fraction"), textcoords="offset points",
                          )  # fmt: skip
        letters = LABEL_LETTERS
        if rows["label"].map(len).max() > 2 * LABEL_LETTERS:  # three lines, or more
            letters = int(letters * style.NORMAL / FINE)
            axes.tick_params(axis="y", labelsize=FINE)
        axes.set_yticks(places, [fill(text, letters) for text in rows["label"]])
        axes.tick_params(axis="y", labelcolor=INK)
        axes.tick_params(axis="x", labelsize=SMALL)
        axes.xaxis.set_major_formatter(
            PercentFormatter(1, decimals=0, symbol=" %") if percent
            else FuncFormatter(lambda x, _: f"{x:,.6g}".replace("-", "−"))
        )  # fmt: skip
        axes.set_xlabel(label + (f" ({more} smaller ones not drawn)" if more > 0 else ""),
                        fontsize=SMALL)  # fmt: skip
        edge, base = EDGE / wide, 1 - (top - UNDER) / tall
        figure.text(edge, base, "\n".join(lines), size=style.LARGE if len(lines) == 1 else 17.0,
                    weight="bold", va="bottom", linespacing=1.15)  # fmt: skip
        figure.text(edge, base - 0.08 / tall, said, color=SOFT, size=SMALL, va="top")
    return figure


def _places(rows: pd.DataFrame) -> tuple[list[float], list[tuple[float, str, str]], float]:
    """The height of each row, of each group's head with its words and colour, and of all."""
    places, heads, at = dict.fromkeys(rows.index, 0.0), [], 0.0
    for kind in dict.fromkeys([*KINDS, *rows["kind"]]):
        group = rows.index[rows["kind"] == kind]
        if not len(group):
            continue
        if kind in KINDS:
            heads.append((-at - HEAD / ROW / 2, *KINDS[kind]))
            at += HEAD / ROW
        for index in group:
            places[index] = -at - 0.5
            at += 1
    return list(places.values()), heads, at


def _limits(values: np.ndarray) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    low, high = min(known.min(), 0.0), max(known.max(), 0.0)
    if low == high:
        return 0.0, 1.0
    reach = (high - low) * 0.04
    return (low - reach if low < 0 else 0.0), high + (reach if high > 0 else 0.0)


def _lines(title: str) -> list[str]:
    """A title, broken where the sentence breaks if it is long."""
    if len(title) <= TITLE_LETTERS:
        return [title]
    parts = title.replace(": ", ":\n", 1).split("\n")
    return [line for part in parts for line in wrap(part, TITLE_LETTERS)]


def _whisker(axes: Axes, y: float, low: float, high: float, colour: str = INK) -> None:
    """An interval; nothing where there is none."""
    if np.isfinite(low + high):
        axes.plot([low, high], [y, y], color=colour, lw=1.8, solid_capstyle="butt")
        axes.plot([low, high], [y, y], ls="", marker="|", ms=9, mew=1.8, color=colour)


def _text(axes: Axes, y: float, head: str, more: str = "", bold: bool = False) -> None:
    """Words at the right end of a row: what was found, and more about it below."""
    lines = 1 + more.count("\n") if more else 0
    for text, lift, colour, weight in (
        (head, 6.5 * lines, INK, "bold" if bold else "normal"),
        (more, -8.0, SOFT, "normal"),
    ):
        axes.annotate(text, (1, y), (10, lift), xycoords=("axes fraction", "data"),
                      textcoords="offset points", va="center", annotation_clip=False,
                      size=SMALL - 0.5, color=colour, weight=weight, linespacing=1.1)  # fmt: skip


def _change(outcome: str, unit: str) -> str:
    """What an axis of changes shows."""
    unit = {"day": "days", "share": "share of 1", "0 to 1": ""}.get(unit, unit)
    return f"{outcome}: change in {unit}" if unit else f"{outcome}: change"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "under 1 %"


def _short(value: float | str) -> str:
    return fill(value, 18) if isinstance(value, str) else f"{value:,.3g}".replace("-", "−")


def _mean(values: pd.Series) -> float:
    """The mean of what there is; 0 for nothing."""
    return float(values.mean()) if values.notna().any() else 0.0
