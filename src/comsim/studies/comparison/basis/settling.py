"""The most informative test of a policy, and the TOML lines to fill in after the test.

Half of the people, drawn by lot, get the lever with the weakest evidence as the policy sets it,
from the day on which the policy begins. The result is read after four and after eight weeks, on
four outcomes. The best of these eight readings is the one that explains most of the effect of the
policy: the squared rank correlation (Spearman's, weighted) of the result of the test with the
effect of the policy on mean weekly members, over half of the worlds. The test is simulated with the
parameters of a world but another random seed, so that only parameters explain the effect, not
shared random numbers. The result is what an operator observes: the people drawn compared with the
others, including chance differences between the two. The test is clearly informative if the
correlation is significant at 5 %, by Student's t with the effective number of worlds, and with
Bonferroni's correction for the eight readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from comsim.model.catalogue import LEVERS
from comsim.scenario.checks import plain
from comsim.scenario.worlds import World
from comsim.statistics.intervals import FEWEST_CLEAR, effective
from comsim.statistics.ranks import rank_correlations
from comsim.studies.comparison.basis.evidence import RANKED, grounds
from comsim.studies.comparison.basis.own_tests import OUTCOME
from comsim.studies.comparison.basis.split import LEAST, during, in_two_arms, look_at
from comsim.studies.comparison.basis.trials import Design, other_seeds, treated
from comsim.studies.comparison.basis.word_of_mouth import HALF, MEAN_WAU, fewer, relative_effect
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.runs import Progress, Runs

WEEKS = (4, 8)
CHANCE = 0.05
LEAST_SAMPLES = 4  # for a correlation
ROUNDING = 1e-9
READ = ("wau", "new_wau", "visits", "posts")
WEAK = RANKED[RANKED.index("elsewhere") :]  # grades for which a test is proposed
COLUMNS = ["policy", "lever", "grade", "value", "share", "from", "until", "weeks", "outcome",
           "explains", "clear", "samples", "toml"]  # fmt: skip
ENTRY = """[[tests]]
lever = "{lever}"
value = {value}
share = {share}
from = {first}
until = {last}
outcome = "{outcome}"
effect =              # the people drawn compared with the others: 0.04 for 4 % more per head
interval = [ , ]      # its 95 % confidence interval
"""


def settling_table(
    policies: Sequence[Policy],
    runs: Runs,
    grades: pd.DataFrame,
    worlds: Sequence[World],
    weights: np.ndarray | None,
    seed: int,
    start: date,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The test for each further policy whose effect rests on weak evidence, as documented in
    `Comparison`. `weights`, (worlds,): by default all the same. Policies whose lever can't be given
    by lot, is set by rules, or begins in the last four weeks have no row. With default parameters,
    there is nothing to explain, and the table is empty."""
    # The test has another random seed than the policy.
    few, rows = other_seeds(worlds, fewer(len(worlds))), []
    some = np.ones(len(few)) if weights is None else weights[: len(few)]
    for p, policy in enumerate(policies[1:], 1):
        ground = grounds(grades, policy.name)
        if ground.weakest not in WEAK or len(policy.scenario.arms) > 1 or worlds[0].draw is None:
            continue
        design = design_for(policies[0], policy, ground.levers[0], runs.starts[p])
        lasts = [design.first + 7 * n - 1 for n in WEEKS] if design else []
        lasts = [day for day in lasts if day < policy.scenario.days]
        if design is None or not lasts:
            continue
        twin = in_two_arms(policies[0], HALF)
        looks = [*([design.first] if design.first else []), *(day + 1 for day in lasts)]
        counts = look_at([treated(twin, design)], few, seed, looks, jobs, progress)[0]
        a, b = (x[p, : len(few), MEAN_WAU] for x in (runs.first, runs.outcomes))
        effect = relative_effect(b, a)
        row = _best(counts, effect, some, lasts, bool(design.first))
        first, last = (start + timedelta(days=day) for day in (design.first, row["until"]))
        made = {
            "policy": policy.name, "lever": design.lever, "grade": ground.weakest,
            "value": design.value, "share": design.share, "from": design.first, **row,
        }  # fmt: skip
        text = ENTRY.format(
            lever=design.lever, value=plain(design.value), share=design.share, first=first,
            last=last, outcome=row["outcome"],
        )  # fmt: skip
        rows.append(made | {"toml": text})
    return pd.DataFrame(rows, columns=COLUMNS)


def design_for(first: Policy, policy: Policy, lever: str, since: int) -> Design | None:
    """The test of a lever as a policy sets it: the value that it has most often where it differs.
    None for a lever that can't be given by lot, or that only rules set differently."""
    at = list(LEVERS).index(lever)
    if LEVERS[lever].scope == "community":
        return None
    mine, theirs = (x.plan.lever_table[since:, :, at] for x in (policy, first))
    values, counts = np.unique(mine[mine != theirs], return_counts=True)
    if not len(values):
        return None
    last = since + 7 * WEEKS[-1] - 1
    last = min(last, policy.scenario.days - 1)
    return Design(lever, float(values[counts.argmax()]), HALF, since, last)


def _best(
    counts: np.ndarray,
    effect: np.ndarray,
    weights: np.ndarray,
    lasts: Sequence[int],
    later: bool,
) -> dict[str, Any]:
    """The reading that explains most. `counts` are (worlds, looks, arms, outcomes), `effect`
    and `weights` (worlds,); `later`: whether the first look is the morning of the test."""
    found = []
    for n, last in enumerate(lasts):
        arms = during(counts, 0 if later else -1, n + later)
        for name in READ:
            has, lacks = arms[:, 0, OUTCOME[name]], arms[:, 1, OUTCOME[name]]
            with np.errstate(invalid="ignore", divide="ignore"):
                result = np.where(lacks > LEAST, has / lacks - 1, np.nan)
            row = {"until": last, "weeks": WEEKS[n], "outcome": name}
            share, clear = explained(result, effect, weights)
            found.append(row | {"explains": share, "clear": clear, "samples": len(effect)})
    return max(found, key=lambda row: row["explains"])


def explained(result: np.ndarray, effect: np.ndarray, weights: np.ndarray) -> tuple[float, bool]:
    """The squared rank correlation of results with effects, (worlds,) each, and whether it is
    clear; 0 if one of them does not vary. Nothing is clear with under ten effective worlds."""
    known = np.isfinite(result + effect) & (weights > 0)
    x, y, w = result[known], effect[known], weights[known]
    if len(x) < LEAST_SAMPLES or np.ptp(x) == 0 or np.ptp(y) == 0:
        return 0.0, False
    (r,), freedom = rank_correlations(y, x[:, None], w), effective(w) - 2
    if freedom + 2 < FEWEST_CLEAR - ROUNDING:
        return float(r**2), False
    chance = 2 * stats.t.sf(abs(r) * np.sqrt(freedom / max(1 - r**2, ROUNDING)), freedom)
    return float(r**2), bool(chance < CHANCE / (len(WEEKS) * len(READ)))
