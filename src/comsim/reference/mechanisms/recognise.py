"""Recognise: authors are thanked with badges, titles and honours.

Lever: `recognition`. Outcome: voice and trust of authors. It costs nothing.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.trust import lift
from comsim.reference.member import ReferenceMember


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
    """Recognition raises voice and trust, less so in members who are used to it.

    felt = recognition x (1 - recognition_wear x recognised)
    voice += recognition_voice x felt x (1 - voice)
    trust is lifted by recognition_trust x felt (see `lift`)
    recognised += recognition_adaptation x (recognition - recognised)

    Unlike pay, it creates no expectation: when it ends, nobody posts less than before it began.
    """
    p, level = member.model.p, member.levers.recognition
    felt = level * (1.0 - p.recognition_wear * member.recognised)
    member.voice += p.recognition_voice * felt * (1.0 - member.voice)
    lift(member, p.recognition_trust * felt)
    member.recognised += p.recognition_adaptation * (level - member.recognised)
