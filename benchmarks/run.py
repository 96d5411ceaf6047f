"""Benchmarks, as ratios from one run: `python benchmarks/run.py`.

Times are the process's own processor time, so that a busy machine disturbs less; with threads
it is wall time. Each figure is the best of a few runs.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import floor

import comsim
from comsim.reference import ReferenceCommunity

DAYS = 120


def scenario(members: int, days: int = DAYS) -> comsim.Scenario:
    """The defaults, with everybody joining on day 0, so that the size is known."""
    return comsim.Scenario.from_dict(
        {
            "name": "benchmark",
            "days": days,
            "community": {"market": members},
            "policy": {
                "seed_group": 0,
                "intake": {"base": 0, "on": [{"day": 0, "value": members}]},
            },
        }
    )


def kernel_seconds(members: int, threads: int, repeats: int) -> tuple[float, comsim.Run]:
    """Best wall time of a run, and the run."""
    best, run = float("inf"), None
    for _ in range(repeats):
        run = comsim.simulate(scenario(members), threads=threads)
        best = min(best, run.seconds)
    return best, run


def peak_bytes(members: int) -> int:
    """Peak memory of a fresh process that runs one community."""
    output = subprocess.run(
        [sys.executable, __file__, "--peak", str(members)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(output.stdout)


def reference_row(members: int, days: int) -> None:
    """Kernel against reference: the same model, the same numbers."""
    comsim.simulate(scenario(members, days))
    run = comsim.simulate(scenario(members, days), threads=1)
    twin = ReferenceCommunity(scenario(members, days))
    began = time.process_time()
    for _ in range(days):
        twin.step()
    slow = time.process_time() - began
    same = all((twin.daily[name] == run.world.daily[name]).all() for name in twin.daily.dtype.names)
    print(
        f"kernel against reference ({members:,} members, {days} days): {slow / run.seconds:,.0f} times"
    )
    print(f"  same numbers: {same}\n")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    arguments = parser.parse_args()
    if arguments.peak is not None:
        comsim.simulate(scenario(arguments.peak), threads=1)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
        return
    reference_row(2_000, 30)
    base = peak_bytes(100)
    print("members    member-days/s      2 threads   kernel    bytes     visits")
    print("           one core           / 1         / floor   a member  a member-day")
    for members in arguments.sizes:
        repeats = 5 if members < 1_000_000 else 2
        one, run = kernel_seconds(members, 1, repeats)
        two, _ = kernel_seconds(members, 2, repeats)
        member_days = int(run.world.daily["members"].sum())
        low = min(floor.seconds_of(run.world, DAYS, time.perf_counter) for _ in range(2))
        size = (peak_bytes(members) - base) / members
        share = run.world.daily["dau"].sum() / member_days
        print(
            f"{members:<10,} {member_days / one:<18.2e} {one / two:<11.2f} {one / low:<9.2f} "
            f"{size:<9.0f} {share:.3f}"
        )
    print("\nThe floor moves, at the least:")
    for function, total in floor.BYTES.items():
        print(f"  {function}: {total}")


if __name__ == "__main__":
    main()
