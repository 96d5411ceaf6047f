"""Variability and shape (V) and F5: distributions over simulated and real communities compared.

Simulated communities (`comsim.evidence.population`) are observed as each type of source would
record them (`comsim.measure.observation`), under the same rules as real ones
(`comsim.evidence.real`). Because distributions depend on size, each real community is matched with
the two simulated ones of its type of source that are nearest in size, at most twice as large or
small. Size is the number of authors for the features of `shapes.toml`, and the number of joiners
for F5. The figure is the Kolmogorov-Smirnov distance between the two distributions. It passes if
the upper end of its basic bootstrap interval (nominally 95 %; actual coverage about 80 %:
`comsim.statistics.distribution`) is at most `most` in `shapes.toml`. It does not pass if a group of
types has no match, or if more than a quarter of the real communities have none.

Types of source have equal weight. Stack Exchange and ratings, with five real communities in total,
count as one type: otherwise two or three communities would dominate every distance by chance.

Both figures of F5 are among the features, as "F5.m1" and "F5.m3_of_m1". A feature is measured over
a population, not in a world, so `comsim.evidence.findings` calls `shapes` once for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.evidence import real
from comsim.evidence.fact import Coverage
from comsim.evidence.observed import observed
from comsim.evidence.real import FEATURES
from comsim.statistics.distribution import Sample, distance, median
from comsim.statistics.intervals import Interval
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd

COMMUNITIES = 1200  # simulated: enough to match every real one, in under two minutes
QUICK_COMMUNITIES = 700
SEED = 1  # of the population
F5 = {"F5.m1": "f5_m1", "F5.m3_of_m1": "f5_m3_of_m1"}
TOGETHER = (("git",), ("mail",), ("chat",), ("stack exchange", "ratings"))  # weigh as one each
MATCHED = 0.75  # least share of the real communities for a fact to pass (assumption)
NEAREST, FACTOR = 2, 2.0  # simulated communities for each real one, and how far in size


@dataclass(frozen=True)
class Shape:
    """A feature in real and simulated communities."""

    distance: Interval
    """Kolmogorov-Smirnov distance, 0 to 1; NaN if no community is matched."""
    coverage: Coverage


def shapes(
    communities: int = COMMUNITIES,
    seed: int = SEED,
    jobs: int | None = None,
    progress: Progress | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> dict[str, Shape]:
    """Each feature over a number of simulated communities. Results do not depend on `jobs`.

    overrides: changes to each scenario, as for a world of facts (`comsim.evidence.world`).
    """
    return compared(real.communities(), observed(communities, seed, jobs, progress, overrides))


def compared(reality: pd.DataFrame, simulated: pd.DataFrame) -> dict[str, Shape]:
    """Compare tables with the columns of `real.csv`."""
    both = matched(reality, simulated, "authors")
    features = {name: _shape(name, reality, *both) for name in FEATURES}
    both = matched(reality, simulated, "joiners")
    return features | {name: _shape(column, reality, *both) for name, column in F5.items()}


def matched(
    reality: pd.DataFrame, simulated: pd.DataFrame, size: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Real communities with simulated ones of similar size and the same type of source, and these
    simulated ones.

    A simulated community is matched only once, even if several sources record it, so that matches
    of different types are independent. One that mimics a real community (it then has a `kin`) is
    not matched with that one, nor with its kin.
    """
    import pandas as pd

    ours, theirs = [], []
    free = simulated.dropna(subset=size)
    for source, here in reality.dropna(subset=size).groupby("source"):
        there = free[free["source"] == source]
        strange = None
        if "kin" in there:
            strange = here["kin"].to_numpy()[:, None] != there["kin"].to_numpy()
        kept, used = nearest(here[size].to_numpy(), there[size].to_numpy(), strange)
        ours.append(here.iloc[kept])
        theirs.append(there.iloc[used])
        free = free[~free["world"].isin(theirs[-1]["world"])]
    return pd.concat(ours), pd.concat(theirs)


def nearest(
    sizes: np.ndarray, others: np.ndarray, allowed: np.ndarray | None = None
) -> tuple[list[int], list[int]]:
    """Indices of the sizes that have others within a factor of 2, and indices of these others: for
    each size, starting with the largest, the two nearest that are still free. `allowed`: which of
    the others each size may have, bool (sizes, others)."""
    apart = np.abs(np.log(sizes)[:, None] - np.log(others))
    if allowed is not None:
        apart = np.where(allowed, apart, np.inf)
    kept, used = [], []
    for one in np.argsort(-sizes, kind="stable"):
        near = np.argsort(apart[one], kind="stable")
        near = [k for k in near if apart[one, k] < np.log(FACTOR) and k not in used][:NEAREST]
        if near:
            kept.append(int(one))
            used += map(int, near)
    return kept, used


def _shape(column: str, reality: pd.DataFrame, ours: pd.DataFrame, theirs: pd.DataFrame) -> Shape:
    """A column in the matched communities; `reality` contains all real ones."""
    ours, theirs = ours.dropna(subset=column), theirs.dropna(subset=column)
    a, b = (Sample(one[column].to_numpy(float), groups(one)) for one in (ours, theirs))
    medians = median(a), median(b)
    return Shape(distance(a, b), coverage(reality.dropna(subset=column), ours, theirs, medians))


def coverage(
    reality: pd.DataFrame, ours: pd.DataFrame, theirs: pd.DataFrame, medians: tuple[float, float]
) -> Coverage:
    """The coverage of a feature that all of these communities have. Real communities of a group
    without simulated ones count as unmatched."""
    ours = ours[np.isin(groups(ours), groups(theirs))]
    found = ours["source"].value_counts()
    all = reality["source"].value_counts(sort=False)
    by_type = {str(source): (int(found.get(source, 0)), int(n)) for source, n in all.items()}
    every_group = set(groups(reality)) == set(groups(ours))
    enough = every_group and len(ours) >= MATCHED * len(reality)
    return Coverage(medians, by_type, len(theirs), enough)


def groups(table: pd.DataFrame) -> np.ndarray:
    """For each community, the number of its group in TOGETHER."""
    place = {source: at for at, sources in enumerate(TOGETHER) for source in sources}
    return table["source"].map(place).to_numpy(np.int64)
