"""Tables in the form of NetLogo's BehaviorSpace ("Table version 2.0"), for tools that read them.

Six lines (program, model, experiment, date, names and values of the world's bounds) precede the
header: "[run number]", factors, "[step]", outcomes. All values are quoted. The model has no space,
so the bounds are those of a single patch. A step is a day; in the table of runs, `[step]` is the
number of simulated days, in that of days, the number of the day, from 0. Values that do not exist
are empty, and a failed run has no outcomes and 0 steps, since NetLogo's form has neither.

Source: NetLogo user manual, BehaviorSpace guide, "Table output"; NetLogo's TableExporter.
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
    """Write behaviorspace.csv (one row per run) and, if series were stored, behaviorspace_daily.csv
    (one row per run and day)."""
    runs, above = runs_of(sweep), _above(sweep)
    varied = [factor.column for factor in sweep.factors]
    outcomes = [outcome.name for outcome in sweep.experiment.outcomes]
    head = [RUN, *varied, STEP]
    table = runs.select(["run", *varied, "lived", *outcomes]).rename_columns([*head, *outcomes])
    write_csv(folder / TABLE, [table], above, quoting_style="all_valid")
    if kept := sweep.experiment.series:
        # A factor may have the name of a metric.
        names = [*head, *(f"daily {x}" if x in varied else x for x in kept.metrics)]
        each = (table.rename_columns(names) for table in _days(sweep, runs.select(varied)))
        write_csv(folder / DAILY, each, above, quoting_style="all_valid")


def _days(sweep: Sweep, varied: pa.Table) -> Iterator[pa.Table]:
    """The daily series, shard by shard: run, factors, day, metrics."""
    for path in sweep.series_files():
        run, day, *metrics = parquet.read_table(path).columns
        columns = [run, *varied.take(run).columns, day, *metrics]
        yield pa.Table.from_arrays(columns, list(map(str, range(len(columns)))))


def _above(sweep: Sweep) -> bytes:
    """The six lines above the header."""
    manifest = sweep.manifest
    finished = datetime.fromisoformat(manifest.updated).astimezone(UTC)
    lines = [
        [f"BehaviorSpace results (comsim {manifest.identity['comsim']})", "Table version 2.0"],
        [", ".join(manifest.identity["scenarios"])],
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
