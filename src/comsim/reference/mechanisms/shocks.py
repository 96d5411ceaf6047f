"""Shocks: news of an evening that hurts, and whom it hurts least."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comsim.kernel.mechanisms.shocks import KINDS
from comsim.reference.leave import go
from comsim.reference.member import ACTIVE, MUTED, TIE_SLOTS, Member
from comsim.rng import Purpose

if TYPE_CHECKING:
    from comsim.reference.community import ReferenceCommunity as Community


def shake(community: Community) -> None:
    """Bad press fades; then today's shocks strike, one after the other."""
    p = community.p
    community.bad_press -= p.press_fading * community.bad_press
    for shock in community.plan.shocks:
        if shock["day"] != community.day:
            continue
        kind, severity, reach = KINDS[shock["kind"]], float(shock["severity"]), shock["reach"]
        if kind == "press":  # reaches those who have not joined
            community.bad_press += p.press_harm * severity * reach * (1.0 - community.bad_press)
            continue
        for member in community.each(community.agents):
            luck = member.luck(Purpose.SHOCK, KINDS.index(kind))
            if luck[0] < reach:
                community.today["shocked"] += 1
                hear(member, kind, severity, luck)


def hear(member: Member, kind: str, severity: float, luck: list[float]) -> None:
    """A member hears of a shock, is hurt, and may leave at once, or mute the community."""
    community, p = member.model, member.model.p
    damage = severity * (1.0 - buffer(member, kind))
    if kind == "rival":
        member.interest -= p.rival_pull * damage * member.interest
        return
    harm = {
        "broken_promise": p.promise_harm, "product_failure": p.failure_harm, "leak": p.leak_harm,
    }[kind]  # fmt: skip
    member.trust -= harm * damage * member.trust
    if kind == "product_failure":
        member.interest -= harm * damage * member.interest
    if luck[1] < p.outrage * damage * (1.0 - member.trust):
        go(community, member)
        community.today["left_shocked"] += 1
    elif kind == "leak" and member.status == ACTIVE and luck[2] < p.leak_muting * damage:
        member.status = MUTED
        community.today["mutes"] += 1
        community.note("mute", member)


def buffer(member: Member, kind: str) -> float:
    """How much of the damage a member is spared: by goodwill and friends, or, against a rival,
    by habit and friends."""
    p: Any = member.model.p
    held = p.tie_buffer * (member.bonds / TIE_SLOTS)
    held += p.habit_buffer * member.habit if kind == "rival" else p.trust_buffer * member.trust
    return min(held, 1.0)
