"""Mimicry: rows whose communities resemble a real one, as its type of source would record it.

For each real community, rows are chosen in rounds (approximate Bayesian computation). The nearest
communities of the bank, among those of similar size, are the first pool. In each round, numbers of
the pool are adjusted by a local linear regression on the features (Beaumont, Zhang and Balding
2002, Genetics 162:2025), the adjusted rows are simulated with new random seeds, and the nearest
communities of both become the next pool. The nearest of the last pool are kept.

Distances use the number of authors and the features of `shapes.toml` that may be fitted to
(`CHOSEN`), each divided by its standard deviation among the communities of similar size. Only the
wide numbers of the prior are adjusted. What a posting record cannot show, such as visits without a
post, is chosen only as far as it goes together with what the record shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, ndtri

from comsim.evidence.classifier import CHOSEN
from comsim.evidence.plausible.bank import lives
from comsim.evidence.plausible.prior import LAUNCH, PROPOSALS, prior, prior_row, settings
from comsim.evidence.shapes import TOGETHER
from comsim.model.rng import Purpose, uniforms
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd

SIMILAR = 2.0  # factor between the numbers of authors of similar communities
FEWEST = 200  # communities that a real one is compared with, however different in size
NEAREST = 100  # communities in a pool
RIDGE = 0.1  # penalty of a squared coefficient, relative to the number of communities
FARTHEST = 2.5  # standard deviations; adjusted numbers stay well inside the prior
ROUNDS = 2  # of proposals after the bank
PROPOSED, LEAST_PROPOSED = 4, 60  # rows in a round for each that is kept, and for a community
KERNEL = 0.4  # width of the kernel, as a share of the standard deviation
UNKNOWN = 2.0  # standard deviations that a feature counts as apart if only the real one has it
PROPOSAL_KEY, NOISE_KEY = 101, 104
# All of these are assumptions.

LOGS = ("cv", "rough", "newcv")  # features that enter as logarithms
WIDE = (*settings()["ranges"], *LAUNCH)


@dataclass(frozen=True)
class Pool:
    """Simulated communities near a real one, the nearest first."""

    rows: list[dict[str, float]]
    draws: NDArray[np.int64]
    """The draw of the prior that each row was adjusted from."""
    apart: NDArray[np.float64]
    """How far each feature is from that of the real one, in standard deviations."""
    scale: NDArray[np.float64]
    """Those standard deviations."""

    @property
    def distance(self) -> NDArray[np.float64]:
        """The root mean square over features."""
        return np.sqrt((self.apart**2).mean(axis=1))

    def first(self, number: int) -> Pool:
        """The nearest communities."""
        order = np.argsort(self.distance, kind="stable")[:number]
        rows = [self.rows[k] for k in order]
        return replace(self, rows=rows, draws=self.draws[order], apart=self.apart[order])


def matches(
    reality: pd.DataFrame,
    bank: pd.DataFrame,
    number: int,
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Pool]:
    """About `number` rows, by the id of the community that they mimic."""
    quota = quotas(reality, number)
    reals = {str(real["id"]): real for real in reality.to_dict("records")}
    pools = {id: from_bank(real, bank) for id, real in reals.items()}
    for stage in range(ROUNDS):
        proposed = [
            (id, *one)
            for at, (id, pool) in enumerate(pools.items())
            for one in proposals(pool, max(PROPOSED * quota[id], LEAST_PROPOSED), seed + stage, at)
        ]
        simulated = lives([row for *_, row in proposed], PROPOSALS + seed + stage, jobs)
        pools = {id: widened(pool, id, reals[id], proposed, simulated)
                 for id, pool in pools.items()}  # fmt: skip
        if progress:
            progress(stage + 1, ROUNDS)
    return {id: pool.first(quota[id]) for id, pool in pools.items()}


def quotas(reality: pd.DataFrame, number: int) -> dict[str, int]:
    """How many rows mimic each real community, by id: types of source have equal shares, as do the
    communities of a type."""
    found = {}
    for sources in TOGETHER:
        here = reality[reality["source"].isin(sources)]
        shares = np.diff(np.round(np.linspace(0, number / len(TOGETHER), len(here) + 1)))
        found |= dict(zip(here["id"], shares.astype(int), strict=True))
    return found


def from_bank(real: Mapping[str, Any], bank: pd.DataFrame) -> Pool:
    """The nearest communities of the bank, among those of similar size."""
    here = bank[(bank["source"] == real["source"]) & bank["authors"].notna()]
    size = np.abs(np.log(here["authors"].to_numpy() / real["authors"]))
    limit = max(np.log(SIMILAR), np.sort(size)[min(FEWEST, len(size)) - 1])
    here = here[size <= limit]
    theirs = values(here)
    scale = spreads(theirs)
    apart = differences(theirs, values(real), scale)
    near = np.argsort((apart**2).mean(axis=1), kind="stable")[:NEAREST]
    draws = here["draw"].to_numpy()[near]
    return Pool([prior_row(int(draw)) for draw in draws], draws, apart[near], scale)


def proposals(
    pool: Pool, number: int, seed: int, stream: int
) -> list[tuple[int, dict[str, float]]]:
    """A number of adjusted rows for a real community, each with its draw of the prior.

    Rows are drawn by the weights of a local regression, and spread by a kernel that keeps the mean
    and the variance of the adjusted rows (West 1993, Journal of the Royal Statistical Society B
    55:409).
    """
    weight = np.maximum(1 - (pool.distance / pool.distance.max()) ** 2, 1e-6)
    weight = weight / weight.sum()
    adjusted = adjusted_places(pool, weight)
    mean = weight @ adjusted
    spread = np.sqrt(weight @ (adjusted - mean) ** 2)
    us = uniforms(seed, Purpose.WORLD, stream, np.arange(number), PROPOSAL_KEY)
    chosen = np.searchsorted(np.cumsum(weight), us * (1 - 1e-9))
    cells = np.arange(number * len(WIDE))
    noise = ndtri(uniforms(seed, Purpose.WORLD, stream, cells, NOISE_KEY)).reshape(number, -1)
    kept = np.sqrt(1 - KERNEL**2)
    places = mean + kept * (adjusted[chosen] - mean) + KERNEL * spread * noise
    places = np.clip(places, -FARTHEST, FARTHEST)
    return [
        (int(pool.draws[k]), moved_row(pool.rows[k], place))
        for k, place in zip(chosen, places, strict=True)
    ]


def adjusted_places(pool: Pool, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """The positions of the rows in the prior if their features were those of the real community.

    Residuals of a regression on few rows are too small; they are scaled up by the degrees of
    freedom that it uses.
    """
    places = np.array([positions(row) for row in pool.rows])
    centre_x, centre_y = weight @ pool.apart, weight @ places
    x, y = pool.apart - centre_x, places - centre_y
    square = (x.T * weight) @ x
    ridge = np.linalg.inv(square + RIDGE * np.eye(x.shape[1]))
    slopes = ridge @ (x.T * weight) @ y
    used = 1 + float(np.trace(ridge @ square))  # with the constant
    number = 1 / float((weight**2).sum())
    scale = np.sqrt(number / max(number - used, 1.0))
    return centre_y - centre_x @ slopes + scale * (y - x @ slopes)


def widened(
    pool: Pool,
    id: str,
    real: Mapping[str, Any],
    proposed: Sequence[tuple[str, int, dict[str, float]]],
    simulated: pd.DataFrame,
) -> Pool:
    """The nearest communities of a pool and of those that were proposed for the same real one."""
    mine = [at for at, one in enumerate(proposed) if one[0] == id]
    here = simulated[simulated["row"].isin(mine) & (simulated["source"] == real["source"])]
    here = here[here["authors"].notna()]
    apart = differences(values(here), values(real), pool.scale)
    new = [proposed[at] for at in here["row"]]
    draws = np.array([draw for _, draw, _ in new], np.int64)
    both = Pool(
        pool.rows + [row for *_, row in new],
        np.r_[pool.draws, draws],
        np.concatenate([pool.apart, apart]),
        pool.scale,
    )
    return both.first(NEAREST)


def differences(
    theirs: NDArray[np.float64], ours: NDArray[np.float64], scale: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How far each feature is from the real one, in standard deviations; 0 if that is unknown."""
    apart = np.where(np.isfinite(theirs), (theirs - ours) / scale, UNKNOWN)
    return np.where(np.isfinite(ours), apart, 0.0)


def spreads(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """A robust standard deviation of each column, at least a third of the usual one."""
    low, high = np.nanquantile(values, [0.16, 0.84], axis=0)
    return np.maximum(np.maximum((high - low) / 2, np.nanstd(values, axis=0) / 3), 1e-3)


def values(table: Any) -> NDArray[np.float64]:
    """The features and the size, for one community or a table of them."""
    columns = [np.asarray(table[name], float) for name in CHOSEN]
    columns = [np.log(np.maximum(x, 1e-3)) if name in LOGS else x
               for name, x in zip(CHOSEN, columns, strict=True)]  # fmt: skip
    return np.stack([*columns, np.log(np.asarray(table["authors"], float))], axis=-1)


def positions(row: Mapping[str, float], names: Sequence[str] = WIDE) -> NDArray[np.float64]:
    """Where some wide numbers of a row lie in their prior, as standard normal values."""
    return ndtri(np.clip([_share(name, row[name]) for name in names], 1e-6, 1 - 1e-6))


def moved_row(row: Mapping[str, float], to: NDArray[np.float64]) -> dict[str, float]:
    """A row with its wide numbers at other places of the prior."""
    return dict(row) | {name: _at(name, u) for name, u in zip(WIDE, ndtr(to), strict=True)}


def _share(name: str, value: float) -> float:
    number = prior()[name]
    low, high, x = (_even(number.shape, v) for v in (number.low, number.high, value))
    return float((x - low) / (high - low))


def _at(name: str, u: float) -> float:
    number = prior()[name]
    low, high = (_even(number.shape, v) for v in (number.low, number.high))
    x = low + u * (high - low)
    return float(expit(x) if number.shape == "odds" else np.exp(x))


def _even(shape: str, value: float) -> float:
    return float(logit(value) if shape == "odds" else np.log(value))
