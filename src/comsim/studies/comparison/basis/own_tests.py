"""Weighting of the worlds of a comparison by an operator's own tests.

Each test of the scenario is simulated in every world (`comsim.studies.comparison.basis.trials`).
The weight of a world is its likelihood: the reported effect is normal around the simulated one,
with the reported standard error (a 95 % interval is 2 x 1.96 of it). The simulated effect contains
chance differences between the two groups of people, too, so a test counts slightly less than it
could. The likelihoods of several experiments are multiplied. Readings of one experiment are not
independent, so only one of them may be given. This is importance weighting of a sample, as in
sequential Monte Carlo (Chopin 2002, Biometrika 89:539-552).
If it leaves fewer than ten effective worlds (FEW), the weights before the tests are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from comsim.model.catalogue import LEVERS
from comsim.scenario import Scenario
from comsim.scenario.own_tests import ONE_OUTCOME, OwnTest, same_experiment
from comsim.scenario.worlds import World
from comsim.statistics.intervals import RANGE, effective, quantiles
from comsim.studies.comparison.basis.arms import ARM_OUTCOMES
from comsim.studies.comparison.basis.trials import Design, test_effects
from comsim.studies.comparison.basis.word_of_mouth import MEAN_WAU, relative_effect
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.runs import Progress, Runs

TAIL = 0.025  # a reported effect beyond these shares of the predictive distribution contradicts
HARDLY = 0.95  # share of the former width from which a range has hardly narrowed, and share of the
# effective number of worlds from which a test is hardly informative (assumptions)
FEW = 10.0  # effective number of worlds below which tests are not used (an assumption)
OUTCOME = {outcome.name: at for at, outcome in enumerate(ARM_OUTCOMES)}
TEST_COLUMNS = ["lever", "value", "share", "from", "until", "outcome", "effect", "low", "high",
                "simulated_low", "simulated", "simulated_high", "contradicts",
                "samples", "tells", "left", "used"]  # fmt: skip
ANSWER_COLUMNS = ["policy", *(f"{when}_{end}" for when in ("before", "after")
                              for end in (*RANGE, "chance")), "word"]  # fmt: skip


@dataclass(frozen=True)
class Learned:
    """The weights of worlds after the tests."""

    before: np.ndarray | None
    """Without the tests, float64 (worlds,), with the sum 1; None if all are the same."""
    weights: np.ndarray | None
    """With the tests, or without them if they leave too few worlds."""
    tests: pd.DataFrame
    """The tests, as documented in `Comparison`."""

    @property
    def kept(self) -> bool:
        """Whether the former weights are kept, because too few worlds agree with the tests."""
        return kept_before(self.tests)

    @property
    def levers(self) -> frozenset[str]:
        """The levers about which a test tells something: it does not contradict the model, and
        changes the weights."""
        if not len(self.tests):
            return frozenset()
        used = self.tests["used"] & self.tests["tells"] & ~self.tests["contradicts"]
        return frozenset(self.tests["lever"][used.astype(bool)])


def kept_before(tests: pd.DataFrame) -> bool:
    """Whether the figures are those before the tests, because the tests leave too few worlds."""
    return bool(len(tests) and tests["left"].notna().any() and not tests["used"].any())


def tests_of(scenarios: Sequence[Scenario]) -> list[tuple[Scenario, int, OwnTest]]:
    """The tests of all scenarios, each once, with the scenario that has it and its number there.
    InputError if two files report the same experiment differently."""
    found: dict[OwnTest, tuple[Scenario, int, OwnTest]] = {}
    for scenario in scenarios:
        for number, test in enumerate(scenario.tests):
            found.setdefault(test, (scenario, number, test))
    listed = list(found.values())
    for at, (scenario, number, test) in enumerate(listed):
        for other, its, before in listed[:at]:
            if same_experiment(before, test, scenario.day_number):
                where = f"a test of {test.lever} on days of tests[{its}] in {other.file}"
                raise scenario.error(f"tests[{number}]", where, ONE_OUTCOME)
    return listed


def learned(
    scenarios: Sequence[Scenario],
    first: Policy,
    worlds: Sequence[World],
    seed: int,
    before: np.ndarray | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Learned:
    """Simulate the tests of the scenarios under the first policy, and weight the worlds.

    `before`: the weights of the worlds, (worlds,), by default all the same. They
    do not change without tests, nor with default parameters, because tests cannot distinguish
    between such worlds. InputError for tests that were not possible in the community.
    """
    tests = tests_of(scenarios)
    former = np.ones(len(worlds)) if before is None else before
    logs, rows, fixed = np.zeros(len(worlds)), [], worlds[0].draw is None
    for scenario, number, test in tests:
        key = f"tests[{number}]"
        if len(first.scenario.arms) > 1:
            raise scenario.error(key, "a test in a community with arms", "one of arms, tests")
        design = _design(first, scenario, test, key)
        effects = test_effects(first, design, worlds, seed, (), jobs, progress)
        effects = effects[:, 0, OUTCOME[test.outcome]]
        if not (np.isfinite(effects) & (former > 0)).any():
            found = f"no {test.outcome} in both parts of the community in any world"
            raise scenario.error(key, found, "a test in a community that is alive on its days")
        row, log = judged(test, effects, before)
        logs += log
        if not (np.isfinite(logs) & (former > 0)).any():
            found = "a test that is possible only in worlds in which those before it are not"
            raise scenario.error(key, found, "tests that one community can have had")
        tells = not fixed and _left(log, former) < HARDLY
        rows.append(row | {"from": design.first, "until": design.last, "tells": tells})
    after, left = before, np.nan
    if tests and not fixed:
        after = _reweighted(logs, former)
        left = effective(after)
        if left < FEW:
            after = before
    used = bool(left >= FEW)
    table = pd.DataFrame(
        [row | {"left": left, "used": used} for row in rows],
        columns=TEST_COLUMNS if rows else None,
    )
    return Learned(before, after, table)


def _reweighted(logs: np.ndarray, former: np.ndarray) -> np.ndarray:
    """The weights of worlds, with the sum 1, from log likelihoods and their weights before."""
    logs = np.where(former > 0, logs, -np.inf)
    weights = np.exp(logs - logs.max()) * former
    return weights / weights.sum()


def _left(log: np.ndarray, former: np.ndarray) -> float:
    """The share of the worlds that a test leaves: the effective number of those with the same
    weight before; 1 if it is as likely in all of them."""
    likelihood = np.exp(log - log[former > 0].max())
    return float(
        np.average(likelihood, weights=former) ** 2 / np.average(likelihood**2, weights=former)
    )


def judged(
    test: OwnTest, effects: np.ndarray, before: np.ndarray | None = None
) -> tuple[dict[str, Any], np.ndarray]:
    """A row of the table of tests, and the log likelihood of each world (worlds,). `effects`,
    (worlds,), are the simulated ones; `before`: the weights of worlds. A world without an effect
    could not have had the test, and has the likelihood 0."""
    there = np.isfinite(effects)
    away = (test.effect - np.where(there, effects, 0.0)) / test.error
    log = np.where(there, -(away**2) / 2, -np.inf)
    # The share of the predictive distribution below the reported effect.
    mine = None if before is None else before[there]
    below = np.average(special.ndtr(away[there]), weights=mine)
    ends = quantiles(effects[there][:, None], [TAIL, 0.5, 1 - TAIL], mine)
    low, high = test.interval
    return {
        "lever": test.lever, "value": test.value, "share": test.share, "outcome": test.outcome,
        "effect": test.effect, "low": low, "high": high,
        **dict(zip(("simulated_low", "simulated", "simulated_high"), ends, strict=True)),
        "contradicts": not TAIL <= below <= 1 - TAIL,
        "samples": int(there.sum()),
    }, log  # fmt: skip


def answers(policies: Sequence[Policy], runs: Runs, tests: Learned, worth: float) -> pd.DataFrame:
    """The effect of each further policy on mean weekly members before and after the tests, as
    documented in `Comparison`. `worth`: the relative effect that is worth having."""
    if not len(tests.tests):
        return pd.DataFrame()
    rows = []
    contradicted = bool(tests.tests["contradicts"].any())
    for p, policy in enumerate(policies[1:], 1):
        a, b = runs.first[p, :, MEAN_WAU], runs.outcomes[p, :, MEAN_WAU]
        effect = relative_effect(b, a)
        known = np.isfinite(effect)
        row: dict[str, Any] = {"policy": policy.name}
        for when, weights in (("before", tests.before), ("after", tests.weights)):
            ends = quantiles(effect[:, None], list(RANGE.values()), weights)
            row |= {f"{when}_{end}": float(x) for end, x in zip(RANGE, ends, strict=True)}
            counted = known * (1.0 if weights is None else weights)
            row[f"{when}_chance"] = counted[effect >= worth].sum() / (counted.sum() or np.nan)
        quartiles = quantiles(effect[:, None], [0.25, 0.75], tests.before)
        rows.append(row | {"word": word(row, quartiles, contradicted, tests.kept)})
    return pd.DataFrame(rows, columns=ANSWER_COLUMNS)


def word(row: dict[str, Any], quartiles: np.ndarray, contradicted: bool, kept: bool) -> str:
    """What the tests do to an answer: "contradicts" if a reported effect is outside what the worlds
    can explain; "too few" if too few worlds agree with it; "moves" if the median leaves the former
    quartiles; "narrows" or "widens" if the range does; or else "leaves"."""
    if contradicted:
        return "contradicts"
    if kept:
        return "too few"
    if not quartiles[0] <= row["after_q50"] <= quartiles[1]:
        return "moves"
    before, after = (row[f"{when}_q95"] - row[f"{when}_q05"] for when in ("before", "after"))
    if after < HARDLY * before:
        return "narrows"
    return "widens" if before < HARDLY * after else "leaves"


def _design(first: Policy, scenario: Scenario, test: OwnTest, key: str) -> Design:
    """The test as it is simulated; InputError if it changes nothing."""
    days = (scenario.day_number(moment) for moment in (test.from_, test.until))
    design = Design(test.lever, test.value, test.share, *days)
    lever = list(LEVERS).index(test.lever)
    there = first.plan.lever_table[design.days, :, lever]
    if (there == test.value).all():
        found = f"{test.value:g}, which everybody has under the first policy anyway"
        raise scenario.error(f"{key}.value", found, "another value of the lever for those drawn")
    return design
