"""`[intake]` and `[observed]`: records of a real community in CSV files."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, model_validator

from comsim.common.copies import FixedDict
from comsim.model.catalogue import COLUMNS
from comsim.scenario.checks import Described, one_of, text, wrong
from comsim.scenario.table import Name, Table

# Daily columns that can be observed in a real community.
COUNTED = [name for name, column in COLUMNS.items() if column.observable and column.unit != "code"]


class CsvSeries(Table):
    """A CSV with one row per day. Its path is relative to the scenario file."""

    csv: text(1000) | None = None
    """The file; may also be given on the command line."""
    date: Name | None = None
    """Column of ISO dates; by default `date` or `day`, whichever the file has."""
    day: Name | None = None
    """Column of day numbers, instead of dates."""

    @model_validator(mode="after")
    def _one_clock(self) -> CsvSeries:
        if self.date and self.day:
            wrong(Described("date and day"), "one of date, day")
        return self


class Intake(CsvSeries):
    """Joiners by day: whole numbers that replace the lever `intake`. Nobody joins on days without a
    row."""

    column: Name = "joiners"
    """Column with the number of joiners."""
    cumulative: StrictBool = False
    """Whether the column holds the total number of accounts instead of the day's joiners."""


class Observed(CsvSeries):
    """Series of the real community, shown with the simulated ones. Days may be missing."""

    columns: Annotated[
        dict[one_of(COUNTED, "metric"), Name],
        Field(min_length=1, description="a table of daily metric = column of the CSV"),
        AfterValidator(FixedDict),
    ]

    @model_validator(mode="after")
    def _columns_once(self) -> Observed:
        names = list(self.columns.values())
        for place, (metric, name) in enumerate(self.columns.items()):
            if name in names[:place]:
                twice = Described(f"column {name!r} twice")
                wrong(twice, "one column per metric", f"columns.{metric}")
        return self
