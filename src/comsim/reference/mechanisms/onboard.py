"""Onboard: newcomers are greeted in person, and given small tasks in their first days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comsim.reference.member import Member, saturating
from comsim.reference.rounding import cents
from comsim.reference.ties import befriend
from comsim.rng import Purpose

if TYPE_CHECKING:
    from comsim.reference.community import ReferenceCommunity as Community


def greet(community: Community) -> None:
    """A greeting lifts trust and voice; it makes known to the newcomer who brought them."""
    p, today = community.p, community.today
    for member in community.each(community.everyone):
        if member.joined_day < community.day:
            continue
        if member.luck(Purpose.GREET)[0] < member.levers.greeting:
            member.trust += p.greeting_trust * (1.0 - member.trust)
            member.voice += p.greeting_voice * (1.0 - member.voice)
            if member.inviter:
                befriend(member, member.inviter)
            today["greeted"] += 1
            today["cost_greeting"] += cents(p.greeting_cost)


def give_tasks(community: Community) -> None:
    """Newcomers do some of the tasks that they are offered on a visit."""
    for member in community.each(community.visitors):
        if member.is_newcomer and member.levers.newcomer_tasks > 0.0:
            done = tasks_done(member)
            practise(member, done)
            community.today["tasks_done"] += done


def tasks_done(member: Member) -> int:
    """uptake x interest x tasks offered; a fraction is a chance of one more."""
    number = member.model.p.task_uptake * member.interest * member.levers.newcomer_tasks
    return int(number + member.luck(Purpose.TASK)[0])


def practise(member: Member, done: int) -> None:
    """Tasks exercise habit and voice, with diminishing returns, and tire."""
    p, gain = member.model.p, saturating(done, member.model.p.task_half)
    member.habit += p.task_habit * gain * (1.0 - member.habit)
    member.voice += p.task_voice * gain * (1.0 - member.voice)
    member.fatigue += min(p.task_fatigue * done, 1.0) * (1.0 - member.fatigue)
