"""How well rows agree with published experiments and base rates.

The experiments were simulated in some rows (`comsim.evidence.plausible.experiments`). An emulator,
a ridge regression on the numbers of the community and on those of the lever, predicts them in any
row.

The likelihood of a figure is Student's t with TAILS degrees of freedom, so that a study that the
model cannot reproduce does not decide everything. Its scale combines three errors:

    error² = published² + simulation² + transfer²

published     standard error of the published figure, if it is known
simulation    leave-one-out error of the emulator, with the stochastic variation of a run
transfer      the standard deviation by which the effect may differ here (`effects.toml`)

Where only a sign or a range is published, the band of the fact takes the place of the first and the
last, as a 95 % interval. Figures of one study count as one term: their mean log likelihood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from scipy.stats import t as student

from comsim.evidence.collection import NORMAL
from comsim.evidence.fact import Check, Fact
from comsim.evidence.plausible.experiments import deciding, label, used
from comsim.evidence.plausible.mimicry import WIDE
from comsim.evidence.plausible.prior import LAUNCH, prior
from comsim.model.catalogue import LEVERS, PARAMETERS

if TYPE_CHECKING:
    import pandas as pd

TAILS = 4  # degrees of freedom
FARTHEST = 6  # errors; figures farther from the published one count as that far
PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
LEAST = 0.6  # share of training rows in which a figure must exist
# All of these are assumptions.

COMMUNITY = tuple(name for name in WIDE if name not in LAUNCH)


class Target(NamedTuple):
    """What a figure should be, and how far off it may be before any simulation error."""

    value: float
    error: float


@dataclass(frozen=True)
class Emulator:
    """Predicts a figure of a fact from the numbers of a row."""

    figure: str
    study: str
    lever: str
    """The lever whose effect it is; empty if it is about the community."""
    target: Target
    names: tuple[str, ...]
    """The numbers that it uses: first those of the community, then those of the lever."""
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    error: float
    """Leave-one-out error."""
    explained: float
    """Share of the variance that it predicts, leaving one out."""

    def predicted(self, table: pd.DataFrame) -> NDArray[np.float64]:
        """The figure in each row of a table of numbers."""
        x = (transformed(table, self.names) - self.centre) / self.scale
        return terms(x, len(COMMUNITY)) @ self.coefficients

    def log_likelihood(self, predicted: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of predicted figures."""
        off = np.abs(predicted - self.target.value) / np.hypot(self.target.error, self.error)
        return student.logpdf(np.minimum(off, FARTHEST), TAILS)


def emulators(
    training: Sequence[dict[str, float]], figures: pd.DataFrame, without: Sequence[str] = ()
) -> list[Emulator]:
    """An emulator for each figure of the used facts that exists in enough rows, except effects of
    levers of grade "none". `without`: studies to leave out."""
    import pandas as pd

    table = pd.DataFrame(training)
    return [
        fitted(table, figures[label(fact, check)].to_numpy(), fact, check)
        for fact in used().values()
        for check in deciding(fact)
        if study(fact) not in without
        and not (fact.lever and LEVERS[fact.lever].grade == "none")
        and np.isfinite(figures[label(fact, check)]).mean() >= LEAST
    ]


def study(fact: Fact) -> str:
    """The study that a fact belongs to."""
    return fact.study or fact.id


def fitted(table: pd.DataFrame, y: NDArray[np.float64], fact: Fact, check: Check) -> Emulator:
    """The ridge regression with the penalty that has the smallest leave-one-out error."""
    target = published(fact, check)
    far = FARTHEST * target.error
    there = np.isfinite(y)
    y = np.clip(y[there], target.value - far, target.value + far)
    names = (*COMMUNITY, *numbers_of(fact.lever))
    x = transformed(table, names)[there]
    centre, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    z = terms((x - centre) / scale, len(COMMUNITY))
    best = min((ridge(z, y, penalty) for penalty in PENALTIES), key=lambda one: one[1])
    coefficients, error = best
    explained = 1 - error**2 / max(float(y.var()), 1e-12)
    return Emulator(label(fact, check), study(fact), fact.lever, target, names, centre, scale,
                    coefficients, error, explained)  # fmt: skip


def numbers_of(lever: str) -> tuple[str, ...]:
    """The uncertain numbers that describe the effect of a lever, except those that are chosen by
    mimicry."""
    return tuple(
        name
        for name in prior()
        if name in PARAMETERS and lever and PARAMETERS[name].effect == lever and name not in WIDE
    )


def published(fact: Fact, check: Check) -> Target:
    """The published figure with its error, or the middle of the band with that of the band."""
    value = float(np.mean(check.published)) if check.published else 0.0
    if not value or fact.transfer is None:
        middle = (check.low + check.high) / 2
        return Target(middle, (check.high - check.low) / 2 / NORMAL)
    return Target(value, float(np.hypot(check.published_error or 0.0, fact.transfer * value)))


def transformed(table: pd.DataFrame, names: Sequence[str]) -> NDArray[np.float64]:
    """Numbers on the scale on which they are uncertain, (rows, names). A number that may be absent
    or reversed stays as it is."""
    columns = []
    for name in names:
        x, number = table[name].to_numpy(float), prior()[name]
        if number.lever:
            columns.append(x / number.value)
        elif number.shape == "odds":
            columns.append(logit(np.clip(x, 1e-6, 1 - 1e-6)))
        else:
            columns.append(np.log(np.maximum(x, 1e-9)))
    return np.stack(columns, axis=-1)


def terms(z: NDArray[np.float64], community: int) -> NDArray[np.float64]:
    """The terms of the regression, (rows, terms): a constant, each number, and squares and products
    of those of the lever."""
    own = z[:, community:]
    pairs = [own[:, i] * own[:, j] for i in range(own.shape[1]) for j in range(i + 1)]
    return np.column_stack([np.ones(len(z)), z, *pairs])


def ridge(
    z: NDArray[np.float64], y: NDArray[np.float64], penalty: float
) -> tuple[NDArray[np.float64], float]:
    """The coefficients, with no penalty on the constant, and the leave-one-out error."""
    square = penalty * np.eye(z.shape[1])
    square[0, 0] = 0
    inverse = np.linalg.inv(z.T @ z + square)
    coefficients = inverse @ z.T @ y
    leverage = np.einsum("ij,jk,ik->i", z, inverse, z)
    left_out = (y - z @ coefficients) / np.maximum(1 - leverage, 1e-6)
    return coefficients, float(np.sqrt((left_out**2).mean()))
