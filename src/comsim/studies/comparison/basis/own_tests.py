"""What an operator's own tests say about the worlds of a comparison.

Each test of the scenario is simulated in every world (`comsim.studies.comparison.basis.trials`).
The weight of a parameter sample is its likelihood: the reported effect is normal around the
simulated one, with the variance se^2 + v. se is the reported standard error (a 95 % interval is 2 x
1.96 of it), and v the noise of the simulated effect: worlds come in pairs with the same parameters,
so the effect of a sample is the mean of its pair, and v a quarter of the mean squared difference
within pairs. Where every world has parameters of its own, some are simulated again with another
random seed, and v is half of the mean squared difference. Several tests multiply. This is
importance weighting of a sample, as in sequential Monte Carlo (Chopin 2002, Biometrika 89:539-552).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from comsim.model.catalogue import LEVERS
from comsim.scenario import Scenario
from comsim.scenario.own_tests import OwnTest
from comsim.scenario.worlds import World
from comsim.statistics.intervals import quantiles
from comsim.studies.comparison.basis.arms import ARM_OUTCOMES
from comsim.studies.comparison.basis.trials import Design, other_seeds, test_effects
from comsim.studies.comparison.basis.word_of_mouth import (
    MEAN_WAU,
    relative_effect,
    weights_of_worlds,
)
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.runs import Progress, Runs

TAIL = 0.025  # a reported effect beyond these shares of the predictive distribution contradicts
HARDLY = 0.95  # of the former width: a range that is at least so wide has hardly narrowed
AGAIN = 20  # worlds that are simulated again with another random seed
FEW = 10.0  # effective number of parameter samples below which the answer is a guess (assumption)
ENDS = {"q05": 0.05, "q50": 0.5, "q95": 0.95}
OUTCOME = {outcome.name: at for at, outcome in enumerate(ARM_OUTCOMES)}
TEST_COLUMNS = ["lever", "value", "share", "from", "until", "outcome", "effect", "low", "high",
                "simulated_low", "simulated", "simulated_high", "noise", "contradicts",
                "samples"]  # fmt: skip
ANSWER_COLUMNS = ["policy", *(f"{when}_{end}" for when in ("before", "after")
                              for end in (*ENDS, "chance")), "word"]  # fmt: skip


@dataclass(frozen=True)
class Learned:
    """What tests say of parameter samples."""

    before: np.ndarray | None
    """Their weights without the tests, float64 (samples,), with the sum 1; None if all are the
    same."""
    weights: np.ndarray | None
    """With them."""
    tests: pd.DataFrame
    """The tests, as documented in `Comparison`."""


def tests_of(scenarios: Sequence[Scenario]) -> list[tuple[Scenario, int, OwnTest]]:
    """The tests of all scenarios, each once, with the scenario that has it and its number there."""
    found: dict[OwnTest, tuple[Scenario, int, OwnTest]] = {}
    for scenario in scenarios:
        for number, test in enumerate(scenario.tests):
            found.setdefault(test, (scenario, number, test))
    return list(found.values())


def learned(
    scenarios: Sequence[Scenario],
    first: Policy,
    worlds: Sequence[World],
    replications: int,
    seed: int,
    before: np.ndarray | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Learned:
    """Simulate the tests of the scenarios under the first policy, and weigh parameter samples.

    `before`: the weights of the samples, (samples,), by default all the same. Without tests they
    stay as they are, and with default parameters too, which tests cannot tell apart. InputError for
    a test that the community cannot have had.
    """
    samples, tests = len(worlds) // replications, tests_of(scenarios)
    logs, rows = np.zeros(samples), []
    for scenario, number, test in tests:
        key = f"tests[{number}]"
        if len(first.scenario.arms) > 1:
            raise scenario.error(key, "a test in a community with arms", "one of arms, tests")
        design = _design(first, scenario, test, key)

        def simulated(some: Sequence[World], design=design, at=OUTCOME[test.outcome]) -> np.ndarray:
            return test_effects(first, design, some, seed, (), jobs, progress)[:, 0, at]

        nested = simulated(worlds).reshape(samples, replications)
        if not np.isfinite(nested).any():
            found = f"no {test.outcome} in both parts of the community in any world"
            raise scenario.error(key, found, "a test in a community that is alive on its days")
        row, log = judged(test, nested, _noise(nested, worlds, simulated), before)
        logs += log
        rows.append(row | {"from": design.first, "until": design.last})
    weights = before
    if tests and worlds[0].draw is not None:
        weights = np.exp(logs - logs.max()) * (1.0 if before is None else before)
        weights /= weights.sum()
    return Learned(before, weights, pd.DataFrame(rows, columns=TEST_COLUMNS if rows else None))


def judged(
    test: OwnTest, effects: np.ndarray, noise: float, before: np.ndarray | None = None
) -> tuple[dict[str, Any], np.ndarray]:
    """A row of the table of tests, and the log likelihood of each parameter sample (samples,).
    `effects`, (samples, replications), are the simulated ones, and `noise` is the variance of the
    mean effect of a sample; `before`: the weights of samples. A sample without any could not have
    had the test, and has the likelihood 0."""
    known = np.isfinite(effects)
    number = known.sum(axis=1)
    mean = np.where(known, effects, 0.0).sum(axis=1) / np.maximum(number, 1)
    spread = np.sqrt(test.error**2 + noise)
    with np.errstate(divide="ignore"):
        log = np.where(number > 0, -(((test.effect - mean) / spread) ** 2) / 2, -np.inf)
    # The share of the predictive distribution below the reported effect.
    there = number > 0
    mine = None if before is None else before[there]
    below = np.average(special.ndtr((test.effect - mean[there]) / spread), weights=mine)
    ends = quantiles(mean[there][:, None], [TAIL, 0.5, 1 - TAIL], mine)
    low, high = test.interval
    return {
        "lever": test.lever, "value": test.value, "share": test.share, "outcome": test.outcome,
        "effect": test.effect, "low": low, "high": high,
        **dict(zip(("simulated_low", "simulated", "simulated_high"), ends, strict=True)),
        "noise": np.sqrt(noise), "contradicts": not TAIL <= below <= 1 - TAIL,
        "samples": int(there.sum()),
    }, log  # fmt: skip


def _noise(
    effects: np.ndarray, worlds: Sequence[World], simulated: Callable[[Sequence[World]], np.ndarray]
) -> float:
    """The variance of the mean effect of a sample that comes from stochastic variation. Without
    replications, from some worlds that are simulated again."""
    if effects.shape[1] > 1 or worlds[0].draw is None:
        return noise_of(effects)
    few = worlds[:AGAIN]
    both = np.stack([effects[: len(few), 0], simulated(other_seeds(few))], axis=1)
    return 2 * noise_of(both)


def noise_of(effects: np.ndarray) -> float:
    """The variance of the mean effect of a sample that comes from stochastic variation, pooled over
    samples: (samples, replications); 0 if no sample has all its effects."""
    whole = effects[np.isfinite(effects).all(axis=1)]
    if not len(whole) or effects.shape[1] == 1:
        return 0.0
    return float(whole.var(axis=1, ddof=1).mean() / effects.shape[1])


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
            each = weights_of_worlds(weights, len(effect))
            ends = quantiles(effect[:, None], list(ENDS.values()), each)
            row |= {f"{when}_{end}": float(x) for end, x in zip(ENDS, ends, strict=True)}
            counted = known * (1.0 if each is None else each)
            row[f"{when}_chance"] = counted[effect >= worth].sum() / (counted.sum() or np.nan)
        first = weights_of_worlds(tests.before, len(effect))
        quartiles = quantiles(effect[:, None], [0.25, 0.75], first)
        rows.append(row | {"word": word(row, quartiles, contradicted)})
    return pd.DataFrame(rows, columns=ANSWER_COLUMNS)


def word(row: dict[str, Any], quartiles: np.ndarray, contradicted: bool) -> str:
    """What the tests do to an answer: "contradicts" if a reported effect is outside what the worlds
    can explain; "moves" if the median leaves the former quartiles; "narrows" if the range is
    narrower; or else "leaves"."""
    if contradicted:
        return "contradicts"
    if not quartiles[0] <= row["after_q50"] <= quartiles[1]:
        return "moves"
    before, after = (row[f"{when}_q95"] - row[f"{when}_q05"] for when in ("before", "after"))
    return "narrows" if after < HARDLY * before else "leaves"


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
