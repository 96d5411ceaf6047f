"""A visit does what its page asks for, and nothing else that comes over the wire."""

import asyncio
import json
import math
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import SimpleNamespace
from weakref import WeakSet, ref

import pytest

from comsim.common.errors import InputError
from comsim.lab import limits
from comsim.lab.page import away, compare
from comsim.lab.page.away import branches, chosen
from comsim.lab.page.choose import visit_from_file
from comsim.lab.page.stories import Subject
from comsim.lab.page.world import marks, planned
from comsim.lab.phrasebook import LabPhrases
from comsim.lab.room import size_of
from comsim.lab.saved import as_toml
from comsim.lab.timeline import Timeline
from comsim.lab.visit import Visit
from comsim.lab.wire import REQUESTS, member, obey
from comsim.run.simulation import simulate
from comsim.scenario import Scenario

SCENARIO = {"name": "any", "days": 60, "seed": 3, "community": {"market": 300}}


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch):
    """Visits that other tests left take no memory here."""
    monkeypatch.setattr("comsim.lab.room.HERE", WeakSet())


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


def test_a_way_back_is_gone_in_ticks_and_the_page_shows_its_end(visit):
    live_to(visit, 60)
    visit.frame()
    daily = visit.now.timeline.daily.copy()
    obey(visit, "seek", 50)
    assert visit.behind == 30  # a morning that is kept
    frame = visit.frame()
    assert (visit.day, frame["day"], frame["futures"], frame["lived"]) == (50, 50, [], {0: 60})
    obey(visit, "step", -1)
    assert obey(visit, "move", {"lever": "ad_pressure", "value": 3}) == 0
    assert [move.day for move in visit.now.timeline.moves] == [visit.now.timeline.day] == [49]
    assert (visit.now.timeline.daily == daily[:49]).all()


def test_who_plays_or_pauses_on_the_way_back_does_so_once_it_is_there(visit):
    live_to(visit, 60)
    obey(visit, "seek", 50)
    obey(visit, "play", True)
    obey(visit, "play", False)
    assert (visit.behind, visit.day) == (30, 50)  # nobody waited
    while visit.busy:
        visit.tick(0)
    assert (visit.behind, visit.day) == (50, 50)
    obey(visit, "seek", 40)
    visit.watch(45)
    while visit.busy:
        visit.tick(1)
    assert visit.behind == 45
    obey(visit, "seek", 60)
    obey(visit, "play", False)  # on the way on
    assert (visit.busy, visit.day) == (False, 45)


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


def test_a_future_is_renamed_and_a_long_name_is_refused_not_cut(visit):
    obey(visit, "rename", {"future": 0, "name": " as planned "})
    assert visit.now.name == "as planned"
    for request, message in (("branch", "x" * 41), ("rename", {"future": 0, "name": "x" * 41})):
        with pytest.raises(InputError, match=r"name: found .* at most 40 letters"):
            obey(visit, request, message)
    obey(visit, "branch", "x" * 40)
    assert [future.name for future in visit.futures] == ["as planned", "x" * 40]


def test_a_move_tells_what_it_forgets_and_can_be_taken_back(visit):
    live_to(visit, 20)
    assert not visit.touched
    obey(visit, "branch", "another")
    assert visit.touched
    assert obey(visit, "move", {"lever": "ad_pressure", "value": 3}) == 0
    live_to(visit, 40)
    lived = visit.now.timeline.daily[:40].copy()
    obey(visit, "seek", 10)
    assert obey(visit, "move", {"lever": "official_posts", "value": 9}) == 1
    live_to(visit, 40)
    visit.frame()
    obey(visit, "undo", 1)
    visit.tick(0)
    assert {future.timeline.day for future in visit.futures} == {10}
    assert visit.frame()["lived"] == {0: 40, 1: 10}
    live_to(visit, 40)
    assert (visit.now.timeline.daily == lived).all()
    with pytest.raises(InputError, match="undo: found 'no move'"):
        obey(visit, "undo", 0)


def test_marks_are_of_all_moves_that_the_first_future_has_not(visit):
    live_to(visit, 20)
    obey(visit, "move", {"lever": "ad_pressure", "value": 3})
    live_to(visit, 30)
    obey(visit, "branch", "another")
    obey(visit, "seek", 10)  # before the fork
    obey(visit, "move", {"lever": "official_posts", "value": 9})
    labels = [(10, 1, "content cadence 9"), (20, 0, "ad pressure 3")]
    assert [tuple(mark.values()) for mark in marks(visit, LabPhrases("en"))] == labels


def test_a_mark_names_two_moves_of_a_day_and_is_nobodys_where_all_futures_have_it(visit):
    for lever in ("ad_pressure", "official_posts", "pushes", "offers"):
        obey(visit, "move", {"lever": lever, "value": 1})
    obey(visit, "branch", "another")
    (mark,) = marks(visit, LabPhrases("en"))
    assert mark == {"day": 0, "future": None, "label": "ad pressure 1, content cadence 1, +2"}


def test_what_the_scenario_plans_is_told_by_day():
    said = SCENARIO | {
        "policy": {"ad_pressure": {"base": 1, "steps": [{"day": 20, "value": 3}]}},
        "shocks": [{"day": 40, "kind": "leak", "severity": 0.5}],
    }
    found = planned(Visit(Scenario.from_dict(said)), LabPhrases("en"))
    assert found[0] == {"day": 20, "label": "ad pressure: 1 → 3"}
    assert found[1]["day"] == 40 and len(found) == 2


def test_a_story_says_of_when_and_holds_until_that_past_is_another(visit):
    live_to(visit, 20)
    life = visit.now.timeline
    about = Subject(3, visit.now, life.day, life.moves)
    assert about.title(visit, LabPhrases("en")) == "Member 3 · after 20 days"
    obey(visit, "move", {"lever": "ad_pressure", "value": 3})
    live_to(visit, 10)
    assert about.holds(visit)  # it is what will be
    obey(visit, "branch", "another")
    assert not about.holds(visit)
    assert about.title(visit, LabPhrases("zh")) == "成员 3 · 原样 · 20 天后"
    obey(visit, "choose", 0)
    assert about.holds(visit)
    obey(visit, "move", {"lever": "ad_pressure", "value": 4})
    assert not about.holds(visit)


def test_a_fifth_future_is_refused(visit):
    for _ in range(limits.BRANCHES - 1):
        obey(visit, "branch", "another")
    with pytest.raises(InputError, match="at most 4"):
        obey(visit, "branch", "one too many")
    assert len(visit.futures) == limits.BRANCHES
    assert len({future.colour for future in visit.futures}) == limits.BRANCHES


def test_branches_that_are_taken_away_can_be_opened_again(monkeypatch, visit):
    live_to(visit, 20)
    obey(visit, "branch", "soon closed")
    obey(visit, "branch", "more ads")
    obey(visit, "close", 1)
    with pytest.raises(InputError, match="future: found 1; allowed: 0, 2"):
        obey(visit, "close", 1)  # clicked twice: the other one stays
    obey(visit, "move", {"lever": "ad_pressure", "value": 4})
    live_to(visit, 40)
    monkeypatch.setattr("comsim.lab.visit.Timeline", lambda *_: pytest.fail("a world too many"))
    again = visit_from_file(branches(visit, "as it was").encode(), "branches.toml")
    assert [future.name for future in again.futures] == ["as it was", "more ads"]
    assert [future.colour for future in again.futures] == [0, 2]
    assert visit.touched and not again.touched
    assert again.day == 0
    while again.busy:  # it lives as any visit does
        again.tick(0.1)
    for one, other in zip(visit.futures, again.futures, strict=True):
        assert other.timeline.day == 40
        assert (one.timeline.daily == other.timeline.daily).all()


def test_what_is_taken_away_is_the_future_as_it_was_then(visit):
    obey(visit, "move", {"lever": "ad_pressure", "value": 4})
    taken = chosen(visit)
    text = as_toml(*taken)
    obey(visit, "move", {"lever": "ad_pressure", "value": 5})
    assert as_toml(*taken) == text != as_toml(*chosen(visit))


def test_a_report_that_waits_is_not_made_once_its_visitor_has_gone(monkeypatch):
    page = SimpleNamespace(visit=Visit(Scenario.from_dict(SCENARIO)), making=False)
    gone, go, making = ref(page.visit), Event(), ThreadPoolExecutor(1)
    monkeypatch.setattr(away, "MAKING", making)
    making.submit(go.wait)

    async def leave():
        report = asyncio.create_task(away.beside(page, lambda *taken: "report"))
        await asyncio.sleep(0)
        assert page.making
        page.visit = None
        assert gone() is None  # it holds no worlds
        go.set()
        assert await report is None
        assert not page.making

    asyncio.run(leave())


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


def test_what_is_too_big_for_the_lab_is_told():
    with pytest.raises(InputError, match=r"market: .* comsim run takes more"):
        Visit(Scenario.from_dict(SCENARIO | {"community": {"market": limits.MEMBERS + 1}}))


def test_a_full_lab_says_so_and_has_room_again_when_a_visitor_has_gone(monkeypatch, visit):
    monkeypatch.setattr(limits, "MEMORY", 4 * visit.size - 1)
    other = Visit(Scenario.from_dict(SCENARIO))
    with pytest.raises(InputError, match=r"this lab: memory: found .* MB more; allowed: "):
        while True:
            obey(visit, "branch", "another")
    assert len(visit.futures) < limits.BRANCHES
    del other
    obey(visit, "branch", "another")
    with pytest.raises(InputError, match="memory"):
        Visit(Scenario.from_dict(SCENARIO))
    obey(visit, "close", 1)
    assert Visit(Scenario.from_dict(SCENARIO)).day == 0


def test_branches_that_there_is_no_room_for_are_refused_before_they_are_made(monkeypatch, visit):
    obey(visit, "branch", "another")
    text = branches(visit, "first").encode()
    monkeypatch.setattr(limits, "MEMORY", 4 * visit.size - 1)
    monkeypatch.setattr("comsim.lab.timeline.plan", lambda scenario: pytest.fail("made"))
    with pytest.raises(InputError, match="memory"):
        visit_from_file(text, "branches.toml")


def test_while_a_world_is_made_nobody_else_has_its_place(monkeypatch):
    scenario = Scenario.from_dict(SCENARIO)
    monkeypatch.setattr("comsim.lab.room.HERE", set())
    monkeypatch.setattr(limits, "MEMORY", size_of(scenario))

    def made(*arguments):
        with pytest.raises(InputError, match="memory"):
            Visit(scenario)
        return Timeline(*arguments)

    monkeypatch.setattr("comsim.lab.visit.Timeline", made)
    assert Visit(scenario).day == 0


def test_a_few_people_with_many_levers_take_memory_too():
    groups = {
        "segments": [{"name": f"s{i}", "share": 1 / 16} for i in range(16)],
        "arms": [{"name": f"a{i}", "share": 1 / 4} for i in range(4)],
    }
    said = {"name": "many", "days": 3650, "community": {"market": 1}} | groups
    one = size_of(Scenario.from_dict(said))
    assert one > 2 * 3650 * 128 * 34 * 8


def test_visitors_whose_futures_are_compared_take_turns_world_by_world(monkeypatch):
    monkeypatch.setattr(compare, "CALM", 0)
    monkeypatch.setattr(compare, "STEPS", (0, 4, 8))
    background, turns, shown = ThreadPoolExecutor(1), [], []
    waits = SimpleNamespace(submit=lambda *job: turns.append(job) or background.submit(*job))
    monkeypatch.setattr(compare, "BACKGROUND", waits)

    async def two() -> None:
        for name in ("first", "second"):
            visit = Visit(Scenario.from_dict(SCENARIO))
            obey(visit, "branch", "another")
            obey(visit, "move", {"lever": "official_posts", "value": 9})

            def show(difference, colour, name=name):
                sent = compare.as_sent(difference, colour, LabPhrases("en"))
                shown.append((name, sent["worlds"]))

            waiting.append(asyncio.create_task(compare.compare(visit, lambda: True, show)))
        await asyncio.gather(*waiting)

    waiting: list = []
    asyncio.run(two())
    assert shown == [(name, n) for n in (0, 4, 8) for name in ("first", "second")]
    assert len(turns) >= 2 * 8


HOSTILE = [
    None, True, "x" * 10_000, "__class__", -1, 1e308, math.nan, math.inf, 10**400, 2.5, [], {},
    [1, 2], {"lever": "ad_pressure"}, {"lever": "ad_pressure", "value": "3"},
    {"lever": "ad_pressure", "value": math.nan}, {"lever": "ad_pressure", "value": 10**400},
    {"lever": "ad_pressure", "value": True}, {"lever": "ad_pressure", "value": 21},
    {"lever": "ad_pressure", "value": 3, "day": 0}, {"lever": ["ad_pressure"], "value": 3},
    {"future": 0, "name": "\n"}, {"future": 1, "name": "another"}, {"future": 0, "name": None},
    {"lever": "nope", "value": 3}, {"lever": "<script>", "value": 3}, "a\nb", "\x1b[2J", " ",
]  # fmt: skip


@pytest.mark.parametrize("kind", REQUESTS)
@pytest.mark.parametrize("message", HOSTILE, ids=lambda message: repr(message)[:30])
def test_a_hostile_message_is_refused_or_harmless(visit, kind, message):
    live_to(visit, 10)
    try:
        obey(visit, kind, message)
    except InputError as error:
        line = str(error)
        assert "\n" not in line and "\x1b" not in line and len(line) < 1500
        assert visit.now.timeline.moves == []
        assert len(visit.futures) == 1
    visit.tick(0.1)
    assert 0 <= visit.day <= 60
    assert len(visit.now.name) <= limits.NAME
    json.dumps(visit.frame())


def test_only_known_requests_are_carried_out(visit):
    for request in ("__init__", "tick", "adopt", "", "Play"):
        with pytest.raises(InputError):
            obey(visit, request, None)
    for row in (-1, 10**9, "0", None, 0.5, math.nan):
        with pytest.raises(InputError):
            member(visit, row)


def test_the_stages_are_told_in_retrospect_once_the_last_day_is_reached(visit):
    live_to(visit, 59)
    assert "after" not in visit.frame()["futures"][0]
    live_to(visit, 60)
    (told,) = visit.frame()["futures"]
    assert len(told["after"]) == 60 and told["from"] == 59
