"""Published experiments and base rates, simulated in rows.

Each row is a world of its own for `comsim validate`: its numbers hold wherever the scenario of a
fact does not set them. Effects are measured between randomised arms with common random numbers
(`comsim.evidence.trials`). All experiments in a row take some 10 seconds. The figures of each row
are kept in a folder; an interrupted run continues where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from comsim.common.threads import in_threads
from comsim.evidence.collection import facts
from comsim.evidence.fact import Check, Fact
from comsim.evidence.facts import MEASURES
from comsim.evidence.plausible.prior import EXPERIMENTS, LIVES
from comsim.evidence.trials import TRIALS
from comsim.evidence.world import FactWorld
from comsim.files.aside import written_aside
from comsim.files.origin import hash_of, parts_hash
from comsim.files.parquet import check_sealed, write_sealed
from comsim.scenario.worlds import make_worlds
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd

FILES = (
    "effects.toml", "trials.toml", "facts.toml", "scenarios.toml", "world.py", "trials", "facts",
)  # fmt: skip
DEPENDS = (*LIVES, *(f"evidence/{name}" for name in FILES))
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

    def made(row: Mapping[str, float], seed: int) -> pd.DataFrame:
        return pd.DataFrame([figures(row, seed)])

    return kept(made, rows, folder, EXPERIMENTS + seed, parts_hash(*DEPENDS), jobs, progress)


def kept(
    made: Callable[[Mapping[str, float], int], pd.DataFrame],
    rows: Sequence[Mapping[str, float]],
    folder: Path,
    seed: int,
    origin: str,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The tables that a function makes of each row and a random seed, one after another. Each is
    kept in the folder, under a hash of what it depends on."""
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    seeds = [world.seed for world in make_worlds(seed, len(rows), fixed=True)]
    files = [
        folder / f"{hash_of(repr([dict(row), own, origin]).encode())}.parquet"
        for row, own in zip(rows, seeds, strict=True)
    ]

    def one(at: int) -> None:
        if not files[at].exists():
            with written_aside(files[at]) as part:
                write_sealed(made(rows[at], seeds[at]), part)
        check_sealed(files[at])

    in_threads(one, range(len(rows)), jobs, progress)
    return pd.concat(map(pd.read_parquet, files), ignore_index=True)
