"""Subgroups: how a community is divided into subgroups.

Levers: `subgroup_capacity`; `core_group` and `pyramid` (see Core), `replication` (see Replicate).
Outcome: which posts members see (see Sight). Counts: `subgroups`, `largest_subgroup`, `children`.
"""

from __future__ import annotations

from comsim.model.rng import Purpose
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.belonging import CORE, Subgroup, inside, move, smallest, vacant
from comsim.reference.mechanisms.core import review_core
from comsim.reference.mechanisms.replicate import found_child, inherit
from comsim.reference.member import LEFT


def form_subgroups(community: CommunityState) -> None:
    """This morning's subgroups, if a lever or a child community requires them; otherwise none.

    In this order: newcomers are assigned, the core group is reviewed, a child community may be
    founded, and subgroups that are too large are split.
    """
    levers = community.levers[0]
    required = levers.subgroup_capacity, levers.core_group, levers.pyramid, levers.replication
    if not any(required) and not community.children:
        give_up(community)
        return
    if not community.subgroups:
        begin(community)
    place_newcomers(community)
    review_core(community)
    found_child(community)
    split(community, int(levers.subgroup_capacity))


def give_up(community: CommunityState) -> None:
    """Dissolve all subgroups."""
    if community.subgroups:
        for member in community.everyone:
            member.subgroup = CORE
    community.subgroups = []


def begin(community: CommunityState) -> None:
    """Create an empty core group, and a first subgroup with all members except newcomers."""
    community.subgroups = [Subgroup(CORE), Subgroup(1)]
    for member in inside(community):
        if member.joined_day < community.day:
            move(community, member, community.subgroups[1])


def place_newcomers(community: CommunityState) -> None:
    """Place newcomers one by one: invited ones in the subgroup of their inviter, if the inviter is
    still a member; others in the smallest.

    The core group selects its own members, so newcomers invited by one of them also join the
    smallest subgroup.
    """
    for member in community.everyone:
        if member.joined_day == community.day:
            here = member.inviter and member.inviter.status != LEFT
            home = community.subgroups[member.inviter.subgroup if here else CORE]
            move(community, member, smallest(community) if home.number == CORE else home)
            if home.child:
                inherit(member)


def split(community: CommunityState, capacity: int) -> None:
    """Subgroups above the capacity are halved repeatedly, until none exceeds it.

    The core group is never split. Without a capacity, nothing is split.
    """
    step = 0
    while capacity > 0:
        heirs: dict[Subgroup, Subgroup] = {}
        last = 0
        for home in community.subgroups[1:]:
            if len(home.members) > capacity:
                heir = vacant(community, last)
                if heir is None:
                    break
                heir.child, last = home.child, heir.number
                heirs[home] = heir
        if not heirs:
            return
        for home, heir in heirs.items():
            halve(community, home, heir, step)
        step += 1


def halve(community: CommunityState, home: Subgroup, heir: Subgroup, step: int) -> None:
    """Split a subgroup at random: each member in turn moves to `heir` or stays, until a half is
    full."""
    go = len(home.members) // 2
    stay = len(home.members) - go
    for member in sorted(home.members, key=lambda member: member.row):
        goes = member.uniforms(Purpose.SPLIT, step)[0] < 0.5
        if stay == 0 or (goes and go > 0):
            move(community, member, heir)
            go -= 1
        else:
            stay -= 1


def count_subgroups(community: CommunityState) -> None:
    """Count this evening's subgroups. Members who left today do not count."""
    for home in community.subgroups:
        home.members = {member for member in home.members if member.status != LEFT}
    sizes = [len(home.members) for home in community.subgroups] or [len(community.agents)]
    community.today["subgroups"] = sum(size > 0 for size in sizes) if community.subgroups else 1
    community.today["largest_subgroup"] = max(sizes)
    community.today["children"] = community.children
