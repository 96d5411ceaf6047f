"""Ties: the few other members whom a member knows, from replies or meetings.

Part of `read`, `greet` and `gather`. Ties are directed: the other member need not have one in
return. Members with ties visit, post, reply and attend events more, and may follow friends who
leave.
"""

from comsim.reference.member import LEFT, STRONGEST, ReferenceMember, Tie


def befriend(member: ReferenceMember, other: ReferenceMember) -> None:
    """Strengthen the tie to another member by 1, or add one in a free slot, or else weaken the
    weakest tie by 1.

    A new tie has strength 1. If the weakest tie has strength 1, the new one replaces it. The 6
    slots therefore keep the most frequent partners (after Misra and Gries 1982).
    """
    for tie in member.ties:
        if tie.friend is other:
            tie.strength = min(tie.strength + 1, STRONGEST)
            return
    if None in member.slots:
        member.slots[member.slots.index(None)] = Tie(other)
        return
    weakest = min(member.slots, key=lambda tie: tie.strength)  # the first of equals
    if weakest.strength > 1:
        weakest.strength -= 1
    else:
        member.slots[member.slots.index(weakest)] = Tie(other)


def let_go(member: ReferenceMember) -> int:
    """Free the slots of friends who have left. Returns their number."""
    lost = [slot for slot, tie in enumerate(member.slots) if tie and tie.friend.status == LEFT]
    for slot in lost:
        member.slots[slot] = None
    return len(lost)
