"""Read: visitors read and reply, which creates ties.

Levers: `ad_pressure`, `content_quality`. Calls Offers, Topics, Sight, Conduct,
Conversation and Respond. Outcome: the value of each visit, from which members learn. Counts:
`replies`, `ad_impressions`, `items_official`, `items_members`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.conduct import annoyance
from comsim.reference.mechanisms.conversation import listen
from comsim.reference.mechanisms.core import may_speak
from comsim.reference.mechanisms.offers import content_worth
from comsim.reference.mechanisms.respond import respond
from comsim.reference.mechanisms.roles import VOLUNTEER
from comsim.reference.mechanisms.sight import friends_posts, near_posts, posts_in_sight
from comsim.reference.mechanisms.topics import fit, matched, official_fit, pay_for_matching, sifted
from comsim.reference.member import TOXIC, Post, ReferenceMember, VisitRecord, saturating
from comsim.reference.rounding import single
from comsim.reference.ties import befriend, let_go

MOST_REPLIES = 4  # per visit


def read(community: CommunityState) -> None:
    """Visitors read; then their replies arrive, and create ties between readers and authors.

    A reader gets a tie to every author they replied to. An author gets a tie to one of the day's
    repliers, drawn at random. Readers do not see today's replies. Answered authors are noted (see
    Conversation). Finally, staff answer posts (see Respond).
    """
    for member in community.each(community.visitors):
        read_feed(member)
    repliers = defaultdict(list)
    for member in community.each(community.visitors):
        visit = member.visit
        community.today["ad_impressions"] += visit.ads
        community.today["items_official"] += visit.official
        community.today["items_members"] += visit.members
        for post in visit.replied_to:
            post.replies += 1
            community.today["replies"] += 1
            befriend(member, post.author)
            repliers[post.author].append(member)
            community.note("reply", member, post.author)
    for author in community.each(repliers):
        befriend(author, max(repliers[author], key=ReferenceMember.lot_of_visit))
    listen(community)
    respond(community)
    pay_for_matching(community)


def read_feed(member: ReferenceMember) -> None:
    """A visitor spends attention on ads and posts, and replies to some posts.

    Ads take attention first; the rest goes to posts (see `share_out`, `feed`):

    items = 1 + whole part of (attention x interest)
    ads   = whole part of (ad_pressure x items / (1 + attention) + u), at most items

    The value of a member's post to other members, and the probability of a reply to it:

    worth = quality x fit x (1 + friend_bonus) if a friend wrote it
    worth = quality x fit                      if a stranger did; worth = 0 if it is toxic
    reply = reply_rate x keenness x quality x fit x (1 + friend_reply, or 1)

    Toxic posts therefore receive replies like any others. A visitor writes at most 4 replies, and
    none if they may not speak (see Core). Fit is 1 unless topics are used.
    """
    p, levers = member.model.p, member.levers
    lost = let_go(member)
    items = 1 + int(p.attention * member.interest)
    # Draw 0 is for the ads; draws 1, 2 and so on are for the places of the feed.
    length = items / (1.0 + p.attention)
    ads = min(int(levers.ad_pressure * length + member.uniforms(Purpose.FEED)[0]), items)
    in_sight = posts_in_sight(member)
    official, members = share_out(member, items - ads, len(in_sight))
    speaks = may_speak(member)

    worth, replied_to, toxic, misfit, hidden = 0.0, [], 0, 0.0, 0
    all_are_read = members == len(in_sight)
    for place, candidate in enumerate(feed(member, members, in_sight), start=1):
        post = sifted(member, place, candidate, all_are_read)
        if post is None:
            hidden += 1
            continue
        if post.author is member:
            continue
        friend = any(tie.friend is post.author for tie in member.ties)
        suits = fit(member, post)
        quality = single(post.quality * suits)
        misfit += 1.0 - suits
        if post.kind == TOXIC:
            toxic += 1
        else:
            worth += quality * (1.0 + p.friend_bonus if friend else 1.0)
        chance = p.reply_rate * keenness(member) * quality
        chance *= 1.0 + p.friend_reply if friend else 1.0
        u = member.uniforms(Purpose.FEED, place)[2]
        if u < chance and speaks and len(replied_to) < MOST_REPLIES:
            replied_to.append(post)

    value = value_of_visit(member, worth, official, ads) - annoyance(member, toxic, misfit)
    shown = members - hidden  # a member's own posts take attention too, and count
    member.visit = VisitRecord(ads, official, shown, lost, max(value, 0.0), replied_to, toxic)


def value_of_visit(member: ReferenceMember, worth: float, official: int, ads: int) -> float:
    """The value of a visit, before annoyance by bad posts (see Conduct) is subtracted; at least 0
    after that.

    social   = sat(sum of worth, social_half)
    operator = content worth x (credit_floor + (1 - credit_floor) x trust)
               x sat(official posts read, official_half) x official fit
    fresh    = novelty_floor + (1 - novelty_floor) x novelty
    annoyed  = ad_annoyance x sat(ads, ad_half)
    value    = (taste x social + (1 - taste) x operator) x fresh - annoyed

    Content worth is `content_quality` reduced by offers (see Offers).
    """
    p = member.model.p
    social = saturating(worth, p.social_half)
    credit = p.credit_floor + (1.0 - p.credit_floor) * member.trust
    operator = content_worth(member) * credit * saturating(official, p.official_half)
    operator *= official_fit(member)
    fresh = p.novelty_floor + (1.0 - p.novelty_floor) * member.novelty
    value = (member.taste * social + (1.0 - member.taste) * operator) * fresh
    return value - p.ad_annoyance * saturating(ads, p.ad_half)


def keenness(member: ReferenceMember) -> float:
    """The readiness to reply: interest, and more for volunteers.

    keenness = interest, of a volunteer interest x (1 + volunteer_zeal x empowerment)
    """
    empowerment = member.model.levers[0].empowerment
    if empowerment == 0.0 or member.role != VOLUNTEER:
        return member.interest
    return single(member.interest * (1.0 + member.model.p.volunteer_zeal * empowerment))


def share_out(member: ReferenceMember, items: int, members: int) -> tuple[int, int]:
    """The numbers of official posts and of members' posts that are read with a given attention.

    official = items x o / (o + members' posts available), rounded, where
    o = official_weight x official posts available

    If there are fewer posts of one kind, the attention left goes to the other.
    """
    official = member.model.official_posts[member.cell]
    prominence = member.model.p.official_weight * official
    share = prominence / (prominence + members) if members else 1.0
    read_official = min(official, int(items * share + 0.5))
    read_members = min(members, items - read_official)
    return min(official, items - read_members), read_members


def feed(member: ReferenceMember, number: int, in_sight: list[Post]) -> Iterable[Post]:
    """The members' posts that are read: all of them if there is enough attention.

    Otherwise the first post of each friend comes first. Each further place goes to one of two posts
    drawn at random (the same post can occur again): the better fitting one if the feed is matched
    (see `matched`); otherwise, with probability `herding`, the one whose author has the higher
    standing; otherwise the first one.
    """
    if number == len(in_sight):
        yield from in_sight
        return
    friends, posts = friends_posts(member), near_posts(member)
    yield from friends[:number]
    for place in range(len(friends) + 1, number + 1):
        # Two posts, whether to reply (in `read_feed`), whether to follow the herd.
        one, other, _, herd = member.uniforms(Purpose.FEED, place)
        post, rival = posts[int(one * len(posts))], posts[int(other * len(posts))]
        if suited := matched(member, place, post, rival):
            yield suited
            continue
        popular = rival.standing > post.standing
        yield rival if popular and herd < member.model.p.herding else post
