"""What the machinery of sweeps costs: `python benchmarks/sweep.py` (Linux, a minute).

A work whose runs cost nothing, with 20 numbers a run and shards of 68 runs, as many as take about
a second with 2,000 people over two years. Times of processors are summed over all processes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa

from comsim.shards.carry_out import carry_out
from comsim.shards.engines import engine_of

JOBS = 2


@dataclass(frozen=True)
class Free:
    """Runs that cost nothing."""

    runs: int
    runs_a_shard: int = 68
    identity: dict[str, Any] = field(default_factory=lambda: {"work": "free"})

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
        carry_out(Free(runs), Path(folder) / "out", engine_of(engine, JOBS), progress=progress)
        spent = time.perf_counter() - began
        mark([me])
    passed, used = (marks[1] - marks[0]) / (runs - began_with[0]) + (marks[3] - marks[2]) / runs
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    print(spent, passed, used, peak)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure[0], int(arguments.measure[1]))
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
