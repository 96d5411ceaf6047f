"""What the effect of a policy rests on: each lever that differs, the grade of its evidence, and its
share of the effect.

Shares come from putting one lever at a time back to the first policy's, and from changing one lever
alone. The contribution of a lever is the mean of the two: what the policy loses without it, and
what it achieves by itself. With two levers that is Shapley's value (Shapley 1953); with more, an
approximation that needs two runs per lever instead of 2^n. Contributions of either sign count: the
share of a lever is the size of its contribution, relative to the sum of sizes.

An effect is attributed only if nothing but levers differs (`besides`): own parameters, shocks, the
owner's time, rules or joiners from a file would count as the effect of levers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from comsim.model.catalogue import LEVERS
from comsim.scenario.worlds import World
from comsim.statistics.intervals import quantiles
from comsim.studies.comparison.basis.word_of_mouth import (
    MEAN_WAU,
    relative_effect,
)
from comsim.studies.comparison.choices.budget import changed
from comsim.studies.comparison.choices.policies import Policy, dumped, own_parameters
from comsim.studies.comparison.runs import Progress, Runs, run_each

# Grades of evidence, the strongest first. "own test": a randomised test of one's own ([[tests]]).
# "varied": what an operator varied when they wished, without control; nothing makes it yet. The
# others are those of the catalogue (`comsim.model.declare`).
RANKED = ("own test", "measured", "varied", "elsewhere", "sign only", "none")
WORLDS = 20  # in which shares are estimated
MOST_LEVERS = 6  # that differ; the effect of more is not attributed
PART = 0.2  # share of an effect that counts as a part that it rests on (an assumption)
MOSTLY = 0.5  # share without evidence from which on nothing is clear (an assumption)
COLUMNS = ["policy", "lever", "besides", "grade", "share", "contribution"]
PARTS = ("rules", "shocks", "owner", "intake")  # of a scenario that act beside its levers


@dataclass(frozen=True)
class Grounds:
    """What the effect of a policy rests on."""

    policy: str
    weakest: str | None
    """The weakest grade on which at least a fifth of the effect rests; None if no lever differs, or
    nobody has asked."""
    levers: tuple[str, ...]
    """The levers with that grade, the one with the largest share first."""
    unmeasured: float
    """The share that rests on levers whose grade is "none"; NaN if it is not attributed."""
    attributed: bool
    """Whether the effect is attributed to levers."""
    besides: tuple[str, ...] = ()
    """What else differs, by its key in the scenario ("shocks", "parameters.bounce")."""

    @property
    def unclear(self) -> bool:
        """Whether the effect rests mostly on levers without evidence, so that it must not be called
        clear. Where it is not attributed, one such lever is enough."""
        return self.unmeasured > MOSTLY if self.attributed else self.weakest == RANKED[-1]


def grade_table(
    policies: Sequence[Policy],
    runs: Runs,
    worlds: Sequence[World],
    weights: np.ndarray | None,
    tested: Collection[str],
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The levers of each further policy, as documented in `Comparison`. `tested`: the levers about
    which a test of one's own is informative; `weights`, (worlds,): by default all the same."""
    first, tables = policies[0], []
    few = worlds[:WORLDS]
    some = None if weights is None else weights[: len(few)]
    for p, policy in enumerate(policies[1:], 1):
        levers, others = changed(first, policy), besides(first, policy)
        parts, shares = np.full(len(levers), np.nan), np.full(len(levers), np.nan)
        if others or len(levers) > MOST_LEVERS:
            pass
        elif len(levers) == 1:
            a, b = runs.first[p, :, MEAN_WAU], runs.outcomes[p, :, MEAN_WAU]
            parts[:], shares[:] = _middle(relative_effect(b, a), weights), 1.0
        elif levers:
            base = runs.first[p, : len(few), MEAN_WAU]
            full = relative_effect(runs.outcomes[p, : len(few), MEAN_WAU], base)
            found = _contributions(
                first, policy, levers, runs.since[p], few, base, full, seed, jobs, progress
            )
            parts[:] = [_middle(one, some) for one in found]
            shares = np.abs(parts) / (np.abs(parts).sum() or np.nan)
        table = pd.DataFrame(
            {
                "policy": policy.name,
                "lever": list(levers),
                "besides": "",
                "grade": [grade(lever, tested) for lever in levers],
                "share": shares,
                "contribution": parts,
            }
        )
        also = pd.DataFrame(
            {
                "policy": policy.name, "lever": "", "besides": list(others), "grade": "",
                "share": np.nan, "contribution": np.nan,
            }
        )  # fmt: skip
        tables.append(table.sort_values("share", ascending=False, kind="stable"))
        if others:
            tables.append(also)
    tables = [table for table in tables if len(table)] or tables[:1]
    return (
        pd.concat(tables, ignore_index=True)[COLUMNS] if tables else pd.DataFrame(columns=COLUMNS)
    )


def grade(lever: str, tested: Collection[str] = ()) -> str:
    """The grade of a lever's evidence, one of RANKED."""
    return RANKED[0] if lever in tested else LEVERS[lever].grade


def besides(first: Policy, policy: Policy) -> tuple[str, ...]:
    """What differs between two policies beside levers that are set by schedule: keys of the
    scenario, such as "parameters.bounce", "shocks" or "owner"."""
    parameters = own_parameters(first.scenario, policy.scenario)
    parts = [
        part
        for part in PARTS
        if (
            not np.array_equal(first.plan.shocks, policy.plan.shocks)
            if part == "shocks"  # those of the past are the first policy's
            else dumped(first.scenario, part) != dumped(policy.scenario, part)
        )
    ]
    return (*(f"parameters.{name}" for name in parameters), *parts)


def grounds(table: pd.DataFrame, policy: str) -> Grounds:
    """What the effect of a policy rests on, from `grade_table`."""
    if not len(table.columns):
        return Grounds(policy, None, (), np.nan, False)
    mine = table[table["policy"] == policy]
    rows, others = mine[mine["lever"] != ""], mine[mine["lever"] == ""]
    names = tuple(others["besides"]) if len(others) else ()
    if not len(rows):
        return Grounds(policy, None, (), np.nan if names else 0.0, not names, names)
    attributed = bool(rows["share"].notna().all())
    bearing = rows[rows["share"] >= PART] if attributed else rows
    weakest = max(bearing["grade"], key=RANKED.index)
    return Grounds(
        policy,
        weakest,
        tuple(bearing["lever"][bearing["grade"] == weakest]),
        float(rows["share"][rows["grade"] == RANKED[-1]].sum()) if attributed else np.nan,
        attributed,
        names,
    )


def _contributions(
    first: Policy,
    policy: Policy,
    levers: Sequence[str],
    since: int,
    worlds: Sequence[World],
    base: np.ndarray,
    full: np.ndarray,
    seed: int,
    jobs: int | None,
    progress: Progress | None,
) -> list[np.ndarray]:
    """What each lever contributes in each world, as a share of the first policy's weekly members.
    `base`, (worlds,): those; `full`: the relative effect of the whole policy."""
    everything = frozenset(levers)
    alone = [frozenset([lever]) for lever in levers]
    without = [everything - one for one in alone]
    sets = list(dict.fromkeys([*alone, *without]))
    variants = [_with(first, policy, some) for some in sets]
    members = np.empty((len(sets), len(worlds)))

    def keep(p: int, w: int, world: Any) -> None:
        if p:
            members[p - 1, w] = world.daily["wau"][since:].mean()

    run_each([first, *variants], worlds, seed, keep, jobs, progress)
    effect = {some: relative_effect(members[at], base) for at, some in enumerate(sets)}
    return [
        (effect[one] + full - effect[rest]) / 2 for one, rest in zip(alone, without, strict=True)
    ]


def _with(first: Policy, policy: Policy, levers: Collection[str]) -> Policy:
    """A policy that has some levers of the other policy, and the first one's otherwise."""
    table = policy.plan.lever_table.copy()
    back = [at for at, name in enumerate(LEVERS) if name not in levers]
    table[:, :, back] = first.plan.lever_table[:, :, back]
    return replace(policy, plan=replace(policy.plan, lever_table=table))


def _middle(values: np.ndarray, weights: np.ndarray | None) -> float:
    return float(quantiles(values[:, None], [0.5], weights)[0])
