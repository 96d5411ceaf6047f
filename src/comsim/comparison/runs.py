"""Every policy in every world, in parallel; of each run only its outcomes are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from comsim.comparison.arms import ARM_OUTCOMES, arm_outcomes_of
from comsim.comparison.outcomes import OUTCOMES, SERIES, outcomes_of, series_of
from comsim.comparison.policies import Policy
from comsim.machine import processors
from comsim.scenario.worlds import (
    Uncertain,
    World,
    drawn,
    parameters_in,
    traits_in,
    uncertain,
)
from comsim.simulation import whole_life

Progress = Callable[[int, int], None]
"""Called with how many runs are done, and how many there are."""


@dataclass(frozen=True)
class Runs:
    """What is kept of the runs of some policies in some worlds."""

    outcomes: np.ndarray
    """float64 (policies, worlds, outcomes), as in OUTCOMES; NaN for what doesn't exist."""
    series: np.ndarray
    """float32 (policies, series, worlds, days), as in SERIES."""
    arms: np.ndarray
    """float64 (policies, worlds, arms, outcomes of arms), as in ARM_OUTCOMES."""


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
    runs = Runs(
        np.empty((*shape, len(OUTCOMES))),
        np.empty((len(policies), len(SERIES), len(worlds), days), np.float32),
        np.empty((*shape, arms, len(ARM_OUTCOMES))),
    )

    def keep(p: int, w: int, world: Any) -> None:
        runs.outcomes[p, w] = outcomes_of(world)
        runs.series[p, :, w] = series_of(world)
        runs.arms[p, w] = arm_outcomes_of(world, days)

    run_each(policies, worlds, seed, keep, jobs, progress)
    return runs


def run_each(
    policies: Sequence[Policy],
    worlds: Sequence[World],
    seed: int,
    keep: Callable[[int, int, Any], None],
    jobs: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Call keep(policy, world, arrays of the last evening) for each policy in each world.

    In threads, since the compiled days let go of Python's lock. Results do not depend on `jobs`
    (default: the processors there are). What stops it (Ctrl-C) stops it after the runs under way.
    """
    numbers = [uncertain(policy.scenario) for policy in policies]

    def one(p: int, w: int) -> None:
        keep(p, w, run_in(policies[p], numbers[p], worlds[w], seed))

    pool = ThreadPoolExecutor(jobs or processors())
    try:
        tasks = [pool.submit(one, p, w) for w in range(len(worlds)) for p in range(len(policies))]
        for done, task in enumerate(as_completed(tasks), 1):
            task.result()
            if progress:
                progress(done, len(tasks))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def run_in(policy: Policy, numbers: dict[str, Uncertain], world: World, seed: int) -> Any:
    """A policy in a world: the arrays of its last evening. `numbers` are what is uncertain."""
    values = drawn(numbers, seed, world.draw)
    traits = traits_in(policy.scenario, values)
    parameters = parameters_in(policy.scenario, values)
    plan = replace(policy.plan, trait_value=traits)
    return whole_life(policy.scenario, plan, parameters, world.seed, threads=1)
