"""Overload, by hand, and in a community of subgroups."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from comsim import Scenario, simulate
from comsim.model.catalogue import COLUMNS
from comsim.model.kernel.mechanisms.overload import strain
from comsim.reference import ReferenceCommunity
from comsim.reference.mechanisms import overload

CROWD = {
    "name": "crowd", "days": 60, "community": {"market": 300},
    "segments": [{"name": "all", "contribution": {"value": 1.5}, "activity": {"value": 0.5}}],
    "parameters": {"attention": 3, "overload": 20, "overload_half": 2, "leave_rate": 0.1,
                   "lapse_rate": 0.2},
    "policy": {"seed_group": 150, "intake": 1, "core_group": 8,
               "subgroup_capacity": {"base": 0, "steps": [{"day": 5, "value": 30}]},
               "replication": {"on": [{"day": 15, "value": 20}]}},
}  # fmt: skip


@pytest.mark.parametrize("posts,factor", [
    (0, 1.0), (20, 1.0), (40, 1 + 4 * 20 / (20 + 40)), (60, 1 + 4 * 0.5), (10**9, 5.0),
])  # fmt: skip
def test_strain_begins_where_attention_ends(posts, factor):
    p = SimpleNamespace(attention=20, overload=4, overload_half=2)
    assert strain.py_func(p, posts) == pytest.approx(factor)


def test_without_attention_any_post_is_too_many():
    p = SimpleNamespace(attention=0, overload=4, overload_half=10)
    assert strain.py_func(p, 0) == 1.0 and strain.py_func(p, 1) == 5.0


class Watched(ReferenceCommunity):
    """Keeps the greatest and least strain among members of each evening."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.strains = []
        at = [function.__name__ for function in self.functions].index("leave")
        self.functions = [*self.functions[:at], self.watch, *self.functions[at:]]

    def watch(self, community):
        here = [overload.strain(member) for member in self.agents]
        self.strains.append((min(here), max(here)))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_subgroup_feels_its_own_posts_and_those_of_the_core(seed):
    """The kernel computes one number for each subgroup, the reference one for each member."""
    community = Watched(Scenario.from_dict(CROWD), seed).run()
    run = simulate(Scenario.from_dict(CROWD), seed, threads=1)
    for name in COLUMNS:
        np.testing.assert_array_equal(run.world.daily[name], community.daily[name], name)
    apart = [low < high for low, high in community.strains]
    assert sum(apart) > 20 and max(high for _, high in community.strains) > 5


def test_it_drives_members_away_until_they_split():
    def leavers(capacity: int, **parameters: float) -> int:
        said = CROWD | {"parameters": CROWD["parameters"] | parameters}
        said["policy"] = {"seed_group": 150, "intake": 1, "subgroup_capacity": capacity}
        lives = [simulate(Scenario.from_dict(said), seed, threads=1) for seed in range(1, 5)]
        return sum(run.daily["left"].sum() for run in lives)

    assert leavers(0) > 1.5 * leavers(0, overload=0)
    assert leavers(10) < 0.8 * leavers(0)
