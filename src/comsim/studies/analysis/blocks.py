"""The columns that represent each factor of a sweep in a least-squares fit.

    y = mean + sum over factors of f_j(x_j) + [f_jk(x_j, x_k)] + residual

A factor with levels (a choice, or any factor of a grid) has one column per level but one, in
deviation coding. A range is piecewise linear (`comsim.statistics.least_squares`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comsim.statistics.least_squares import legendre, piecewise
from comsim.studies.analysis.swept import FactorColumn, Swept

POINTS_A_COEFFICIENT = 10  # Harrell 2015, Regression Modeling Strategies, section 4.4: 10 to 20
PIECES = (6, 5, 4, 3, 2, 1)  # of a piecewise linear function
DEGREE = 3  # highest degree in a product
STEPS = 41  # places of a range at which a curve is evaluated


@dataclass(frozen=True)
class Block:
    """The columns of a factor at the points, and at the places where its curve is evaluated."""

    factor: FactorColumn
    columns: np.ndarray
    """(points, k)"""
    places: np.ndarray
    """(places, k)"""
    factors: np.ndarray
    """The columns of the factor in products: (points, l)."""
    factor_places: np.ndarray
    """(places, l)"""
    settings: tuple[float | str, ...]
    """The value of the factor at each place, from low to high."""


def blocks(swept: Swept, rows: np.ndarray) -> tuple[Block, ...]:
    """A block for each factor that varies over these points (bool or positions of points)."""
    codes, scaled = swept.matrix()[rows], swept.scaled()[rows]
    varied = [at for at in range(len(swept.factors)) if np.ptp(codes[:, at]) > 0]
    pieces = next(
        (k for k in PIECES if len(codes) >= POINTS_A_COEFFICIENT * (1 + k * len(varied))), 1
    )
    result = []
    for at in varied:
        factor, column = swept.factors[at], codes[:, at]
        if (words := swept.choices(factor)) or swept.design == "grid":
            levels, place = np.unique(column, return_inverse=True)
            coding = np.vstack([np.eye(len(levels) - 1), -np.ones(len(levels) - 1)])
            settings = [words[int(level)] if words else float(level) for level in levels]
            columns = coding[place]
            result.append(Block(factor, columns, coding, columns, coding, tuple(settings)))
        else:
            steps = np.linspace(0.0, 1.0, STEPS)
            low, high = swept.ends(factor)
            logged = factor.scale == "log" and low > 0
            settings = low * (high / low) ** steps if logged else low + (high - low) * steps
            most = min(pieces, len(np.unique(column)) - 1)
            degree, x = min(most, DEGREE), scaled[:, at]
            result.append(Block(
                factor, piecewise(x, most), piecewise(steps, most), legendre(x, degree),
                legendre(steps, degree), tuple(settings.tolist()),
            ))  # fmt: skip
    return tuple(result)
