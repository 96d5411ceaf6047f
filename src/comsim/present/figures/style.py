"""The theme of all figures, and the parts that they share.

This module imports seaborn, which takes about a second. Import it, and every other module of this
folder, only where something is drawn.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import seaborn as sns
from matplotlib import font_manager, rc_context
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import PercentFormatter

from comsim.language.dates import Dates
from comsim.present import palette
from comsim.present.palette import FAINT, INK, SOFT
from comsim.present.series import day_ticks, spread

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

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
HALO = withStroke(linewidth=4, foreground=palette.PAPER)  # text upon lines
SHARE = PercentFormatter(1, decimals=0, symbol=" %")


@contextmanager
def theme(*texts: str) -> Iterator[None]:
    """Draw in seaborn's theme with our palette, and with a font that has the letters of these
    texts.

    At the end of the block, matplotlib's earlier settings are restored.
    """
    needed = any(letter >= FIRST_CHINESE for text in texts for letter in text)
    with rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The copy keyword", DeprecationWarning)  # seaborn 0.13
        sns.set_theme(
            style="whitegrid",
            palette=[palette.COLOURS[name] for name in palette.SERIES],
            color_codes=False,  # they would outlast the block
            rc={
                "font.family": [FONT, *(chinese_fonts() if needed else ())],
                "font.size": NORMAL,
                "axes.labelsize": NORMAL,
                "xtick.labelsize": SMALL,
                "ytick.labelsize": SMALL,
                "text.color": INK,
                "text.parse_math": False,  # a dollar in a name is a dollar
                "axes.edgecolor": SOFT,
                "axes.labelcolor": SOFT,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.spines.left": False,
                "axes.grid.axis": "y",
                "grid.color": FAINT,
                "xtick.color": SOFT,
                "ytick.color": SOFT,
                "lines.linewidth": 2.4,
                "lines.markeredgewidth": 0,
                "patch.linewidth": 0,
            },
        )
        yield


@cache
def chinese_fonts() -> tuple[str, ...]:
    """The fonts with Chinese characters on this machine. Warns once if there are none."""
    names = set(font_manager.get_font_names())
    if not names.intersection(CHINESE):  # matplotlib remembers; one may be new
        for file in sorted(font_manager.findSystemFonts()):
            if Path(file).name.replace(" ", "").replace("-", "").lower().startswith(CHINESE_FILES):
                font_manager.fontManager.addfont(file)
        names = set(font_manager.get_font_names())
    fonts = tuple(name for name in CHINESE if name in names)
    if not fonts:
        print("no font with Chinese letters was found: PNG pictures show boxes for them "
              "(Debian, Ubuntu: apt install fonts-noto-cjk)", file=sys.stderr)  # fmt: skip
    return fonts


class Picture(Figure):
    """A matplotlib figure that a notebook displays, whether or not pyplot is used there."""

    def _repr_png_(self) -> bytes:
        file = BytesIO()
        write_png(self, file)
        return file.getvalue()


def write_png(figure: Figure, path: Path | BinaryIO, **options: Any) -> None:
    """Write a figure, with options of savefig. Characters that no font has appear as boxes."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        figure.savefig(path, format="png", **options)


def panel(figure: Figure, left: float, right: float, top: float, bottom: float) -> Axes:
    """Axes between these margins, inches from the figure's edges."""
    wide, high = figure.get_size_inches()
    return figure.add_axes(
        (left / wide, bottom / high, 1 - (left + right) / wide, 1 - (top + bottom) / high)
    )


def lines(axes: Axes, data: pd.DataFrame, **options: Any) -> None:
    """A line for each column over the index, in the colour of that metric, with gaps where values
    are missing."""
    for name, values in data.items():
        sns.lineplot(x=data.index, y=values, units=values.isna().cumsum(), estimator=None,
                     color=palette.metric(name), ax=axes, **options)  # fmt: skip
    axes.set(xlabel=None, ylabel=None)


def bare(axes: Axes, text: str, x: float, y: float, dx: float, dy: float, **look: Any) -> Any:
    """Text at a position in the panel (as shares of it), shifted by some points; returns the
    text."""
    return axes.annotate(text, (x, y), (dx, dy), xycoords="axes fraction",
                         textcoords="offset points", annotation_clip=False, **look)  # fmt: skip


def heading(axes: Axes, name: str, unit: str = "", lift: float = 6) -> None:
    """The heading above a panel: what it shows, with the unit beside it."""
    above = bare(axes, name, 0, 1, 0, lift, weight="bold")
    axes.annotate(f"  {unit}", (1, 0), xycoords=above, color=SOFT, size=SMALL, va="bottom")


def day_axis(axes: Axes, dates: Dates, days: int, first: int = 0) -> None:
    """Dates below a panel that begins on day `first`."""
    axes.set_xticks(*day_ticks(dates, days, first))
    axes.tick_params(bottom=True, labelbottom=True)


def end_labels(axes: Axes, labels: Sequence[tuple[float, str, str]]) -> None:
    """Names (height, text, colour) at the right ends of the lines, without overlaps."""
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


def plain(value: float) -> str:
    """A number as text: three digits, or whole from a hundred on."""
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return text.replace("-", "−")


def tick(value: float, _: object = None) -> str:
    """A number on an axis; millions as 1.5M."""
    text = f"{value / 1e6:,.4g}M" if abs(value) >= 1e6 else f"{value:,.6g}"
    return text.replace("-", "−")


def percent(share: float) -> str:
    """A share as text."""
    return f"{100 * share:.0f} %"
