"""Works that tests carry out. Processes import them, so that they stand in a module."""

from __future__ import annotations

import math
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from comsim.model.rng import Purpose, uniform_from, words
from comsim.scenario.worlds import make_worlds
from comsim.studies.experiments.runs import ExperimentWork, RunTables

ROOT = Path(__file__).parent.parent  # on whose path workers find this module


@dataclass(frozen=True)
class Ishigami:
    """The Ishigami function (a = 7, b = 0.1) at points drawn by number of run."""

    runs: int = 40
    runs_a_shard: int = 7
    seed: int = 1
    fails: int = 0
    """Every so many runs fail (0: none)."""
    pause: float = 0.0
    """Seconds a shard."""
    deadly: int = -1
    """A shard with this first run kills its process,"""
    deaths: int = 0
    """so many times,"""
    marks: str = ""
    """counted by files in this folder."""

    @property
    def identity(self) -> dict[str, Any]:
        return {"experiment": {"seed": self.seed, "fails": self.fails}, "code": "1"}

    @property
    def inputs(self) -> dict[str, bytes]:
        return {}

    def stretch(self, first: int, stop: int) -> dict[str, pa.Table]:
        time.sleep(self.pause)
        if first == self.deadly and len(os.listdir(self.marks)) < self.deaths:
            Path(self.marks, str(time.time_ns())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        rows = [self.run(number) for number in range(first, stop)]
        lived = np.array([number for number in range(first, stop) if not self.failing(number)])
        return {
            "runs": pa.Table.from_pylist(rows),
            "series": pa.table(
                {"run": np.repeat(lived, 3), "day": np.tile(np.arange(3), len(lived))},
                schema=pa.schema({"run": pa.int64(), "day": pa.int64()}),
            ),
        }

    def failing(self, number: int) -> bool:
        return bool(self.fails) and number % self.fails == 0

    def run(self, number: int) -> dict[str, Any]:
        drawn = words(self.seed, Purpose.WORLD, 0, number)[:3]
        x = [(2 * uniform_from(word) - 1) * math.pi for word in drawn]
        y = ishigami(*x)
        wrong = "no such point" if self.failing(number) else None
        return {"run": number, "x1": x[0], "x2": x[1], "x3": x[2], "y": y, "error": wrong}


def ishigami(one: float, two: float, three: float) -> float:
    """The function of Ishigami and Homma 1990, with a = 7 and b = 0.1."""
    return math.sin(one) + 7 * math.sin(two) ** 2 + 0.1 * three**4 * math.sin(one)


class IshigamiPoints(ExperimentWork):
    """An experiment whose only outcome is the Ishigami function, of where its three factors are in
    their ranges (-pi to pi), instead of a life."""

    def stretch(self, first: int, stop: int) -> dict[str, pa.Table]:
        experiment, rows = self.experiment, RunTables(self.experiment, first, stop)
        low, high = np.array([factor.span for factor in experiment.factors]).T
        x = (2 * (experiment.codes[first:stop] - low) / (high - low) - 1) * math.pi
        rows.outcomes[:, 0] = [ishigami(*point) for point in x]
        return rows.tables(experiment.codes, make_worlds(1, 1))


@dataclass(frozen=True)
class Elsewhere(Ishigami):
    """A work that finds other packages in each process."""

    @property
    def identity(self) -> dict[str, Any]:
        return {"packages": {"numpy": os.getpid()}}


class Threads:
    """A task that says how many threads its process may have."""

    def __call__(self, shard: object) -> int:
        import numba

        return numba.get_num_threads()


class Nothing:
    """A task that hands back its shard."""

    def __call__(self, shard: Any) -> Any:
        return shard


def contents(folder: Path) -> dict[str, bytes]:
    """All that must be the same, however a work was carried out."""
    paths = [folder / "runs.parquet", *(folder / "series").iterdir()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
