"""Every policy in every world, in parallel; of each run only its outcomes are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from comsim.common.machine import processors
from comsim.run.simulation import first_morning, live
from comsim.run.snapshots import carry_on
from comsim.scenario import Plan
from comsim.scenario.worlds import (
    Uncertain,
    World,
    drawn,
    parameters_in,
    traits_in,
    uncertain,
)
from comsim.studies.comparison.arms import ARM_OUTCOMES, arm_outcomes_of, arm_totals
from comsim.studies.comparison.outcomes import OUTCOMES, SERIES, outcomes_of, series_of
from comsim.studies.comparison.parting import parting
from comsim.studies.comparison.policies import Policy

Progress = Callable[[int, int], None]
"""Called with how many runs are done, and how many there are."""


@dataclass(frozen=True)
class Runs:
    """Results of the runs of some policies in some worlds.

    Sums and means over days start on the day on which a policy parts from the first one, so `first`
    has the results of the first policy once for each of the others.
    """

    since: tuple[int, ...]
    """For each policy, the first day measured: the day on which it parts from the first one; 0 for
    the first policy, and for one that never parts."""
    outcomes: np.ndarray
    """float64 (policies, worlds, outcomes), as in OUTCOMES; NaN for what doesn't exist."""
    first: np.ndarray
    """The same of the first policy, from the day on that counts for each of the policies."""
    series: np.ndarray
    """float32 (policies, series, worlds, days), as in SERIES."""
    arms: np.ndarray
    """float64 (policies, worlds, arms, outcomes of arms), as in ARM_OUTCOMES."""
    first_arms: np.ndarray
    """The same of the first policy, from the day on that counts for each of the policies."""


def run_all(
    policies: Sequence[Policy],
    worlds: Sequence[World],
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Runs:
    """Run each policy in each world and keep what a comparison needs."""
    days, arms = policies[0].scenario.days, len(policies[0].scenario.arms)
    shape = len(policies), len(worlds)
    since = tuple(parting(policies[0], policy) % days for policy in policies)
    of_arms = *shape, arms, len(ARM_OUTCOMES)
    runs = Runs(
        since,
        np.empty((*shape, len(OUTCOMES))),
        np.empty((*shape, len(OUTCOMES))),
        np.empty((len(policies), len(SERIES), len(worlds), days), np.float32),
        np.empty(of_arms),
        np.empty(of_arms),
    )
    before = np.zeros((*shape, arms, len(ARM_OUTCOMES)))

    def part(p: int, w: int, world: Any) -> None:
        before[p, w] = arm_totals(world)

    def keep(p: int, w: int, world: Any) -> None:
        runs.outcomes[p, w] = outcomes_of(world, since[p])
        runs.series[p, :, w] = series_of(world)
        here = arm_outcomes_of(world, days)
        runs.arms[p, w] = here - before[p, w]
        if p == 0:
            for other, day in enumerate(since):
                runs.first[other, w] = outcomes_of(world, day)
            runs.first_arms[:, w] = here

    run_each(policies, worlds, seed, keep, jobs, progress, part)
    runs.first_arms[:] -= before
    return runs


def run_each(
    policies: Sequence[Policy],
    worlds: Sequence[World],
    seed: int,
    keep: Callable[[int, int, Any], None],
    jobs: int | None = None,
    progress: Progress | None = None,
    part: Callable[[int, int, Any], None] | None = None,
) -> None:
    """Call keep(policy, world, arrays of the last evening) for each policy in each world.

    The days before a policy parts from the first one are simulated once: two policies that part on
    day d take 2 x days - d days, with the same bits as two runs. part(policy, world, arrays of
    that morning) is called there, unless it is day 0. In threads, since the compiled days let go
    of Python's lock, each with two worlds at most; results do not depend on `jobs` (default: the
    processors there are). What stops it (Ctrl-C) stops it after the runs under way.
    """
    numbers = [uncertain(policy.scenario) for policy in policies]
    days = policies[0].scenario.days
    parted = [parting(policies[0], policy) for policy in policies[1:]]
    later = sorted((day, p) for p, day in enumerate(parted, 1) if day)

    def morning(p: int, w: int) -> tuple[Any, Plan]:
        return first_morning_of(policies[p], numbers[p], worlds[w], seed)

    def alone(p: int, w: int) -> int:
        keep(p, w, run_in(policies[p], numbers[p], worlds[w], seed))
        return 1

    def together(w: int) -> int:
        """Run the first policy, and those that part from it on a later day."""
        world, _ = morning(0, w)
        today = 0
        for day, p in later:
            live(world, today, day, threads=1)
            today = day
            if part and day < days:
                part(p, w, world)
            other = world
            if day < days:
                other, plan = morning(p, w)
                carry_on(world, day, other, plan)
                live(other, day, days, threads=1)
            keep(p, w, other)
        live(world, today, days, threads=1)
        keep(0, w, world)
        return 1 + len(later)

    pool, total = ThreadPoolExecutor(jobs or processors()), len(worlds) * len(policies)
    try:
        tasks = []
        for w in range(len(worlds)):
            tasks.append(pool.submit(together, w))
            tasks += [pool.submit(alone, p, w) for p, day in enumerate(parted, 1) if not day]
        done = 0
        for task in as_completed(tasks):
            done += task.result()
            if progress:
                progress(done, total)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def run_in(policy: Policy, numbers: dict[str, Uncertain], world: World, seed: int) -> Any:
    """A policy in a world: the arrays of its last evening. `numbers` are what is uncertain."""
    arrays, _ = first_morning_of(policy, numbers, world, seed)
    live(arrays, 0, policy.scenario.days, threads=1)
    return arrays


def first_morning_of(
    policy: Policy, numbers: dict[str, Uncertain], world: World, seed: int
) -> tuple[Any, Plan]:
    """A policy in a world: its arrays before the first day, and its plan there."""
    values = drawn(numbers, seed, world.draw)
    traits = traits_in(policy.scenario, values)
    parameters = parameters_in(policy.scenario, values)
    plan = replace(policy.plan, trait_value=traits)
    return first_morning(policy.scenario, plan, parameters, world.seed), plan
