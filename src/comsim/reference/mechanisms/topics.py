"""Topics: members are interested in different topics, and value posts that fit.

Everyone has a fixed position on a circle of topics. The community's main topic, which official
posts are about, is at 0. Part of `publish` and `read`. The parameter `breadth` sets how far topics
are apart; without it, every post fits everyone. Levers: `matching`,
`personal_moderation`. Counts: `hidden`, `cost_matching`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.sight import near_posts
from comsim.reference.member import Post, ReferenceMember
from comsim.reference.rounding import cents

MAIN_TOPIC = 0.0


def interest_of(member: ReferenceMember) -> float:
    """The member's position on the circle of topics: a fixed u. Not the state `interest`."""
    return member.model.market.uniforms(Purpose.TOPIC, member.person)[0]


def topic_of_post(author: ReferenceMember, nth: int) -> float:
    """The topic of an author's nth post of today: near the author's position.

    topic = position of the author + straying x (u - 0.5), on the circle
    """
    stray = author.uniforms(Purpose.TOPIC, nth + 1)[0] - 0.5
    place = interest_of(author) + author.model.p.straying * stray
    if place < 0.0:
        return place + 1.0
    return place - 1.0 if place >= 1.0 else place


def fit_between(breadth: float, one: float, other: float) -> float:
    """The fit of two positions: 1 for the same position, 1 - breadth for opposite ones.

    fit = 1 - breadth x 2 x distance, where distance is at most 0.5, on a circle of length 1
    """
    apart = abs(one - other)
    return 1.0 - breadth * 2.0 * min(apart, 1.0 - apart)


def fit(reader: ReferenceMember, post: Post) -> float:
    """The fit of a post to a reader; 0 for off-topic posts."""
    if post.fits_nobody:
        return 0.0
    breadth = reader.model.p.breadth
    return fit_between(breadth, interest_of(reader), post.topic) if breadth > 0.0 else 1.0


def official_fit(reader: ReferenceMember) -> float:
    """The fit of official posts, which are about the main topic; matching improves it.

    official fit = f + matching x matching_gain x (1 - f), where f is the fit to the main topic
    """
    p = reader.model.p
    if p.breadth <= 0.0:
        return 1.0
    unmatched = fit_between(p.breadth, interest_of(reader), MAIN_TOPIC)
    return unmatched + reader.levers.matching * p.matching_gain * (1.0 - unmatched)


def matched(reader: ReferenceMember, place: int, one: Post, other: Post) -> Post | None:
    """The better fitting of two posts drawn for a place of the feed, if this place is matched.

    A place is matched with the probability of the lever. None if both fit equally well.
    """
    level = reader.levers.matching
    if level <= 0.0 or reader.uniforms(Purpose.MATCH, place)[0] >= level:
        return None
    first, second = fit(reader, one), fit(reader, other)
    if first == second:
        return None
    return other if second > first else one


def sifted(reader: ReferenceMember, place: int, post: Post, all_are_read: bool) -> Post | None:
    """The reader's filter hides posts that do not fit; another post takes the place.

    probability to hide = personal_moderation x (1 - fit)

    The replacement is drawn at random, and may be hidden as well; the third post stays. The
    reader's own posts and those of friends are not hidden. For a reader who has time for all posts,
    only posts that fit nobody are hidden, and these are not replaced (None).
    """
    level = reader.levers.personal_moderation
    if level <= 0.0 or any(tie.friend is post.author for tie in reader.ties):
        return post
    if post.author is reader:
        return post
    if all_are_read and not post.fits_nobody:
        return post
    hide, second, hide_again, third = reader.uniforms(Purpose.SIFT, place)
    if hide >= level * (1.0 - fit(reader, post)):
        return post
    today, others = reader.model.today, near_posts(reader)
    today["hidden"] += 1
    if all_are_read:
        return None
    post = others[int(second * len(others))]
    if hide_again >= level * (1.0 - fit(reader, post)):
        return post
    today["hidden"] += 1
    return others[int(third * len(others))]


def pay_for_matching(community: CommunityState) -> None:
    """Pay for matching and personal moderation, for the cell with the highest level.

    cost = matching_cost x the greater of the two levers
    """
    p = community.p
    most = max(max(lv.matching, lv.personal_moderation) for lv in community.levers)
    community.today["cost_matching"] = cents(p.matching_cost * most)
