"""Are plausible worlds like real communities that they were made without?

    python -m comsim.evidence.plausible.judge [--worlds FILE] [--rows 1000] [--seed 1] [--jobs 2]

Rows mimic real communities, so a real community must not be compared with rows that mimic it or its
kin: communities that share people, events or a host (`kin` in `real.csv`). Two checks:

- `classified`: kin groups are divided into five folds. For each pair of folds, a classifier is
  fitted to the real communities of the other three and the rows that mimic them. It then ranks the
  real communities of the first fold and the rows that mimic the second. The figure is the mean AUC
  over all pairs and 20 divisions; 0.5 means that it cannot tell them apart. Each real community is
  matched with the two rows that are nearest in size (`comsim.evidence.shapes`).
- `ranks`: the rank of each feature of a real community among rows that mimic others of its type. If
  the worlds are right, ranks are uniform.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gaussian_kde, kstest, rankdata

from comsim.common.progress import reporting
from comsim.evidence import real
from comsim.evidence.classifier import (
    CHOSEN,
    FEWEST,
    FOLDS,
    KEPT,
    REPEATS,
    TABLES,
    filled,
    fitted,
)
from comsim.evidence.observed import observed
from comsim.evidence.plausible.again import again
from comsim.evidence.shapes import COMMUNITIES, nearest
from comsim.scenario.rows import PLAUSIBLE
from comsim.statistics import resampling
from comsim.statistics.intervals import Interval
from comsim.statistics.resampling import shuffled

if TYPE_CHECKING:
    import pandas as pd

ALIKE = 60  # rows that a real community is ranked among: the nearest in size
LEVEL = 0.05  # ranks with a smaller p-value are not uniform
LEAST_DENSITY = 1e-3  # of a feature in units of its standard deviation (an assumption)


@dataclass(frozen=True)
class Judgement:
    """How well a classifier separates rows from real communities that they do not mimic."""

    real: int
    rows: int
    auc: Interval
    """With the 95 % bootstrap interval over real communities and over rows' communities."""


def classified(
    reality: pd.DataFrame, rows: pd.DataFrame, features: Sequence[str] = CHOSEN
) -> Judgement | None:
    """The check by a classifier. `rows` has the columns of `real.csv` as recorded by the source of
    the community that a row mimics, whose id is `mimics` and whose group is `kin`. None with too
    few communities."""
    if reality["kin"].nunique() < 3 or len(reality) < FEWEST:
        return None
    kin = np.unique(np.r_[reality["kin"], rows["kin"]])
    ours, theirs = (np.searchsorted(kin, one["kin"]) for one in (reality, rows))
    values = filled(np.concatenate([one[list(features)] for one in (reality, rows)]))
    ranks = rankdata(values, axis=0) / len(values) - 0.5
    terms = np.column_stack([ranks, ranks**2, np.ones(len(ranks))])
    sizes = np.log(reality["authors"].to_numpy()), np.log(rows["authors"].to_numpy())
    pairs: list[tuple[NDArray, NDArray, NDArray, NDArray]] = []
    used: set[int] = set()
    for seed in range(REPEATS):
        fold = shuffled(len(kin), seed) % FOLDS
        for first, second in permutations(range(FOLDS), 2):
            train = _matched(sizes, *(~np.isin(fold[g], [first, second]) for g in (ours, theirs)))
            test = _matched(sizes, fold[ours] == first, fold[theirs] == second)
            if min(len(x) for x in (*train, *test)) == 0:
                continue
            rows_of = len(reality) + train[1]
            is_real = np.r_[np.ones(len(train[0]), bool), np.zeros(len(train[1]), bool)]
            coefficients = fitted(terms[np.r_[train[0], rows_of]], is_real)
            scores = terms @ coefficients
            pairs.append((test[0], test[1], scores[test[0]], scores[len(reality) + test[1]]))
            used |= set(test[1].tolist())
    if not pairs:
        return None
    once = np.ones((1, len(reality)))
    times = resampling.counts(len(reality), 1, 1)
    value = _mean_area(pairs, once)[0]
    low, high = resampling.interval(_mean_area(pairs, times))
    found = len(set(np.concatenate([one[0] for one in pairs]).tolist()))
    return Judgement(found, len(used), Interval(float(value), float(low), float(high)))


def _matched(
    sizes: tuple[NDArray, NDArray], ours: NDArray[np.bool_], theirs: NDArray[np.bool_]
) -> tuple[NDArray, NDArray]:
    """Real communities and rows that are matched in size, among those chosen."""
    a, b = np.flatnonzero(ours), np.flatnonzero(theirs)
    if not len(a) or not len(b):
        return a[:0], b[:0]
    kept, used = nearest(np.exp(sizes[0][a]), np.exp(sizes[1][b]))
    return a[kept], b[used]


def _mean_area(
    pairs: Sequence[tuple[NDArray, NDArray, NDArray, NDArray]], times: NDArray
) -> NDArray[np.float64]:
    """The mean AUC over pairs of folds, in each bootstrap sample of the real communities,
    (samples,). Pairs without a real community in a sample are left out."""
    total, number = np.zeros(len(times)), np.zeros(len(times))
    for ours, _, above, below in pairs:
        chance = ((above[:, None] > below) + (above[:, None] == below) / 2).mean(axis=1)
        weight = times[:, ours]
        all = weight.sum(axis=1)
        some = all > 0
        total[some] += (weight[some] @ chance) / all[some]
        number += some
    return np.divide(total, number, out=np.full(len(times), np.nan), where=number > 0)


@dataclass(frozen=True)
class Ranks:
    """How real communities of a type rank among rows that do not mimic them."""

    communities: int
    distance: dict[str, float]
    """Kolmogorov-Smirnov distance between the ranks and a uniform distribution, by feature."""
    p: dict[str, float]
    score: float
    """Mean log density of a real feature, in units of its standard deviation."""


def ranks(
    reality: pd.DataFrame, rows: pd.DataFrame, features: Sequence[str] = CHOSEN
) -> Ranks | None:
    """The check by ranks, for real communities of a type and the rows that mimic this type. None
    with too few communities."""
    place: dict[str, list[float]] = {name: [] for name in features}
    scores, scale = [], {name: reality[name].std() for name in features}
    done = 0
    for one in reality.to_dict("records"):
        others = rows[rows["kin"] != one["kin"]]
        size = np.abs(np.log(others["authors"].to_numpy() / one["authors"]))
        alike = others.iloc[np.argsort(size, kind="stable")[:ALIKE]]
        if len(alike) < ALIKE // 2:
            continue
        done += 1
        for name in features:
            x = alike[name].to_numpy(float)
            x = x[np.isfinite(x)]
            if not np.isfinite(one[name]) or len(x) < ALIKE // 2:
                continue
            below = (x < one[name]).sum() + 0.5 * (x == one[name]).sum()
            place[name].append((below + 0.5) / (len(x) + 1))
            scores.append(_log_density(x / scale[name], one[name] / scale[name]))
    if done < FEWEST:
        return None
    tests = {name: kstest(found, "uniform") for name, found in place.items()}
    return Ranks(
        done,
        {name: float(test.statistic) for name, test in tests.items()},
        {name: float(test.pvalue) for name, test in tests.items()},
        float(np.mean(scores)),
    )


def _log_density(x: NDArray[np.float64], at: float) -> float:
    """The log density of a sample at a point, by a Gaussian kernel; with a floor."""
    density = gaussian_kde(x)(at)[0] if np.ptp(x) > 0 else 0.0
    return float(np.log(density + LEAST_DENSITY))


def as_text(
    reality: pd.DataFrame, rows: pd.DataFrame, independent: pd.DataFrame | None = None
) -> str:
    """Both checks for each type of source. `independent`: communities with independent parameters,
    for the log score."""
    lines = [f"{'':8}{'left out':16}{'real':>6}{'rows':>6}{'AUC':>22}{'kept features':>22}"]
    for name, sources in TABLES.items():
        ours, theirs = (one[one["source"].isin(sources)] for one in (reality, rows))
        for what, a, b in (("kin", ours, theirs), ("the community", *_by_id(ours, theirs))):
            found = [classified(a, b, some) for some in (CHOSEN, KEPT)]
            if found[0] and found[1]:
                ends = [f"{x.auc.value:.2f} [{x.auc.low:.2f}, {x.auc.high:.2f}]" for x in found]
                lines.append(f"{name:8}{what:16}{found[0].real:6}{found[0].rows:6}"
                             f"{ends[0]:>22}{ends[1]:>22}")  # fmt: skip
    for name, sources in TABLES.items():
        ours, theirs = (one[one["source"].isin(sources)] for one in (reality, rows))
        if not (mine := ranks(ours, theirs)):
            continue
        off = [f"{x} (distance {mine.distance[x]:.2f})" for x, p in mine.p.items() if p < LEVEL]
        lines += ["", f"{name}: ranks of {mine.communities} communities are uniform in "
                  f"{len(mine.p) - len(off)} of {len(mine.p)} features; not in "
                  f"{', '.join(off) or 'none'}",
                  f"{name}: mean log score {mine.score:.2f}"]  # fmt: skip
        if independent is not None:
            there = independent[independent["source"].isin(sources)]
            if other := ranks(ours, there.assign(kin="")):
                lines[-1] += f"; with independent parameters {other.score:.2f}"
    return "\n".join(lines)


def _by_id(ours: pd.DataFrame, theirs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables with each community as its only kin."""
    return ours.assign(kin=ours["id"]), theirs.assign(kin=theirs["mimics"])


def main() -> None:
    """Print both checks."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worlds", default=PLAUSIBLE, metavar="FILE")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int)
    given = parser.parse_args()
    reality = real.communities().dropna(subset="authors")
    shown = sys.stderr.isatty() or None
    with reporting(shown, "rows", "simulating") as progress:
        rows = again(given.worlds, given.rows, given.seed, given.jobs, progress)
    with reporting(shown, "communities", "simulating") as progress:
        independent = observed(COMMUNITIES, given.seed, given.jobs, progress)
    print(as_text(reality, rows.dropna(subset="authors"), independent.dropna(subset="authors")))


if __name__ == "__main__":
    main()
