"""Respond: staff answer posts without a member's reply. Part of `read` and `learn`.

Lever: `response_rate`. Outcome: the value of authors' visits, their trust and voice. Counts:
`answered`, `staff_replies`, `cost_responses`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.member import GOOD, ReferenceMember, saturating
from comsim.reference.rounding import cents


def respond(community: CommunityState) -> None:
    """Staff answer a share of the good posts without a reply today, which pleases their authors.

    solved = sat(answers, 1)
    joy    = staff_reply_weight x solved
    value += reply_joy x joy, up to 1

    Such an answer creates no tie, does not count as a reply, and does not affect standing.
    """
    community.helped = {}
    for author in community.each(community.visitors):
        if answers := answers_for(author):
            community.helped[author] = solved = saturating(answers, 1.0)
            joy = community.p.staff_reply_weight * solved
            author.visit.value = min(author.visit.value + community.p.reply_joy * joy, 1.0)
            community.today["staff_replies"] += answers
    community.today["answered"] = sum(post.replies > 0 for post in community.posts)
    price = cents(community.p.staff_reply_cost)
    community.today["cost_responses"] = community.today["staff_replies"] * price


def answers_for(author: ReferenceMember) -> int:
    """The number of an author's posts that staff answer, each with probability `response_rate`."""
    rate, answers = author.levers.response_rate, 0
    if rate > 0.0:
        for nth, post in enumerate(author.todays_posts):
            open_question = post.kind == GOOD and not post.replies
            answers += open_question and author.uniforms(Purpose.RESPOND, nth + 1)[0] < rate
    return answers


def take_answers(community: CommunityState) -> None:
    """Authors answered by staff alone keep their voice. (For their trust see Trust.)

    voice += voice_learning x staff_reply_weight x (1 - voice), without any member's reply
    """
    p = community.p
    for author in community.helped:
        if not any(post.replies for post in author.todays_posts):
            heard = p.voice_learning * p.staff_reply_weight
            author.voice += heard * (1.0 - author.voice)
