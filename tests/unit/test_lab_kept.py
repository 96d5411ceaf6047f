"""What a browser kept of a visit is that visit again; what it can't have kept is refused."""

import tomllib
from types import SimpleNamespace
from weakref import WeakSet

import numpy as np
import pytest
import tomli_w

from comsim.common.errors import InputError
from comsim.lab import limits
from comsim.lab.lesson import load_lessons
from comsim.lab.visit import Visit
from comsim.lab.wire import obey
from comsim.scenario import Scenario, load_scenario

pytest.importorskip("nicegui")

from comsim.lab.page.choose import in_the_lab
from comsim.lab.page.guide import Guide
from comsim.lab.page.kept import come_back, kept
from comsim.lab.shelf import cards

SCENARIO = {"name": "any", "days": 60, "seed": 3, "community": {"market": 300}}


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch):
    """Visits that other tests left take no memory here."""
    monkeypatch.setattr("comsim.lab.room.HERE", WeakSet())


def live_to(visit, day):
    obey(visit, "seek", day)
    while visit.busy:
        visit.tick(0.1)


def days(visit):
    return {str(colour): day for colour, day in visit.frame()["stand"].items()}


def busy_visit():
    visit = Visit(Scenario.from_dict(SCENARIO), seed=9)
    live_to(visit, 10)
    obey(visit, "move", {"lever": "ad_pressure", "value": 3})
    obey(visit, "branch", "更多 <b>ads</b>")
    live_to(visit, 20)
    obey(visit, "move", {"lever": "release", "value": 0.4})
    obey(visit, "move", {"lever": "ad_pressure", "value": 6})
    obey(visit, "branch", "third")
    obey(visit, "close", 1)
    obey(visit, "speed", 120)
    live_to(visit, 44)
    return visit


def told(visit):
    return [
        (f.name, f.colour, f.own, f.part, f.timeline.moves, list(f.timeline.before), f.timeline.day)
        for f in visit.futures
    ], (visit.chosen, visit.speed, visit.day, visit.now.timeline.seed)


def test_a_visit_comes_back_with_its_futures_moves_and_days():
    visit = busy_visit()
    back = come_back(kept(visit), days(visit), None).visit
    assert not back.playing
    while back.busy:
        back.tick(0.1)
    assert told(back) == told(visit)
    for one, other in zip(visit.futures, back.futures, strict=True):
        assert np.array_equal(one.timeline.daily, other.timeline.daily)
    for one in (visit, back):
        obey(one, "undo", one.now.colour)
        obey(one, "undo", one.now.colour)
        while one.busy:
            one.tick(0.1)
    assert told(back) == told(visit)


def test_the_day_is_the_one_that_the_browser_showed_last():
    visit = busy_visit()
    text = kept(visit)
    assert come_back(text, {"0": 51, "2": 51}, None).visit.target == 51
    for wrong in ({}, {"0": 61, "2": -1}, {"7": 3}):
        assert come_back(text, wrong, None).visit.target == 44
    obey(visit, "seek", 55)  # a day that it is on its way to
    assert days(visit) == {"0": 55, "2": 55}
    assert come_back(kept(visit), days(visit), None).visit.target == 55


def test_a_lesson_comes_back_where_it_was_and_does_nothing_twice():
    lesson = next(lesson for lesson in load_lessons() if
                  any(step.kind == "branch" for step in lesson.steps))  # fmt: skip
    visit = Visit(lesson.scenario, lesson.seed)
    guide = Guide(lesson, visit)
    guide.state = SimpleNamespace(say=SimpleNamespace(language="en"))
    for at, step in enumerate(lesson.steps):
        if step.kind in ("set", "branch") and at:
            guide._act(visit, step)
        if step.kind == "play":
            live_to(visit, step.to)
        if step.kind == "ask":
            guide.guesses[at] = 1
        guide.at = guide.done = at
        if step.kind == "branch":
            break  # a future stands in the past of another
    stood = days(visit)
    begun = come_back(kept(visit, guide=guide), stood, None)
    again = Guide(begun.lesson, begun.visit, begun.progress)
    while begun.visit.busy:
        begun.visit.tick(0.1)
    assert (again.at, again.done, again.guesses) == (guide.at, guide.done, guide.guesses)
    assert again.lives.keys() == guide.lives.keys() and len(guide.lives) > 1
    assert days(begun.visit) == stood and len({*stood.values()}) > 1
    assert [f.timeline.moves for f in begun.visit.futures] == [
        f.timeline.moves for f in visit.futures
    ]


def test_a_card_and_what_the_lab_was_started_with_may_read_files(tmp_path):
    (tmp_path / "joiners.csv").write_text("day,joiners\n0,40\n1,2\n")
    (tmp_path / "here.toml").write_text('name = "x"\ndays = 9\n[intake]\ncsv = "joiners.csv"\n')
    given = load_scenario(tmp_path / "here.toml")
    text = kept(Visit(given, 1))
    assert come_back(text, {}, given).visit.now.timeline.base is given
    with pytest.raises(InputError, match="found a CSV file"):
        come_back(text, {}, None)
    card = cards()[0]
    begun = come_back(kept(Visit(in_the_lab(card)), card), {}, given)
    assert begun.card is card and begun.title == card.name


@pytest.mark.parametrize("change,line", [
    (lambda said: said["page"].pop("futures"), "page.futures|futures"),
    (lambda said: said["page"]["futures"].pop(), "as many as branches"),
    (lambda said: said["page"].update(chosen=3), "futures"),
    (lambda said: said["page"].update(speed=1e300), "speed"),
    (lambda said: said["page"].update(speed=[[]]), "speed"),
    (lambda said: said["page"].update(more=1), "unknown key"),
    (lambda said: said["page"].update(guesses=[[0, "x"]]), "guesses"),
    (lambda said: said.pop("branches"), "branches"),
    (lambda said: said["branches"][0]["moves"][0].update(lever="greting"), "greeting"),
    (lambda said: said["branches"][0].update(day=61), "day"),
    (lambda said: said["scenario"].update(days=10**9), "days"),
    (lambda said: said["scenario"].update(community={"market": 10_000_000}), "market"),
])  # fmt: skip
def test_what_no_page_kept_is_refused_in_one_line(change, line):
    said = tomllib.loads(kept(busy_visit()))
    change(said)
    with pytest.raises(InputError, match=line) as error:
        come_back(tomli_w.dumps(said), {}, None)
    assert "\n" not in str(error.value)


def test_strange_lessons_cards_and_moves_taken_back_are_left_out():
    said = tomllib.loads(kept(busy_visit()))
    said["page"] |= {"card": "none/such", "lesson": "birth", "at": 99, "guesses": [[0, 1]]}
    said["page"]["futures"][0]["made"] = [{"day": 1, "lever": "ad_pressure", "value": 1}]
    begun = come_back(tomli_w.dumps(said), {}, None)
    assert (begun.card, begun.lesson) == (None, None)
    assert not begun.visit.futures[0].timeline.before


def test_what_is_too_much_to_be_kept_is_not(monkeypatch):
    visit = busy_visit()
    text = kept(visit)
    monkeypatch.setattr(limits, "KEPT", len(text) - 50)
    assert kept(visit) == ""
    with pytest.raises(InputError, match="at most"):
        come_back(text, {}, None)


def test_days_that_another_version_lived_are_marked():
    text = kept(busy_visit())
    assert not come_back(text, {}, None).other_code
    said = tomllib.loads(text)
    said["page"]["code"] = "another"
    assert come_back(tomli_w.dumps(said), {}, None).other_code
