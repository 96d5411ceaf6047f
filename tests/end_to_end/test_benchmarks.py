"""The peers of the benchmarks live the model's day: else a comparison of speed means nothing.

JAX is not installed for tests, and numba takes long to compile: benchmarks/peers/measure.py checks
those two as it runs.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

PEERS = Path(__file__).parents[2] / "benchmarks" / "peers"
MEMBERS, DAYS, SEEDS = 6_000, 30, range(4)  # few members come after day 0


@pytest.mark.parametrize("peer", ["in_numpy", "in_mesa"])
def test_a_peer_lives_the_same_day(peer, monkeypatch):
    monkeypatch.syspath_prepend(PEERS)
    workload, other = import_module("workload"), import_module(peer)
    ours, theirs = ([one.live(MEMBERS, DAYS, seed) for seed in SEEDS] for one in (workload, other))
    assert ours[0]["dau"][0] == theirs[0]["dau"][0] == MEMBERS
    for life in ours + theirs:
        life["trust_mean"] = life["trust_sum"] / life["dau"]  # of the day's visitors
    for name, allowed in {
        "dau": 0.05, "items_members": 0.08, "replies": 0.12, "interest_sum": 0.03,
        "trust_mean": 0.02, "members": 0.02, "ad_impressions": 0.05,
    }.items():  # fmt: skip
        here, there = (np.mean([life[name] for life in lives]) for lives in (ours, theirs))
        assert there == pytest.approx(here, rel=allowed), name
