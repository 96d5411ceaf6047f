"""Are plausible worlds like real communities that they were made without?

    python -m comsim.evidence.plausible.judge [--worlds FILE] [--rows 1000] [--seed 1] [--jobs 2]

Rows mimic real communities, so a real community must not be compared with rows that mimic it or its
kin: communities that share people, events or a host (`kin` in `real.csv`). All mailing lists are
kin, as are all Stack Exchange sites, and both rating sites; they are compared with rows that mimic
other places where people talk, recorded by their own type of source. Two checks:

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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gaussian_kde, kstest

from comsim.common.progress import reporting
from comsim.evidence import real
from comsim.evidence.classifier import (
    AVERAGED,
    CHOSEN,
    FEWEST,
    FOLDS,
    KEPT,
    REPEATS,
    TABLES,
    filled,
    fitted,
    terms_of,
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
    """With the 95 % bootstrap interval over groups of kin, real ones and those that are mimicked.
    The classifier is not fitted again."""


def classified(
    reality: pd.DataFrame, rows: pd.DataFrame, features: Sequence[str] = CHOSEN
) -> Judgement | None:
    """The check by a classifier. `rows` has the columns of `real.csv`; `kin` is the group of the
    community that a row mimics. None with too few communities."""
    if reality["kin"].nunique() < 3 or len(reality) < FEWEST:
        return None
    kin = np.unique(np.r_[reality["kin"], rows["kin"]])
    ours, theirs = (np.searchsorted(kin, one["kin"]) for one in (reality, rows))
    values = filled(np.concatenate([one[list(features)] for one in (reality, rows)]))
    terms = terms_of(values)
    alike = reality["source"].to_numpy()[:, None] == rows["source"].to_numpy()
    sizes = reality["authors"].to_numpy(), rows["authors"].to_numpy()
    pairs: list[Pair] = []
    for seed in range(REPEATS):
        fold = shuffled(len(kin), seed) % FOLDS
        for first, second in permutations(range(FOLDS), 2):
            train = _matched(
                sizes, alike, *(~np.isin(fold[g], [first, second]) for g in (ours, theirs))
            )
            test = _matched(sizes, alike, fold[ours] == first, fold[theirs] == second)
            if min(len(x) for x in (*train, *test)) == 0:
                continue
            rows_of = len(reality) + train[1]
            is_real = np.r_[np.ones(len(train[0]), bool), np.zeros(len(train[1]), bool)]
            coefficients = fitted(terms[np.r_[train[0], rows_of]], is_real)
            scores = terms @ coefficients
            pairs.append(Pair(*test, scores[test[0]], scores[len(reality) + test[1]]))
    if not pairs:
        return None
    groups = resampling.counts(len(kin), 1, 1)
    value = mean_area(pairs, np.ones((1, len(reality))), np.ones((1, len(rows))))[0]
    low, high = resampling.interval(mean_area(pairs, groups[:, ours], groups[:, theirs]))
    return Judgement(
        len({int(k) for one in pairs for k in one.ours}),
        len({int(k) for one in pairs for k in one.theirs}),
        Interval(float(value), float(low), float(high)),
    )


def _matched(
    sizes: tuple[NDArray, NDArray],
    alike: NDArray[np.bool_],
    ours: NDArray[np.bool_],
    theirs: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Real communities and rows that are matched in size and type of source, among those chosen."""
    a, b = np.flatnonzero(ours), np.flatnonzero(theirs)
    if not len(a) or not len(b):
        return a[:0], b[:0]
    kept, used = nearest(sizes[0][a], sizes[1][b], alike[np.ix_(a, b)])
    return a[kept], b[used]


class Pair(NamedTuple):
    """A test: real communities and rows, by number, and their scores."""

    ours: NDArray[np.int64]
    theirs: NDArray[np.int64]
    above: NDArray[np.float64]
    below: NDArray[np.float64]


def mean_area(pairs: Sequence[Pair], ours: NDArray, theirs: NDArray) -> NDArray[np.float64]:
    """The mean AUC over pairs of folds with these weights of real communities and of rows,
    (samples, communities) and (samples, rows). Pairs that have no weight are left out."""
    total, number = np.zeros(len(ours)), np.zeros(len(ours))
    for one in pairs:
        higher = (one.above[:, None] > one.below) + (one.above[:, None] == one.below) / 2
        a, b = ours[:, one.ours], theirs[:, one.theirs]
        all = a.sum(axis=1) * b.sum(axis=1)
        some = all > 0
        total[some] += np.einsum("si,ij,sj->s", a[some], higher, b[some]) / all[some]
        number += some
    return np.divide(total, number, out=np.full(len(ours), np.nan), where=number > 0)


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
        others = rows[(rows["kin"] != one["kin"]) & (rows["source"] == one["source"])]
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
    """Both checks for each type of source, with rows that mimic no kin, and with rows that mimic
    another community. `independent`: communities with independent parameters, for the log
    score."""
    lines = [f"{'':8}{'rows mimic':20}{'real':>6}{'rows':>6}{'AUC':>20}{'kept features':>20}"]
    averaged: dict[str, list[float]] = {}
    for name, what, a, b in _tables(reality, rows):
        found = [classified(a, b, some) for some in (CHOSEN, KEPT)]
        if found[0] is None or found[1] is None:
            lines.append(f"{name:8}{what:20}too few groups of kin")
            continue
        ends = [f"{x.auc.value:.2f} [{x.auc.low:.2f}, {x.auc.high:.2f}]" for x in found]
        lines.append(f"{name:8}{what:20}{found[0].real:6}{found[0].rows:6}"
                     f"{ends[0]:>20}{ends[1]:>20}")  # fmt: skip
        if name in AVERAGED:
            averaged.setdefault(what, []).append(found[0].auc.value)
    lines += [f"mean of {' and '.join(AVERAGED)}, rows that mimic {what}: {np.mean(values):.2f}"
              for what, values in averaged.items()]  # fmt: skip
    for name, what, a, b in _tables(reality, rows):
        if name not in AVERAGED or not (mine := ranks(a, b)):
            continue
        off = [f"{x} (distance {mine.distance[x]:.2f})" for x, p in mine.p.items() if p < LEVEL]
        lines += ["", f"{name}, rows that mimic {what}: ranks of {mine.communities} communities "
                  f"are uniform in {len(mine.p) - len(off)} of {len(mine.p)} features; not in "
                  f"{', '.join(off) or 'none'}. Mean log score {mine.score:.2f}"]  # fmt: skip
        if independent is not None:
            there = independent[independent["source"].isin(a["source"])]
            if other := ranks(a, there.assign(kin="")):
                lines[-1] += f"; with independent parameters {other.score:.2f}"
    return "\n".join(lines)


def _tables(
    reality: pd.DataFrame, rows: pd.DataFrame
) -> Iterator[tuple[str, str, pd.DataFrame, pd.DataFrame]]:
    """For each type of source: its name, what its rows may mimic, the real communities and the
    rows, with the groups that are kept apart as `kin`."""
    for name, sources in TABLES.items():
        ours = reality[reality["source"].isin(sources)]
        theirs = rows[rows["source"].isin(sources)]
        yield name, "no kin", ours, theirs[theirs["own"]] if name == "git" else theirs
        theirs = theirs[theirs["own"]]
        yield (name, "another community", ours.assign(kin=ours["id"]),
               theirs.assign(kin=theirs["mimics"]))  # fmt: skip


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
