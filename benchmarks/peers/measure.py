"""Compares comsim with what a skilled user would write: `python benchmarks/peers/measure.py`.

The same day (workload.py) in numpy, in plain numba, in JAX and with stock Mesa agents. JAX is no
dependency of comsim (`pip install jax`); without it, it is left out. A round takes every peer in
turn, comsim first and last, in one process and on one thread, so that a busy moment of the machine
hits all alike. What counts is processor time, of a whole life from the seed to the daily counts;
compiling is done before, and not counted.

For each size: nanoseconds a member-day; how many times comsim's they are, as the median [least,
greatest] over the rounds; and the daily count whose mean over the life differs most from comsim's,
beside what chance allows. Takes minutes.
"""

from __future__ import annotations

import argparse
import statistics
import time
from importlib import import_module
from types import ModuleType

import numpy as np
import workload

PEERS = ("numpy", "numba", "jax", "mesa")
DAYS = {2_000: 360, 10_000: 360, 100_000: 120, 1_000_000: 30}  # of the life, by members
SLOW = {"mesa": 10_000}  # the largest size that a peer can do in reasonable time
LEAST = 0.3  # seconds; comsim's shorter runs are repeated, since the clock would be too coarse
ALLOWED = 0.02, 4.0  # a mean may be off by this share, and by this many standard errors


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(DAYS), help="members")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=PEERS)
    arguments = parser.parse_args()
    peers = available(arguments.peers)
    print("members    days  peer    ns a member-day  times comsim's       daily means agree")
    for members in arguments.sizes:
        days = DAYS.get(members, 120)
        chosen = {name: peer for name, peer in peers.items() if members <= SLOW.get(name, members)}
        for name, row in compared(chosen, members, days, arguments.rounds).items():
            print(f"{members:<11,}{days:<6}{name:<8}{row}", flush=True)


def available(names: list[str]) -> dict[str, ModuleType]:
    """The peers whose libraries are installed."""
    found = {}
    for name in names:
        try:
            found[name] = import_module(f"in_{name}")
        except ModuleNotFoundError as missing:
            print(f"{name} is left out: {missing}")
    return found


def compared(peers: dict[str, ModuleType], members: int, days: int, rounds: int) -> dict[str, str]:
    """A row of the table for each peer."""
    seeds = range(1, rounds + 1)
    workload.live(members, 2, 1)
    for peer in peers.values():
        for seed in seeds if getattr(peer, "COMPILES", False) else ():
            peer.live(members, days, seed)
    times = {name: [] for name in ("comsim", *peers)}
    lives = {name: [] for name in ("comsim", *peers)}
    for seed in seeds:
        before = timed(workload, members, days, seed)
        for name, peer in peers.items():
            spent, daily = timed(peer, members, days, seed)
            times[name].append(spent)
            lives[name].append(daily)
        after = timed(workload, members, days, seed)
        times["comsim"].append((before[0] + after[0]) / 2)
        lives["comsim"].append(after[1])
    ours = means(lives["comsim"])
    rows = {"comsim": f"{statistics.median(times['comsim']):<17.0f}1"}
    for name in peers:
        ratios = [one / own for one, own in zip(times[name], times["comsim"], strict=True)]
        ratio = f"{statistics.median(ratios):.1f} [{min(ratios):.1f}, {max(ratios):.1f}]"
        rows[name] = (f"{statistics.median(times[name]):<17.0f}{ratio:<21}"
                      f"{agreement(means(lives[name]), ours)}")  # fmt: skip
    return rows


def timed(peer: ModuleType, members: int, days: int, seed: int) -> tuple[float, dict]:
    """Nanoseconds of processor time a member-day; and the daily counts."""
    lived, began = 0, time.process_time()
    while lived == 0 or (peer is workload and time.process_time() - began < LEAST):
        daily = peer.live(members, days, seed)
        lived += 1
    spent = (time.process_time() - began) / lived
    return spent / daily["members"].sum() * 1e9, daily


def means(lives: list[dict[str, np.ndarray]]) -> np.ndarray:
    """The mean over the days of each daily count; a row a life."""
    return np.array([[life[name].mean() for name in workload.COLUMNS] for life in lives])


def agreement(theirs: np.ndarray, ours: np.ndarray) -> str:
    """The daily count whose mean is furthest from comsim's, relative to stochastic variation."""
    used = ours.any(axis=0)  # nobody mutes with one ad a visit
    ours, theirs = ours[:, used], theirs[:, used]
    names = [name for name, kept in zip(workload.COLUMNS, used, strict=True) if kept]
    off = theirs.mean(axis=0) / ours.mean(axis=0) - 1
    error = np.sqrt((theirs.var(axis=0) + ours.var(axis=0)) / max(len(ours) - 1, 1))
    share, errors = ALLOWED
    allowed = share + errors * error / ours.mean(axis=0)
    worst = int(np.argmax(np.abs(off) / allowed))
    verdict = "yes" if abs(off[worst]) <= allowed[worst] else "NO"
    return f"{verdict}: {names[worst]} {off[worst]:+.1%}, allowed {allowed[worst]:.1%}"


if __name__ == "__main__":
    main()
