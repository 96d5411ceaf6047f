"""A figure below its finding: a title, a line that explains what is drawn, and panels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING

from matplotlib.transforms import Bbox

from comsim.present.figures.style import DPI, LARGE, SMALL, WIDTH, Picture, theme, write_png
from comsim.present.palette import SOFT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LETTERS, SUBTITLE_LETTERS = 84, 150  # in one line
TOP, LEFT = 1.45, 0.5  # inches


def headed(
    title: str,
    subtitle: str,
    height: float,
    draw: Callable[[Figure], None],
    words: Iterable[str] = (),
) -> Figure:
    """A figure of the common width and this height, in inches.

    `draw` places panels below the uppermost 1.45 inches. `words` are its other texts, for which
    another font may be necessary.
    """
    with theme(title, subtitle, *words):
        figure = Picture(figsize=(WIDTH, height), dpi=DPI)
        lines = wrap(title, LETTERS)
        if len(lines) > 1 and title.count(": ") == 1:  # where the sentence breaks, if it fits
            parts = title.replace(": ", ":\n").split("\n")
            lines = parts if max(map(len, parts)) <= LETTERS else lines
        size = LARGE if len(lines) == 1 and len(title) <= 68 else 17.0
        below = wrap(subtitle, SUBTITLE_LETTERS)
        x, y = LEFT / WIDTH, 1 - (TOP - 0.32 - 0.2 * len(below)) / height
        figure.text(x, y, "\n".join(lines), size=size, weight="bold", va="bottom",
                    linespacing=1.15)  # fmt: skip
        figure.text(x, y - 0.1 / height, "\n".join(below), color=SOFT, size=SMALL, va="top")
        draw(figure)
    return figure


def png(figure: Figure) -> bytes:
    """The figure as a PNG file."""
    return _written(figure)


def png_without_title(figure: Figure) -> bytes:
    """The figure as a PNG file, for a page that has the title above it."""
    title, subtitle = figure.texts[:2]
    wide, high = figure.get_size_inches()
    title.set_visible(False)
    top = subtitle.get_position()[1] * high + 0.1
    return _written(figure, bbox_inches=Bbox([[0, 0], [wide, top]]))


def _written(figure: Figure, **options: object) -> bytes:
    file = BytesIO()
    write_png(figure, file, **options)
    return file.getvalue()
