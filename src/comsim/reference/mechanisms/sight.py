"""Sight: which members' posts a visitor can see. Part of `publish` and `read`.

Without subgroups these are all posts of today. With subgroups, they are those of the member's own
subgroup, of the core group, and of friends.
"""

from __future__ import annotations

from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.belonging import CORE
from comsim.reference.member import Post, ReferenceMember


def lay_out_posts(community: CommunityState) -> None:
    """Sort today's posts by subgroup."""
    for home in community.subgroups:
        home.posts = [post for post in community.posts if post.author.subgroup == home.number]


def near_posts(member: ReferenceMember) -> list[Post]:
    """All posts, or those of the core group and of the member's subgroup.

    Members of child communities do not see the core group's posts.
    """
    community = member.model
    if not community.subgroups:
        return community.posts
    core, home = community.subgroups[CORE], community.subgroups[member.subgroup]
    return home.posts if home is core or home.child else core.posts + home.posts


def friends_posts(member: ReferenceMember) -> list[Post]:
    """Today's first post of each friend, in any subgroup."""
    return [tie.friend.todays_posts[0] for tie in member.ties if tie.friend.todays_posts]


def posts_in_sight(member: ReferenceMember) -> list[Post]:
    """All posts that a visitor can read: friends' posts from elsewhere, then near posts.

    Of a friend elsewhere, only the first post of today is visible.
    """
    near = near_posts(member)
    seen = {member.subgroup, CORE}  # subgroups whose posts are near
    if not member.model.subgroups:
        return near
    if member.model.subgroups[member.subgroup].child:
        seen.remove(CORE)
    return [post for post in friends_posts(member) if post.author.subgroup not in seen] + near
