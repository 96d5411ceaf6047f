"""Run every policy in every world, in parallel; only the outcomes of a run are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from comsim.common.threads import in_threads
from comsim.run.simulation import first_morning
from comsim.run.snapshots import carry_on
from comsim.run.today import begun, live_on
from comsim.scenario import Plan, Scenario
from comsim.scenario.worlds import (
    Uncertain,
    World,
    drawn,
    parameters_in,
    traits_in,
    uncertain,
)
from comsim.studies.comparison.basis.arms import ARM_OUTCOMES, arm_outcomes_of, arm_totals
from comsim.studies.comparison.choices.parting import parting
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.outcomes import OUTCOMES, SERIES, outcomes_of, series_of

Progress = Callable[[int, int], None]
"""Called with the number of runs done and the number of all runs."""


@dataclass(frozen=True)
class Runs:
    """Results of the runs of some policies in some worlds.

    Sums and means over days start on the first day on which a policy differs from the first one.
    `first` therefore holds the first policy's results once for each of the others.
    """

    since: tuple[int, ...]
    """For each policy, the first day measured: the day on which it parts from the first one or, if
    all are measured over the same days, the day on which the first of them does; 0 for the first
    policy, and for one that never parts."""
    outcomes: np.ndarray
    """float64 (policies, worlds, outcomes), as in OUTCOMES; NaN for what doesn't exist."""
    first: np.ndarray
    """The same of the first policy, measured from the day of each of the policies."""
    series: np.ndarray
    """float32 (policies, series, worlds, days), as in SERIES."""
    arms: np.ndarray
    """float64 (policies, worlds, arms, outcomes of arms), as in ARM_OUTCOMES."""
    first_arms: np.ndarray
    """The same of the first policy, measured from the day of each of the policies."""
    starts: tuple[int, ...]
    """For each policy, the day on which it parts from the first one; otherwise as `since`."""
    first_day: int
    """The first of the days on which policies part; if none does, the first day after the past."""


def run_all(
    policies: Sequence[Policy],
    worlds: Sequence[World],
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
    same_days: bool = False,
) -> Runs:
    """Run each policy in each world and keep what a comparison needs. `same_days`: measure all
    policies from the day on which the first of them parts from the first policy."""
    days, arms = policies[0].scenario.days, len(policies[0].scenario.arms)
    shape = len(policies), len(worlds)
    past = policies[0].scenario.past
    parted = [parting(policies[0], policy) for policy in policies[1:]]
    starts = (0, *(day if day < days else past for day in parted))
    first_day = min((day for day in parted if day < days), default=past)
    since = (0, *[first_day] * len(parted)) if same_days else starts
    of_arms = *shape, arms, len(ARM_OUTCOMES)
    runs = Runs(
        since,
        np.empty((*shape, len(OUTCOMES))),
        np.empty((*shape, len(OUTCOMES))),
        np.empty((len(policies), len(SERIES), len(worlds), days), np.float32),
        np.empty(of_arms),
        np.empty(of_arms),
        starts,
        first_day,
    )
    before = np.zeros((*shape, arms, len(ARM_OUTCOMES)))

    def part(p: int, w: int, world: Any) -> None:
        before[p, w] = arm_totals(world)

    def keep(p: int, w: int, world: Any) -> None:
        daily = policies[p].daily(world)
        runs.outcomes[p, w] = outcomes_of(world, since[p], daily)
        runs.series[p, :, w] = series_of(world, daily)
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

    The days before a policy diverges from the first one are simulated once: two policies that
    diverge on day d take 2 x days - d days, and give the same bits as two runs. part(policy, world,
    arrays of that morning) is called on day d, unless that is day 0. Runs in threads, since the
    compiled days release Python's lock, with at most two worlds in memory per thread. Results do
    not depend on `jobs` (default: the number of processors). After Ctrl-C no further run starts.
    """
    runner = _Runner(policies, worlds, seed, keep, part)
    each = [(1 + len(runner.later), runner.together)]  # the number of runs, and how to do them
    each += [(1, partial(runner.alone, p)) for p in runner.from_the_start]
    tasks = [(runs, partial(run, w)) for w in range(len(worlds)) for runs, run in each]
    up_to, total = list(accumulate(runs for runs, _ in tasks)), len(worlds) * len(policies)

    def of_runs(done: int, _: int) -> None:
        if progress:
            progress(up_to[done - 1], total)

    in_threads(lambda task: task[1](), tasks, jobs, of_runs)


class _Runner:
    """Runs policies in one world at a time."""

    def __init__(
        self,
        policies: Sequence[Policy],
        worlds: Sequence[World],
        seed: int,
        keep: Callable[[int, int, Any], None],
        part: Callable[[int, int, Any], None] | None,
    ) -> None:
        self.policies, self.worlds, self.seed = policies, worlds, seed
        self.keep, self.part = keep, part
        also = worlds[0].row or () if worlds else ()
        self.numbers = [uncertain(policy.scenario, also) for policy in policies]
        self.days = policies[0].scenario.days
        parted = [parting(policies[0], policy) for policy in policies[1:]]
        self.from_the_start = [p for p, day in enumerate(parted, 1) if not day]
        self.later = sorted((day, p) for p, day in enumerate(parted, 1) if day)

    def alone(self, p: int, w: int) -> None:
        """Run a policy from the first day on."""
        self.keep(p, w, run_in(self.policies[p], self.numbers[p], self.worlds[w], self.seed))

    def together(self, w: int) -> None:
        """Run the first policy, and those that diverge from it after day 0."""
        world, _ = self._morning(0, w)
        today = self.worlds[w].born
        for day, p in self.later:
            live_on(world, today, day, self.worlds[w].books)
            today = day
            if self.part and day < self.days:
                self.part(p, w, world)
            other = world
            if day < self.days:
                other, plan = self._morning(p, w)
                carry_on(world, day, other, plan)
                live_on(other, day, self.days, 0)
            self.keep(p, w, other)
        live_on(world, today, self.days, self.worlds[w].books)
        self.keep(0, w, world)

    def _morning(self, p: int, w: int) -> tuple[Any, Plan]:
        return first_morning_of(self.policies[p], self.numbers[p], self.worlds[w], self.seed)


def run_in(
    policy: Policy,
    numbers: dict[str, Uncertain],
    world: World,
    seed: int,
    sources: Sequence[ArrayLike] = (),
) -> Any:
    """Run a policy in a world; returns the arrays of the last evening. `numbers` are the uncertain
    parameters; `sources`: whose view of its posts is tallied (`comsim.measure.observation`)."""
    arrays, _ = first_morning_of(policy, numbers, world, seed, sources)
    live_on(arrays, world.born, policy.scenario.days, world.books)
    return arrays


def first_morning_of(
    policy: Policy,
    numbers: dict[str, Uncertain],
    world: World,
    seed: int,
    sources: Sequence[ArrayLike] = (),
) -> tuple[Any, Plan]:
    """The arrays of a policy in a world before the first day, and its plan there."""
    values = drawn(numbers, seed, world.draw, world.row)
    scenario, plan = policy.scenario, begun(policy.plan, world.born)
    return morning_of(scenario, plan, values, world.seed, sources, world.market)


def morning_with(
    policy: Policy, values: dict[str, float], seed: int, sources: Sequence[ArrayLike] = ()
) -> tuple[Any, Plan]:
    """The same with given values of parameters and traits, and a random seed."""
    return morning_of(policy.scenario, policy.plan, values, seed, sources)


def morning_of(
    scenario: Scenario,
    plan: Plan,
    values: dict[str, float],
    seed: int,
    sources: Sequence[ArrayLike] = (),
    market: int | None = None,
) -> tuple[Any, Plan]:
    """The same for a plan of a scenario, and perhaps another market than the scenario's."""
    here = replace(plan, trait_value=traits_in(scenario, values))
    parameters = parameters_in(scenario, values)
    world = first_morning(scenario, here, parameters, seed, sources=sources, market=market)
    return world, here
