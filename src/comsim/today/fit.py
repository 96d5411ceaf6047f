"""Adjustment of the chosen worlds, so that their communities come close to today's.

Approximate Bayesian computation with a local linear regression (Beaumont, Zhang and Balding 2002,
Genetics 162:2025): the parameters, the market and the age are regressed on what was simulated, all
in logarithms (or log odds), and moved to where the regression expects today's numbers. The
adjusted worlds are simulated again with the same random seeds, and weighted by their distance from
today's numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.scenario.rows import Rows, quantiles
from comsim.scenario.scenario import MAX_MARKET
from comsim.scenario.worlds import shape_of
from comsim.statistics.intervals import effective
from comsim.today.choose import FACTOR, WIDER, Targets
from comsim.today.store import AGES, FEW

ROUNDS = 2  # of adjustment
REACH = FACTOR ** (ROUNDS + 1)  # a world that is further off cannot come near
NARROWEST = 0.1  # the width of the kernel of weights
RIDGE = 0.01  # penalty of a squared slope, relative to the variance of the predictor
LEAST = 0.25  # effective number of worlds, as a share of all
FEWEST = 30  # effective number of plausible worlds that is accepted for a better fit
CLOSE = 0.05  # difference of a median, in logarithms, that is good enough
HELD = 0.75  # share of the worlds that the kernel of the regression holds
# All of these are assumptions.


@dataclass(frozen=True)
class Particles:
    """Worlds with a past. Arrays have one entry per world."""

    values: np.ndarray
    """float64 (particles, numbers of the rows)."""
    markets: np.ndarray
    ages: np.ndarray
    seen: np.ndarray
    """What the simulation led to, as in `Targets.seen`; float64 (particles, numbers)."""
    origin: np.ndarray
    """The rows of the plausible worlds that they come from."""

    def apart(self, targets: Targets) -> np.ndarray:
        """Logarithms of the ratios to the targets, float64 (particles, targets)."""
        return np.log(self.seen[:, targets.places] + FEW) - targets.logs


def fitted(
    particles: Particles,
    targets: Targets,
    rows: Rows,
    simulate: Callable[[Particles], Particles],
    factor: float = FACTOR,
) -> tuple[Particles, np.ndarray]:
    """Simulated particles after some rounds of adjustment, and their weights (`weights_of`)."""
    if targets.numbers:
        for _ in range(ROUNDS):
            particles = simulate(adjusted(particles, targets, rows))
    return particles, weights_of(particles, targets, factor)


def weights_of(particles: Particles, targets: Targets, factor: float = FACTOR) -> np.ndarray:
    """Weights by the remaining distance, with the narrowest kernel that leaves enough worlds; 0 for
    all if no world is near: within about `factor` of each number. If the medians of these are off,
    a narrower kernel is taken that leaves at least a few plausible worlds."""
    apart = particles.apart(targets)
    distance = np.sqrt((apart**2).sum(axis=1))
    width, widest = NARROWEST, np.sqrt(max(len(targets.numbers), 1)) * np.log(factor)
    best, least = np.zeros(len(distance)), np.inf
    while True:
        weights = kernel(distance / width)
        total = weights.sum()
        weights = weights / total if total else weights
        number = effective(weights) if total else 0.0
        several = number and plausible(weights, particles.origin) >= FEWEST
        off = misfit(apart, weights) if several else np.inf
        if off < least:
            best, least = weights, off
        if number >= LEAST * len(distance) or width >= widest:
            return weights if off <= CLOSE or not best.any() else best
        width *= WIDER


def plausible(weights: np.ndarray, origin: np.ndarray) -> float:
    """The effective number of plausible worlds, whose weights are sums over their particles."""
    return effective(np.bincount(origin, weights))


def misfit(apart: np.ndarray, weights: np.ndarray) -> float:
    """The largest weighted median, in absolute terms, of the logarithms of ratios to targets."""
    medians = (quantiles(column, weights, [0.5])[0] for column in apart.T)
    return max((abs(float(median)) for median in medians), default=0.0)


def kernel(distance: np.ndarray) -> np.ndarray:
    """Epanechnikov's kernel, 1 in the middle and 0 from 1 on."""
    return np.maximum(1 - distance**2, 0.0)


def adjusted(particles: Particles, targets: Targets, rows: Rows) -> Particles:
    """The particles where a regression expects today's numbers, within the range of the rows."""
    apart = particles.apart(targets)
    distance = np.sqrt((apart**2).sum(axis=1))
    weights = kernel(distance / np.quantile(distance, HELD))
    weights = weights / weights.sum()
    limit = np.log(FACTOR)
    move = -np.clip(apart, -limit, limit)
    values = particles.values.copy()
    for at, name in enumerate(rows.names):
        low, high = rows.values[:, at].min(), rows.values[:, at].max()
        if not _moves(name, low, high):
            continue
        there, back = (logit, expit) if shape_of(_number(name)) == "odds" else (np.log, np.exp)
        x = there(particles.values[:, at])
        values[:, at] = np.clip(back(x + move @ slopes(apart, x, weights)), low, high)
    markets, ages = particles.markets, particles.ages
    if targets.market is None:
        x = np.log(markets)
        people = [targets.numbers.get(name, 1) for name in ("members", "weekly")]
        markets = np.clip(np.exp(x + move @ slopes(apart, x, weights)), max(people), MAX_MARKET)
    if targets.age is None:
        x = np.log(ages)
        ages = np.clip(np.exp(x + move @ slopes(apart, x, weights)), AGES[0], AGES[-1])
    return replace(particles, values=values, markets=markets, ages=ages)


def slopes(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The slopes of a weighted linear regression of y (n,) on x (n, k), with a small ridge."""
    x, y = x - weights @ x, y - weights @ y
    square = (x.T * weights) @ x
    ridge = RIDGE * np.diag(np.diag(square)) + 1e-12 * np.eye(len(square))
    return np.linalg.solve(square + ridge, (x.T * weights) @ y)


def _moves(name: str, low: float, high: float) -> bool:
    """Whether a number is adjusted. Whole numbers are not, nor are the effects of levers, on which
    a past has little information."""
    number = _number(name)
    effect = getattr(number, "effect", "") or getattr(number, "whole", False)
    inside = low > 0 and (shape_of(number) == "log" or high < 1)
    return not effect and inside and low < high


def _number(name: str):
    return PARAMETERS[name] if name in PARAMETERS else TRAITS[name]
