"""The life of a member in a few sentences, in English and Chinese.

The member's record is available at once. The causes of changes in trust need its life to be
simulated again (`comsim.lab.trace`). A story contains only what the model records. It gives no
single cause for a visit that did not happen, since the probability of a visit depends on all of the
member's states.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comsim.lab.phrasebook import LabPhrases
from comsim.lab.timeline import Timeline
from comsim.lab.trace import Causes, Trace
from comsim.lab.view import MEANS
from comsim.model.kernel.basics import FOUNDER, LEFT, MUTED
from comsim.model.kernel.mechanisms.roles import ROLES
from comsim.model.periods import DORMANT_AFTER
from comsim.run.tables import mean_state

MOST_TURNS = 6  # the last ones of a life that are mentioned
MOST_CAUSES = 3  # of a day that are mentioned
SEEN, GREAT = 0.0005, 0.01  # of trust: the smallest change mentioned, and to be the greatest


def story(
    timeline: Timeline, row: int, language: str = "en", traced: Trace | None = None
) -> list[str]:
    """The life of the member in this row up to this morning, as sentences.

    With its trace, also the causes of changes in trust. Raises ValueError for a row without a
    member.
    """
    if not 0 <= row < int(timeline.world.now["rows"][0]):
        raise ValueError(f"no member in row {row}")
    words = LabPhrases(language, timeline.base.dates)
    sentences = [*_coming(timeline, row, words), *_doing(timeline, row, words)]
    sentences += [*_ties(timeline, row, words), *_today(timeline, row, words)]
    if traced is not None:
        sentences += _why(timeline, row, words, traced)
    return sentences


def _coming(timeline: Timeline, row: int, words: LabPhrases) -> Iterator[str]:
    mine = timeline.world.m.own[row]
    day, by = int(mine["joined_day"]), int(mine["inviter"])
    if by >= 0:
        yield words("story.invited", day=day, by=by)
    else:
        yield words(f"story.{_recruited(timeline, row, day)}", day=day)
    if len(timeline.plan.segment_names) > 1:
        yield words("story.segment", segment=timeline.plan.segment_names[mine["segment"]])


def _recruited(timeline: Timeline, row: int, day: int) -> str:
    """How a member without an inviter joined. On each day, walk-ins join after all others, except
    people who follow a KOL (`comsim.model.kernel.day`)."""
    if timeline.world.m.own[row]["inviter"] == FOUNDER:
        return "founder"
    daily = timeline.world.daily
    later = int(daily["joined"][: day + 1].sum()) - row  # including this member
    if later <= daily["joined_kol"][day]:
        return "kol"
    later -= int(daily["joined_kol"][day])
    return "walk_in" if later <= daily["joined_walk_in"][day] else "recruited"


def _doing(timeline: Timeline, row: int, words: LabPhrases) -> Iterator[str]:
    mine = timeline.world.m.own[row]
    yield words("story.came", days=words.days(int(mine["visits"])), last=int(mine["last_visit"]))
    given = words.number(int(mine["replies_given"]))
    if mine["posts"]:
        posts, replies = (words.number(int(mine[key])) for key in ("posts", "replies_received"))
        last = int(mine["last_post"])
        yield words("story.wrote", posts=posts, last=last, replies=replies, given=given)
    else:
        yield words("story.silent", given=given)


def _ties(timeline: Timeline, row: int, words: LabPhrases) -> Iterator[str]:
    m = timeline.world.m
    friends = m.tie[row][m.tie[row] >= 0]
    gone = int((m.status[friends] == LEFT).sum())
    if len(friends):
        who = words.listed(
            [words(f"story.{_tie(m, row, other)}", n=int(other)) for other in friends]
        )
        key = "story.knows_gone" if gone else "story.knows"
        yield words(key, n=len(friends), who=who, gone=gone)
    else:
        yield words("story.alone")
    if brought := int(m.own[row]["recruits"]):
        yield words("story.brought", n=words.number(brought))


def _tie(m: Any, row: int, other: int) -> str:
    if m.own[row]["inviter"] == other:
        return "inviter"
    return "invitee" if m.own[other]["inviter"] == row else "member"


def _today(timeline: Timeline, row: int, words: LabPhrases) -> Iterator[str]:
    m, day = timeline.world.m, timeline.day
    mine, status = m.own[row], m.status[row]
    interest, trust = words.short(_two(m.interest[row])), words.short(_two(mine["trust"]))
    if status == LEFT:
        yield words("story.left", day=int(mine["left_day"]), interest=interest, trust=trust)
        return
    mean_interest, mean_trust = (
        words.short(_two(mean_state(timeline.daily, key)[-1]) if day else None)
        for key in MEANS.values()
    )
    yield words(
        "story.active", role=words.name("story_role", ROLES[mine["role"]]), interest=interest,
        mean_interest=mean_interest, trust=trust, mean_trust=mean_trust,
        fatigue=words.short(_two(m.fatigue[row])),
    )  # fmt: skip
    if status == MUTED:
        yield words("story.muted")
    away = day - 1 - int(mine["last_visit"])
    if away >= DORMANT_AFTER:
        yield words("story.dormant", days=words.days(away))


def _why(timeline: Timeline, row: int, words: LabPhrases, traced: Trace) -> Iterator[str]:
    if traced.turns:
        turns = [
            words("story.turn", day=day, what=words.name("story_turn", what))
            for day, what in traced.turns[-MOST_TURNS:]
        ]
        yield words("story.turns", turns=words.listed(turns))
    seen = {key: words.number(traced.seen[key]) for key in ("ads", "official", "members")}
    yield words("story.saw", **seen)
    if traced.wrote and traced.unanswered:
        voice = words.short(_two(timeline.world.m.own[row]["voice"]))
        yield words("story.unanswered", n=traced.unanswered, all=traced.wrote, voice=voice)
    start, now = traced.start, traced.trust[-1]
    causes = _named(traced.causes, words)
    if not causes:
        yield words("story.still", start=words.short(_two(start)))
        return
    yield words("story.moved", start=words.short(_two(start)), now=words.short(_two(now)),
                causes=words.listed(causes))  # fmt: skip
    for key, sign in (("fall", -1), ("rise", 1)):
        day, change, causes = max(traced.moves, key=lambda move: sign * move[1])
        if sign * change >= GREAT and len(traced.moves) > 1:
            yield words(f"story.{key}", day=day, change=_signed(change),
                        causes=words.listed(_named(causes, words)[:MOST_CAUSES]))  # fmt: skip


def _named(causes: Causes, words: LabPhrases) -> list[str]:
    """Causes with their effects, the strongest first."""
    order = sorted(causes.items(), key=lambda cause: -abs(cause[1]))
    return [
        words("story.cause", change=_signed(by),
              cause=" + ".join(words.name("story_cause", name) for name in names))
        for names, by in order if abs(by) >= SEEN
    ]  # fmt: skip


def _two(value: Any) -> float:
    return round(float(value), 2)


def _signed(change: float) -> str:
    return f"{change:+.3f}".replace("-", "−")
