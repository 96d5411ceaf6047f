"""Each lesson can be carried out, and what it says will be seen is seen."""

from __future__ import annotations

import re

import pytest

from comsim.common.errors import InputError
from comsim.lab.lesson import Ask, Lesson, Set, Show, Source, load_lessons
from comsim.lab.timeline import Timeline

LESSONS = load_lessons()
WORDS = 60  # in a step, at most
CHARACTERS = 120  # the same in Chinese


def each(lessons=LESSONS):
    return pytest.mark.parametrize("lesson", lessons, ids=lambda lesson: lesson.id)


def test_there_are_six_in_their_order():
    assert [lesson.id for lesson in LESSONS] == [
        "birth", "reply", "billboard", "rewards", "room", "wall",
    ]  # fmt: skip


@each()
def test_what_a_lesson_says_is_seen(lesson):
    timelines = lesson.begin()
    for step in lesson.steps:
        claims = step.claims if isinstance(step, Show) else ()
        for claim in claims:
            assert claim.holds(timelines), claim.words(timelines, "en")
            for language in ("en", "zh"):
                said = claim.words(timelines, language)
                assert re.search(r"\d", said) and "–" not in said and "{" not in said
        step.act(timelines)
    assert set(timelines) == set(lesson.labels)
    assert all(life.moves for name, life in timelines.items() if name != "main")


@each()
def test_a_lesson_asks_before_it_shows_and_ends_with_its_source(lesson):
    kinds = [type(step) for step in lesson.steps]
    assert kinds.index(Ask) < kinds.index(Show) and kinds[-1] is Source


@each()
def test_its_texts_are_short_and_in_both_languages(lesson):
    for step in lesson.steps:
        texts = [step.text]
        for option in getattr(step, "options", ()):
            texts += [option.text, option.answer]
        for said in texts:
            assert len(said("en").split()) <= WORDS and len(said("zh")) <= CHARACTERS
            assert re.search("[\u4e00-\u9fff]", said("zh")) and said("en").isascii()


def test_a_claim_waits_for_its_days_and_says_when_it_came_out_otherwise():
    birth = LESSONS[0]
    claim = next(step for step in birth.steps if isinstance(step, Show)).claims[0]
    timelines = birth.begin()
    assert not claim.lived(timelines) and not claim.holds(timelines)
    assert "still to come" in claim.words(timelines, "en")
    timelines["main"].set("seed_group", 100)  # a visitor's own move
    timelines["main"].go_to(birth.scenario.days)
    assert claim.lived(timelines) and not claim.holds(timelines)
    assert "not what the lesson expects" in claim.words(timelines, "en")
    assert "与课程预期不同" in claim.words(timelines, "zh")


def test_a_branch_forks_in_the_past_and_keeps_it():
    lesson = next(lesson for lesson in LESSONS if lesson.id == "wall")
    fork = next(step for step in lesson.steps if step.kind == "branch")
    timelines = lesson.begin()
    timelines["main"].go_to(200)
    fork.act(timelines)
    main, other = timelines["main"], timelines[fork.name]
    assert (main.day, other.day) == (200, fork.day) and not main.moves
    other.go_to(200)
    assert (other.daily[: fork.day] == main.daily[: fork.day]).all()
    assert (other.daily["wau"][fork.day :] != main.daily["wau"][fork.day :]).any()
    assert [move.day for move in other.moves] == [move.day for move in fork.moves]


def test_levers_are_set_today_or_on_a_day_to_come():
    step = Set.model_validate({
        "kind": "set", "text": {"en": "x", "zh": "x"},
        "moves": [{"lever": "pushes", "value": 1}, {"lever": "release", "value": 1, "day": 20}],
    })  # fmt: skip
    life = Timeline(LESSONS[0].scenario, 1)
    life.go_to(10)
    step.act({"main": life})
    assert life.day == 10 and [(m.day, m.lever) for m in life.moves] == [
        (10, "pushes"), (20, "release"),
    ]  # fmt: skip


TEXT = {"en": "x", "zh": "x"}
TELL = {"kind": "tell", "text": TEXT}
CLAIM = {"a": {"metric": "wau", "day": 5}, "at_least": 1, "says": {"en": "{a}", "zh": "{a}"}}
ASK = {"kind": "ask", "text": TEXT, "options": [
    {"text": TEXT, "answer": TEXT, "right": True}, {"text": TEXT, "answer": TEXT},
]}  # fmt: skip


def shown(**claim):
    return {"kind": "show", "text": TEXT, "chart": "posts", "claims": [CLAIM | claim]}


@pytest.mark.parametrize("step,words", [
    ({"kind": "dance", "text": TEXT}, "steps[4].kind: found 'dance'"),
    ({"kind": "tell", "text": {"en": "x"}}, "zh: found nothing"),
    ({"kind": "play", "text": TEXT, "to": 11}, "found day 11; allowed: days 0 to 10"),
    ({"kind": "set", "text": TEXT, "moves": [{"lever": "ads", "value": 1}]}, "ad_pressure"),
    ({"kind": "set", "text": TEXT, "moves": [{"lever": "offers", "value": 3}]}, "from 0 to 1"),
    (ASK | {"options": ASK["options"][1:] * 2}, "0 right options"),
    (shown(a={"metric": "wau", "day": 5, "branch": "other"}), "branch 'other'"),
    (shown(a={"metric": "wau", "day": 10}), "found day 11"),
    (shown(a={"metric": "wau", "from": 5}), "a day, or from and to"),
    (shown(says={"en": "{b}", "zh": "{a}"}), "says: found '{b}'"),
    (shown(at_least=None), "no bound"),
])  # fmt: skip
def test_a_wrong_lesson_is_refused_in_one_line(step, words):
    data = {
        "id": "x", "place": 1, "title": TEXT, "about": TEXT, "seed": 1, "main": TEXT,
        "scenario": {"name": "x", "days": 10, "community": {"market": 100}},
        "steps": [ASK, TELL, TELL, TELL, step],
    }  # fmt: skip
    Lesson.from_dict(data | {"steps": [ASK, TELL, TELL, TELL, shown()]})
    with pytest.raises(InputError, match=re.escape(words)) as error:
        Lesson.from_dict(data, "x.toml")
    assert "\n" not in str(error.value)
