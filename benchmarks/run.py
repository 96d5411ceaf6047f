"""Benchmarks, as ratios from one run: `python benchmarks/run.py` (Linux, a quarter of an hour).

The community is the default one with everybody joining on day 0, so that its size is known, and
lives for two years: everybody visits on the first day, an eighth of the members on the next, and in
the end hardly anybody. Times are processor times, the best of a few runs, but for what two threads
gain: there a machine with nothing else to do is needed. Last come the peers, who have tables of
their own (`python benchmarks/peers/measure.py`).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parent))

import floor
import numpy as np

import comsim
from comsim.measure.observation import sources, tallied
from comsim.measure.shape import counts, features
from comsim.reference import ReferenceCommunity
from comsim.run import simulation

DAYS = 730
PEERS = Path(__file__).parent / "peers" / "measure.py"

# Every mechanism at work, at a level that a community lives with. (But no entry fee, for which some
# would decline to join.)
EVERYTHING = {
    "parameters": {
        "breadth": 0.5, "toxicity": 0.02, "off_topic": 0.05,
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
        "auto_greeting": 0.5, "friend_nudges": 0.1, "stated_rules": 1,
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


def grown(market: int, days: int = DAYS) -> comsim.Scenario:
    """The defaults, with a thousandth of the market recruited each day; some invite others, and
    some people join by themselves."""
    return comsim.Scenario.from_dict(
        {
            "name": "grown",
            "days": days,
            "community": {"market": market},
            "policy": {"seed_group": 50, "intake": market / 1000},
        }
    )


def timed(once: comsim.Scenario, repeats: int) -> tuple[float, comsim.Run]:
    """A run on one thread, and the least processor time of a few runs, in seconds."""
    return least(lambda: comsim.simulate(once, threads=1), repeats)


def everything_on(members: int) -> None:
    """What all mechanisms together cost: a member-day, and a visit, against the default's."""
    plain = scenario(members)
    said = plain.to_dict()
    full = plain.again(said | EVERYTHING | {"policy": said["policy"] | EVERYTHING["policy"]})
    times = []
    for once in (plain, full):
        seconds, run = timed(once, 3)
        daily = run.world.daily
        times.append(seconds / np.array([daily["members"].sum(), daily["dau"].sum()]))
    member_day, visit = times[1] / times[0]
    print(f"everything on, {members:,} members: {member_day:.2f} times as long a member-day, "
          f"{visit:.2f} times a visit")  # fmt: skip


def peak_bytes(members: int, life: str = "full") -> tuple[int, int]:
    """Peak memory of a new process that runs one community, and the number of members who ever
    joined. A full life has all members from day 0, a grown one gains them over time."""
    command = [sys.executable, __file__, "--peak", str(members), life]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    peak, joined = map(int, said.split())
    return peak, joined


def print_peak(members: int, life: str) -> None:
    """What `peak_bytes` asks of its process. (ru_maxrss would tell of the parent as well.)"""
    run = comsim.simulate(grown(members) if life == "grown" else scenario(members, 60), threads=1)
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    print(peak, int(run.world.now["rows"][0]))


def memory(members: int) -> None:
    """Bytes per member, if all join on day 0, and in a growing community over two years."""
    base = peak_bytes(100)[0]
    print(f"memory, {members:,} people in the market:")
    for life, words in ("full", "everybody visits on day 0"), ("grown", "grown in two years"):
        peak, joined = peak_bytes(members, life)
        print(f"  {words}: {joined:,} members, {(peak - base) / joined:.0f} bytes a member")
    print()


def against_reference(members: int, days: int) -> None:
    """Kernel against reference: the same model, the same numbers."""
    once = scenario(members, days)
    seconds, run = timed(once, 5)
    twin = ReferenceCommunity(once)
    began = time.process_time()
    twin.run()
    ratio = (time.process_time() - began) / seconds
    same = all((twin.daily[name] == run.world.daily[name]).all() for name in twin.daily.dtype.names)
    print(f"kernel against comsim's reference (written to be read, with keyed draws in Python), "
          f"{members:,} members, {days} days: {ratio:,.0f} times")  # fmt: skip
    print(f"  same numbers: {same}\n")


def features_of_posts(members: int) -> None:
    """Features of variability and shape: from counts made in the run, and from its events."""
    once, names = grown(members, DAYS + 60), [*sources()]
    run_alone, run = timed(once, 5)
    recorded, events = least(run.events, 3)
    counted, one = least(lambda: features(counts(events)), 5)
    tally, [two] = least(lambda: [*map(features, tallied(once, run.seed, threads=1))], 5)
    every, _ = least(lambda: [*map(features, tallied(once, run.seed, names, threads=1))], 5)
    print(f"features of posts, {members:,} people, a run of {run_alone:.3f} s, in addition to it:")
    print(f"  from events: {recorded:.3f} s to record them, {counted:.3f} s to count them")
    print(f"  from the tally: {tally - run_alone:.3f} s, as {len(names)} sources show them "
          f"{every - run_alone:.3f} s")  # fmt: skip
    print(f"  same numbers: {one == two}\n")


def least(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """The least processor time of a few calls, in seconds, and the last result."""
    times = []
    for _ in range(repeats):
        began = time.process_time()
        result = work()
        times.append(time.process_time() - began)
    return min(times), result


def row(members: int) -> None:
    """One size: speed, floor."""
    repeats = 5 if members < 1_000_000 else 1
    seconds, run = timed(scenario(members), repeats)
    daily = run.world.daily
    member_days, year = int(daily["members"].sum()), int(daily["members"][:365].sum())
    first = year / timed(scenario(members, 365), repeats)[0]
    dense, visit, own_pass = floor.nanoseconds(run.world)
    low = (dense * member_days + visit * int(daily["dau"].sum())) / 1e9
    print(
        f"{members:<11,}{member_days / seconds:<12.2e}{first:<12.2e}{seconds / low:<9.2f}"
        f"{dense:<9.2f}{own_pass:<10.2f}{visit:<8.0f}{daily['dau'].sum() / member_days:.3f}",
        flush=True,
    )


def threads(sizes: list[int], days: int = 60) -> None:
    """The gain of a second thread, and the loss if it is used too early. By the clock."""
    print("two threads used from day 0 on, time of one / time of two, median [least, greatest]:")
    for members in sizes:
        once, gains = scenario(members, days), []
        with patch.object(simulation, "THREADS_PAY_FROM", 0):
            comsim.simulate(scenario(100, 2), threads=2)
            for _ in range(5):
                one, two = (comsim.simulate(once, threads=number).seconds for number in (1, 2))
                gains.append(one / two)
        print(f"  {members:<11,}{np.median(gains):.2f} [{min(gains):.2f}, {max(gains):.2f}]")
    print(f"  comsim uses threads from {simulation.THREADS_PAY_FROM:,} members on\n")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peak", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    arguments = parser.parse_args()
    if arguments.peak is not None:
        print_peak(int(arguments.peak[0]), arguments.peak[1])
        return
    against_reference(2_000, 60)
    print("members    member-days/s           time     ns a member         ns a    visits a")
    print("           two years   first year  / floor  floor    own pass  visit   member-day")
    for members in arguments.sizes:
        row(members)
    print("Own pass: the kernel's time for the same pass over all members, with its decisions.")
    print("The floor is the time to make the same draws and to move, at least:")
    for function, total in floor.BYTES.items():
        print(f"  {function}: {total}")
    print()
    memory(max(arguments.sizes))
    threads([100_000, 250_000, 1_000_000])
    for members in arguments.sizes[:2]:
        everything_on(members)
    features_of_posts(arguments.sizes[0])
    print(flush=True)
    subprocess.run([sys.executable, PEERS], check=True)


if __name__ == "__main__":
    main()
