"""Ties: the few others whom a member has come to know by replying, or by meeting them.

Part of `read`, `greet` and `gather`. A tie goes one way: the other need not have one in return.
Ties make their member visit, post, reply and attend more, and leave when friends have left.
"""

from comsim.reference.member import LEFT, STRONGEST, ReferenceMember, Tie


def befriend(member: ReferenceMember, other: ReferenceMember) -> None:
    """The tie to another grows by 1, or takes a free slot, or else wears down the weakest by 1.

    A new tie has strength 1. A weakest one of strength 1 is worn down at once, and the other takes
    its place. So the 6 slots keep the most frequent partners (after Misra and Gries 1982).
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
    """Free the slots of friends who have left; returns how many those were."""
    lost = [slot for slot, tie in enumerate(member.slots) if tie and tie.friend.status == LEFT]
    for slot in lost:
        member.slots[slot] = None
    return len(lost)
