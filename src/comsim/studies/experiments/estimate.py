"""The time and disk space that an experiment needs, estimated from a few timed runs."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from comsim.language.amounts import duration, size
from comsim.studies.experiments.runs import ExperimentWork

PILOTS = 5  # runs that are timed, spread over the design
PATIENCE = 2.0  # seconds after which no further run is timed
# Bytes of a value on the disk, compressed: measured on a few sweeps, rounded up.
BYTES_A_VALUE, BYTES_OF_SERIES = 3, 2
LONG, MUCH = 600, 1_000_000_000  # seconds and bytes above which the user confirms


@dataclass(frozen=True)
class Estimate:
    """The size of an experiment."""

    points: int
    worlds: int
    seconds_a_run: float
    """On one core."""
    jobs: int
    bytes: int
    """On disk."""

    @property
    def runs(self) -> int:
        return self.points * self.worlds

    @property
    def seconds(self) -> float:
        """From the first run to the last."""
        return self.runs * self.seconds_a_run / self.jobs

    @property
    def large(self) -> bool:
        """Whether the user should confirm first."""
        return self.seconds > LONG or self.bytes > MUCH

    @property
    def sentence(self) -> str:
        """The estimate in words."""
        cores = "1 core" if self.jobs == 1 else f"{self.jobs} cores"
        worlds = "1 world" if self.worlds == 1 else f"{self.worlds:,} worlds"
        return (
            f"{self.runs:,} runs ({self.points:,} points in {worlds}): about "
            f"{duration(self.seconds)} on {cores}, {size(self.bytes)} on disk"
        )


def estimate(work: ExperimentWork, jobs: int) -> Estimate:
    """Time on a number of cores, and disk space. The first run is not timed, since it may
    compile."""
    experiment, seconds = work.experiment, []
    work.stretch(0, 1)
    for run in np.linspace(0, work.runs - 1, PILOTS).astype(int).tolist():
        began = time.perf_counter()
        work.stretch(run, run + 1)
        seconds.append(time.perf_counter() - began)
        if sum(seconds) > PATIENCE:
            break
    columns = 7 + len(experiment.factors) + len(experiment.outcomes)
    room = columns * BYTES_A_VALUE
    if kept := experiment.series:
        rows = -(-experiment.longest // kept.every)
        room += rows * (2 + len(kept.metrics)) * BYTES_OF_SERIES
    return Estimate(
        experiment.points, experiment.worlds.number, float(np.mean(seconds)), jobs, room * work.runs
    )
