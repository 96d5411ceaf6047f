"""What sources record, and that counts made in the kernel equal those of the event table."""

from dataclasses import fields
from unittest.mock import patch

import numpy as np
import pytest

from comsim.common.errors import InputError
from comsim.logs.events import event_table
from comsim.measure.observation import observed, source, sources, tallied
from comsim.measure.shape import counts, features
from comsim.model.rng import Purpose, uniforms
from comsim.run import simulation
from comsim.run.simulation import simulate
from comsim.scenario import Scenario

from ..calm import CALM
from ..reference.busy import BUSY

NAMES = list(sources())


def scenario(days=800, market=5000, **rest) -> Scenario:
    policy = {"seed_group": 60, "intake": 3} | rest.pop("policy", {})
    data = {"name": "two years", "days": days, "community": {"market": market}, "policy": policy}
    rest["parameters"] = CALM | rest.get("parameters", {})
    return Scenario.from_dict(data | rest)


LIVES = {
    "default": scenario(),
    "strict rules": scenario(
        policy={"moderation": 0.8, "ad_pressure": 8, "subgroup_capacity": 50},
        parameters={"toxicity": 0.05, "leave_rate": 0.05, "lapse_rate": 0.3},
    ),
    "busy": Scenario.from_dict(
        {key: value for key, value in BUSY.items() if key != "owner"}
        | {
            "days": 900,
            "community": {"market": 8000},
            "parameters": BUSY["parameters"]
            | {"leave_rate": 0.002, "lapse_rate": 0.02, "bounce": 0, "overload": 0},
        }
    ),
    "late": scenario(policy={"seed_group": {"base": 0, "on": [{"day": 45, "value": 30}]}}),
    "just too short": scenario(days=728),
    "silent": scenario(policy={"seed_group": 0, "intake": 0}),
}


def check_same(found, expected):
    assert (found is None) == (expected is None)
    if found is None:
        return
    for field in fields(expected):
        np.testing.assert_array_equal(
            getattr(found, field.name), getattr(expected, field.name), field.name
        )
    assert features(found) == features(expected)


@pytest.mark.boundscheck
@pytest.mark.parametrize("life", LIVES)
def test_the_kernel_counts_what_the_event_table_shows(life):
    run = simulate(LIVES[life], seed=11)
    found = tallied(LIVES[life], 11, NAMES)
    events = run.events()
    for name, ours in zip(NAMES, found, strict=True):
        check_same(ours, counts(observed(events, name, 11)))
    check_same(found[0], counts(events))
    if life not in ("just too short", "silent"):
        assert None not in map(features, found)
        assert found[0].posts.sum() > found[NAMES.index("git")].posts.sum()
    if life == "strict rules":
        assert run.daily["removed"].sum() > 100 and run.daily["left"].sum() > 100
    if life in ("just too short", "silent"):
        assert found == [None] * len(NAMES)


def test_threads_and_the_number_of_sources_do_not_matter():
    one = tallied(LIVES["default"], 3, ["git"], threads=1)
    with patch.object(simulation, "THREADS_PAY_FROM", 0):
        two = tallied(LIVES["default"], 3, ["mail", "git"], threads=2)
    check_same(two[1], one[0])


def test_a_tally_changes_nothing_else_in_a_run():
    plain = simulate(LIVES["busy"], seed=4)
    world = simulation.whole_life(
        LIVES["busy"], plain.plan, plain.parameters, 4, 1, sources=[source("mail").shares]
    )
    np.testing.assert_array_equal(world.daily_table, plain.world.daily_table)
    assert plain.world.authors.nbytes + plain.world.acted.nbytes == 0


def acts(days, kinds, member=5):
    return event_table(days, member, np.array(kinds), start="2024-01-01", days=900)


def test_a_source_records_its_kinds_only():
    kinds = ["join", "visit", "post", "reply", "order", "leave"]
    table = acts(range(6), kinds)
    table.loc[table["kind"] == "reply", "target"] = 8
    for name, kept in {
        "everything": {*kinds},
        "mail": {"post", "reply"},
        "irc": {"visit", "post", "reply"},
        "slack": {"join", "post", "reply", "leave"},
        "ratings": {"reply"},
    }.items():
        seen = observed(table, name, 1)
        inferred = {"join", "visit"} - kept  # as in any log that lacks them
        assert set(seen["kind"].unique()) == kept | {"join", "visit"}
        assert set(seen.attrs["inferred"]) == inferred
        assert seen.attrs["start"] == "2024-01-01" and seen.attrs["days"] == 900


def test_a_commit_is_an_accepted_contribution_and_the_next_is_accepted_more_often():
    """By hand: each act has its keyed number, and the gate opens with the first accepted."""
    days = np.repeat(np.arange(40), 3)
    table = acts(days, ["post", "reply", "post"] * 40)
    seen = observed(table, "git", 9)
    posts, accepted = [], 0
    for day in range(40):
        for k in (0, 2):  # the reply is the second act of the day
            [u] = uniforms(9, Purpose.OBSERVE, day, [5], k)
            if u < (source("git").later if accepted else source("git").first):
                accepted += 1
                posts.append(day)
    assert seen.loc[seen["kind"] == "post", "day"].tolist() == posts
    assert 60 < len(posts) < 80


def test_every_share_is_a_share_and_has_a_basis():
    for about in sources().values():
        assert 0 < about.first <= about.later <= 1
        assert about.basis and about.label.keys() == {"en", "zh"}


def test_an_unknown_source_is_refused_in_one_line():
    with pytest.raises(InputError, match="stack exchange"):
        tallied(LIVES["default"], 1, ["stackexchange"])
