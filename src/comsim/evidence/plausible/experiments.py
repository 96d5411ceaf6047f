"""Published experiments and base rates, simulated in rows.

Each row is a world of its own for `comsim validate`: its numbers hold wherever the scenario of a
fact does not set them. Effects are measured between randomised arms with common random numbers
(`comsim.evidence.trials`). Markets have MARKET people, so that all experiments in a row take about
20 seconds. Results are kept in a folder in shards; an interrupted run continues where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.common.machine import processors
from comsim.evidence.collection import facts
from comsim.evidence.data import data
from comsim.evidence.fact import Check, Fact
from comsim.evidence.facts import MEASURES
from comsim.evidence.trials import TRIALS
from comsim.evidence.world import FactWorld
from comsim.files.aside import written_aside
from comsim.files.origin import code_hash, hash_of
from comsim.files.parquet import check_sealed, write_sealed
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.scenario.worlds import make_worlds
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd

MARKET = 40_000
SHARD = 8  # rows in a file
VISITS = ("F2", "F3", "F6")  # facts of R4DS, the only real community with a record of visits


def used() -> dict[str, Fact]:
    """The facts that rows are weighed by: used effects and base rates, and facts about visits."""
    return {
        id: fact
        for id, fact in facts().items()
        if fact.mark == "used"
        and fact.missing is None
        and (fact.kind in ("E", "B") or id in VISITS)
    }


def deciding(fact: Fact) -> list[Check]:
    """The figures of a fact that rows are weighed by: those with a band on both sides."""
    return [check for check in fact.checks if np.isfinite(check.low) and np.isfinite(check.high)]


def as_scenario(row: Mapping[str, float]) -> dict[str, Any]:
    """The parameters and traits of a row in the form of a scenario file."""
    traits = {name: row[name] for name in TRAITS if name in row}
    return {
        "parameters": {name: row[name] for name in PARAMETERS if name in row},
        "segments": [{"name": "all", **traits}],
    }


def figures(row: Mapping[str, float], seed: int) -> dict[str, float]:
    """All figures of the used facts in a row, named as in `label`; NaN for one that does not
    exist."""
    world = FactWorld(0, 1, seed, {"community": {"market": MARKET}}, as_scenario(row))
    found = {}
    for id, fact in used().items():
        measured = (TRIALS | MEASURES)[id](world)
        for check in deciding(fact):
            value = measured[check.figure]
            found[label(fact, check)] = np.nan if value is None else value
    world.forget()
    return found


def label(fact: Fact, check: Check) -> str:
    """The name of a figure: that of its fact, if it has only one."""
    return fact.id if len(deciding(fact)) == 1 else f"{fact.id}.{check.figure}"


def simulated(
    rows: Sequence[Mapping[str, float]],
    folder: Path,
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The figures of each row, one line per row."""
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    worlds = make_worlds(seed, len(rows), fixed=True)
    origin = [data(f"{name}.toml") for name in ("effects", "trials", "facts", "scenarios")]
    key = hash_of(repr([rows, seed, origin, code_hash("model", "measure")]).encode())[:8]
    tables = []
    with ThreadPoolExecutor(jobs or processors()) as pool:
        for first in range(0, len(rows), SHARD):
            file = folder / f"{first:04d}-{key}.parquet"
            if not file.exists():
                these = slice(first, first + SHARD)
                seeds = [world.seed for world in worlds[these]]
                with written_aside(file) as part:
                    write_sealed(pd.DataFrame(list(pool.map(figures, rows[these], seeds))), part)
            check_sealed(file)
            tables.append(pd.read_parquet(file))
            if progress:
                progress(min(first + SHARD, len(rows)), len(rows))
    return pd.concat(tables, ignore_index=True)
