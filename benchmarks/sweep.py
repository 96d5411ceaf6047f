"""What the machinery of sweeps costs: `python benchmarks/sweep.py` (Linux, a minute).

A work whose runs cost nothing, with 20 numbers a run and shards of 68 runs, as many as take about
a second with 2,000 people over two years. Times of processors are summed over all processes.
With `--real`: the runs of experiments/ads_and_cadence.toml, 1,008 and 10,080 of them (minutes).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from comsim.studies.experiments.checks import load_experiment
from comsim.studies.experiments.experiment import Experiment
from comsim.studies.experiments.runs import ExperimentWork
from comsim.studies.shards.carry_out import carry_out
from comsim.studies.shards.engines import engine_of

JOBS = 2
EXPERIMENT = Path(__file__).parent.parent / "experiments" / "ads_and_cadence.toml"


@dataclass(frozen=True)
class Free:
    """Runs that cost nothing."""

    runs: int
    runs_a_shard: int = 68
    identity: dict[str, Any] = field(default_factory=lambda: {"work": "free"})
    inputs: dict[str, bytes] = field(default_factory=dict)

    def stretch(self, first: int, stop: int) -> dict[str, pa.Table]:
        run = np.arange(first, stop)
        columns = {f"x{k}": np.sin(run * float(k)) for k in range(20)}
        none = pa.nulls(len(run), pa.string())
        return {"runs": pa.table({"run": run, **columns, "error": none})}


def measure(engine: str, runs: int) -> None:
    """Carry out runs in this process; print seconds, seconds of processors and peak bytes."""
    from sweep import Free  # by a name that workers find

    me, marks, began_with = psutil.Process(), [], []

    def mark(family: list[psutil.Process]) -> None:
        used = sum(sum(one.cpu_times()[:2]) for one in family)
        marks.append(np.array([time.perf_counter(), used]))

    def progress(done: int, *_) -> None:
        if done == runs and len(marks) > 2:
            return
        if done == runs:  # the workers are at the end, then comes the merging, here
            mark([me, *me.children()])
            mark([me])
        elif 2 * done >= runs and not marks:  # by then all workers have begun
            began_with.append(done)
            mark([me, *me.children()])

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        chosen = engine_of(engine, None if engine == "serial" else JOBS)
        carry_out(Free(runs), Path(folder) / "out", chosen, progress=progress)
        spent = time.perf_counter() - began
        mark([me])
    passed, used = (marks[1] - marks[0]) / (runs - began_with[0]) + (marks[3] - marks[2]) / runs
    print(spent, passed, used, peak_of(me))


@dataclass(frozen=True)
class Timed:
    """An experiment's runs that say, each, the processor's seconds in their days, in making their
    world besides, and in all that a run takes until it is a row."""

    work: ExperimentWork

    @property
    def runs(self) -> int:
        return self.work.runs

    @property
    def runs_a_shard(self) -> int:
        return self.work.runs_a_shard

    @property
    def identity(self) -> dict[str, Any]:
        return self.work.identity

    @property
    def inputs(self) -> dict[str, bytes]:
        return self.work.inputs

    def stretch(self, first: int, stop: int) -> dict[str, pa.Table]:
        spent = np.zeros(2)
        days, life = "comsim.run.simulation.run_days", "comsim.studies.experiments.runs.whole_life"
        with timed(days, spent[:1]), timed(life, spent[1:]):
            began = time.process_time()
            tables = self.work.stretch(first, stop)
            whole = time.process_time() - began
        table, each = tables["runs"], np.ones(stop - first) / (stop - first)
        for name, seconds in zip(("in_days", "in_life", "in_row"), (*spent, whole), strict=True):
            table = table.append_column(name, pa.array(each * seconds))
        return tables | {"runs": table}


@contextmanager
def timed(name: str, spent: np.ndarray) -> Iterator[None]:
    """While it lasts, add up in `spent` the processor's seconds that a function takes."""
    module, _, function = name.rpartition(".")
    called = getattr(import_module(module), function)

    def watched(*arguments: Any, **more: Any) -> Any:
        began = time.process_time()
        found = called(*arguments, **more)
        spent[0] += time.process_time() - began
        return found

    with patch(name, watched):
        yield


def measure_real(worlds: int) -> None:
    """Carry out the experiment in so many worlds on two processes; print the shares."""
    from sweep import Timed

    known = load_experiment(EXPERIMENT)
    said = known.to_dict() | {"worlds": {"number": worlds, "drawn": True}}
    experiment = Experiment.from_dict(said, known.file, known.folder)
    work, me, peaks = Timed(ExperimentWork.of(experiment)), psutil.Process(), []

    def progress(done: int, *_) -> None:
        peaks.append(max(peak_of(one) for one in me.children() or [me]))

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        began, used = time.perf_counter(), time.process_time()
        carry_out(work, out, engine_of("processes", JOBS), progress=progress)
        passed, used = time.perf_counter() - began, time.process_time() - used
        table = pq.read_table(out / "runs.parquet", columns=["in_days", "in_life", "in_row"])
    days, life, row = (np.sum(column.to_numpy()) for column in table.columns)
    print(work.runs, passed, days, life - days, row - life, used, peak_of(me), max(peaks))


def peak_of(process: psutil.Process) -> int:
    """The most memory that a process has had, in bytes."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def real() -> None:
    """Print the table of real runs."""
    print("runs    seconds  in days   their worlds  row  coordinator     MB at the peak")
    print("        in all   ms a run  % of days     %    %               coordinator  worker")
    for worlds in (16, 160):
        command = [sys.executable, __file__, "--measure", "real", str(worlds)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        runs, passed, days, world, row, used, mine, theirs = map(float, said.split())
        line = (f"{runs:<8,.0f}{passed:<9.0f}{days / runs * 1e3:<10.1f}{world / days:<14.1%}"
                f"{row / days:<5.1%}{used / days:<16.1%}{mine / 1e6:<13.0f}")  # fmt: skip
        print(f"{line}{theirs / 1e6:.0f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", action="store_true", help="the runs of an experiment")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        engine, number = arguments.measure
        measure_real(int(number)) if engine == "real" else measure(engine, int(number))
        return
    if arguments.real:
        real()
        return
    print("engine      runs     seconds   microseconds a run        MB at the peak")
    print("                     in all    passed   of processors    of the coordinator")
    for engine in ("serial", "processes", "dask"):
        for runs in (1_000, 10_000):
            command = [sys.executable, __file__, "--measure", engine, str(runs)]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            spent, passed, used, peak = map(float, said.split())
            few = runs < 10_000  # the times of processors are told in hundredths of a second
            times = ["", ""] if few else [f"{time * 1e6:.0f}" for time in (passed, used)]
            print(f"{engine:<12}{runs:<9,}{spent:<10.2f}{times[0]:<9}{times[1]:<17}"
                  f"{peak / 1e6:.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
