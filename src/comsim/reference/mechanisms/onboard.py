"""Onboard: newcomers get a greeting in person, an automated message and small tasks.

Levers: `greeting`, `auto_greeting`, `newcomer_tasks`. Outcome: trust, voice and fatigue of
newcomers, and their first tie. Counts: `greeted`, `auto_greeted`, `cost_greeting`, `tasks_done`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.trust import lift
from comsim.reference.member import LEFT, ReferenceMember, saturating
from comsim.reference.rounding import cents
from comsim.reference.ties import befriend


def greet(community: CommunityState) -> None:
    """A share of today's newcomers get an automated welcome, which raises their voice a little:

    voice += auto_greeting_voice x (1 - voice)

    Then staff greet a share of them in person, which raises their trust and voice:

    voice += greeting_voice x (1 - voice); trust is lifted by greeting_trust (see `lift`)

    A greeted newcomer gets a tie to the inviter with probability `greeting_tie`, if there is one
    and they are still a member.
    """
    p, today = community.p, community.today
    for member in community.each(community.everyone):
        if member.joined_day < community.day:
            continue
        in_person, automated, acquainted, _ = member.uniforms(Purpose.GREET)
        if automated < member.levers.auto_greeting:
            member.voice += p.auto_greeting_voice * (1.0 - member.voice)
            today["auto_greeted"] += 1
        if in_person < member.levers.greeting:
            lift(member, p.greeting_trust)
            member.voice += p.greeting_voice * (1.0 - member.voice)
            inviter = member.inviter
            if inviter and inviter.status != LEFT and acquainted < p.greeting_tie:
                befriend(member, member.inviter)
            today["greeted"] += 1
            today["cost_greeting"] += cents(p.greeting_cost)


def give_tasks(community: CommunityState) -> None:
    """Visiting newcomers do some of the tasks offered to them."""
    for member in community.each(community.visitors):
        if member.is_newcomer and member.levers.newcomer_tasks > 0.0:
            done = tasks_done(member)
            practise(member, done)
            community.today["tasks_done"] += done


def tasks_done(member: ReferenceMember) -> int:
    """The number of tasks that a newcomer does. A fraction is the probability of one more task.

    done = whole part of (task_uptake x interest x newcomer_tasks + u)
    """
    number = member.model.p.task_uptake * member.interest * member.levers.newcomer_tasks
    return int(number + member.uniforms(Purpose.TASK)[0])


def practise(member: ReferenceMember, done: int) -> None:
    """Tasks raise today's voice, with diminishing returns, and tire the newcomer.

    voice of today = voice + task_voice x sat(done, task_half) x (1 - voice)
    fatigue        += min(task_fatigue x done, 1) x (1 - fatigue)
    """
    p, gain = member.model.p, saturating(done, member.model.p.task_half)
    member.voice_today = member.voice + p.task_voice * gain * (1.0 - member.voice)
    member.fatigue += min(p.task_fatigue * done, 1.0) * (1.0 - member.fatigue)
