"""Designs: which points (values of all factors) an experiment visits.

A grid combines the levels of the factors; a list or a CSV states its points. The other designs
place points in the unit cube, by a published algorithm and a random seed, and then turn each
coordinate into a value of its factor. The algorithms are the Latin hypercube (McKay, Beckman and
Conover 1979, Technometrics 21:239), Saltelli's extension of a scrambled Sobol' sequence (Saltelli
2002, Computer Physics Communications 145:280), and Morris's trajectories (Morris 1991,
Technometrics 33:161).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, StrictBool, model_validator

from comsim.common.errors import InputError
from comsim.scenario.checks import Described, choices, number, one_of, shown, text, wrong
from comsim.scenario.csvfile import Doubt, brief, columns_in_words, either, no_such_column, read_csv
from comsim.scenario.table import Table
from comsim.studies.experiments.factors import Factor

MOST_POINTS = 10_000_000
LARGEST_CSV = 50_000_000  # bytes
LEVELS, MORRIS_LEVELS = 5, 4
POINT = "point"  # an additional column of comsim's own tables of points
A_CSV = "a CSV file with a header, one column per factor and one row per point"

# The keys that each kind requires, and its optional keys.
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "grid": ((), ("levels",)),
    "list": (("rows",), ()),
    "csv": (("csv",), ()),
    "latin_hypercube": (("points",), ("seed",)),
    "sobol": (("points",), ("second_order", "seed")),
    "morris": (("trajectories",), ("levels", "seed")),
}
NEEDED = {
    "rows": "a list of points, each a table of factor = value",
    "csv": A_CSV,
    "points": "the number of points",
    "trajectories": "the number of trajectories",
}


class Design(Table):
    """Which points are visited."""

    kind: one_of(KEYS, "kind") = Field(description=f"one of {', '.join(KEYS)}")
    levels: number(2, 1000, whole=True) | None = None
    """grid: values per factor with a range (default 5); morris: an even number (default 4)."""
    rows: tuple[dict[str, Any], ...] = Field((), max_length=10_000)
    """list: the points, each a table of factor = value."""
    csv: text(1000) | None = None
    """csv: a file with your own points, one column per factor; relative to this file."""
    points: number(2, MOST_POINTS, whole=True) | None = None
    """latin_hypercube: number of points; sobol: number of base points, a power of two."""
    trajectories: number(2, 100_000, whole=True) | None = None
    """morris: number of trajectories."""
    second_order: StrictBool = False
    """sobol: whether to add the points for pairs of factors."""
    seed: number(0, 2**63 - 1, whole=True) = 1
    """Random seed of latin_hypercube, sobol and morris."""

    @model_validator(mode="after")
    def _check(self) -> Design:
        needed, more = KEYS[self.kind]
        for key in sorted(self.model_fields_set - {"kind", *needed, *more}):
            allowed = ", ".join(("kind", *needed, *more))
            wrong(Described(f"{key} in a design of kind {self.kind}"), allowed, key)
        for key in needed:
            if not getattr(self, key):
                wrong(Described("nothing"), NEEDED[key], key)
        if self.kind == "sobol" and self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            wrong(self.points, f"a power of two, such as {below} or {2 * below}", "points")
        if self.kind == "morris" and self.levels is not None and self.levels % 2:
            wrong(self.levels, "an even number from 2 to 1000", "levels")
        return self

    @property
    def morris_levels(self) -> int:
        """Levels of a Morris design."""
        return self.levels or MORRIS_LEVELS


def number_of_points(design: Design, factors: tuple[Factor, ...]) -> int | None:
    """The number of points; None for a CSV that has not been read."""
    many = len(factors)
    if design.kind == "grid":
        return prod(len(levels) for levels in _grid_levels(design, factors))
    return {
        "list": len(design.rows),
        "csv": None,
        "latin_hypercube": design.points,
        "sobol": (design.points or 0) * (2 * many + 2 if design.second_order else many + 2),
        "morris": (design.trajectories or 0) * (many + 1),
    }[design.kind]


def codes_of(
    design: Design, factors: tuple[Factor, ...], file: str, folder: Path = Path()
) -> np.ndarray:
    """The code of each factor at each point, float64 (points, factors).

    Raises InputError if a point has a value that its factor cannot take. The error names `file`
    or, for a design of kind "csv", the CSV, whose path is relative to `folder`.
    """
    if design.kind == "grid":
        axes = np.meshgrid(*_grid_levels(design, factors), indexing="ij")
        return np.stack([axis.ravel() for axis in axes], axis=1, dtype=np.float64)
    if design.kind == "list":
        rows = ((f"design.rows[{place}]", row) for place, row in enumerate(design.rows))
        return _given(rows, factors, file)
    if design.kind == "csv":
        return _read(folder / design.csv, factors)
    u = _unit(design, len(factors))
    return np.stack([f.code(column) for f, column in zip(factors, u.T, strict=True)], axis=1)


def _grid_levels(design: Design, factors: tuple[Factor, ...]) -> list[np.ndarray]:
    return [factor.levels(design.levels or LEVELS) for factor in factors]


def _unit(design: Design, many: int) -> np.ndarray:
    """Points in the unit cube, float64 (points, factors)."""
    if design.kind == "latin_hypercube":
        from scipy.stats import qmc

        return qmc.LatinHypercube(many, rng=design.seed).random(design.points)
    problem = {"num_vars": many, "names": [f"x{n}" for n in range(many)], "bounds": [[0, 1]] * many}
    if design.kind == "sobol":
        from SALib.sample import sobol

        return sobol.sample(
            problem, design.points, calc_second_order=design.second_order, seed=design.seed
        )
    from SALib.sample import morris

    return morris.sample(
        problem, design.trajectories, num_levels=design.morris_levels, seed=design.seed
    )


def _given(
    rows: Iterable[tuple[str, dict[str, Any]]], factors: tuple[Factor, ...], file: object
) -> np.ndarray:
    """The codes of points that the user has written.

    Each row is one point: its key, to be named in an error, and a table of factor = value.
    """
    known = [factor.column for factor in factors]
    codes = array("d")
    for key, row in rows:
        for name in row:
            if name not in known:
                unknown = f"{shown(name)}, which is not a factor"
                raise InputError.at(file, key, unknown, choices(name, known))
        for factor in factors:
            if factor.column not in row:
                raise InputError.at(file, key, f"no {factor.column}", "a value for each factor")
            value = row[factor.column]
            try:
                codes.append(factor.known_by(value))
            except ValueError as allowed:
                shown_value = brief(value) or "nothing" if isinstance(value, str) else shown(value)
                where = f"{key}.{factor.column}"
                raise InputError.at(file, where, shown_value, f"{allowed}") from None
    return np.array(codes).reshape(-1, len(factors))


def _read(path: Path, factors: tuple[Factor, ...]) -> np.ndarray:
    """The points of a CSV file: one column per factor, and optionally the number of the point."""
    known = [factor.column for factor in factors]
    header, rows = read_csv(path, LARGEST_CSV, A_CSV)
    for name in known:
        if name not in header:
            raise no_such_column(path, name, header)
    for name in header:
        if name not in (*known, POINT):
            allowed = f"{choices(name, known)}, and {POINT}; remove the column"
            unknown = f"column {columns_in_words([name])}, which is not a factor"
            raise InputError.at(path, "header", unknown, allowed)
    doubts = {name: Doubt() for name in known}

    def tables() -> Iterator[tuple[str, dict[str, str]]]:
        for line, cells in rows:
            row = {name: cell for name, cell in zip(header, cells, strict=True) if name in doubts}
            for name, cell in row.items():
                doubts[name].see(line, cell)
            yield f"line {line}", row

    points = _given(tables(), factors, path)
    for factor in factors:
        line, cell = doubts[factor.column].found
        if cell and _takes(factor, cell.replace(".", "")):
            raise InputError.at(path, f"line {line}.{factor.column}", cell, either(cell))
    return points


def _takes(factor: Factor, word: str) -> bool:
    """Whether a word is a value of the factor."""
    try:
        factor.known_by(word)
    except ValueError:
        return False
    return True
