"""Weights of rows by experiments, and effects of levers that agree with them.

Mimicry says nothing about levers that real communities did not use, and effects of different levers
hardly depend on one another, so the effect of each lever is drawn by itself: in each row, one of
CANDIDATES draws from the prior, with a probability that is proportional to the likelihood of the
studies of that lever in that row (sampling importance resampling, Rubin 1988). A lever without a
study keeps its prior. The weight of a row is the mean likelihood of the candidates, over all
levers, and the likelihood of base rates and of visits. Types of source keep equal shares.

If few rows had most of the weight, the likelihood of rows would be raised to a power below 1
(tempered) so that the effective number of the rows that scenarios use is at least FEWEST, or half
of what it is with equal weights if that is less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from comsim.evidence.plausible.likelihood import Emulator, numbers_of
from comsim.evidence.plausible.prior import prior, prior_row, settings
from comsim.evidence.shapes import groups
from comsim.model.catalogue import PARAMETERS
from comsim.model.rng import Purpose, uniforms
from comsim.scenario.rows import TALK

if TYPE_CHECKING:
    import pandas as pd

CANDIDATES = 1000
FEWEST = 200  # effective rows
CANDIDATE_DRAWS = 1 << 25  # the number of the first candidate among draws of the prior
CHOICE_KEY = 102
STUDY = "study: "  # before a study's name, in the name of its column


def weighed(
    rows: pd.DataFrame, emulators: Sequence[Emulator], fewest: int = FEWEST
) -> tuple[pd.DataFrame, float]:
    """The rows with effects of levers drawn anew, a column `weight` (mean 1), and a column for each
    study: the log likelihood of its figures. Then the power to which likelihoods were raised."""
    import pandas as pd

    candidates = pd.DataFrame([prior_row(CANDIDATE_DRAWS + k) for k in range(CANDIDATES)])
    shares = Counter(one.study for one in emulators)
    made, evidence = rows.copy(), np.zeros(len(rows))
    studies = {one.study: np.zeros(len(rows)) for one in emulators}
    levers = sorted({PARAMETERS[name].effect for name in prior() if name in PARAMETERS} - {""})
    for at, lever in enumerate(levers):
        names = list(numbers_of(lever))
        here = [one for one in emulators if one.lever == lever]
        if not names:
            continue
        each = [_in_candidates(one, rows, candidates) / shares[one.study] for one in here]
        total = np.sum(each, axis=0) if each else np.zeros((len(rows), CANDIDATES))
        chosen = _drawn(total, at)
        made[names] = candidates[names].to_numpy()[chosen]
        evidence += logsumexp(total, axis=1) - np.log(CANDIDATES)
        for one, likelihood in zip(here, each, strict=True):
            studies[one.study] += likelihood[np.arange(len(rows)), chosen]
    for one in emulators:
        if not numbers_of(one.lever):
            likelihood = one.log_likelihood(one.predicted(rows)) / shares[one.study]
            evidence += likelihood
            studies[one.study] += likelihood
    talk = rows["source"].isin(TALK).to_numpy()
    weight, power = tempered(evidence, groups(rows), talk, fewest)
    columns = {f"{STUDY}{name}": values for name, values in sorted(studies.items())}
    made = pd.concat([made.copy(), pd.DataFrame({"weight": weight} | columns)], axis=1)
    return made, power


def _in_candidates(
    emulator: Emulator, rows: pd.DataFrame, candidates: pd.DataFrame
) -> NDArray[np.float64]:
    """The log likelihood of a figure in each row with each candidate, (rows, candidates).

    The terms of the emulator belong to the community or to the lever, so a prediction is a sum."""
    names = list(numbers_of(emulator.lever))
    first = {name: candidates[name].iloc[0] for name in names}
    by_row = emulator.predicted(rows.assign(**first))
    community = {n: rows[n].iloc[0] for n in emulator.names if n not in names}
    by_candidate = emulator.predicted(candidates.assign(**community))
    return emulator.log_likelihood(by_row[:, None] + by_candidate - by_candidate[0])


def _drawn(log_weight: NDArray[np.float64], stream: int) -> NDArray[np.int64]:
    """A candidate for each row, with a probability that is proportional to its weight."""
    share = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    up_to = np.cumsum(share, axis=1)
    rows = np.arange(len(share))
    u = uniforms(settings()["seed"], Purpose.WORLD, stream, rows, CHOICE_KEY)
    return (up_to < (u * up_to[:, -1])[:, None]).sum(axis=1)


def tempered(
    evidence: NDArray[np.float64],
    types: NDArray[np.int64],
    used: NDArray[np.bool_],
    fewest: float,
) -> tuple[NDArray[np.float64], float]:
    """Weights with mean 1, and the largest power (in hundredths) of the likelihood with which the
    effective number of the `used` rows is at least `fewest`, or half of what it is with the power
    0."""

    def with_power(power: float) -> NDArray[np.float64]:
        weight = np.exp(power * (evidence - evidence.max()))
        for one in np.unique(types):
            here = types == one
            weight[here] /= weight[here].sum()
        return weight / weight.mean()

    enough = min(fewest, effective(with_power(0.0)[used]) / 2)
    for power in np.arange(100, -1, -1) / 100:
        weight = with_power(power)
        if effective(weight[used]) >= enough:
            break
    return weight, float(power)


def effective(weight: NDArray[np.float64]) -> float:
    """The effective number of rows (Kish 1965)."""
    return float(weight.sum() ** 2 / (weight**2).sum())
