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
import numpy as np

import comsim
from comsim.reference import ReferenceCommunity

DAYS = 730

# Every mechanism at work, at a level that a community lives with.
EVERYTHING = {
    "parameters": {
        "breadth": 0.5, "toxicity": 0.02, "off_topic": 0.05, "spam": 0.02, "dilution": 0.3,
        "need_wear": 0.2, "ad_price": 0.02, "share_after_order": 0.2,
    },
    "policy": {
        "welcome_gift": 5, "referral_reward": 2, "newcomer_reward": 2, "core_group": 100,
        "pyramid": 1, "empowerment": 0.5, "interactivity": 0.3, "kol_reach": 1,
        "online_event": {"on": [{"day": day, "value": 1} for day in range(10, 730, 30)]},
        "offline_event": {"on": [{"day": day, "value": 0.2} for day in range(60, 730, 90)]},
        "release": {"on": [{"day": day, "value": 0.4} for day in range(89, 730, 90)]},
        "membership_fee": 5, "paid_benefit": 0.5, "membership_places": 1000, "moderation": 0.3,
        "offers": 0.2, "greeting": 0.5, "newcomer_tasks": 1, "contribution_reward": 0.5,
        "pushes": 0.2, "raffle": 5, "recognition": 0.5, "replication": 500, "response_rate": 0.5,
        "coupon": 0.05, "subgroup_capacity": 200, "matching": 0.5, "personal_moderation": 0.3,
    },
    "shocks": [{"kind": "product_failure", "day": 400, "severity": 0.3}],
}  # fmt: skip


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
    return quickest(scenario(members, days), threads, repeats)


def quickest(once: comsim.Scenario, threads: int, repeats: int) -> comsim.Run:
    """The quickest of a few runs of a scenario."""
    runs = (comsim.simulate(once, threads=threads) for _ in range(repeats))
    return min(runs, key=lambda run: run.seconds)


def everything_on(members: int) -> None:
    """What all mechanisms together cost: a member-day, and a visit, against the default's."""
    plain = scenario(members)
    said = plain.to_dict()
    full = plain.again(said | EVERYTHING | {"policy": said["policy"] | EVERYTHING["policy"]})
    times = []
    for once in (plain, full):
        run = quickest(once, 1, 3)
        daily = run.world.daily
        times.append(run.seconds / np.array([daily["members"].sum(), daily["dau"].sum()]))
    member_day, visit = times[1] / times[0]
    print(f"everything on, {members:,} members: {member_day:.2f} times as long a member-day, "
          f"{visit:.2f} times a visit")  # fmt: skip


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
    print()
    for members in arguments.sizes[:2]:
        everything_on(members)
    print("\nThe floor is the time to move, at the least:")
    for function, total in floor.BYTES.items():
        print(f"  {function}: {total}")


if __name__ == "__main__":
    main()
