"""What a policy does to those who get it, and to the whole community if everybody does.

A random half of the people get the policy; the others keep the first one. The effect by lot
is that on the first half compared with the second in the same community, as in an A/B test
(`comsim.studies.comparison.basis.split.by_lot`). It leaves out gains that both halves share:
members who stay write, answer and invite, and their readers and friends may be in either half. The
effect on the whole community includes these gains. The difference is the influence of members on
one another: word of mouth, in a wide sense."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from comsim.scenario.worlds import World
from comsim.statistics.intervals import RANGE, quantiles
from comsim.studies.comparison.basis.arms import ARM, ARM_OUTCOMES, WEEK
from comsim.studies.comparison.basis.lots import for_all_only, mixed
from comsim.studies.comparison.basis.split import by_lot, in_two_arms, look_at
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.outcomes import OUTCOMES
from comsim.studies.comparison.runs import Progress, Runs

HALF = 0.5
FEWEST = 20  # worlds, unless there are fewer; beyond 40, half of the worlds (an assumption)
TIMES = 3.0  # an effect on the whole that is so many times that by lot rests on word of mouth
NOTICEABLE = 0.01  # as a share: smaller effects on the whole rest on nothing (an assumption)
WAU = [outcome.name for outcome in ARM_OUTCOMES].index("wau")
MEAN_WAU = [outcome.name for outcome in OUTCOMES].index("wau_mean")
EFFECTS = ("by_lot", "whole", "word_of_mouth")


def word_of_mouth_table(
    policies: Sequence[Policy],
    runs: Runs,
    worlds: Sequence[World],
    weights: np.ndarray | None,
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The effect of each further policy by lot and on the whole, as documented in `Comparison`.

    `runs`: those of the policies, given to everybody. `weights`, (worlds,): by default all
    the same. Simulates each policy for half of the people, and the first one again to count the
    halves, in half of the worlds (at least 20).
    """
    first, *others = policies
    reasons = {policy.name: reason(first, policy) for policy in others}
    given = [p for p, policy in enumerate(policies) if p and not reasons[policy.name]]
    few = worlds[: fewer(len(worlds))]
    some = None if weights is None else weights[: len(few)]
    rows: dict[str, dict[str, Any]] = {}
    if given:
        twin = in_two_arms(first, HALF)
        halves = [half_of(twin, policies[p]) for p in given]
        looks = sorted({day for p in given for day in weeks(runs.since[p], _days(runs))})
        counts = look_at([twin, *halves], few, seed, looks, jobs, progress)
        for at, p in enumerate(given, 1):
            mine = np.isin(looks, weeks(runs.since[p], _days(runs)))
            # (worlds, arms): weekly members per 100 people, mean over weeks
            here, there = (counts[x, :, mine, :, WAU].mean(axis=0) for x in (at, 0))
            whole = relative_effect(runs.outcomes[p, :, MEAN_WAU], runs.first[p, :, MEAN_WAU])
            effects = effects_of(there, here, whole[: len(few)])
            rows[policies[p].name] = _row(effects, some)
    none = {"worlds": 0, "rests_on_word_of_mouth": False}
    table = [
        {"policy": policy.name, "reason": reasons[policy.name], **rows.get(policy.name, none)}
        for policy in others
    ]
    names = [f"{effect}_{end}" for effect in EFFECTS for end in RANGE]
    columns = ["policy", "reason", "worlds", "rests_on_word_of_mouth", *names]
    return pd.DataFrame(table).reindex(columns=columns)


def reason(first: Policy, policy: Policy) -> str:
    """Why a policy can't be given by lot: a key in which it differs and that concerns everybody, or
    "arms" if the scenario has arms of its own. Empty if it can."""
    if len(policy.scenario.arms) > 1:
        return "arms"
    found = for_all_only(first, policy)
    return found[1] if found else ""


def half_of(twin: Policy, policy: Policy) -> Policy:
    """A policy for the first half of the people of the twin, a policy in two arms."""
    both = in_two_arms(policy, HALF)
    return Policy(policy.name, both.scenario, mixed(twin, both, ARM))


def fewer(worlds: int) -> int:
    """In how many of the worlds a policy is given by lot: half of them, but at least 20."""
    return min(worlds, max(FEWEST, worlds // 2 // 2 * 2))


def weeks(since: int, days: int) -> list[int]:
    """Days lived at the ends of the weeks that are measured, counted back from the last day."""
    return list(range(days, min(since + WEEK, days) - 1, -WEEK))[::-1]


def effects_of(twin: np.ndarray, half: np.ndarray, whole: np.ndarray) -> dict[str, np.ndarray]:
    """Relative effects in each world, by the names of EFFECTS. `twin` and `half` are (worlds,
    arms), `whole` (worlds,) the effect of the policy for everybody."""
    lot = by_lot(twin.T, half.T)
    return {"by_lot": lot, "whole": whole, "word_of_mouth": whole - lot}


def _row(effects: dict[str, np.ndarray], weights: np.ndarray | None) -> dict[str, Any]:
    known = np.isfinite(np.stack(list(effects.values()))).all(axis=0)
    row: dict[str, Any] = {"worlds": int(known.sum())}
    for name, values in effects.items():
        there = np.where(known, values, np.nan)[:, None]
        ends = quantiles(there, list(RANGE.values()), weights)
        row |= {f"{name}_{end}": float(x) for end, x in zip(RANGE, ends, strict=True)}
    lot, whole = abs(row["by_lot_q50"]), abs(row["whole_q50"])
    return row | {"rests_on_word_of_mouth": bool(whole > NOTICEABLE and whole > TIMES * lot)}


def relative_effect(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    """after / before - 1; NaN where the latter is 0."""
    return np.where(before > 0, after / np.where(before > 0, before, 1.0) - 1, np.nan)


def _days(runs: Runs) -> int:
    return runs.series.shape[-1]
