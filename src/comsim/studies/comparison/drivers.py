"""Key drivers: the uncertain parameters with which the effect of a policy rises or falls.

A parameter can act only if its mechanism is on. A mechanism (a file of
`comsim.model.kernel.mechanisms`) has switches: its levers, and those of its parameters that are 0
by default. It is off if all its switches are 0 under every policy, on all days, and no rule sets
them. Shocks are off if no scenario has one. Mechanisms without switches are always on, and so are
mentions, which drift without a release too.

Only parameters that are likely to matter are looked at, since every further one makes chance harder
to rule out: those of the effects of levers that differ between the two policies, and those in which
communities differ most (COMMUNITY). If no lever differs, all are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType

import numpy as np
import pandas as pd

from comsim.model import catalogue
from comsim.model.catalogue import LEVERS, PARAMETERS
from comsim.model.kernel.mechanisms import mentions, shocks
from comsim.statistics import intervals
from comsim.studies.comparison.choices.budget import changed
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.outcomes import OUTCOMES
from comsim.studies.comparison.runs import Runs
from comsim.studies.comparison.verdicts import named, pair

# The parameters and traits with the widest ranges, which shape the life of a community; those of
# comsim/evidence/plausible/prior.toml.
COMMUNITY = (
    "clock", "walk_in_rate", "mention_spread", "mention_memory", "burst_rate", "burst_size",
    "burst_fading", "founder_days", "joining_lag", "word_of_mouth", "invitation_rate", "bounce",
    "hook_chance", "hook_half", "keenness", "forgetting", "learning", "adaptation", "leave_rate",
    "lapse_rate", "habit_gain", "weather_spread", "weather_memory", "weather_posts", "idle_chance",
    "idle_days", "recall", "talk_back", "overload", "inequality", "activity", "contribution",
    "forgetfulness",
)  # fmt: skip
COLUMNS = ["policy", "outcome", "parameter", "correlation", "low", "high", "clear"]


def key_driver_table(
    policies: Sequence[Policy],
    runs: Runs,
    samples: pd.DataFrame,
    weights: np.ndarray | None = None,
) -> pd.DataFrame:
    """The key drivers, as documented in `Comparison`; strongest first. `samples` has a row for each
    world and a column for each parameter; `weights`, (worlds,): by default all the same. Worlds
    with the same values count once, with their mean difference."""
    tables, of_world = [], np.ones(len(samples)) if weights is None else weights
    for p, policy in enumerate(policies[1:], 1):
        names = candidates(samples.columns, policies[0], policy)
        if not names:
            continue
        values, which = np.unique(samples[names], axis=0, return_inverse=True)
        for k, outcome in enumerate(OUTCOMES):
            a, b = pair(runs, p, k)
            ratio = outcome.amount and not outcome.begins and (a > 0).all()
            difference = b / a - 1 if ratio else b - a
            known = np.isfinite(difference)
            if not known.any():
                continue
            here, many = which.ravel()[known], len(values)
            counts = np.bincount(here, of_world[known], many)
            means = np.bincount(here, of_world[known] * difference[known], many)
            means = means / np.where(counts > 0, counts, 1.0)
            r = intervals.correlations(means, values, counts / counts.sum())
            table = pd.DataFrame({"parameter": names, **named(r, *COLUMNS[3:])})
            table = table.sort_values("correlation", key=np.abs, ascending=False, kind="stable")
            tables.append(table.assign(policy=policy.name, outcome=outcome.name))
    return (
        pd.concat(tables, ignore_index=True)[COLUMNS] if tables else pd.DataFrame(columns=COLUMNS)
    )


def candidates(names: Iterable[str], first: Policy, policy: Policy) -> list[str]:
    """Those of some parameters and traits that can act under one of two policies and are likely to
    matter for their difference."""
    acting, levers = parameters_that_act(names, (first, policy)), set(changed(first, policy))
    if not levers:
        return acting
    return [
        name
        for name in acting
        if name in COMMUNITY or (name in PARAMETERS and PARAMETERS[name].effect in levers)
    ]


def parameters_that_act(names: Iterable[str], policies: Sequence[Policy]) -> list[str]:
    """Those of some parameters and traits that can act under at least one policy."""
    idle = {
        parameter.name
        for mechanism in catalogue.MECHANISMS
        if ".mechanisms." in mechanism.__name__
        and not any(_is_on(mechanism, policy) for policy in policies)
        for parameter in getattr(mechanism, "PARAMETERS", [])
    }
    return [name for name in names if name not in idle]


def _is_on(mechanism: ModuleType, policy: Policy) -> bool:
    """Whether a mechanism has any effect under a policy."""
    if mechanism is shocks:
        return len(policy.plan.shocks) > 0
    levers = [lever.name for lever in getattr(mechanism, "LEVERS", [])]
    switches = [one.name for one in getattr(mechanism, "PARAMETERS", []) if one.value == 0]
    if mechanism is mentions or (not levers and not switches):
        return True
    at = [list(LEVERS).index(name) for name in levers]
    given = policy.scenario.parameters
    return bool(
        policy.plan.lever_table[:, :, at].any()
        or np.isin(policy.plan.actions["lever"], at).any()
        or any(getattr(given, name).high > 0 for name in switches)
    )
