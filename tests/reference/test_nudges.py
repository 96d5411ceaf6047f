"""What is set from outside between two days has the same effect on the kernel as on the reference,
to the last bit: no copy of a member's state, and no sum of states, is forgotten.
"""

from __future__ import annotations

import numpy as np
import pytest

from comsim.mesa_model import Community
from comsim.mesa_model.fields import LIMITS, READABLE
from comsim.model.catalogue import COLUMNS, FIELDS
from comsim.reference import ReferenceCommunity
from comsim.run.simulation import simulate
from comsim.run.world import member_field
from comsim.scenario import Scenario

from .test_twin import BUSY, kernel_fields

SCENARIO = Scenario.from_dict(BUSY)


NAMES = list(LIMITS)


def nudges(day: int) -> tuple[str, list[tuple[int, float]]]:
    """A field for the evening of a day, with rows and values: now for few members, now for all."""
    name = NAMES[day % len(NAMES)]
    low, high = LIMITS[name]
    share = (0.9, 0.2, 1.0, 0.0, 0.6)[day // len(NAMES) % 5]
    return name, [(row, low + share * (high - low)) for row in range(day % 3, 600, 1 + day % 4)]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_nudge_moves_both_alike(seed):
    community, reference = Community(SCENARIO, seed), ReferenceCommunity(SCENARIO, seed)
    while community.running:
        community.step()
        reference.step()
        inside = {member.row: member for member in community.agents}
        name, changes = nudges(community.day)
        for row, value in changes:
            if row in inside:
                setattr(inside[row], name, value)
                setattr(reference.everyone[row], name, value)
                if name == "trust":  # which heals from this day on
                    reference.everyone[row].trust_day = community.day
    for column in COLUMNS:
        np.testing.assert_array_equal(
            community.world.daily[column], reference.daily[column], column
        )
    members = [kernel_fields(member) for member in reference.everyone]
    assert len(members) == community.world.now["rows"][0] > 200
    for field in READABLE:
        ours = member_field(community.world.m, field)[: len(members)]
        theirs = np.array([member[field] for member in members], FIELDS[field].dtype)
        np.testing.assert_array_equal(ours, theirs, field)
    alone = simulate(SCENARIO, seed).world.daily
    assert all((community.world.daily[name] != alone[name]).any() for name in ("joined", "posts"))
