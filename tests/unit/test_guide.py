"""A lesson's steps are carried out once, and wait where there is no room for them."""

import asyncio
from types import SimpleNamespace

import pytest

from comsim.errors import InputError
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

    guide = Guide(lesson, visit)
    guide.page = SimpleNamespace(
        visit=visit, guide=guide, do=do, say=SimpleNamespace(language="en"),
        world=SimpleNamespace(run_method=lambda *_: None), compare=lambda _: None,
    )  # fmt: skip
    return guide


def test_next_clicked_twice_is_one_step(guide):
    async def twice():
        await asyncio.gather(guide.next(), guide.next())

    asyncio.run(twice())
    assert guide.at == 1
    assert guide.lesson.steps[1].name in guide.lives
    assert len(guide.page.visit.futures) == 2


def test_a_lesson_waits_until_a_future_is_closed(guide):
    visit = guide.page.visit
    for name in ("one", "two", "three"):
        visit.branch(name)
    asyncio.run(guide.next())
    assert (guide.at, len(guide.lives)) == (0, 1)
    visit.close(3)
    asyncio.run(guide.next())
    assert (guide.at, len(guide.lives)) == (1, 2)
