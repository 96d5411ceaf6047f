"""Topics: members care for different things, and what fits them is worth more to them.

Everybody has a place on a circle of topics for life; the community's main topic, which the
operator writes about, is at 0. Part of `publish` and `read`. How far apart topics are is the
parameter `breadth`; without it every post fits everybody. Levers: `matching`,
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
    """The member's place on the circle of topics: u, for life. Not the state `interest`."""
    return member.model.market.uniforms(Purpose.TOPIC, member.person)[0]


def topic_of_post(author: ReferenceMember, nth: int) -> float:
    """Where an author's nth post of today lies: near what the author cares for.

    topic = place of the author + straying x (u - 0.5), round the circle
    """
    stray = author.uniforms(Purpose.TOPIC, nth + 1)[0] - 0.5
    place = interest_of(author) + author.model.p.straying * stray
    if place < 0.0:
        return place + 1.0
    return place - 1.0 if place >= 1.0 else place


def fit_between(breadth: float, one: float, other: float) -> float:
    """How well two places fit: 1 for the same place, 1 - breadth for opposite ones.

    fit = 1 - breadth x 2 x distance, on a circle of length 1, so that distance is 0.5 at most
    """
    apart = abs(one - other)
    return 1.0 - breadth * 2.0 * min(apart, 1.0 - apart)


def fit(reader: ReferenceMember, post: Post) -> float:
    """How well a post fits a reader; what is off topic, or spam, fits nobody."""
    if post.fits_nobody:
        return 0.0
    breadth = reader.model.p.breadth
    return fit_between(breadth, interest_of(reader), post.topic) if breadth > 0.0 else 1.0


def official_fit(reader: ReferenceMember) -> float:
    """Official posts are about the main topic; matched to the reader they miss less.

    official fit = f + matching x matching_gain x (1 - f), where f is the fit to the main topic
    """
    p = reader.model.p
    if p.breadth <= 0.0:
        return 1.0
    unmatched = fit_between(p.breadth, interest_of(reader), MAIN_TOPIC)
    return unmatched + reader.levers.matching * p.matching_gain * (1.0 - unmatched)


def matched(reader: ReferenceMember, place: int, one: Post, other: Post) -> Post | None:
    """Of two posts drawn for a place of the feed the better fitting, if it is matched.

    A place is matched with the chance of the lever. If both fit alike, none is preferred.
    """
    level = reader.levers.matching
    if level <= 0.0 or reader.uniforms(Purpose.MATCH, place)[0] >= level:
        return None
    first, second = fit(reader, one), fit(reader, other)
    if first == second:
        return None
    return other if second > first else one


def sifted(reader: ReferenceMember, place: int, post: Post, all_are_read: bool) -> Post | None:
    """The reader's own filter hides what does not fit; another post takes the place.

    chance to hide = personal_moderation x (1 - fit)

    The post in its place, drawn at random, may be hidden once more; the third stays. The reader's
    own posts and those of friends are not hidden at first sight. Who has time for all posts misses
    none but those that fit nobody, and these are not replaced (then there is no post).
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
    """Matching and personal moderation cost by the day, as much as in the cell with most of them.

    cost = matching_cost x the greater one of the two levers
    """
    p = community.p
    most = max(max(lv.matching, lv.personal_moderation) for lv in community.levers)
    community.today["cost_matching"] = cents(p.matching_cost * most)
