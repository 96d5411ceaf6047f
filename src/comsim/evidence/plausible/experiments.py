"""Published experiments and base rates, simulated in rows.

Each row is a world of its own for `comsim validate`: its numbers hold wherever the scenario of a
fact does not set them. Effects are measured between randomised arms with common random numbers
(`comsim.evidence.trials`). All experiments in a row take some 10 seconds. The figures of each row
are kept in a folder; an interrupted run continues where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from comsim.common.machine import processors
from comsim.evidence.collection import facts
from comsim.evidence.data import data
from comsim.evidence.fact import Check, Fact
from comsim.evidence.facts import MEASURES
from comsim.evidence.trials import TRIALS
from comsim.evidence.world import MARKET, FactWorld
from comsim.files.aside import written_aside
from comsim.files.origin import code_hash, hash_of
from comsim.files.parquet import check_sealed, write_sealed
from comsim.scenario.worlds import make_worlds
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd

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


def figures(row: Mapping[str, float], seed: int) -> dict[str, float]:
    """All figures of the used facts in a row, named as in `label`; NaN for one that does not
    exist."""
    world = FactWorld(0, 1, seed, row=dict(row), whole=False)
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
    key = hash_of(repr([rows, seed, MARKET, origin, code_hash("model", "measure")]).encode())[:8]
    names = [folder / f"{at:04d}-{key}.parquet" for at in range(len(rows))]

    def one(at: int) -> None:
        if not names[at].exists():
            with written_aside(names[at]) as part:
                write_sealed(pd.DataFrame([figures(rows[at], worlds[at].seed)]), part)
        check_sealed(names[at])

    with ThreadPoolExecutor(jobs or processors()) as pool:
        for done, _ in enumerate(pool.map(one, range(len(rows))), 1):
            if progress:
                progress(done, len(rows))
    return pd.concat(map(pd.read_parquet, names), ignore_index=True)
