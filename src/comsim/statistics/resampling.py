"""How sure: points and worlds are drawn anew, for runs of all points in the same worlds.

Runs of a sweep are crossed: all runs of a world share its luck, all runs of a point its factors.
The pigeonhole bootstrap (Owen 2007, Annals of Applied Statistics 1:386-411) draws both anew, and
weighs a run by how often its point times how often its world was drawn. It rather overstates the
spread, and knows nothing of luck from a single world. Where we knew the truth, 95 % intervals of
densities, coverages and smallest cores held it in 95 to 100 % of sweeps with 4 to 30 worlds that
differed in luck, and in 80 % with one.
"""

from __future__ import annotations

import numpy as np
from scipy import special, stats

from comsim.model.rng import uniform_from, words
from comsim.statistics.intervals import LEVEL

RESAMPLES = 400
ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
# Keys of this room alone; simulations never draw with them (`comsim.model.rng.Purpose`).
HALVES = 2001
POINTS, WORLDS = 11, 12  # seeds of what is drawn anew


def counts(many: int, seed: int, lucks: int = 1, resamples: int = RESAMPLES) -> np.ndarray:
    """How often each of `many` is drawn when as many are drawn anew: int64 (resamples, many).

    `lucks` in a row are drawn together. What there is only one of stays as it is.
    """
    groups = many // lucks
    drawn = stats.randint.rvs(0, groups, size=(resamples, groups), random_state=seed)
    drawn += groups * np.arange(resamples)[:, None]
    found = np.bincount(drawn.ravel(), minlength=resamples * groups)
    return np.repeat(found.reshape(resamples, groups), lucks, axis=1)


def search_half(many: int) -> np.ndarray:
    """Which of `many` points belong to the half that a search may see: bool (many).

    By a keyed draw of the point's number: more points change nothing for those before them.
    """
    return np.array([uniform_from(words(0, HALVES, 0, point)[0]) < 0.5 for point in range(many)])


def interval(values: np.ndarray) -> tuple[float, float]:
    """The middle 95 % of resampled values (resamples); NaN without any that exist."""
    known = values[np.isfinite(values)]
    return tuple(np.quantile(known, ENDS)) if len(known) else (np.nan, np.nan)


def wilson(share: float, resampled: np.ndarray, without: float, most: float) -> tuple[float, float]:
    """Wilson's interval of a share, with as many trials as its resampled spread is worth.

    The bootstrap alone calls a share of 0 or 1 certain: there, `without` counts as the number of
    trials (points, say; an assumption). Never more than `most` (runs).
    """
    return _wilson(share, float(np.nanvar(resampled)), without, most)


def own_share(events: np.ndarray, lucks: int = 1) -> tuple[int, float, float, float]:
    """Runs, the event's share of them, and Wilson's interval; events (points, worlds), 0, 1 or NaN.

    Runs of a point and runs of a draw are no independent witnesses: the variance is that of
    two-way clusters (Cameron, Gelbach and Miller 2011, Journal of Business & Economic Statistics
    29:238-249).
    """
    told = np.isfinite(events)
    n = int(told.sum())
    if not n:
        return 0, np.nan, np.nan, np.nan
    share = float(events[told].mean())
    off = np.where(told, events - share, 0.0).reshape(len(events), -1, lucks).sum(axis=2)
    points, draws = off.shape
    by = {"point": (off.sum(axis=1) ** 2).sum(), "draw": (off.sum(axis=0) ** 2).sum()}
    variance = {True: by["point"], False: by["draw"]}[draws == 1]
    if points > 1 and draws > 1:
        variance = max(by["point"] + by["draw"] - (off**2).sum(), (off**2).sum())
    elif points == draws == 1:
        variance = 0.0
    return n, share, *_wilson(share, variance / n**2, max(points, draws), n)


def _wilson(share: float, variance: float, without: float, most: float) -> tuple[float, float]:
    spread = share * (1 - share)
    n = np.clip(spread / variance if variance > 0 else without, 1, most)
    z = special.ndtri(ENDS[1])
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(spread / n + z * z / (4 * n * n))
    return float(max(min(centre - half, share), 0)), float(min(max(centre + half, share), 1))
