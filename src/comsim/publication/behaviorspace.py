"""Tables in the form of NetLogo's BehaviorSpace ("Table version 2.0"), for tools that read those.

Six lines (program, model, experiment, date, names and values of the world's bounds), then a header:
"[run number]", what was varied, "[step]", what was measured. All values stand in quotes. A model
without patches is given the bounds of a single one. A step is a day; in the table of runs, `[step]`
is how many days were lived, in that of days, the number of the day, from 0. What does not exist is
empty, and a run that failed has no outcomes and 0 steps, since NetLogo's own form knows neither.

Form: NetLogo user manual, BehaviorSpace guide, "Table output"; NetLogo's TableExporter.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from comsim.publication.tables import runs_of, write_csv
from comsim.scenario.csvfile import harmless
from comsim.studies.experiments.result import Sweep

TABLE, DAILY = "behaviorspace.csv", "behaviorspace_daily.csv"
RUN, STEP = "[run number]", "[step]"
BOUNDS = ("min-pxcor", "max-pxcor", "min-pycor", "max-pycor")


def write_behaviorspace(sweep: Sweep, folder: Path) -> None:
    """Write behaviorspace.csv (a row a run) and, if series were kept, behaviorspace_daily.csv
    (a row a run and day)."""
    runs, above = runs_of(sweep), _above(sweep)
    varied = [factor.column for factor in sweep.factors]
    outcomes = [asked.name for asked in sweep.experiment.outcomes]
    head = [RUN, *varied, STEP]
    table = runs.select(["run", *varied, "lived", *outcomes]).rename_columns([*head, *outcomes])
    write_csv(folder / TABLE, [table], above, quoting_style="all_valid")
    if kept := sweep.experiment.series:
        # A factor may have the name of a metric.
        names = [*head, *(f"daily {x}" if x in varied else x for x in kept.metrics)]
        each = (table.rename_columns(names) for table in _days(sweep, runs.select(varied)))
        write_csv(folder / DAILY, each, above, quoting_style="all_valid")


def _days(sweep: Sweep, varied: pa.Table) -> Iterator[pa.Table]:
    """The daily series, a shard at a time: run, what was varied, day, metrics."""
    for path in sweep.series_files():
        run, day, *metrics = parquet.read_table(path).columns
        columns = [run, *varied.take(run).columns, day, *metrics]
        yield pa.Table.from_arrays(columns, list(map(str, range(len(columns)))))


def _above(sweep: Sweep) -> bytes:
    """The six lines above the header."""
    said = sweep.manifest
    finished = datetime.fromisoformat(said.updated).astimezone(UTC)
    lines = [
        [f"BehaviorSpace results (comsim {said.identity['comsim']})", "Table version 2.0"],
        [", ".join(said.identity["scenarios"])],
        [" ".join(sweep.experiment.name.split())],
        [f"{finished:%m/%d/%Y %H:%M:%S}:000 +0000"],
        BOUNDS,
        ["0"] * len(BOUNDS),
    ]
    text = StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        map(harmless, line) for line in lines
    )
    return text.getvalue().encode()
