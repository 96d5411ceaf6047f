"""The look that all pictures share."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Seaborn's "colorblind" palette, which is not worth a second of importing.
BLUE, ORANGE, GREEN, RED, PINK = "#0173b2", "#de8f05", "#029e73", "#d55e00", "#cc78bc"
INK, SOFT, FAINT = "#222222", "#666666", "#dddddd"

# Warm up, warm, cool down: told apart by lightness too, and pale enough to draw upon.
STAGE = {
    "seeding": "#eef3e2",
    "growth": "#d3ead9",
    "activity": "#fff3cf",
    "decline": "#fbdccb",
    "dormancy": "#e3e3e8",
}
WIDTH, DPI = 14.0, 100  # legible when shrunk to the width of a README
SMALL, NORMAL, LARGE = 12.5, 14.0, 21.0
FONT = "DejaVu Sans"  # comes with matplotlib
# Fonts with Chinese letters, as they are called on Linux, macOS and Windows.
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC",
    "Source Han Sans CN", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback",
    "PingFang SC", "Hiragino Sans GB", "Heiti SC", "STHeiti", "Microsoft YaHei", "SimHei",
    "Arial Unicode MS",
)  # fmt: skip
CHINESE_FILES = (
    "notosanscjk", "notosanssc", "sourcehansans", "wqy", "droidsansfallback", "pingfang",
    "hiraginosansgb", "stheiti", "msyh", "simhei", "arialunicode",
)  # fmt: skip
FIRST_CHINESE = "\u2e80"


def look(*texts: str) -> dict[str, Any]:
    """Settings for `matplotlib.rc_context`, with a font for the letters of these texts."""
    needed = any(letter >= FIRST_CHINESE for text in texts for letter in text)
    return {
        "font.family": [FONT, *(chinese_fonts() if needed else ())],
        "font.size": NORMAL,
        "text.color": INK,
        "text.parse_math": False,  # a dollar in a name is a dollar
        "axes.edgecolor": SOFT,
        "axes.labelcolor": SOFT,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": False,
        "axes.unicode_minus": True,
        "grid.color": "#00000018",
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "ytick.major.size": 0,
        "lines.linewidth": 2.4,
        "lines.solid_capstyle": "round",
    }


@cache
def chinese_fonts() -> tuple[str, ...]:
    """The fonts with Chinese letters that this machine has; says so, once, if there is none."""
    from matplotlib import font_manager as fonts

    known = set(fonts.get_font_names())
    if not known.intersection(CHINESE):  # matplotlib remembers; one may be new
        for file in sorted(fonts.findSystemFonts()):
            if Path(file).name.replace(" ", "").replace("-", "").lower().startswith(CHINESE_FILES):
                fonts.fontManager.addfont(file)
        known = set(fonts.get_font_names())
    found = tuple(name for name in CHINESE if name in known)
    if not found:
        print("no font with Chinese letters was found: PNG pictures show boxes for them "
              "(Debian, Ubuntu: apt install fonts-noto-cjk)", file=sys.stderr)  # fmt: skip
    return found


def write_png(figure: Figure, path: Path | BinaryIO, **how: Any) -> None:
    """Write a picture, with options of savefig; letters that no font has become boxes."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        figure.savefig(path, format="png", **how)


def week_mean(values: Sequence[float]) -> np.ndarray:
    """Mean over the 7 days around each; fewer at the ends."""
    values = np.asarray(values, float)
    total = np.concatenate([[0.0], np.cumsum(values)])
    day = np.arange(len(values))
    first, stop = np.maximum(day - 3, 0), np.minimum(day + 4, len(values))
    return (total[stop] - total[first]) / (stop - first)


def day_ticks(start: date, days: int) -> tuple[list[int], list[str]]:
    """Days to mark and what to call them: the first of a month, or weeks in a short life."""
    if days <= 100:
        step = 7 if days <= 60 else 14
        ticks = list(range(0, days, step))
        dates = [start + timedelta(days=day) for day in ticks]
        names = [f"{when.day} {when:%b}" for when in dates]
    else:
        months = next(m for m in (1, 2, 3, 6, 12, 24) if days / 30.4 / m <= 11)
        ticks, names = [], []
        for month in range(start.year * 12 + start.month - 1, 9999 * 12):
            first = date(month // 12, month % 12 + 1, 1)
            if (day := (first - start).days) >= days:
                break
            if day >= 0 and month % months == 0:
                ticks.append(day)
                names.append(f"{first:%b %Y}")
    return ticks, [f"{name}\nday {day:,}" for name, day in zip(names, ticks, strict=True)]


def spread(places: Sequence[float], gap: float) -> list[float]:
    """The places, moved apart as little as it takes to lie `gap` from one another, in order."""
    order = np.argsort(places, kind="stable")  # the later of equals lies higher
    groups: list[tuple[float, int]] = []  # middle and size
    for at in order:
        middle, size = float(places[at]), 1
        while groups and middle - groups[-1][0] < gap * (size + groups[-1][1]) / 2:
            below, n = groups.pop()
            middle, size = (middle * size + below * n) / (size + n), size + n
        groups.append((middle, size))
    moved = [middle + gap * (k - (size - 1) / 2) for middle, size in groups for k in range(size)]
    result = [0.0] * len(moved)
    for at, place in zip(order, moved, strict=True):
        result[at] = place
    return result


def end_labels(axes: Axes, labels: Sequence[tuple[float, str, str]]) -> None:
    """Names at the right ends of the lines, none over another."""
    low, high = axes.get_ylim()
    inch = (high - low) / (axes.get_position().height * axes.figure.get_figheight())
    line = 1.3 * NORMAL / 72 * inch
    tall = max(text.count("\n") for _, text, _ in labels) + 1
    places = spread([y for y, *_ in labels], line * tall)
    lift = max(low - min(places), 0.0)
    for place, (_, text, colour) in zip(places, labels, strict=True):
        axes.annotate(text, (1, place + lift), (8, 0), xycoords=("axes fraction", "data"),
                      textcoords="offset points", va="center", color=colour, weight="bold",
                      annotation_clip=False)  # fmt: skip
