"""Least squares on blocks of columns, with the share of variance that each block explains.

Numeric factors are represented by piecewise linear functions with evenly spaced knots, which follow
a cliff without distorting the rest (linear splines; Hastie, Tibshirani and Friedman 2009, The
Elements of Statistical Learning, chapter 5), and in products by Legendre polynomials, which are
orthogonal over the range.

Shares of variance are corrected for chance: for orthogonal blocks by Hays' omega squared (1963,
Statistics for Psychologists, chapter 12), otherwise by the gain in adjusted R squared:

    omega squared = (sum of squares - degrees of freedom x s2) / (total sum of squares + s2)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from comsim.statistics.intervals import LEVEL, Interval

SAME = 1e-10  # of the largest eigenvalue: below, columns are combinations of others
NOTHING = 1e-14  # of the total: sums of squares below are rounding errors


def piecewise(x: np.ndarray, pieces: int) -> np.ndarray:
    """Piecewise linear basis of x from 0 to 1, with evenly spaced knots: (len(x), pieces). A column
    is 1 at its knot and 0 at the others, minus its mean over the range."""
    knots = np.arange(1, pieces + 1)
    hats = np.maximum(1 - np.abs(x[:, None] * pieces - knots), 0.0)
    return hats - np.where(knots == pieces, 0.5, 1.0) / pieces


def legendre(x: np.ndarray, degree: int) -> np.ndarray:
    """Shifted Legendre polynomials of degrees 1 to `degree`, for x from 0 to 1: (len(x),
    degree)."""
    return np.polynomial.legendre.legvander(2 * x - 1, degree)[:, 1:]


def product(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The products of each column of one block with each of the other: (rows, k * l)."""
    return (one[:, :, None] * other[:, None, :]).reshape(len(one), -1)


def with_mean(parts: Sequence[np.ndarray]) -> np.ndarray:
    """The columns of a fit: a constant, then the blocks side by side."""
    return np.column_stack([np.ones(len(parts[0])), *parts])


@dataclass(frozen=True)
class Fit:
    """A least-squares fit."""

    columns: np.ndarray
    """(points, coefficients), the first all ones."""
    beta: np.ndarray
    residuals: np.ndarray
    freedom: int
    """Degrees of freedom of the residuals."""
    bread: np.ndarray
    """The inverse of columns.T @ columns, (coefficients, coefficients)."""
    identified: np.ndarray
    """Projection of the coefficients on those that the points identify."""

    @cached_property
    def rest(self) -> float:
        """Residual sum of squares."""
        return float(self.residuals @ self.residuals)

    @cached_property
    def inverse(self) -> np.ndarray:
        """The pseudoinverse of the columns: (coefficients, points)."""
        return self.bread @ self.columns.T

    @cached_property
    def covariance(self) -> np.ndarray:
        """HC3, which allows for heteroscedasticity (MacKinnon and White 1985, Journal of
        Econometrics 29:305-325); NaN without degrees of freedom."""
        if self.freedom <= 0:
            return np.full(self.bread.shape, np.nan)
        leverage = np.einsum("ij,ji->i", self.columns, self.inverse)
        weighted = self.inverse * (self.residuals / np.maximum(1 - leverage, 1e-9))
        return weighted @ weighted.T


def fit(columns: np.ndarray, y: np.ndarray) -> Fit:
    """Least squares by the normal equations, which is fast and precise enough for such columns; the
    solution of minimum norm if there are several."""
    values, vectors = np.linalg.eigh(columns.T @ columns)
    kept = vectors[:, values > SAME * values[-1]]
    bread = (kept / values[values > SAME * values[-1]]) @ kept.T
    middle = y.mean()
    beta = bread @ (columns.T @ (y - middle))
    residuals = y - middle - columns @ beta
    beta[0] += middle
    return Fit(columns, beta, residuals, len(y) - kept.shape[1], bread, kept @ kept.T)


def contrast(fitted: Fit, weights: np.ndarray) -> Interval:
    """A weighted sum of coefficients with its 95 % interval (Student's t); NaN if the points do not
    identify it."""
    if not estimable(fitted, weights):
        return Interval(np.nan, np.nan, np.nan)
    value = float(weights @ fitted.beta)
    if fitted.freedom <= 0:
        return Interval(value, np.nan, np.nan)
    half = stats.t.ppf((1 + LEVEL) / 2, fitted.freedom) * np.sqrt(
        max(float(weights @ fitted.covariance @ weights), 0.0)
    )
    return Interval(value, value - half, value + half)


def without_rounding(value: float, total: float) -> float:
    """Zero for a value that is a rounding error relative to the total sum of squares."""
    return 0.0 if value * value <= NOTHING * total else float(value)


def estimable(fitted: Fit, weights: np.ndarray) -> np.ndarray:
    """Whether the points identify weighted sums of coefficients: (..., k) -> (...)."""
    return (np.abs(weights @ fitted.identified - weights) < 1e-6).all(axis=-1)


def omega(squares: float, freedom: int, noise: float, total: float) -> float:
    """Hays' omega squared, 0 or above: the share of the variance that a block explains."""
    if squares <= NOTHING * total:
        return 0.0
    return max((squares - freedom * noise) / (total + noise), 0.0)


def gained(less: Fit, more: Fit, total: float, points: int) -> float:
    """The gain in adjusted R squared from one fit to a larger one, 0 to 1."""
    if less.rest - more.rest <= NOTHING * total or more.freedom <= 0:
        return 0.0
    gain = (less.rest / less.freedom - more.rest / more.freedom) * (points - 1) / total
    return float(np.clip(gain, 0.0, 1.0))


def p_value(squares: float, freedom: int, noise: float, others: int, total: float) -> float:
    """The p-value of a sum of squares by Fisher's F test; NaN without degrees of freedom."""
    if freedom <= 0 or others <= 0:
        return np.nan
    if squares <= NOTHING * total:
        return 1.0
    if noise <= NOTHING * total:
        return 0.0
    return float(stats.f.sf(squares / freedom / noise, freedom, others))
