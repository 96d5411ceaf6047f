"""Publish: the operator posts, and members post.

Levers: `official_posts`, `contribution_reward` (`content_quality` acts in Read). Calls Interactive,
Conversation, Recognise, Stated rules, Conduct and Moderate. Counts: `official_posts`, `posts`,
`posters`, `cost_content`, `cost_rewards`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.conduct import appraise
from comsim.reference.mechanisms.conversation import talking_back
from comsim.reference.mechanisms.core import may_speak
from comsim.reference.mechanisms.interactive import contribution_today, pay_for_calls
from comsim.reference.mechanisms.moderate import moderate
from comsim.reference.mechanisms.recognise import spurred
from comsim.reference.mechanisms.sight import lay_out_posts
from comsim.reference.mechanisms.stated_rules import first_post_invited
from comsim.reference.mechanisms.trust import bearing
from comsim.reference.member import TIE_SLOTS, Post, ReferenceMember, saturating
from comsim.reference.rounding import cents, whole_of

MOST_POSTS = 8  # per visit


def publish(community: CommunityState) -> None:
    """The operator posts to each cell, then visitors post; moderators may remove posts.

    Fractions of an official post carry over to the next day. An official post costs `post_cost`.
    One post can be shown to several cells, so the number paid for is that of the cell with the most
    posts. Members are paid `contribution_reward` for each post, including removed ones. Posts are
    in order of their authors' joining, which matters only for the random choices of a feed.
    """
    community.official_posts = []
    for cell, levers in enumerate(community.levers):
        community.content_carry[cell] += levers.official_posts
        community.official_posts.append(whole_of(community.content_carry[cell]))
        community.content_carry[cell] -= community.official_posts[cell]
    most = max(community.official_posts)
    community.today["official_posts"] = most
    community.today["cost_content"] = most * cents(community.p.post_cost)
    pay_for_calls(community)
    community.posts: list[Post] = []
    for member in community.each(community.visitors):
        member.contribution_today = contribution_of(member)
        if may_speak(member):
            write(member)
        community.posts += member.todays_posts
        paid = len(member.todays_posts) * cents(member.levers.contribution_reward)
        community.today["cost_rewards"] += paid
        community.today["posters"] += bool(member.todays_posts)
    community.posts.sort(key=lambda post: post.author.row)
    community.today["posts"] = len(community.posts)
    for post in community.posts:
        community.note("post", post.author)
    appraise(community)
    moderate(community)
    lay_out_posts(community)


def contribution_of(member: ReferenceMember) -> float:
    """Today's contribution: the trait, raised in turn by interactive posts (see
    `contribution_today`), by yesterday's replies (see `talking_back`), by recent recognition (see
    `spurred`) and, for newcomers who have never posted, by stated rules (see
    `first_post_invited`)."""
    contribution = talking_back(member, contribution_today(member))
    return first_post_invited(member, spurred(member, contribution))


def write(member: ReferenceMember) -> None:
    """A visitor writes posts at the posting rate. A fraction is the probability of one more post.

    posts = whole part of (rate + u), at most 8 per visit

    The quality of each post is a new u; it does not depend on the author.
    """
    number = min(int(posting_rate(member) + member.uniforms_of_visit[0]), MOST_POSTS)
    for k in range(number):
        member.todays_posts.append(Post(member, quality=member.uniforms(Purpose.PUBLISH, k + 1)[0]))
    if number:
        member.last_post = member.model.day
        member.posts += number


def posting_rate(member: ReferenceMember) -> float:
    """The expected number of posts of a visitor.

    rate = contribution x interest x bearing(trust_posts, trust)
           x (voice_floor + 2 x (1 - voice_floor) x voice)
           x (1 + tie_voice x ties / 6)
           x (1 + reward_pull x sat(contribution_reward, reward_half))
           x (1 - crowding_out x reward_norm) x mood

    where contribution and voice are today's (see `contribution_of`; newcomer tasks raise voice),
    and mood is an effect of the weather (see `change_weather`). The voice of a member who has never
    posted is 0.5, for which its factor is 1; full voice makes it 2 - voice_floor. A reward acts at
    once. Members who have come to expect it post less of their own accord, which shows when it
    ends.
    """
    p = member.model.p
    return (
        member.contribution_today
        * member.interest
        * bearing(p.trust_posts, member.trust)
        * (p.voice_floor + 2.0 * (1.0 - p.voice_floor) * member.voice_today)
        * (1.0 + p.tie_voice * (member.bonds / TIE_SLOTS))
        * (1.0 + p.reward_pull * saturating(member.levers.contribution_reward, p.reward_half))
        * (1.0 - p.crowding_out * member.reward_norm)
        * member.model.mood
    )
