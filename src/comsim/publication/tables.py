"""Tables as CSV: a header, commas, UTF-8; missing values are empty; numbers are read back exactly.

Text that a spreadsheet would evaluate as a formula begins with an apostrophe.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet
from pyarrow import csv

from comsim.scenario.csvfile import harmless
from comsim.studies.experiments.portable import DESIGN
from comsim.studies.experiments.result import Sweep
from comsim.studies.shards.check import check_runs
from comsim.studies.shards.files import MERGED

RUNS, SEEDS = "runs.csv", "seeds.csv"


def runs_of(sweep: Sweep) -> pa.Table:
    """The table of runs; InputError if it has changed since it was written."""
    check_runs(sweep.folder, sweep.manifest)
    return parquet.read_table(sweep.folder / MERGED).replace_schema_metadata()


def write_tables(sweep: Sweep, folder: Path) -> None:
    """Write runs.csv (one row per run), design.csv (per point) and seeds.csv (per world)."""
    runs = runs_of(sweep)
    write_csv(folder / RUNS, [runs])
    points = runs.filter(pc.equal(runs["world"], 0))
    write_csv(folder / DESIGN, [points.select(["point", *(f.column for f in sweep.factors)])])
    worlds = runs.filter(pc.equal(runs["point"], 0))
    write_csv(folder / SEEDS, [worlds.select(["world", "seed", "draw"])])


def write_csv(path: Path, tables: Iterable[pa.Table], above: bytes = b"", **options: Any) -> None:
    """Write tables with the same columns one below the other, after the text `above`. `options` are
    those of pyarrow's CSV writer."""
    with path.open("wb") as file:
        file.write(above)
        for number, table in enumerate(map(_ready, tables)):
            how = csv.WriteOptions(include_header=number == 0, **options)
            csv.write_csv(table, file, how)


def _ready(table: pa.Table) -> pa.Table:
    """The table with empty cells for missing numbers, and text that is no formula."""
    for at, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        if pa.types.is_floating(column.type):
            nothing = pa.scalar(None, column.type)
            table = table.set_column(at, name, pc.if_else(pc.is_nan(column), nothing, column))
        elif pa.types.is_string(column.type):
            text = [x if x is None else harmless(x) for x in column.to_pylist()]
            table = table.set_column(at, name, pa.array(text, column.type))
    return table
