"""What an analysis says: a finding in one line, a plain sentence, a table, and a picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from comsim.copies import Copied

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Answer:
    """One question about a sweep, answered."""

    name: str
    """Names its files: small letters, digits and underscores."""
    title: str
    """The finding in one line, for a heading and over the picture."""
    sentence: str
    """The finding in plain sentences."""
    table: pd.DataFrame = Copied()
    warnings: tuple[str, ...] = ()
    """What keeps it from being sure, a sentence each."""
    figure: str = ""
    """Which picture: "module.function" in `comsim.figures`; empty for none."""
    data: dict[str, Any] | None = Copied(default=None)
    """What that function is given by name, besides the title."""

    def draw(self) -> Any:
        """The picture, a matplotlib figure; None where there is none."""
        if not self.figure:
            return None
        module, function = self.figure.split(".")
        return getattr(import_module(f"comsim.figures.{module}"), function)(
            title=self.title, **(self.data or {})
        )

    def __repr__(self) -> str:
        return f"<Answer {self.name}: {self.title}>"

    def _repr_html_(self) -> str:
        from comsim.analysis.folder import as_html

        return as_html([self])
