"""Read and react: attention, ads, replies, and the ties they make.

Levers: `ad_pressure`, `content_quality`; called from here also Offers, Topics, Sight, Dilution,
Conduct and Respond. Outcome: the value of each visit, on which all learning rests. Counts:
`replies`, `ad_impressions`, `items_official`, `items_members`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.conduct import annoyance
from comsim.reference.mechanisms.core import may_speak
from comsim.reference.mechanisms.dilution import familiarity
from comsim.reference.mechanisms.offers import content_worth
from comsim.reference.mechanisms.respond import respond
from comsim.reference.mechanisms.roles import VOLUNTEER
from comsim.reference.mechanisms.sight import friends_posts, near_posts, posts_in_sight
from comsim.reference.mechanisms.topics import fit, matched, official_fit, pay_for_matching, sifted
from comsim.reference.member import TOXIC, Post, ReferenceMember, VisitRecord, saturating
from comsim.reference.rounding import single
from comsim.reference.ties import befriend, let_go

MOST_REPLIES = 4  # a visit


def read(community: CommunityState) -> None:
    """Visitors read; then their replies arrive, and tie readers and authors.

    A reader is tied to every author replied to, an author to one of the day's repliers, by lot.
    Nobody sees today's replies while reading. Last of all the staff answer (see Respond).
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
    respond(community)
    pay_for_matching(community)


def read_feed(member: ReferenceMember) -> None:
    """Spend the visit's attention; what is read makes the value of the visit, and replies.

    Ads take their attention first, the rest goes to posts (see `share_out`, `feed`):

    items = 1 + whole part of (attention x interest)
    ads   = whole part of (ad_pressure + u), at most items

    What a member's post is worth, to all but its author, and the chance of a reply to it:

    worth = quality x fit x (1 + friend_bonus) if a friend wrote it
    worth = quality x fit x familiarity        if a stranger did; worth = 0 if it is toxic
    reply = reply_rate x keenness x quality x fit x (1 + friend_reply, or familiarity)

    So a toxic post gets replies like any other. There are 4 replies a visit at most, and none from
    who may not speak. Fit and familiarity are 1 unless topics or dilution are used. Then:

    social   = sat(sum of worth, social_half)
    operator = content worth x (credit_floor + (1 - credit_floor) x trust)
               x sat(official posts read, official_half) x official fit
    fresh    = novelty_floor + (1 - novelty_floor) x novelty
    value    = (taste x social + (1 - taste) x operator) x fresh
               - ad_annoyance x sat(ads, ad_half) - annoyance; at least 0

    Content worth is that of `content_quality` less offers, annoyance that of bad posts.
    """
    p, levers = member.model.p, member.levers
    lost = let_go(member)
    items = 1 + int(p.attention * member.interest)
    # Draw 0 is for the ads; draws 1, 2 and so on are for the places of the feed.
    ads = min(int(levers.ad_pressure + member.uniforms(Purpose.FEED)[0]), items)
    in_sight = posts_in_sight(member)
    official, members = share_out(member, items - ads, len(in_sight))
    strangers, speaks = familiarity(member), may_speak(member)  # what strangers' posts are worth

    worth, replied_to, toxic, misfit, hidden = 0.0, [], 0, 0.0, 0
    all_are_read = members == len(in_sight)
    for place, found in enumerate(feed(member, members, in_sight), start=1):
        post = sifted(member, place, found, all_are_read)
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
            worth += quality * (1.0 + p.friend_bonus if friend else strangers)
        chance = p.reply_rate * keenness(member) * quality
        chance *= 1.0 + p.friend_reply if friend else strangers
        u = member.uniforms(Purpose.FEED, place)[2]
        if u < chance and speaks and len(replied_to) < MOST_REPLIES:
            replied_to.append(post)

    social = saturating(worth, p.social_half)
    credit = p.credit_floor + (1.0 - p.credit_floor) * member.trust
    operator = content_worth(member) * credit * saturating(official, p.official_half)
    operator *= official_fit(member)
    fresh = p.novelty_floor + (1.0 - p.novelty_floor) * member.novelty
    value = (member.taste * social + (1.0 - member.taste) * operator) * fresh
    value -= p.ad_annoyance * saturating(ads, p.ad_half)
    value -= annoyance(member, toxic, misfit)
    shown = members - hidden  # a member's own posts take attention too, and count
    member.visit = VisitRecord(ads, official, shown, lost, max(value, 0.0), replied_to, toxic)


def keenness(member: ReferenceMember) -> float:
    """How keen a reader is to reply: by interest, volunteers more.

    keenness = interest, of a volunteer interest x (1 + volunteer_zeal x empowerment)
    """
    empowerment = member.model.levers[0].empowerment
    if empowerment == 0.0 or member.role != VOLUNTEER:
        return member.interest
    return single(member.interest * (1.0 + member.model.p.volunteer_zeal * empowerment))


def share_out(member: ReferenceMember, items: int, members: int) -> tuple[int, int]:
    """How many official and how many members' posts are read, of so many items of attention.

    official = items x o / (o + members' posts there are), rounded, where
    o = official_weight x official posts there are

    Nobody reads more than there is; what one kind leaves over goes to the other.
    """
    official = member.model.official_posts[member.cell]
    prominence = member.model.p.official_weight * official
    share = prominence / (prominence + members) if members else 1.0
    read_official = min(official, int(items * share + 0.5))
    read_members = min(members, items - read_official)
    return min(official, items - read_members), read_members


def feed(member: ReferenceMember, number: int, in_sight: list[Post]) -> Iterable[Post]:
    """Members' posts, as many as there is attention for: all of them if that is enough.

    Else the first post of each friend comes first. Each place after them goes to one of two posts
    drawn at random (the same post may come again): to the better fitting, where the feed is matched
    (see `matched`), else, with chance `herding`, to the one whose author has the higher standing,
    else to the first drawn.
    """
    if number == len(in_sight):
        yield from in_sight
        return
    friends, posts = friends_posts(member), near_posts(member)
    yield from friends[:number]
    for place in range(len(friends) + 1, number + 1):
        # Two posts, then whether to reply (in `read_feed`), then whether to follow the herd.
        one, other, _, herd = member.uniforms(Purpose.FEED, place)
        post, rival = posts[int(one * len(posts))], posts[int(other * len(posts))]
        if suited := matched(member, place, post, rival):
            yield suited
            continue
        popular = rival.standing > post.standing
        yield rival if popular and herd < member.model.p.herding else post
