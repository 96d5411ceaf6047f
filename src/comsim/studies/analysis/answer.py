"""An answer: a finding as a title, as a sentence, as a table and as a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from comsim.common.copies import Copied

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Answer:
    """The answer to one question about a sweep."""

    name: str
    """The name of its files: lower-case letters, digits and underscores."""
    title: str
    """The finding in one line, for headings and above the figure."""
    sentence: str
    """The finding in full sentences."""
    table: pd.DataFrame = Copied()
    warnings: tuple[str, ...] = ()
    """Reasons why it is uncertain, one sentence each."""
    figure: str = ""
    """The function that draws it: "module.function" in `comsim.present.figures`; empty for none."""
    data: dict[str, Any] | None = Copied(default=None)
    """The arguments of that function, except the title."""

    # Attached by `comsim.results.analysis`.
    draw: ClassVar[Callable[..., Any]]

    def __repr__(self) -> str:
        return f"<Answer {self.name}: {self.title}>"
