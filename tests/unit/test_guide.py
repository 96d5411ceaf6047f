"""A lesson's steps are carried out once, and wait where there is no room for them."""

import asyncio
from types import SimpleNamespace
from weakref import ref

import pytest

from comsim.common.errors import InputError
from comsim.lab.claim import MAIN
from comsim.lab.lesson import load_lessons
from comsim.lab.page.guide import Guide
from comsim.lab.visit import Visit


@pytest.fixture
def guide(monkeypatch):
    """At the step before a fork, without a browser."""
    monkeypatch.setattr(Guide, "refresh", lambda self: None)
    lesson = next(lesson for lesson in load_lessons() if lesson.steps[1].kind == "branch")
    visit = Visit(lesson.scenario, lesson.seed)

    async def do(act):
        await asyncio.sleep(0)
        try:
            act(visit)
        except InputError:
            return False
        return True

    async def show_all():
        pass

    guide = Guide(lesson, visit)
    guide.state = SimpleNamespace(visit=visit, say=SimpleNamespace(language="en"))
    guide.actions = SimpleNamespace(do=do, show_all=show_all, show_chart=lambda name: None)
    return guide


def test_next_clicked_twice_is_one_step(guide):
    async def twice():
        await asyncio.gather(guide.next(), guide.next())

    asyncio.run(twice())
    assert guide.at == 1
    assert guide.lesson.steps[1].name in guide.lives
    assert len(guide.state.visit.futures) == 2


def test_a_lesson_waits_until_a_future_is_closed(guide):
    visit = guide.state.visit
    for name in ("one", "two", "three"):
        visit.branch(name)
    asyncio.run(guide.next())
    assert (guide.at, len(guide.lives)) == (0, 1)
    visit.close(3)
    asyncio.run(guide.next())
    assert (guide.at, len(guide.lives)) == (1, 2)


def test_a_future_of_a_lesson_that_was_closed_stays_so_and_claims_about_it_say_so(guide):
    visit, steps = guide.state.visit, guide.lesson.steps
    asyncio.run(guide.next())
    gone = ref(visit.now.timeline)
    visit.close(1)
    assert gone() is None  # and takes no memory
    asyncio.run(guide.next())
    assert steps[2].kind == "branch"
    assert [future.part for future in visit.futures] == [MAIN, steps[2].name]
    claims = [claim for step in steps if step.kind == "show" for claim in step.claims]
    about = [c for c in claims if steps[1].name in {each.branch for each in c.readings}]
    assert about
    assert all(c.words(guide.lives, "en").endswith("was closed.") for c in about)


def test_a_step_back_does_nothing_twice(guide):
    asyncio.run(guide.next())
    lives = dict(guide.lives)
    asyncio.run(guide.back())
    assert guide.at == 0
    asyncio.run(guide.next())
    assert (guide.at, guide.lives, len(guide.state.visit.futures)) == (1, lives, 2)


@pytest.mark.parametrize("hit", [True, False])
def test_after_the_play_one_hears_whether_one_guessed_right(guide, hit):
    steps = guide.lesson.steps
    asked = next(at for at, step in enumerate(steps) if step.kind == "ask")
    guide.at = asked
    options = steps[asked].options
    right = next(n for n, option in enumerate(options) if option.right == hit)
    asyncio.run(guide.guess(right))
    assert guide.verdict is None  # not before it has been played
    guide.at = next(at for at, step in enumerate(steps) if step.kind == "show" and at > asked)
    mine, right, was = guide.verdict
    assert was == hit == (mine == right)


def test_the_first_step_of_a_lesson_sets_its_levers():
    for lesson in load_lessons():
        first = lesson.steps[0]
        visit = Visit(lesson.scenario, lesson.seed)
        Guide(lesson, visit)
        said = [(move.lever, move.value) for move in getattr(first, "moves", ())]
        assert [(m.lever, m.value) for m in visit.futures[0].timeline.moves] == said
        assert not visit.touched


def test_what_a_lesson_does_is_not_the_visitors(guide):
    visit = guide.state.visit
    asyncio.run(guide.next())
    assert visit.now.timeline.moves and not visit.touched
    with pytest.raises(InputError, match="no move"):
        visit.undo(1)
    visit.move("ad_pressure", 1)
    assert visit.touched
    visit.undo(1)
    assert not visit.touched
