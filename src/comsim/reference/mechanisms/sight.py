"""Sight: which members' posts a visitor has before them. Part of `publish` and `read`.

Without subgroups those are all posts of today. With them, each subgroup is a room of its own, but
friends and the core group are read across rooms.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.belonging import CORE
from comsim.reference.member import Post, ReferenceMember


def lay_out_posts(community: CommunityState) -> None:
    """Today's posts, subgroup by subgroup."""
    for home in community.subgroups:
        home.posts = [post for post in community.posts if post.author.subgroup == home.number]


def near_posts(member: ReferenceMember) -> list[Post]:
    """All posts, or those of the core group and of the own subgroup.

    Child communities do not hear the core group.
    """
    community = member.model
    if not community.subgroups:
        return community.posts
    core, home = community.subgroups[CORE], community.subgroups[member.subgroup]
    return home.posts if home is core or home.child else core.posts + home.posts


def friends_posts(member: ReferenceMember) -> list[Post]:
    """The first post of today of each friend, wherever the friend is."""
    return [tie.friend.todays_posts[0] for tie in member.ties if tie.friend.todays_posts]


def posts_in_sight(member: ReferenceMember) -> list[Post]:
    """Friends' posts that would not be seen otherwise, then what is near: all a visitor can read.

    Of a friend elsewhere only the first post of today is seen.
    """
    near = near_posts(member)
    seen = {member.subgroup, CORE}  # whose posts are near already
    if not member.model.subgroups:
        return near
    if member.model.subgroups[member.subgroup].child:
        seen.remove(CORE)
    return [post for post in friends_posts(member) if post.author.subgroup not in seen] + near
