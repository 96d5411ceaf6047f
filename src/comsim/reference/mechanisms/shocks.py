"""Shocks: bad news of an evening, and what protects members from it.

No lever: a scenario lists shocks, each with a kind, a day, and a severity and reach from 0 to 1.
Outcome: trust, interest, leaving and muting; for bad press, recruiting. Counts: `shocked`,
`left_shocked`, `left`, `mutes`.
"""

from __future__ import annotations

from typing import Any

from comsim.model.kernel.mechanisms.shocks import KINDS
from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.leave import go
from comsim.reference.mechanisms.trust import deceive, heal
from comsim.reference.member import ACTIVE, MUTED, TIE_SLOTS, ReferenceMember


def shake(community: CommunityState) -> None:
    """Bad press fades; then today's shocks occur, one after the other.

    bad press -= press_fading x bad press

    Bad press affects people who have not joined; new bad press adds to it:

    bad press += press_harm x severity x reach x (1 - bad press)

    Each member hears of any other shock with a probability equal to its reach.
    """
    p = community.p
    community.bad_press -= p.press_fading * community.bad_press
    for shock in community.plan.shocks:
        if shock["day"] != community.day:
            continue
        kind, severity, reach = KINDS[shock["kind"]], float(shock["severity"]), shock["reach"]
        if kind == "press":  # affects people who have not joined
            community.bad_press += p.press_harm * severity * reach * (1.0 - community.bad_press)
            continue
        for member in community.each(community.agents):
            uniforms = member.uniforms(Purpose.SHOCK, KINDS.index(kind))
            if uniforms[0] < reach:
                community.today["shocked"] += 1
                hear(member, kind, severity, uniforms)


def hear(member: ReferenceMember, kind: str, severity: float, uniforms: list[float]) -> None:
    """A member hears of a shock, loses trust or interest, and may leave at once or mute.

    damage = severity x (1 - buffer)
    trust    -= harm x damage x trust (a broken promise, a product failure, a leak)
    interest -= harm x damage x interest (a product failure)
    interest -= rival_pull x damage x interest (a rival; no other effect)
    chance to leave = outrage x damage x (1 - trust)
    chance to mute  = leak_muting x damage (a leak; active members who stay)

    Harm depends on the kind of shock: `promise_harm`, `failure_harm` or `leak_harm`. Broken
    promises and leaks are deceit and leave a scar (see Trust).
    """
    community, p = member.model, member.model.p
    heal(member)
    damage = severity * (1.0 - buffer(member, kind))
    if kind == "rival":
        member.interest -= p.rival_pull * damage * member.interest
        return
    harm = {
        "broken_promise": p.promise_harm, "product_failure": p.failure_harm, "leak": p.leak_harm,
    }[kind]  # fmt: skip
    member.trust -= harm * damage * member.trust
    if kind in ("broken_promise", "leak"):
        deceive(member, damage)
    if kind == "product_failure":
        member.interest -= harm * damage * member.interest
    if uniforms[1] < p.outrage * damage * (1.0 - member.trust):
        go(community, member)
        community.today["left_shocked"] += 1
    elif kind == "leak" and member.status == ACTIVE and uniforms[2] < p.leak_muting * damage:
        member.status = MUTED
        community.today["mutes"] += 1
        community.note("mute", member)


def buffer(member: ReferenceMember, kind: str) -> float:
    """The share of the damage that a member is spared: by trust and ties, or, for a rival, by habit
    and ties.

    buffer = tie_buffer x ties / 6 + trust_buffer x trust, at most 1
    buffer = tie_buffer x ties / 6 + habit_buffer x habit, at most 1, for a rival
    """
    p: Any = member.model.p
    held = p.tie_buffer * (member.bonds / TIE_SLOTS)
    held += p.habit_buffer * member.habit if kind == "rival" else p.trust_buffer * member.trust
    return min(held, 1.0)
