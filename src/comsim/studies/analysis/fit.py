"""Least squares on what was varied: a block of columns a factor, products of them for pairs.

    y = mean + sum over factors of f_j(x_j) + [f_jk(x_j, x_k)] + rest

Factors with levels (choices, and all those of a grid) have a column a level less one, in deviation
coding. Ranges have broken lines with even knots, which a cliff bends only where it is (linear
splines; Hastie, Tibshirani and Friedman 2009, The Elements of Statistical Learning, chapter 5);
their products are of Legendre polynomials, orthogonal over the range.

Shares of variance have chance taken off. In a grid, where blocks are orthogonal, by Hays' omega
squared (1963, Statistics for Psychologists, chapter 12); elsewhere as what the adjusted R squared
gains by the block:

    omega squared = (sum of squares - degrees of freedom x s2) / (total sum of squares + s2)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from comsim.statistics.intervals import LEVEL, Interval
from comsim.studies.analysis.swept import Factor, Swept

POINTS_A_COEFFICIENT = 10  # Harrell 2015, Regression Modeling Strategies, section 4.4: 10 to 20
PIECES = (6, 5, 4, 3, 2, 1)  # of a broken line
BENDS = 3  # greatest degree in a product
STEPS = 41  # places of a range at which a curve is looked at
SAME = 1e-10  # of the largest eigenvalue: below, columns are combinations of others
NOTHING = 1e-14  # of the total: sums of squares below are rounding


@dataclass(frozen=True)
class Block:
    """A factor's columns, and the same at the places where its curve is looked at."""

    factor: Factor
    columns: np.ndarray
    """(points, k)"""
    places: np.ndarray
    """(places, k)"""
    factors: np.ndarray
    """What stands for the factor in products: (points, l)."""
    factor_places: np.ndarray
    """(places, l)"""
    settings: tuple[float | str, ...]
    """What the factor is set to at each place, low to high."""


def blocks(swept: Swept, rows: np.ndarray) -> tuple[Block, ...]:
    """A block for each factor that varies over these points (bool or places of points)."""
    codes, scaled = swept.matrix()[rows], swept.scaled()[rows]
    varied = [at for at in range(len(swept.factors)) if np.ptp(codes[:, at]) > 0]
    pieces = next(
        (k for k in PIECES if len(codes) >= POINTS_A_COEFFICIENT * (1 + k * len(varied))), 1
    )
    found = []
    for at in varied:
        factor, column = swept.factors[at], codes[:, at]
        if (words := swept.choices(factor)) or swept.design == "grid":
            levels, place = np.unique(column, return_inverse=True)
            coding = np.vstack([np.eye(len(levels) - 1), -np.ones(len(levels) - 1)])
            settings = [words[int(level)] if words else float(level) for level in levels]
            columns = coding[place]
            found.append(Block(factor, columns, coding, columns, coding, tuple(settings)))
        else:
            steps = np.linspace(0.0, 1.0, STEPS)
            low, high = swept.ends(factor)
            logged = factor.scale == "log" and low > 0
            settings = low * (high / low) ** steps if logged else low + (high - low) * steps
            most = min(pieces, len(np.unique(column)) - 1)
            bends, x = min(most, BENDS), scaled[:, at]
            found.append(Block(factor, broken(x, most), broken(steps, most), legendre(x, bends),
                               legendre(steps, bends), tuple(settings.tolist())))  # fmt: skip
    return tuple(found)


def broken(x: np.ndarray, pieces: int) -> np.ndarray:
    """Broken lines with even knots, of x from 0 to 1, with mean 0 over the range: (len(x), pieces).
    A column is 1 at its knot and 0 at the others, less its mean."""
    knots = np.arange(1, pieces + 1)
    hats = np.maximum(1 - np.abs(x[:, None] * pieces - knots), 0.0)
    return hats - np.where(knots == pieces, 0.5, 1.0) / pieces


def legendre(x: np.ndarray, degree: int) -> np.ndarray:
    """Shifted Legendre polynomials of degree 1 to `degree`, of x from 0 to 1: (len(x), degree)."""
    return np.polynomial.legendre.legvander(2 * x - 1, degree)[:, 1:]


def product(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Each column of one block times each of the other, row by row: (rows, k * l)."""
    return (one[:, :, None] * other[:, None, :]).reshape(len(one), -1)


def with_mean(parts: Sequence[np.ndarray]) -> np.ndarray:
    """The columns of a fit: the mean, then the parts side by side."""
    return np.column_stack([np.ones(len(parts[0])), *parts])


@dataclass(frozen=True)
class Fit:
    """A fit by least squares."""

    columns: np.ndarray
    """(points, coefficients), the first all ones."""
    beta: np.ndarray
    left: np.ndarray
    """What is left of each point."""
    freedom: int
    """Points less coefficients."""
    bread: np.ndarray
    """The inverse of columns' products, (coefficients, coefficients)."""
    seen: np.ndarray
    """The coefficients' projection on what these points can tell apart."""

    @cached_property
    def rest(self) -> float:
        """Sum of squares of what is left."""
        return float(self.left @ self.left)

    @cached_property
    def inverse(self) -> np.ndarray:
        """What gives the coefficients of y: (coefficients, points)."""
        return self.bread @ self.columns.T

    @cached_property
    def covariance(self) -> np.ndarray:
        """HC3, which holds where the spread differs from place to place (MacKinnon and White 1985,
        Journal of Econometrics 29:305-325); NaN where nothing is left over to judge by."""
        if self.freedom <= 0:
            return np.full(self.bread.shape, np.nan)
        leverage = np.einsum("ij,ji->i", self.columns, self.inverse)
        weighed = self.inverse * (self.left / np.maximum(1 - leverage, 1e-9))
        return weighed @ weighed.T


def fit(columns: np.ndarray, y: np.ndarray) -> Fit:
    """Least squares by the normal equations, which is quick and, of such columns, exact enough;
    the shortest of all solutions where there are several."""
    values, vectors = np.linalg.eigh(columns.T @ columns)
    told = vectors[:, values > SAME * values[-1]]
    bread = (told / values[values > SAME * values[-1]]) @ told.T
    middle = y.mean()
    beta = bread @ (columns.T @ (y - middle))
    left = y - middle - columns @ beta
    beta[0] += middle
    return Fit(columns, beta, left, len(y) - told.shape[1], bread, told @ told.T)


def contrast(found: Fit, weights: np.ndarray) -> Interval:
    """A weighted sum of coefficients, with Student's t; NaN where the points can't tell it."""
    if not estimable(found, weights):
        return Interval(np.nan, np.nan, np.nan)
    value = float(weights @ found.beta)
    if found.freedom <= 0:
        return Interval(value, np.nan, np.nan)
    half = stats.t.ppf((1 + LEVEL) / 2, found.freedom) * np.sqrt(
        max(float(weights @ found.covariance @ weights), 0.0)
    )
    return Interval(value, value - half, value + half)


def without_rounding(value: float, total: float) -> float:
    """Zero for what is only rounding beside the total sum of squares."""
    return 0.0 if value * value <= NOTHING * total else float(value)


def estimable(found: Fit, weights: np.ndarray) -> np.ndarray:
    """Whether the points can tell weighted sums of coefficients from the others: (..., k) ->
    (...)."""
    return (np.abs(weights @ found.seen - weights) < 1e-6).all(axis=-1)


def omega(squares: float, freedom: int, noise: float, total: float) -> float:
    """Hays' omega squared, 0 or above: the share of the variance over points that a block makes."""
    if squares <= NOTHING * total:
        return 0.0
    return max((squares - freedom * noise) / (total + noise), 0.0)


def gained(less: Fit, more: Fit, total: float, points: int) -> float:
    """What adjusted R squared gains from one fit to a larger one, 0 to 1."""
    if less.rest - more.rest <= NOTHING * total or more.freedom <= 0:
        return 0.0
    gain = (less.rest / less.freedom - more.rest / more.freedom) * (points - 1) / total
    return float(np.clip(gain, 0.0, 1.0))


def chance(squares: float, freedom: int, noise: float, others: int, total: float) -> float:
    """How probable such a sum of squares is if there is nothing: Fisher's F test; NaN where there
    is nothing to judge by."""
    if freedom <= 0 or others <= 0:
        return np.nan
    if squares <= NOTHING * total:
        return 1.0
    if noise <= NOTHING * total:
        return 0.0
    return float(stats.f.sf(squares / freedom / noise, freedom, others))


def luck_of_points(values: np.ndarray, lucks: int = 1) -> tuple[float, int]:
    """What luck leaves in a point's mean over worlds, where worlds are the same at all points, and
    its degrees of freedom: values are (points, worlds), of which `lucks` in a row share a draw and
    are one witness.

    A world that is better everywhere moves no contrast between points; what counts is the
    interaction of points and draws (two-way analysis of variance without replication; Searle,
    Casella and McCulloch 1992, section 4.3), over the number of draws.
    """
    values = values.reshape(len(values), -1, lucks).mean(axis=2)
    points, draws = values.shape
    left = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    freedom = (points - 1) * (draws - 1)
    return float((left**2).sum() / freedom / draws), freedom
