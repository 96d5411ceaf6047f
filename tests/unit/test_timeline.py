"""A life that goes forwards and back, with levers moved on the way, is the life of its scenario."""

from __future__ import annotations

import numpy as np
import pytest

from comsim.common.errors import InputError
from comsim.lab.timeline import Timeline
from comsim.run.simulation import simulate
from comsim.run.snapshots import arrays_of
from comsim.scenario import Scenario

from ..reference.busy import BUSY

MARKET = {"community": {"market": 300}, "days": 200}
SCHEDULED = {
    "policy": {
        "ad_pressure": {
            "base": 1, "steps": [{"day": 80, "value": 2}], "weekday": [1, 1, 1, 1, 1, 2, 2],
            "during": [{"from": 30, "to": "2024-04-20", "value": 3}],
            "on": [{"day": 150, "value": 9}],
            "groups": {"newcomers": {"base": 0.5}},
        },
        "release": {"on": [{"day": 60, "value": 0.5}]},
    },
    "rules": [{
        "name": "wake up", "days": 20,
        "when": [{"metric": "wau", "window": 7, "falls": 2}],
        "do": [{"lever": "official_posts", "multiply": 2}],
    }],
}  # fmt: skip


def timeline(data: dict = SCHEDULED, seed: int = 3) -> Timeline:
    return Timeline(Scenario.from_dict({"name": "any"} | MARKET | data), seed)


def assert_its_own_life(lived: Timeline) -> None:
    """Simulating its scenario gives the same days, and the same members at the end."""
    run = simulate(lived.scenario, lived.seed)
    assert np.array_equal(run.world.daily_table[: lived.day], lived.world.daily_table[: lived.day])
    if lived.day == lived.days:
        assert run.world.m.own.tobytes() == lived.world.m.own.tobytes()
        assert np.array_equal(run.world.lever_table, lived.world.lever_table)


@pytest.mark.parametrize("data", [SCHEDULED, BUSY | {"days": 200}], ids=["scheduled", "busy"])
def test_moves_back_and_forth_are_what_the_scenario_says(data):
    life = timeline(data)
    life.go_to(40)
    life.set("ad_pressure", 6)
    life.go_to(110)
    life.set("ad_pressure", 2)
    life.set("online_event", 0.5)
    life.go_to(190)
    life.go_to(100)
    assert_its_own_life(life)  # what was moved on day 110 is still to come
    life.go_to(200)
    assert_its_own_life(life)
    life.go_to(70)
    life.set("official_posts", 4)  # and now it is not
    assert [move.day for move in life.moves] == [40, 70]
    life.go_to(200)
    assert_its_own_life(life)


def test_a_move_that_is_taken_back_leaves_no_trace():
    life, same = timeline(), timeline()
    for each in (life, same):
        for day in (40, 110):
            each.go_to(day)
            each.set("ad_pressure", day / 20)
    life.go_to(70)
    for _ in range(2):  # said twice, as a field may
        life.set("official_posts", 4)  # and what was moved on day 110 is forgotten
    life.go_to(120)
    life.fork().undo()  # in another future
    life.undo()
    assert life.day == 70 and life.moves == same.moves
    for each in (life, same):
        each.go_to(200)
    assert np.array_equal(life.daily, same.daily)
    life.go_to(5)  # before all moves
    life.undo()
    life.undo()
    assert (life.day, life.moves, len(life.before)) == (5, [], 0)
    life.go_to(200)
    assert_its_own_life(life)


def test_a_lever_that_is_set_again_on_a_day_is_taken_back_at_once():
    life = timeline()
    life.go_to(40)
    for lever, value in [("official_posts", 3), ("ad_pressure", 4), ("ad_pressure", 5)]:
        life.set(lever, value)  # as a slider that is moved by keys
    life.go_to(41)
    life.set("ad_pressure", 6)
    for day, values in [(41, [3, 5]), (40, [3]), (40, [])]:
        life.undo()
        assert (life.day, [move.value for move in life.moves]) == (day, values)


def test_a_lever_that_is_set_once_more_later_or_elsewhere_is_taken_back_by_itself():
    life = timeline()
    life.go_to(40)
    life.set("ad_pressure", 3)
    fork = life.fork()
    life.go_to(60)
    life.go_to(40)  # it has come back to that day
    for each in (life, fork):
        each.set("ad_pressure", 5)
        each.undo()
        assert [move.value for move in each.moves] == [3]


def test_a_lever_is_held_for_everybody_from_the_day_on():
    life = timeline()
    life.go_to(40)
    life.set("ad_pressure", 6)
    levers = life.plan.lever_table[:, :, list(life.world.levers.dtype.names).index("ad_pressure")]
    assert (levers[40:] == 6).all()  # weekends, steps, single days and newcomers among it
    assert np.array_equal(levers[:40], timeline().world.levers["ad_pressure"][:40])
    life.go_to(160)
    life.set("ad_pressure", 1)
    levers = life.plan.lever_table[:, :, list(life.world.levers.dtype.names).index("ad_pressure")]
    assert (levers[40:160] == 6).all() and (levers[160:] == 1).all()


def test_a_release_is_a_matter_of_one_day():
    life = timeline()
    life.go_to(50)
    life.set("release", 1)
    release = life.world.levers["release"][:, 0]
    assert {int(day): release[day] for day in np.flatnonzero(release)} == {50: 1, 60: 0.5}


def test_forks_share_the_past_and_the_luck():
    life = timeline()
    life.go_to(95)
    other, same = life.fork(), life.fork()
    other.set("ad_pressure", 20)
    for each in (life, other, same):
        each.go_to(200)
        assert_its_own_life(each)
    assert np.array_equal(life.daily, same.daily)
    assert np.array_equal(life.daily[:95], other.daily[:95])
    assert life.daily["ad_impressions"][95] < other.daily["ad_impressions"][95]
    other.go_to(20)  # before the fork
    other.go_to(200)
    assert_its_own_life(other)


def test_a_bad_move_changes_nothing():
    life = timeline()
    life.go_to(10)
    for lever, value, words in [("ads", 1, "ad_pressure"), ("ad_pressure", 99, "0 to 20"),
                                ("ad_pressure", float("nan"), "ad_pressure")]:  # fmt: skip
        with pytest.raises(InputError, match=words):
            life.set(lever, value)
    assert life.moves == [] and life.scenario == timeline().scenario
    with pytest.raises(ValueError, match=r"0 \.\. 200"):
        life.go_to(201)
    life.go_to(200)
    with pytest.raises(ValueError, match="over"):
        life.set("ad_pressure", 1)


def test_few_snapshots_are_kept_of_a_long_life():
    life = timeline({"days": 1500})
    life.go_to(1500)
    assert len(life._snapshots) <= 8
    for day in (1499, 700, 3, 1500):
        life.go_to(day)
        assert life.day == day
    assert_its_own_life(life)


def test_snapshots_leave_the_levers_to_the_plan():
    segments = [{"name": f"s{i}", "share": 1 / 8} for i in range(8)]
    life = timeline({"community": {"market": 50}, "days": 400, "segments": segments})
    life.go_to(350)
    kept = sum(array.nbytes for state in life._snapshots.values() for array in state)
    assert kept < life.world.lever_table.nbytes
    life.set("ad_pressure", 5)
    life.go_to(100)
    life.go_to(400)
    assert_its_own_life(life)


def used_memory(shape, dtype=np.float64) -> np.ndarray:
    """An empty array, as one may come: with what was there before."""
    array = np.zeros(shape, dtype)
    array.reshape(-1).view(np.uint8)[:] = 7
    return array


def test_a_snapshot_of_a_large_market_is_small_and_whole(monkeypatch):
    monkeypatch.setattr("comsim.run.world.np.empty", used_memory)
    life = timeline({"community": {"market": 100_000}, "days": 70})
    life.go_to(70)
    (kept,) = (sum(array.nbytes for array in s) for d, s in life._snapshots.items() if d == 30)
    assert kept < 0.1 * sum(array.nbytes for array in arrays_of(life.world))
    life.go_to(45)  # by way of it, with more in the arrays than it had
    assert_its_own_life(life)
    life.go_to(70)
    assert_its_own_life(life)
