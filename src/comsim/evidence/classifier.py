"""Can a classifier tell simulated communities from real ones?

    python -m comsim.evidence.classifier [--communities 1200] [--seed 1] [--jobs 2]

A logistic regression on the features of `shapes.toml` is fitted to four fifths of the communities
and ranks the others; the figure is the area under the ROC curve (AUC), the chance that it ranks a
real community above a simulated one. At 0.5 it cannot tell them apart; at 1 it always can. Features
that nothing may be fitted to (`before_look`) are set aside and shown separately.

Simulated communities are observed and matched in size as in `comsim.evidence.shapes`. A simulated
community that is recorded by several sources stays in one fold. Real communities differ between
sources, so there is a table for git histories, one for all other sources (talk), and one for each
other type with enough communities. The AUC between random halves of the real communities is the
best that a model can reach; with so few communities, it is not exactly 0.5.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import rankdata

from comsim.common.progress import reporting
from comsim.evidence import real
from comsim.evidence.data import data
from comsim.evidence.observed import observed
from comsim.evidence.shapes import COMMUNITIES, SEED, matched
from comsim.statistics.resampling import shuffled

if TYPE_CHECKING:
    import pandas as pd

REPEATS, FOLDS = 20, 5
HALVES, HALF_REPEATS = 10, 4  # random halves of the real communities; repeats for each
FEWEST = 8  # real and simulated communities each, or there is no table
RIDGE = 1.0  # penalty of a squared coefficient, with ranks from -0.5 to 0.5 (an assumption)
TALK = ("mail", "chat", "stack exchange", "ratings")
TABLES = {"git": ("git",), "talk": TALK, "mail": ("mail",), "chat": ("chat",)}
AVERAGED = ("git", "talk")

_FEATURES = data("shapes.toml")["features"]
CHOSEN = tuple(name for name, about in _FEATURES.items() if not about["before_look"])
KEPT = tuple(name for name, about in _FEATURES.items() if about["before_look"])


@dataclass(frozen=True)
class Separation:
    """How well a classifier separates simulated communities from real ones."""

    real: int
    simulated: int
    auc: float
    """AUC with the features that may be used for fitting."""
    kept: float
    """AUC with the others."""
    halves: tuple[float, float]
    """The smallest and the largest AUC between random halves of the real communities."""
    alone: dict[str, float]
    """AUC with each feature alone, 0.5 to 1."""


def auc(simulated: pd.DataFrame, reality: pd.DataFrame) -> dict[str, Separation]:
    """The tables by type of source, from tables with the columns of `real.csv`."""
    ours, theirs = matched(reality, simulated, "authors")
    found = {}
    for name, sources in TABLES.items():
        a, b = (table[table["source"].isin(sources)] for table in (ours, theirs))
        if min(len(a), len(b)) >= FEWEST:
            found[name] = separation(a, b)
    return found


def separation(ours: pd.DataFrame, theirs: pd.DataFrame) -> Separation:
    """How well a classifier separates matched communities."""
    is_real = np.r_[np.ones(len(ours), bool), np.zeros(len(theirs), bool)]
    # Each real community is its own group; a simulated one is the same group in all sources.
    worlds = np.unique(theirs["world"], return_inverse=True)[1]
    group = np.r_[np.arange(len(ours)), len(ours) + worlds]

    def both(names: Sequence[str]) -> np.ndarray:
        columns = list(names)
        return filled(np.concatenate([ours[columns], theirs[columns]]))

    alone = [area(x, is_real) for x in both(real.FEATURES).T]
    mine, halves = filled(ours[list(CHOSEN)].to_numpy()), []
    for seed in range(HALVES):
        half = shuffled(len(ours), seed) % 2 == 0
        halves.append(cross_validated(mine, half, np.arange(len(ours)), HALF_REPEATS))
    return Separation(
        len(ours),
        len(theirs),
        cross_validated(both(CHOSEN), is_real, group),
        cross_validated(both(KEPT), is_real, group),
        (float(np.nanmin(halves)), float(np.nanmax(halves))),
        {name: max(x, 1 - x) for name, x in zip(real.FEATURES, alone, strict=True)},
    )


def cross_validated(
    features: np.ndarray, is_real: np.ndarray, group: np.ndarray, repeats: int = REPEATS
) -> float:
    """The mean AUC over folds and random divisions into folds; NaN if no fold has both kinds."""
    terms, areas = terms_of(features), []
    for train, test in _folds(group, repeats):
        if is_real[train].any() and not is_real[train].all() and np.ptp(is_real[test].astype(int)):
            coefficients = fitted(terms[train], is_real[train])
            areas.append(area(terms[test] @ coefficients, is_real[test]))
    return float(np.mean(areas)) if areas else np.nan


def terms_of(features: np.ndarray) -> np.ndarray:
    """The terms of the regression: ranks, squared ranks and a constant. Units and outliers thus do
    not matter, and values in the middle can be separated from those at both ends."""
    ranks = rankdata(features, axis=0) / len(features) - 0.5
    return np.column_stack([ranks, ranks**2, np.ones(len(ranks))])


def _folds(group: np.ndarray, repeats: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The rows to fit to and the rows to rank; a group is never split."""
    for seed in range(repeats):
        fold = shuffled(int(group.max()) + 1, seed)[group] % FOLDS
        for k in range(FOLDS):
            yield fold != k, fold == k


def fitted(terms: np.ndarray, is_real: np.ndarray) -> np.ndarray:
    """The coefficients of a ridge logistic regression (rows, terms) in which real and simulated
    communities have the same weight in total."""
    share = is_real.mean()
    weight = np.where(is_real, 0.5 / share, 0.5 / (1 - share))
    sign = np.where(is_real, 1.0, -1.0)

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (terms @ b)
        value = (weight * np.logaddexp(0, -margin)).sum() + RIDGE * b @ b / 2
        return value, RIDGE * b - terms.T @ (weight * sign * expit(-margin))

    def curvature(b: np.ndarray) -> np.ndarray:
        p = expit(terms @ b)
        return (terms.T * (weight * p * (1 - p))) @ terms + RIDGE * np.eye(len(b))

    start = np.zeros(terms.shape[1])
    return minimize(loss, start, jac=True, hess=curvature, method="Newton-CG").x


def area(score: np.ndarray, is_real: np.ndarray) -> float:
    """The chance that a real community scores higher than a simulated one; ties count half."""
    n = int(is_real.sum())
    above = rankdata(score)[is_real].sum() - n * (n + 1) / 2
    return float(above / (n * (len(score) - n)))


def filled(features: np.ndarray) -> np.ndarray:
    """Features, with missing values replaced by the median of the others."""
    return np.where(np.isfinite(features), features, np.nanmedian(features, axis=0))


def as_text(tables: dict[str, Separation]) -> str:
    """The tables, and the average over git and talk."""
    head = ["real", "simulated", "AUC", "kept alone", "halves of the real"]
    lines = ["".join(f"{x:>12}" for x in ["", *head[:-1]]) + f"{head[-1]:>22}"]
    for name, one in tables.items():
        halves = "{:.2f} to {:.2f}".format(*one.halves)
        lines.append(f"{name:>12}{one.real:>12}{one.simulated:>12}{one.auc:>12.3f}{one.kept:>12.3f}"
                     f"{halves:>22}")  # fmt: skip
    mean = np.mean([tables[name].auc if name in tables else np.nan for name in AVERAGED])
    lines += [f"mean AUC of {' and '.join(AVERAGED)}: {mean:.3f}", "", "each feature alone"]
    lines.append("".join(f"{x:>12}" for x in ["", *tables]))
    lines += [
        "".join([f"{name:>12}", *(f"{one.alone[name]:>12.2f}" for one in tables.values())])
        for name in real.FEATURES
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--communities", type=int, default=COMMUNITIES, help="simulated")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int)
    given = parser.parse_args()
    with reporting(sys.stderr.isatty() or None, "communities", "simulating") as progress:
        simulated = observed(given.communities, given.seed, given.jobs, progress)
    print(as_text(auc(simulated, real.communities())))


if __name__ == "__main__":
    main()
