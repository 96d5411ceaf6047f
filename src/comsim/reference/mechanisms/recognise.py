"""Recognise: authors are thanked with badges, titles and honours.

Lever: `recognition`. Outcome: posts and trust of authors. It costs nothing. `spurred` is part of
`publish`.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.trust import lift
from comsim.reference.member import ReferenceMember, saturating
from comsim.reference.rounding import single


def spurred(member: ReferenceMember, contribution: float) -> float:
    """A visitor's contribution, raised by recent recognition, which then fades a little.

    contribution x (1 + recognition_pull x stirred x sat(posts so far, recognition_half))
    stirred -= recognition_fading x stirred
    """
    p, stirred = member.model.p, member.stirred
    if stirred == 0.0:
        return contribution
    pull = p.recognition_pull * stirred * saturating(member.posts, p.recognition_half)
    left = stirred - p.recognition_fading * stirred
    member.stirred = left if left > 1e-9 else 0.0
    return single(contribution * (1.0 + pull))


def recognise(community: CommunityState) -> None:
    """Today's authors are recognised, to the degree set by their cell's lever.

    Nothing happens before the lever is first above 0. From then on, authors get used to the current
    level, even when it falls. Authors whose posts were all removed are not thanked.
    """
    if any(levers.recognition > 0.0 for levers in community.levers):
        community.recognition_known = True
    if not community.recognition_known:
        return
    for member in community.each(community.visitors):
        if member.todays_posts:
            thank(member)


def thank(member: ReferenceMember) -> None:
    """Recognition makes authors post more and raises trust, less so if they are used to it.

    felt = recognition x (1 - recognised)
    stirred = max(stirred, felt)
    trust is lifted by recognition_trust x felt (see `lift`)
    recognised += recognition_adaptation x (recognition - recognised)

    Unlike pay, it creates no expectation: when it ends, nobody posts less than before it began.
    """
    p, level = member.model.p, member.levers.recognition
    felt = level * (1.0 - member.recognised)
    member.stirred = max(member.stirred, felt)
    lift(member, p.recognition_trust * felt)
    member.recognised += p.recognition_adaptation * (level - member.recognised)
