"""What an analysis says: a finding in one line, a plain sentence, a table, and a picture of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from comsim.common.copies import Copied

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
    """Which picture: "module.function" in `comsim.present.figures`; empty for none."""
    data: dict[str, Any] | None = Copied(default=None)
    """What that function is given by name, besides the title."""

    # Attached by `comsim.results.analysis`.
    draw: ClassVar[Callable[..., Any]]

    def __repr__(self) -> str:
        return f"<Answer {self.name}: {self.title}>"
