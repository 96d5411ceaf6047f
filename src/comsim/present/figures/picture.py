"""A figure that a notebook shows by itself, whether or not pyplot is used there."""

from __future__ import annotations

from io import BytesIO

from matplotlib.figure import Figure

from comsim.present.figures.style import write_png


class Picture(Figure):
    """A matplotlib figure."""

    def _repr_png_(self) -> bytes:
        file = BytesIO()
        write_png(self, file)
        return file.getvalue()
