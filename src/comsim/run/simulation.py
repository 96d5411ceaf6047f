"""Simulation of a scenario with a random seed. The result is a `Run`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numba
import numpy as np
from numpy.typing import ArrayLike

from comsim.common import arguments
from comsim.common.copies import Copied
from comsim.model.kernel.day import WHOLE, run_days
from comsim.model.kernel.mechanisms.belonging import MOST_SUBGROUPS
from comsim.model.kernel.mechanisms.shocks import KINDS
from comsim.model.phases import phase_spans
from comsim.model.stages import few_of, retrospective_stages, stage_spans
from comsim.run.ready import ready
from comsim.run.world import Setting, close, make_world
from comsim.scenario import Plan, Scenario, load_scenario, parameter_values, plan
from comsim.scenario.changes import policy_changes
from comsim.scenario.series import observed_notes

if TYPE_CHECKING:
    import pandas as pd

# Number of members from which threads save time. On two idle cores, a second thread makes the run
# 1.2 to 1.5 times faster (publish, reply, leave and settle, 18 % of a day, run in one thread). With
# fewer members it can be slower: on a busy machine 100,000 took four times as long
# (benchmarks/run.py).
THREADS_PAY_FROM = 250_000

# Daily counts that are each one event.
EVENT_COLUMNS = ("joined", "dau", "posts", "replies", "orders", "mutes", "unmutes", "left")


@dataclass(frozen=True, repr=False)
class Run:
    """The result of a simulation: its world on the last evening, and tables created on access."""

    scenario: Scenario
    seed: int
    parameters: dict[str, float] = Copied()
    plan: Plan
    world: Any
    """Its arrays, which are read-only."""
    seconds: float

    @Copied
    def daily(self) -> pd.DataFrame:
        """One row per day: counts, means of states, money, stage."""
        from comsim.run.tables import daily_frame

        return daily_frame(self.world.daily, self.scenario.start, self.scenario.community.market)

    @Copied
    def members(self) -> pd.DataFrame:
        """One row per member, in order of joining, with their state on the last evening."""
        from comsim.run.tables import member_frame

        rows = int(self.world.now["rows"][0])
        return member_frame(self.world.m, rows, self.plan.segment_names, self.plan.arm_names)

    @property
    def stages(self) -> list[tuple[str, int, int]]:
        """The stages of its life, determined in retrospect: (stage, first day, last day)."""
        few = few_of(self.scenario.community.market)
        return stage_spans(retrospective_stages(self.world.daily["wau"], few))

    @property
    def phases(self) -> list[tuple[str, int, int]]:
        """The phases of its operation, determined in retrospect: (phase, first day, last day)."""
        return phase_spans(self.world.daily)

    @property
    def policy_changes(self) -> list[tuple[int, str]]:
        """Scheduled changes of levers: (day, words), in order of days."""
        return policy_changes(self.scenario)

    @property
    def shocks(self) -> list[tuple[int, str, float, float]]:
        """Its shocks: (day, kind, severity, reach), in order of days."""
        return shocks_of(self.plan)

    @Copied
    def rule_days(self) -> dict[str, list[tuple[int, int]]]:
        """The periods (first day, last day) in which each rule was active, by name."""
        from comsim.run.replay import rule_days

        return rule_days(self.world, self.plan)

    @property
    def notes(self) -> list[str]:
        """Notes for the user about this run."""
        notes = list(dict.fromkeys([*self.plan.notes, *observed_notes(self.scenario)]))
        daily, market = self.world.daily, self.scenario.community.market
        wanted = (
            self.world.levers[:, 0]["seed_group"].sum() + self.world.levers[:, 0]["intake"].sum()
        )
        invited = int(daily["joined_invited"].sum())
        alone = int(daily["joined_kol"].sum() + daily["joined_walk_in"].sum())
        recruited = int(daily["joined"].sum()) - invited - alone
        if recruited + int(self.world.now["founders"][0]) < int(wanted):
            notes.append(
                f"the operator wanted to recruit {wanted:,.0f} people, but only {recruited:,} were "
                f"available: the market has {market:,}"
            )
        walked_in = int(daily["joined_walk_in"].sum())
        if self.scenario.intake is not None and invited + walked_in:
            notes.append(
                f"in addition to those in the intake file, {invited:,} people joined by word of "
                f"mouth and {walked_in:,} walked in; if the file includes them, set "
                "parameters.invitation_rate = 0 and parameters.walk_in_rate = 0"
            )
        if self.world.now["subgroups"][0] == MOST_SUBGROUPS:
            notes.append(
                f"the maximum of {MOST_SUBGROUPS:,} subgroups was reached: from then on they grow "
                "beyond their capacity, and no child community is founded"
            )
        return notes

    def __repr__(self) -> str:
        days = len(self.world.daily)
        return f"<Run of {self.scenario.name!r}, seed {self.seed}, {days} days>"

    def events(self) -> pd.DataFrame:
        """The event table of this run (`comsim.logs.events`). A second run records it."""
        from comsim.logs.events import event_table

        number = sum(int(self.world.daily[name].sum()) for name in EVENT_COLUMNS)
        world = whole_life(self.scenario, self.plan, self.parameters, self.seed, None, number)
        table = world.events
        return event_table(
            table["day"], table["member"], table["kind"], table["target"],
            start=self.scenario.start.isoformat(), days=self.scenario.days,
        )  # fmt: skip

    # Attached by `comsim.results.run`, since a simulation knows neither figures nor files.
    draw: ClassVar[Callable[..., Any]]
    save: ClassVar[Callable[..., Path]]
    report: ClassVar[Callable[..., str]]


def simulate(
    scenario: Scenario | str | Path,
    seed: int | None = None,
    threads: int | None = None,
    notes: Sequence[str] = (),
) -> Run:
    """Simulate a scenario (or its file) with a random seed, by default that of the scenario.

    The same scenario and seed give the same bits with any number of threads (default: all cores, if
    this saves time). `notes` precede the run's own.

    Raises InputError for a scenario that can't be simulated, for a seed that is not a whole number
    from 0 to 2^63 - 1, and for threads that are not a whole number of 1 or more.
    """
    threads = arguments.optional(threads, "simulate", "threads", 1)
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    seed = seed_for(scenario, seed, "simulate")
    if scenario.community.today is not None:
        found, allowed = "a community without a history", "comsim.simulate, which makes one up"
        raise scenario.error("community.today", found, allowed)
    compiled = plan(scenario)
    parameters = parameter_values(scenario, seed)
    began = time.perf_counter()
    world = whole_life(scenario, compiled, parameters, seed, threads)
    close(world)
    compiled = replace(compiled, notes=(*notes, *compiled.notes))
    return Run(scenario, seed, parameters, compiled, world, time.perf_counter() - began)


def shocks_of(plan: Plan) -> list[tuple[int, str, float, float]]:
    """The shocks of a plan: (day, kind, severity, reach), in order of days."""
    return [(day, KINDS[kind], *how) for day, kind, *how in plan.shocks.tolist()]


def seed_for(scenario: Scenario, seed: int | None, where: str) -> int:
    """The random seed of a run, by default the scenario's own; InputError if it is invalid."""
    return scenario.seed if seed is None else arguments.seed(seed, where)


def whole_life(
    scenario: Scenario,
    compiled: Plan,
    parameters: dict[str, float],
    seed: int,
    threads: int | None,
    events: int = 0,
    sources: Sequence[ArrayLike] = (),
) -> Any:
    """Simulate a world from its first day to its last; returns its arrays."""
    world = first_morning(scenario, compiled, parameters, seed, events, sources)
    live(world, 0, scenario.days, threads)
    return world


def first_morning(
    scenario: Scenario,
    compiled: Plan,
    parameters: dict[str, float],
    seed: int,
    events: int = 0,
    sources: Sequence[ArrayLike] = (),
    blank: bool = False,
    market: int | None = None,
) -> Any:
    """A world before its first day, with room for a number of events; `sources`, `blank`: as in
    `Setting`. `market`: another one than the scenario's."""
    newcomer_days = scenario.community.newcomer_days
    market = scenario.community.market if market is None else market
    setting = Setting(
        market, scenario.days, newcomer_days, seed, parameters, events, sources, blank
    )
    return make_world(setting, compiled)


def live(world: Any, first: int, stop: int, threads: int | None = None) -> None:
    """Simulate days first .. stop - 1, with a number of threads (default: all, if this saves
    time)."""
    ready()
    allowed = numba.get_num_threads()
    wanted = allowed if threads is None else min(threads, allowed)
    threads_from = THREADS_PAY_FROM if wanted > 1 else world.people.size + 1
    numba.set_num_threads(wanted)
    try:
        run_days(world, first, stop, np.int64(threads_from), WHOLE)
    finally:
        numba.set_num_threads(allowed)
