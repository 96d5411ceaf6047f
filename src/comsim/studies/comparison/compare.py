"""Compare policies: from scenarios to a Comparison."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from comsim.common import arguments
from comsim.common.errors import InputError
from comsim.common.progress import reporting
from comsim.model.catalogue import LEVERS
from comsim.run.ready import ready
from comsim.run.simulation import seed_for
from comsim.scenario import Scenario, load_scenario
from comsim.scenario.rows import DEFAULT, PLAUSIBLE, origin_of, rows_of
from comsim.scenario.worlds import World, drawn, make_worlds, uncertain
from comsim.studies.comparison.basis.arms import arms_alike, for_a_share, parted
from comsim.studies.comparison.basis.own_tests import answers, learned
from comsim.studies.comparison.basis.tables import BASIS, added_up, basis, for_everybody
from comsim.studies.comparison.basis.trials import FEWEST_AGAIN, other_seeds
from comsim.studies.comparison.choices.budget import Budget, equalised
from comsim.studies.comparison.choices.policies import (
    Policy,
    own_parameters,
    policies_of,
    same_market,
)
from comsim.studies.comparison.choices.programmes import Given, chosen
from comsim.studies.comparison.choices.returns import free_levers, return_table
from comsim.studies.comparison.comparison import Comparison
from comsim.studies.comparison.drivers import key_driver_table
from comsim.studies.comparison.outcomes import OUTCOMES
from comsim.studies.comparison.runs import Progress, Runs, run_all
from comsim.studies.comparison.verdicts import WORTH, arm_table, series_table, verdict_table
from comsim.today.past import past_of_today
from comsim.today.records import past_of_records

FEWEST, MOST = 4, 10_000
INTAKE = list(LEVERS).index("intake")
MOST_POLICIES = 8  # including those for a share: nobody reads or tells apart more


def compare(
    a: Scenario | str | Path,
    *others: Scenario | str | Path,
    programmes: Given | None = None,
    pairs: bool = False,
    worlds: int = 100,
    seed: int | None = None,
    sample: str | Path = PLAUSIBLE,
    equal_budget: bool = False,
    share: float | None = None,
    worth: float = WORTH,
    evidence: bool = True,
    jobs: int | None = None,
    progress: Progress | bool | None = None,
) -> Comparison:
    """Run policies (scenarios, or their files) in the same worlds and compare each with the first.

    `worlds`: from 4 to 10,000, each with its own parameter sample. `seed`: of the worlds, by
    default the first scenario's. `sample`: where their parameters come from: "plausible" (the
    plausible worlds, `comsim.scenario.rows`), the path of such a sample, "independent" (each
    parameter by itself) or "default" (stochastic variation only).
    `programmes`: what might be done in the community of the only scenario
    (`comsim.studies.comparison.choices.programmes`), by default the programmes in its file. Each is
    compared with doing nothing, as are their combinations and, with `pairs`, every two of them.
    `equal_budget`: scale each policy but the first to the first one's spending
    (`comsim.studies.comparison.choices.budget`). `worth`: the relative effect that is worth having,
    above 0 and below 1; verdicts give the share of worlds with at least such an effect. `share`:
    also give each policy but the first to this share of the members only, drawn at random
    (`comsim.studies.comparison.basis.arms`). There are at most eight policies, including those for
    a share. `evidence`: also find what the answers rest on
    (`comsim.studies.comparison.basis.tables`), which takes about as long again. `jobs`: threads;
    they change no number. `progress`: True for a line on stderr, or a function that is called with
    the number of runs done and of all runs.

    Outcomes that sum or average over days start on the first day on which a policy can differ from
    the first one (`comsim.studies.comparison.choices.parting`). The same scenarios and seed give
    the same numbers. Raises InputError for invalid arguments and for policies that can't be
    compared."""
    began = time.perf_counter()
    scenarios = [s if isinstance(s, Scenario) else load_scenario(s) for s in (a, *others)]
    rows = rows_of(sample, "compare")
    known = scenarios[0].community.today is not None
    if known and sample != PLAUSIBLE:
        found = f"{sample}, beside [community] today of {scenarios[0].file}"
        raise InputError.at("compare", "sample", found, f"{PLAUSIBLE}: only they have a past")
    fixed_world = sample == DEFAULT
    equal_budget = arguments.flag(equal_budget, "compare", "equal_budget")
    evidence = arguments.flag(evidence, "compare", "evidence")
    choices = chosen(scenarios, programmes, arguments.flag(pairs, "compare", "pairs"))
    if choices:
        scenarios = choices.scenarios()
        if equal_budget:
            raise InputError.at("compare", "equal_budget", "programmes", "scenarios only")
        if share and any(programme.unit_costs for programme in choices.programmes):
            found = "a share and programmes with a unit_cost"
            raise InputError.at("compare", "share", found, "programmes without one")
        if share and choices.several_starts:
            found = "a share and a programme with several starts"
            raise InputError.at("compare", "share", found, "programmes with one start")
    jobs = arguments.optional(jobs, "compare", "jobs", 1)
    worlds, share = check(worlds, share, equal_budget)
    worth = arguments.between(worth, "compare", "worth", 0, 1)
    _count(len(scenarios), share)
    seed = seed_for(scenarios[0], seed, "compare")
    same_market(scenarios)
    past = None
    if known:
        with reporting(progress, "pasts", "making up the past") as report:
            past = past_of_today(scenarios[0], seed, worlds, jobs, report)
    elif sample == PLAUSIBLE and scenarios[0].past and scenarios[0].observed:
        with reporting(progress, "pasts", "following the records") as report:
            past = past_of_records(scenarios[0], seed, worlds, jobs, report)
    if past:
        scenarios = [past.like(scenario) for scenario in scenarios]
    policies = policies_of(parted(scenarios, share) if share else scenarios)
    if choices:
        policies = choices.policies(policies)
    notes = [*_differences(policies), *_alike(scenarios), *_free(policies), *_budgets(scenarios)]
    notes += dict.fromkeys(note for policy in policies for note in policy.plan.notes)
    if past:
        all_worlds, weights = past.worlds(worlds)
        if len(all_worlds) < worlds:
            notes.append(f"only {len(all_worlds)} of {worlds} worlds fit the community today")
        worlds = len(all_worlds)
    else:
        all_worlds, weights = make_worlds(seed, worlds, fixed_world, rows, 1), None
    budgets: list[Budget] = []
    ready()
    if equal_budget:
        policies, budgets = equalised(policies, all_worlds, seed, jobs, weights)
    everybody, places = policies, range(len(policies))
    if share:
        everybody = policies_of(scenarios)
        everybody = choices.policies(everybody) if choices else everybody
        policies = for_a_share(policies, share)
        places = range(0, len(policies), 2)
    with reporting(progress, "runs", "simulating") as report:
        report = added_up(report)
        same_days = choices is not None and choices.several_starts
        runs = run_all(policies, all_worlds, seed, jobs, report, same_days)
        tests = learned(scenarios, everybody[0], all_worlds, seed, weights, jobs, report)
        mine, found = for_everybody(runs, places), dict.fromkeys(BASIS, pd.DataFrame())
        again: list[Runs] | None = [] if fixed_world else None
        if evidence:
            found = basis(everybody, mine, all_worlds, tests, seed, jobs, report)
            if not fixed_world and not past and worlds >= FEWEST_AGAIN:
                anew = other_seeds(all_worlds)
                again = [run_all(policies, anew, seed, jobs, report, same_days)]
    weights = tests.weights
    return Comparison(
        policies=tuple(policy.name for policy in policies),
        scenarios=tuple(policy.scenario for policy in policies),
        number=worlds,
        seed=seed,
        sample=origin_of(sample, rows),
        today=past.today if past else None,
        share=share,
        worth=worth,
        start=scenarios[0].start,
        days=scenarios[0].days,
        since=runs.since,
        starts=runs.starts,
        weights=(1 / worlds,) * worlds if weights is None else tuple(weights.tolist()),
        **_tables(
            policies,
            all_worlds,
            runs,
            seed,
            weights,
            worth,
            again,
            past.today.effective if past else np.inf,
        ),
        tests=tests.tests,
        answers=answers(everybody, mine, tests, worth),
        **found,
        equal_budget=tuple(budgets),
        unpriced=tuple(other.name for other in policies[1:] if free_levers(policies[0], other)),
        notes=tuple(notes),
        seconds=time.perf_counter() - began,
    )


def _tables(
    policies: Sequence[Policy],
    worlds: Sequence[World],
    runs: Runs,
    seed: int,
    weights: np.ndarray | None,
    worth: float,
    again: Sequence[Runs] | None,
    plausible: float,
) -> dict[str, pd.DataFrame]:
    """The tables of a comparison, by the names of its fields. `weights`: of worlds, if not all the
    same; `again`, `plausible`: as in `verdict_table`."""
    names, plan = tuple(policy.name for policy in policies), policies[0].plan
    draws = _samples(policies, worlds, seed)
    arms = pd.DataFrame()
    if len(plan.arm_names) > 1:
        shares = np.diff(plan.arm_bound, prepend=0.0)
        alike = [arms_alike(policy) for policy in policies]
        arms = arm_table(names, plan.arm_names, runs, shares, alike, weights)
    return {
        "verdicts": verdict_table(names, runs, weights, worth, again, plausible),
        "worlds": _world_table(names, worlds, runs),
        "draws": draws,
        "series": series_table(names, runs, weights),
        "key_drivers": key_driver_table(policies, runs, draws.drop(columns="draw"), weights),
        "arms": arms,
        "returns": return_table(policies, runs, weights),
    }


def check(worlds: int, share: float | None, equal_budget: bool) -> tuple[int, float | None]:
    """The number of worlds and the share; InputError for invalid arguments."""
    worlds = arguments.whole(worlds, "compare", "worlds", FEWEST, MOST)
    if share is not None:
        share = arguments.between(share, "compare", "share", 0, 1)
        if equal_budget:
            raise InputError.at("compare", "share", "share and equal_budget", "one of the two")
    return worlds, share


def _count(scenarios: int, share: float | None) -> None:
    """InputError for too many policies."""
    columns = 1 + (scenarios - 1) * (2 if share else 1)
    if columns > MOST_POLICIES:
        allowed = (
            f"at most {MOST_POLICIES}, including doing nothing, each start of a programme, "
            "combinations, and those for a share of the members"
        )
        raise InputError.at("compare", "policies", str(columns), allowed)


def _differences(policies: Sequence[Policy]) -> list[str]:
    """Notes on differences other than levers."""
    first, *others = policies
    notes = []
    for other in others:
        here, there = first.scenario, other.scenario
        if differ := own_parameters(here, there):
            notes.append(
                f"{there.file} has parameters of its own, which count as part of its policy: "
                + ", ".join(differ)
            )
        recorded = here.intake or there.intake
        if recorded and not np.array_equal(*(policy.plan.lever_table[..., INTAKE]
                                             for policy in (first, other))):  # fmt: skip
            notes.append(
                f"{there.file} has other joiners than {here.file}, which count as part of its "
                f"policy: {_joiners(there)} beside {_joiners(here)}"
            )
    return notes


def _joiners(scenario: Scenario) -> str:
    """Where a scenario's joiners come from."""
    return f"those of {scenario.intake.csv}" if scenario.intake else "those of its levers"


def _free(policies: Sequence[Policy]) -> list[str]:
    """Notes on changes without a price, which nobody should take for free."""
    first, *others = policies
    notes = []
    for other in others:
        if levers := ", ".join(free_levers(first, other)):
            add = "; add it as `fixed`" if other.costs else ""
            notes.append(
                f"“{other.name}” changes {levers}, without a price in the model: its spending "
                f"does not include this cost{add}"
            )
    return notes


def _budgets(scenarios: Sequence[Scenario]) -> list[str]:
    """Notes on the owner's budget if there is no budget for policies, and on budgets that do not
    count."""
    first, *others = scenarios
    notes = [
        f"the budget is that of {first.file}, not that of {other.file}"
        for other in others
        if other.budget not in (None, first.budget)
    ]
    if first.owner.stop and first.owner.budget is not None and first.budget is None:
        notes.append(
            f"[owner] budget of {first.file} is the loss at which the owner stops; to limit what "
            "policies may cost, set `budget` at the top of the file"
        )
    return notes


def _alike(scenarios: Sequence[Scenario]) -> list[str]:
    """Notes on files with the same content: perhaps one was copied and not yet changed."""
    contents = [scenario.to_dict() | {"name": "", "description": ""} for scenario in scenarios]
    return [
        f"{other.file} has the same content as {scenarios[0].file}"
        for other, content in zip(scenarios[1:], contents[1:], strict=True)
        if content == contents[0]
    ]


def _samples(policies: Sequence[Policy], worlds: Sequence[World], seed: int) -> pd.DataFrame:
    """A row per world: the number of its sample, and the values of all policies' parameters."""
    samples = {world.draw: world.row for world in worlds if world.draw is not None}
    numbers: dict = {}
    for policy in reversed(policies):  # the first one's, where they differ
        numbers |= uncertain(policy.scenario, worlds[0].row or ())
    rows = [{"draw": draw, **drawn(numbers, seed, draw, row)} for draw, row in samples.items()]
    return pd.DataFrame(rows, columns=["draw", *(numbers if samples else [])])


def _world_table(names: tuple[str, ...], worlds: Sequence[World], runs: Runs) -> pd.DataFrame:
    """One row per run, by world and then policy; for the first policy, one per day of `since`."""
    kept = [(0, day, runs.first[runs.since.index(day)]) for day in sorted({*runs.since[1:]})]
    kept += [(p, runs.since[p], runs.outcomes[p]) for p in range(1, len(names))]
    order = np.stack([outcomes for *_, outcomes in kept], axis=1).reshape(-1, len(OUTCOMES))
    times = len(kept)
    return pd.DataFrame(
        {
            "world": np.repeat([world.number for world in worlds], times),
            "draw": np.repeat([-1 if w.draw is None else w.draw for w in worlds], times),
            "seed": np.repeat(np.array([world.seed for world in worlds], np.int64), times),
            "policy": pd.Categorical.from_codes(
                np.tile([p for p, *_ in kept], len(worlds)), list(names)
            ),
            "since": np.tile([day for _, day, _ in kept], len(worlds)),
            **{outcome.name: order[:, k] for k, outcome in enumerate(OUTCOMES)},
        }
    )
