"""One community in two arms drawn by lot, looked at on some days of its life.

Being counted in an arm changes nobody's behaviour, so a policy that treats both arms alike gives
the same community as without arms, bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from comsim.common.threads import in_threads
from comsim.run.snapshots import carry_on
from comsim.run.today import live_on
from comsim.scenario.worlds import World, uncertain
from comsim.studies.comparison.basis.arms import ARM, ARM_OUTCOMES, REST, arm_outcomes_of
from comsim.studies.comparison.choices.parting import parting
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.runs import Progress, first_morning_of

LEAST = 1e-12  # numbers of people per 100 below this are none


def in_two_arms(policy: Policy, share: float) -> Policy:
    """The policy for a community with a share of its people in the arm "arm", the others in "rest",
    and the same levers for both. The policy must have no arms of its own."""
    arms = [{"name": ARM, "share": share}, {"name": REST, "share": 1 - share}]
    data = policy.scenario.to_dict() | {"arms": arms, "tests": []}
    data.pop("today", None)  # a test may lie in the past
    scenario = policy.scenario.again(data)
    plan = policy.plan
    days, _, levers = plan.lever_table.shape
    # cell = 2 * (segment * arms + arm) + newcomer (`comsim.scenario.groups`)
    table = plan.lever_table.reshape(days, -1, 1, 2, levers).repeat(len(arms), axis=2)
    actions = plan.actions.repeat(len(arms))
    segment, newcomer = np.divmod(actions["cell"], 2)
    arm = np.tile(np.arange(len(arms)), len(plan.actions))
    actions["cell"] = 2 * (segment * len(arms) + arm) + newcomer
    compiled = replace(
        plan,
        lever_table=np.ascontiguousarray(table.reshape(days, -1, levers)),
        actions=actions,
        arm_bound=np.array([share, 1.0]),
        arm_names=(ARM, REST),
    )
    return Policy(policy.name, scenario, compiled)


def look_at(
    policies: Sequence[Policy],
    worlds: Sequence[World],
    seed: int,
    looks: Sequence[int],
    jobs: int | None = None,
    progress: Progress | None = None,
) -> np.ndarray:
    """Outcomes of each arm after some numbers of days: float64 (policies, worlds, looks, arms,
    outcomes), as in ARM_OUTCOMES; visits and posts are counted from day 0.

    `looks`: numbers of days lived, ascending, from 1 to the days of the run; simulation ends with
    the last. The days before a policy differs from the first one are simulated once.
    """
    arms = len(policies[0].scenario.arms)
    shape = (len(policies), len(worlds), len(looks), arms, len(ARM_OUTCOMES))
    found, last = np.full(shape, np.nan), looks[-1]
    also = worlds[0].row or () if worlds else ()
    numbers = [uncertain(policy.scenario, also) for policy in policies]
    parted = [min(parting(policies[0], policy), last) for policy in policies]

    def follow(p: int, w: int, world: Any, first: int, stop: int) -> None:
        """Live on, and look on the way."""
        for k, look in enumerate(looks):
            if first < look <= stop:
                live_on(world, first, look, worlds[w].books)
                found[p, w, k], first = arm_outcomes_of(world, look), look
        live_on(world, first, stop, worlds[w].books)

    def all_in(w: int) -> None:
        twin, _ = first_morning_of(policies[0], numbers[0], worlds[w], seed)
        today = born = worlds[w].born
        for day, p in sorted((max(day, born), p) for p, day in enumerate(parted) if p):
            follow(0, w, twin, today, day)
            today = day
            other, plan = first_morning_of(policies[p], numbers[p], worlds[w], seed)
            if day > born:
                carry_on(twin, day, other, plan)
            found[p, w] = found[0, w]  # the looks before that day
            follow(p, w, other, day, last)
        follow(0, w, twin, today, last)

    def of_runs(done: int, total: int) -> None:
        if progress:
            progress(done * len(policies), total * len(policies))

    in_threads(all_in, range(len(worlds)), jobs, of_runs)
    return found


def during(counts: np.ndarray, first: int, stop: int) -> np.ndarray:
    """The outcomes between two looks, given by their places (-1 for day 0): visits and posts are
    those of the days between, the others are as on the last day. `counts`: (..., looks, arms,
    outcomes) -> (..., arms, outcomes)."""
    late = counts[..., stop, :, :].copy()
    if first >= 0:
        sums = [at for at, one in enumerate(ARM_OUTCOMES) if one.name in ("visits", "posts")]
        late[..., sums] -= counts[..., first, :, :][..., sums]
    return late


def by_lot(twin: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """The relative effect on the first arm: it is compared with the other arm of the same run, and
    this with the same comparison in the twin, so that differences between the people of the arms
    cancel. (arms, ...) each -> (...); NaN where an arm has none in the twin, or the other arm in
    the treated run."""
    with np.errstate(invalid="ignore", divide="ignore"):
        effect = treated[0] / treated[1] / (twin[0] / twin[1]) - 1
    some = (twin > LEAST).all(axis=0) & (treated[1] > LEAST)
    return np.where(some, effect, np.nan)
