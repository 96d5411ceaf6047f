"""A visit does what its page asks for, and nothing else that comes over the wire."""

import json
import math

import pytest

from comsim.errors import InputError
from comsim.lab import limits
from comsim.lab.page.away import branches
from comsim.lab.page.choose import opened
from comsim.lab.visit import WISHES, Visit, obey
from comsim.scenario import Scenario
from comsim.simulation import simulate

SCENARIO = {"name": "any", "days": 60, "seed": 3, "community": {"market": 300}}


@pytest.fixture
def visit():
    return Visit(Scenario.from_dict(SCENARIO))


def live_to(visit, day):
    obey(visit, "seek", day)
    while visit.busy:
        visit.tick(0.1)


def test_days_are_lived_at_the_speed_that_was_asked_for(visit):
    obey(visit, "speed", 7)
    obey(visit, "play", True)
    for _ in range(10):
        visit.tick(0.2)
    assert visit.day == 14
    obey(visit, "play", False)
    visit.tick(1)
    assert visit.day == 14
    visit.playing = True
    obey(visit, "speed", 0)
    while visit.busy:
        visit.tick(0)
    assert visit.day == 60


def test_a_page_is_sent_each_day_once(visit):
    live_to(visit, 20)
    assert visit.frame()["futures"][0]["from"] == 0
    live_to(visit, 30)
    (news,) = visit.frame()["futures"]
    assert (news["from"], len(news["rows"]["members"])) == (20, 10)
    obey(visit, "seek", 5)
    assert visit.frame()["futures"] == []  # the page has these days
    assert visit.frame()["lived"] == {0: 30}
    obey(visit, "move", {"lever": "ad_pressure", "value": 3})
    assert visit.frame()["lived"] == {0: 5}  # and now they are others


def test_branches_share_their_past_and_live_on_side_by_side(visit):
    live_to(visit, 20)
    obey(visit, "branch", " more ads ")
    obey(visit, "move", {"lever": "official_posts", "value": 9})
    live_to(visit, 60)
    first, second = (future.timeline for future in visit.futures)
    assert visit.now.name == "more ads"
    assert (first.daily[:20] == second.daily[:20]).all()
    assert (first.daily != second.daily).any()
    assert (second.daily == simulate(second.scenario, second.seed).world.daily).all()
    obey(visit, "choose", 0)
    obey(visit, "close", 1)
    assert [future.timeline for future in visit.futures] == [first]
    obey(visit, "close", 0)
    assert len(visit.futures) == 1  # the last one stays


def test_a_fifth_future_is_refused(visit):
    for _ in range(limits.BRANCHES - 1):
        obey(visit, "branch", "another")
    with pytest.raises(InputError, match="at most 4"):
        obey(visit, "branch", "one too many")
    assert len(visit.futures) == limits.BRANCHES
    assert len({future.colour for future in visit.futures}) == limits.BRANCHES


def test_branches_that_are_taken_away_can_be_opened_again(visit):
    live_to(visit, 20)
    obey(visit, "branch", "soon closed")
    obey(visit, "branch", "more ads")
    obey(visit, "close", 1)
    obey(visit, "move", {"lever": "ad_pressure", "value": 4})
    live_to(visit, 40)
    again = opened(branches(visit, "as it was").encode(), "branches.toml")
    assert [future.name for future in again.futures] == ["as it was", "more ads"]
    assert [future.colour for future in again.futures] == [0, 2]
    assert again.futures[1].since == 20
    for one, other in zip(visit.futures, again.futures, strict=True):
        assert other.timeline.day == 40
        assert (one.timeline.daily == other.timeline.daily).all()


def test_a_future_that_forks_in_the_past_catches_up(visit):
    live_to(visit, 30)
    past = visit.now.timeline.fork()
    past.go_to(10)
    visit.adopt(past, "from day 10")
    assert (visit.day, visit.behind) == (10, 10)
    visit.watch(30)
    obey(visit, "choose", 0)
    assert visit.day == 30 and visit.busy
    while visit.busy:
        visit.tick(0.1)
    assert {future.timeline.day for future in visit.futures} == {30}


@pytest.mark.parametrize("community,days", [({"market": 100_001}, 10), ({"market": 1000}, 3651)])
def test_what_is_too_big_for_the_lab_is_told(community, days):
    with pytest.raises(InputError, match=r"market|days"):
        Visit(Scenario.from_dict({"name": "big", "days": days, "community": community}))


def test_a_full_lab_says_so_and_has_room_again_when_a_visitor_has_gone(monkeypatch, visit):
    monkeypatch.setattr(limits, "PEOPLE", 1199)
    other = Visit(Scenario.from_dict(SCENARIO))
    with pytest.raises(InputError, match=r"this lab: people: found 300 more; allowed"):
        while True:
            obey(visit, "branch", "another")
    assert len(visit.futures) < limits.BRANCHES
    del other
    obey(visit, "branch", "another")


HOSTILE = [
    None, True, "x" * 10_000, "__class__", -1, 1e308, math.nan, math.inf, 10**400, 2.5, [], {},
    [1, 2], {"lever": "ad_pressure"}, {"lever": "ad_pressure", "value": "3"},
    {"lever": "ad_pressure", "value": math.nan}, {"lever": "ad_pressure", "value": 10**400},
    {"lever": "ad_pressure", "value": True}, {"lever": "ad_pressure", "value": 21},
    {"lever": "ad_pressure", "value": 3, "day": 0}, {"lever": ["ad_pressure"], "value": 3},
    {"lever": "nope", "value": 3}, {"lever": "<script>", "value": 3}, "a\nb", "\x1b[2J", " ",
]  # fmt: skip


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("message", HOSTILE, ids=lambda message: repr(message)[:30])
def test_a_hostile_message_is_refused_or_harmless(visit, wish, message):
    live_to(visit, 10)
    try:
        obey(visit, wish, message)
    except InputError as error:
        line = str(error)
        assert "\n" not in line and "\x1b" not in line and len(line) < 1500
        assert visit.now.timeline.moves == []
        assert len(visit.futures) == 1
    visit.tick(0.1)
    assert 0 <= visit.day <= 60
    assert len(visit.now.name) <= limits.NAME
    json.dumps(visit.frame())


def test_nothing_but_wishes_is_obeyed(visit):
    for wish in ("__init__", "tick", "adopt", "", "Play"):
        with pytest.raises(InputError):
            obey(visit, wish, None)
    for row in (-1, 10**9, "0", None, 0.5, math.nan):
        with pytest.raises(InputError):
            visit.member(row)
