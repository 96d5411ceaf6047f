"""Invitations: who invites, who joins, and who stays."""

from __future__ import annotations

from typing import Any

import numpy as np

from comsim.evidence.trials.own.looks import counted, lots, mornings, total
from comsim.evidence.trials.own.ratios import EDGES, against_matched, bins, percent
from comsim.evidence.world import FactWorld
from comsim.model.kernel.basics import LEFT
from comsim.model.kernel.mechanisms.persuade import OUTSIDE
from comsim.model.kernel.people import contact
from comsim.model.periods import MONTH
from comsim.scenario import Scenario

OPEN = 120  # day from which only half of the members can invite
NO_INVITATION = np.uint32(2**32 - 1)  # the random word that comes out highest

INTAKE = 50  # people a day whom the operator recruits
FIRST, LAST = 120, 179  # days of joining, both included
HALF_YEAR = 180

REWARD = 10  # currency a recruit
REWARDED = [{"name": "rewarded", "share": 0.5}, {"name": "rest", "share": 0.5}]
AFTER = 60  # days over which the last recruits are watched

RECRUITING = 150  # day from which recruits are counted, for a month


def viral(world: FactWorld) -> dict[str, float | None]:
    """Only a random half of the members can invite from day 120. The figure compares the number of
    acquaintances per member who join within 30 days, in any way, between the two halves."""
    scenario = world.scenario("lots", days=OPEN + MONTH)
    looks = mornings(scenario, world.seed, range(OPEN, OPEN + MONTH + 1))
    here = next(looks)
    may = lots(world.seed, np.arange(here.people.size)) < 0.5
    members = counted(here, "person")[counted(here, "status") != LEFT]
    of, friends = outsiders(here, members)
    forbid(here, may)
    for here in looks:
        forbid(here, may)
    joined = np.bincount(of, here.row_of[friends] >= 0, len(members))
    return {"effect": against_matched(joined, may[members], np.zeros(len(members), int))}


def outsiders(here: Any, members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The acquaintances of members who have not joined: rows (index of the member, person), each
    pair once."""
    number, near = (int(here.p[name][0]) for name in ("contacts", "near_contacts"))
    near = 2 * (near // 2)
    pairs = {
        (at, contact(here.people, person, k, near))
        for at, person in enumerate(members.astype(np.int64))
        for k in range(number)
    }
    of, friends = np.array(sorted(pairs)).T
    outside = (friends >= 0) & (here.row_of[friends] == OUTSIDE)
    return of[outside], friends[outside]


def forbid(here: Any, may: np.ndarray) -> None:
    """Prevent yesterday's visitors from inviting unless they may: set their random number to one
    with which nobody invites."""
    visits = here.visits[: int(here.now["visitors"][0])]
    visits["invite"][~may[visits["person"]]] = NO_INVITATION


def referred(world: FactWorld) -> dict[str, float | None]:
    """The share who stay for 180 days among members who were invited, compared with members
    recruited by the operator who joined on the same days."""
    during = [{"from": FIRST, "to": LAST, "value": INTAKE}]
    scenario = world.scenario(
        "lots", policy={"intake": {"base": 1.5, "during": during}}, days=LAST + HALF_YEAR + 1
    )
    (here,) = mornings(scenario, world.seed, [scenario.days])
    joined, left = counted(here, "joined_day"), counted(here, "left_day")
    stayed = (left < 0) | (left - joined >= HALF_YEAR)
    new = (joined >= FIRST) & (joined <= LAST)
    invited = counted(here, "inviter") >= 0
    return {"effect": against_matched(stayed[new], invited[new], joined[new])}


def rewarded(world: FactWorld) -> dict[str, float | None]:
    """Visits by recruits of members who are rewarded for recruits (a random half), compared with
    other members' recruits who joined on the same days, until 60 days after the last one joined.
    `whole`: all joiners on days 120 to 239 if everybody is rewarded, compared with nobody."""

    def scenario(reward: Any) -> Scenario:
        return world.scenario(
            "lots", policy={"referral_reward": reward}, days=LAST + AFTER + 1, arms=REWARDED
        )

    reward = {"steps": [{"day": FIRST, "value": REWARD}]}
    by_lot = scenario({"base": 0, "groups": {"arm:rewarded": reward}})
    (here,) = mornings(by_lot, world.seed, [by_lot.days])
    joined, inviter = counted(here, "joined_day"), counted(here, "inviter")
    new = (joined >= FIRST) & (joined <= LAST) & (inviter >= 0)
    by_rewarded, visits = counted(here, "arm")[inviter] == 0, counted(here, "visits")
    whole = (
        total(scenario(one), world.seed, "joined", FIRST)
        for one in ({"base": 0} | reward, {"base": 0})
    )
    return {
        "effect": against_matched(visits[new], by_rewarded[new], joined[new]),
        "whole": percent(*whole),
    }


def recruiters(world: FactWorld) -> dict[str, float | None]:
    """Members who bring in somebody for the first time in a given month, compared with members who
    have not done so by its end: visits and departures in the following 180 days.

    They are matched by the month of joining, the days visited in the given month, and those in the
    60 days before it (0, 1-2, 3-5, 6-10, 11-20, more). Without the days of the month itself, people
    who recruit would be compared with many who have gone dormant: with recruiting off, the
    difference was still 546 %.
    """
    stop = RECRUITING + MONTH
    days = (RECRUITING - 2 * MONTH, RECRUITING, stop, stop + HALF_YEAR)
    visits, recruits, left = [], [], []
    for here in mornings(world.scenario("lots", days=days[-1]), world.seed, days):
        visits.append(counted(here, "visits"))
        recruits.append(counted(here, "recruits"))
        left.append(counted(here, "status") == LEFT)
    some = len(visits[1])  # members by the first day of the month
    visits[0] = np.append(visits[0], np.zeros(some - len(visits[0]), visits[0].dtype))
    earlier, month, after = np.diff([one[:some] for one in visits], axis=0)
    recruited = recruits[2][:some] > 0
    known = ~left[2][:some] & (recruits[1] == 0)
    strata = [counted(here, "joined_day")[:some] // MONTH, month, bins(earlier, *EDGES)]
    strata = [one[known] for one in strata]
    return {
        "effect": against_matched(after[known], recruited[known], *strata),
        "leaving": against_matched(left[3][:some][known], recruited[known], *strata),
    }
