"""Roles: what a member has become for the others, determined from what they do. Part of `learn`.

A role is neither assigned nor chosen: it is determined anew at each visit, and lost after 28 days
of absence. A member who fits several roles gets the rarest: volunteer, coordinator, evangelist,
expert, contributor, lurker.
"""

import numpy as np

from comsim.model.declare import Column, MemberField, Parameter
from comsim.model.kernel.compile import njit
from comsim.model.kernel.people import NO_DAY
from comsim.model.kernel.random import philox4x32, uniform
from comsim.model.periods import DORMANT_AFTER
from comsim.model.rng import Purpose

VOLUNTEER_DRAW = np.uint32(Purpose.VOLUNTEER)

LURKER, CONTRIBUTOR, EXPERT, EVANGELIST, COORDINATOR, VOLUNTEER = map(np.int64, range(6))
ROLES = ("lurker", "contributor", "expert", "evangelist", "coordinator", "volunteer")

PARAMETERS = [
    Parameter("expert_posts", 10, "posts", 1, 1e6, "posts that make an expert, at least",
              whole=True, label="posts of an expert", label_zh="专家的发帖数"),
    Parameter("expert_standing", 0.3, "0 to 1", 0, 1,
              "standing that makes an expert, at least; posts that get one reply each give 0.5",
              label="standing of an expert", label_zh="专家的声望"),
    Parameter("evangelist_recruits", 4, "people", 1, 1e6,
              "recruits that make an evangelist, at least", whole=True,
              label="recruits of an evangelist", label_zh="布道者的引荐人数"),
    Parameter("coordinator_replies", 200, "replies", 1, 1e6,
              "replies to others that make a coordinator, at least", whole=True,
              label="replies of a coordinator", label_zh="协调者的回复数"),
    Parameter("coordinator_ties", 6, "ties", 0, 6, "ties that make a coordinator, at least",
              whole=True, label="ties of a coordinator", label_zh="协调者的关系数"),
    Parameter("coordinator_trust", 0.6, "0 to 1", 0, 1, "lowest trust of a new coordinator",
              label="trust of a coordinator", label_zh="协调者的信任"),
    Parameter("volunteer_trust", 0.55, "0 to 1", 0, 1, "lowest trust of a new volunteer",
              effect="empowerment", label="trust of a volunteer", label_zh="志愿者的信任"),
    Parameter("volunteer_share", 0.15, "share", 0, 1,
              "share of experts, evangelists and coordinators who would take on work at full "
              "empowerment", effect="empowerment", label="share who would volunteer",
              label_zh="愿做志愿者的比例"),
    Parameter("volunteer_fatigue", 0.2, "0 to 1", 0, 1,
              "fatigue above which a volunteer steps back", effect="empowerment",
              label="fatigue of a volunteer who steps back", label_zh="志愿者退出的疲劳"),
]  # fmt: skip

FIELDS = [
    MemberField("role", "u1",
                "0 lurker, 1 contributor, 2 expert, 3 evangelist, 4 coordinator, 5 volunteer; for "
                "members who have left, their last role"),
    MemberField("recruits", "i4", "people brought so far"),
    MemberField("replies_given", "i4", "replies written so far"),
]  # fmt: skip

COLUMNS = [
    Column("lurkers", "people", "members without any other role", label_zh="潜水者"),
    Column("contributors", "people",
           "members who have posted in the last 28 days and have no other role", label_zh="贡献者"),
    Column("experts", "people", "members who post a lot and get replies", label_zh="专家"),
    Column("evangelists", "people", "members who have brought others", label_zh="布道者"),
    Column("coordinators", "people", "trusting members with many ties who reply to many",
           label_zh="协调者"),
    Column("volunteers", "people", "members who have taken on some of the operator's work",
           label_zh="志愿者"),
]  # fmt: skip


@njit
def takes_on_work(p, mine, fatigue, empowerment, person, k0, k1):
    """Whether a member who could be a volunteer is one; some people never would, by their own
    random number."""
    word = philox4x32(person, np.uint32(0), NO_DAY, VOLUNTEER_DRAW, k0, k1)[0]
    willing = uniform(word) < p.volunteer_share * empowerment
    return willing and mine.trust >= p.volunteer_trust and fatigue < p.volunteer_fatigue


@njit(forceinline=True)
def role_of(p, mine, bonds, fatigue, empowerment, day, person, k0, k1):
    """The role that results from a member's actions so far. Without branches, which the processor
    would often mispredict."""
    last, trust = np.int64(mine.last_post), np.float64(mine.trust)
    posting = (last >= 0) & (day - last < DORMANT_AFTER)
    expert = posting & (mine.posts >= p.expert_posts) & (mine.standing >= p.expert_standing)
    evangelist = mine.recruits >= p.evangelist_recruits
    coordinator = (mine.replies_given >= p.coordinator_replies) & (bonds >= p.coordinator_ties)
    coordinator &= trust >= p.coordinator_trust
    role = max(
        CONTRIBUTOR * np.int64(posting), EXPERT * np.int64(expert),
        EVANGELIST * np.int64(evangelist), COORDINATOR * np.int64(coordinator),
    )  # fmt: skip
    if empowerment > 0.0 and role >= EXPERT:
        willing = takes_on_work(p, mine, fatigue, empowerment, person, k0, k1)
        role = VOLUNTEER if willing else role
    return role


@njit
def give_up_role(w, row):
    """A member who has been away for long becomes a lurker."""
    role = w.m.own[row].role
    if role != LURKER:
        w.role_count[role] -= 1
        w.role_count[LURKER] += 1
        w.m.own[row].role = LURKER


@njit
def count_roles(w, day):
    """Record how many members have each role."""
    daily, count = w.daily[day], w.role_count
    daily.lurkers = count[LURKER]
    daily.contributors = count[CONTRIBUTOR]
    daily.experts = count[EXPERT]
    daily.evangelists = count[EVANGELIST]
    daily.coordinators = count[COORDINATOR]
    daily.volunteers = count[VOLUNTEER]
