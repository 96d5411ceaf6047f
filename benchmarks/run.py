"""Benchmarks, as ratios from one run: `python benchmarks/run.py` (Linux, some minutes).

The community is the default one with everybody joining on day 0, so that its size is known, and
lives for two years: at first a quarter of the members visit on a day, in the end hardly any. Times
are wall times, the best of a few runs; the machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import floor

import comsim
from comsim.reference import ReferenceCommunity

DAYS = 730


def scenario(members: int, days: int = DAYS) -> comsim.Scenario:
    """The defaults, with everybody joining on day 0 and nobody later."""
    joining = {"base": 0, "on": [{"day": 0, "value": members}]}
    return comsim.Scenario.from_dict(
        {
            "name": "benchmark",
            "days": days,
            "community": {"market": members},
            "policy": {"seed_group": 0, "intake": joining},
        }
    )


def kernel(members: int, threads: int, repeats: int, days: int = DAYS) -> comsim.Run:
    """The quickest of a few runs."""
    runs = (comsim.simulate(scenario(members, days), threads=threads) for _ in range(repeats))
    return min(runs, key=lambda run: run.seconds)


def peak_bytes(members: int) -> int:
    """Peak memory of a fresh process that runs one community."""
    command = [sys.executable, __file__, "--peak", str(members)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def print_peak(members: int) -> None:
    """What `peak_bytes` asks of its process. (ru_maxrss would tell of the parent as well.)"""
    comsim.simulate(scenario(members, 60), threads=1)
    lines = Path("/proc/self/status").read_text().splitlines()
    print(next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")))


def against_reference(members: int, days: int) -> None:
    """Kernel against reference: the same model, the same numbers."""
    once = scenario(members, days)
    run = min((comsim.simulate(once, threads=1) for _ in range(5)), key=lambda run: run.seconds)
    twin = ReferenceCommunity(once)
    began = time.perf_counter()
    twin.run()
    ratio = (time.perf_counter() - began) / run.seconds
    same = all((twin.daily[name] == run.world.daily[name]).all() for name in twin.daily.dtype.names)
    print(f"kernel against reference, {members:,} members, {days} days: {ratio:,.0f} times")
    print(f"  same numbers: {same}\n")


def row(members: int, base: int) -> None:
    """One size: speed, threads, floor, memory."""
    repeats = 5 if members < 1_000_000 else 2
    one, two = kernel(members, 1, repeats), kernel(members, 2, repeats)
    daily = one.world.daily
    member_days = int(daily["members"].sum())
    dense, visiting = floor.nanoseconds(one.world)
    low = (dense * member_days + visiting * int(daily["dau"].sum())) / 1e9
    year = int(daily["members"][:365].sum())
    first = year / kernel(members, 1, repeats, 365).seconds
    print(
        f"{members:<11,}{member_days / one.seconds:<12.2e}{first:<12.2e}"
        f"{one.seconds / two.seconds:<11.2f}"
        f"{one.seconds / low:<9.2f}{(peak_bytes(members) - base) / members:<10.0f}"
        f"{daily['dau'].sum() / member_days:<11.3f}{daily['dau'][:365].sum() / year:.3f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    arguments = parser.parse_args()
    if arguments.peak is not None:
        print_peak(arguments.peak)
        return
    against_reference(2_000, 60)
    base = peak_bytes(100)
    print("members    member-days/s           2 threads  time     bytes     visits a member-day")
    print("           two years   first year  / 1        / floor  a member  two years  first year")
    for members in arguments.sizes:
        row(members, base)
    print("\nThe floor is the time to move, at the least:")
    for function, total in floor.BYTES.items():
        print(f"  {function}: {total}")


if __name__ == "__main__":
    main()
