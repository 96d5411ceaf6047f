"""Ties: the few others whom a member has come to know by replying."""

from comsim.reference.member import LEFT, STRONGEST, Member, Tie


def befriend(member: Member, other: Member) -> None:
    """The tie to another grows by 1, or takes a free slot, or else wears down the weakest.

    So the few slots keep the most frequent partners (after Misra and Gries 1982).
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


def let_go(member: Member) -> int:
    """Free the slots of friends who have left; how many."""
    lost = [slot for slot, tie in enumerate(member.slots) if tie and tie.friend.status == LEFT]
    for slot in lost:
        member.slots[slot] = None
    return len(lost)
