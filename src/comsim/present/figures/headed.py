"""A figure under its finding: the title, a line that says what is drawn, and panels below."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING

from comsim.present.figures import style
from comsim.present.figures.style import SMALL, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LETTERS = 84  # of a title in one line
SAID_LETTERS = 150
TOP, LEFT = 1.45, 0.5  # inches


def headed(
    title: str, said: str, height: float, draw: Callable[[Figure], None], words: Iterable[str] = ()
) -> Figure:
    """A figure of the common width and this height, inches, whose panels `draw` places below the
    uppermost 1.45 inches. `words` are what else it says: they may need another font."""
    from matplotlib import rc_context

    from comsim.present.figures.picture import Picture

    with rc_context(style.look(title, said, *words)):
        figure = Picture(figsize=(style.WIDTH, height), dpi=style.DPI)
        lines = wrap(title, LETTERS)
        if len(lines) > 1 and title.count(": ") == 1:  # where the sentence breaks, if it fits
            parts = title.replace(": ", ":\n").split("\n")
            lines = parts if max(map(len, parts)) <= LETTERS else lines
        size = style.LARGE if len(lines) == 1 and len(title) <= 68 else 17.0
        below = wrap(said, SAID_LETTERS)
        x, y = LEFT / style.WIDTH, 1 - (TOP - 0.32 - 0.2 * len(below)) / height
        figure.text(x, y, "\n".join(lines), size=size, weight="bold", va="bottom",
                    linespacing=1.15)  # fmt: skip
        figure.text(x, y - 0.1 / height, "\n".join(below), color=SOFT, size=SMALL, va="top")
        draw(figure)
    return figure


def png(figure: Figure) -> bytes:
    """The picture as a PNG file."""
    return _written(figure)


def png_without_title(figure: Figure) -> bytes:
    """The picture as a PNG file, for a page that says the title above it."""
    from matplotlib.transforms import Bbox

    title, said = figure.texts[:2]
    wide, high = figure.get_size_inches()
    title.set_visible(False)
    return _written(figure, bbox_inches=Bbox([[0, 0], [wide, said.get_position()[1] * high + 0.1]]))


def _written(figure: Figure, **how: object) -> bytes:
    file = BytesIO()
    style.write_png(figure, file, **how)
    return file.getvalue()


def panel(figure: Figure, left: float, right: float, top: float, bottom: float) -> Axes:
    """Axes between these margins, inches from the figure's edges."""
    wide, high = figure.get_size_inches()
    return figure.add_axes(
        (left / wide, bottom / high, 1 - (left + right) / wide, 1 - (top + bottom) / high)
    )


def plain(value: float) -> str:
    """A number as it stands on an axis."""
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return text.replace("-", "−")
