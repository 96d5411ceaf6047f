"""Recognise: those who post are thanked, by badges, titles and honours.

Lever: `recognition`. Outcome: voice and trust of authors. It costs nothing.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.member import ReferenceMember


def recognise(community: CommunityState) -> None:
    """Today's authors are recognised, as far as their cell's lever says.

    Nothing happens before the lever was ever above 0; from then on authors grow used to whatever
    they get, and unused again when it ends. Authors of removed posts only are not thanked.
    """
    if any(levers.recognition > 0.0 for levers in community.levers):
        community.recognition_known = True
    if not community.recognition_known:
        return
    for member in community.each(community.visitors):
        if member.todays_posts:
            thank(member)


def thank(member: ReferenceMember) -> None:
    """Recognition lifts voice and trust, less so in who is used to it.

    felt = recognition x (1 - recognition_wear x recognised)
    voice += recognition_voice x felt x (1 - voice)
    trust += recognition_trust x felt x (1 - trust)
    recognised += recognition_adaptation x (recognition - recognised)

    Unlike pay it is not counted on: nobody posts less than before when it ends.
    """
    p, level = member.model.p, member.levers.recognition
    felt = level * (1.0 - p.recognition_wear * member.recognised)
    member.voice += p.recognition_voice * felt * (1.0 - member.voice)
    member.trust += p.recognition_trust * felt * (1.0 - member.trust)
    member.recognised += p.recognition_adaptation * (level - member.recognised)
