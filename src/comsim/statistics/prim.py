"""PRIM, the patient rule induction method: boxes of points in which an event is frequent.

Friedman and Fisher (1999, Statistics and Computing 9:123-143): peel thin slices off a box such that
the event becomes most frequent in the rest, then paste some back. The gain of a slice is divided by
its size (Kwakkel and Jaxa-Rozen 2016, Environmental Modelling & Software 79:311-321), since a slice
of a grid or of a choice may be thick. Among all boxes on the way, the one with the highest harmonic
mean of coverage and density is selected (Dice 1945, Ecology 26:297-302; this criterion is our
choice). Restrictions that may be due to chance are dropped (the quasi-p-value of Bryant and Lempert
2010, Technological Forecasting and Social Change 77:34-49).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

PEEL = 0.05  # share of a box's points in a slice
LEAST = 0.05  # share of all points below which a box is not peeled
CHANCE = 0.05  # quasi-p-value above which a restriction is dropped


@dataclass(frozen=True)
class Box:
    """Bounds of each factor (infinite if open), and the choices that it excludes."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    out: tuple[frozenset[float], ...]

    @classmethod
    def whole(cls, factors: int) -> Box:
        return cls((-np.inf,) * factors, (np.inf,) * factors, (frozenset(),) * factors)

    def inside(self, x: np.ndarray) -> np.ndarray:
        """Which points lie in the box: (points, factors) -> bool (points)."""
        inside = ((x >= self.low) & (x <= self.high)).all(axis=1)
        for j, out in enumerate(self.out):
            if out:
                inside &= ~np.isin(x[:, j], list(out))
        return inside

    @property
    def restricted(self) -> list[int]:
        """The numbers of the factors that it restricts."""
        ends = zip(self.low, self.high, self.out, strict=True)
        return [j for j, (a, b, out) in enumerate(ends) if a > -np.inf or b < np.inf or out]

    def put(self, j: int, **ends: float | frozenset) -> Box:
        """The same box with another bound (`low`, `high`) or other choices (`out`) of factor j."""
        changed = {}
        for name, value in ends.items():
            old = getattr(self, name)
            changed[name] = (*old[:j], value, *old[j + 1 :])
        return replace(self, **changed)

    def free(self, j: int) -> Box:
        """The same box without a restriction of factor j."""
        return self.put(j, low=-np.inf, high=np.inf, out=frozenset())


def find(x: np.ndarray, y: np.ndarray, choice: np.ndarray) -> Box:
    """The box in which y, the event's probability at each point (0 to 1), is high; the whole space
    if there is none. x is (points, factors); `choice` (factors) marks factors without an order.
    """
    starts = [Box.whole(x.shape[1]), *_parts(x, choice)]
    boxes = [box for start in starts for box in _peel(start, x, y, choice)]
    best = max(boxes, key=lambda box: _dice(box, x, y))
    return _without_chance(_paste(best, x, y, choice), x, y)


def by_chance(box: Box, j: int, x: np.ndarray, y: np.ndarray) -> float:
    """The quasi-p-value of the restriction of factor j: the probability of such a density if the
    points of the box were a random sample of the box without this restriction (binomial; each point
    counts as one trial, whatever its number of worlds, which is conservative)."""
    here, wider = y[box.inside(x)], y[box.free(j).inside(x)]
    if not len(here):
        return 1.0
    return float(stats.binom.sf(np.floor(here.sum() + 1e-9) - 1, len(here), wider.mean()))


def _parts(x: np.ndarray, choice: np.ndarray) -> Iterator[Box]:
    """Half of the range of each factor, or one choice, as further starting boxes: peeling the whole
    space can't find two opposite corners, since they cancel."""
    whole = Box.whole(x.shape[1])
    for j in range(x.shape[1]):
        values, middle = np.unique(x[:, j]), float(np.median(x[:, j]))
        if choice[j]:
            yield from (whole.put(j, out=frozenset(values) - {value}) for value in values)
        elif values[0] < middle < values[-1]:
            yield from (whole.put(j, low=middle), whole.put(j, high=middle))


def _peel(box: Box, x: np.ndarray, y: np.ndarray, choice: np.ndarray) -> list[Box]:
    """All boxes from this one down to a few points, peeled slice by slice."""
    trail = [box]
    while True:
        inside = box.inside(x)
        mine, rate = x[inside], y[inside]
        n, best = len(rate), -np.inf
        for smaller in _slices(box, mine, choice):
            kept = smaller.inside(mine)
            m = kept.sum()
            if max(LEAST * len(y), 2) <= m < n:
                gain = (rate[kept].mean() - rate.mean()) / (n - m)
                if gain > best:
                    box, best = smaller, gain
        if box is trail[-1]:
            return trail
        trail.append(box)


def _slices(box: Box, x: np.ndarray, choice: np.ndarray) -> Iterator[Box]:
    """The box without a thin slice at either end, or without one choice; x are the points
    inside."""
    thin = int(np.ceil(PEEL * len(x)))
    for j in range(x.shape[1]):
        values = np.unique(x[:, j])
        if len(values) < 2:
            continue
        if choice[j]:
            yield from (box.put(j, out=box.out[j] | {value}) for value in values)
            continue
        column = np.sort(x[:, j])
        at = np.searchsorted(values, [column[thin - 1], column[-thin]])
        if at[0] + 1 < len(values):
            yield box.put(j, low=float(values[at[0] : at[0] + 2].mean()))
        if at[1] > 0:
            yield box.put(j, high=float(values[at[1] - 1 : at[1] + 1].mean()))


def _paste(box: Box, x: np.ndarray, y: np.ndarray, choice: np.ndarray) -> Box:
    """The box extended slice by slice while the mean of coverage and density increases."""
    while True:
        wider = max(_wider(box, x, choice), key=lambda b: _dice(b, x, y), default=box)
        if _dice(wider, x, y) <= _dice(box, x, y):
            return box
        box = wider


def _wider(box: Box, x: np.ndarray, choice: np.ndarray) -> Iterator[Box]:
    thin = int(np.ceil(PEEL * box.inside(x).sum()))
    for j in box.restricted:
        yield box.free(j)
        if choice[j]:
            yield from (box.put(j, out=box.out[j] - {value}) for value in box.out[j])
            continue
        column = np.sort(x[box.free(j).inside(x), j])
        values = np.append(np.unique(column), np.inf)
        below, above = column[column < box.low[j]], column[column > box.high[j]]
        if len(below):
            at = np.searchsorted(values, below[max(len(below) - thin, 0)])
            yield box.put(j, low=float(values[at - 1 : at + 1].mean()) if at else -np.inf)
        if len(above):
            at = np.searchsorted(values, above[min(thin, len(above)) - 1])
            yield box.put(j, high=float(values[at : at + 2].mean()))


def _without_chance(box: Box, x: np.ndarray, y: np.ndarray) -> Box:
    while box.restricted:
        worst = max(box.restricted, key=lambda j: by_chance(box, j, x, y))
        if by_chance(box, worst, x, y) <= CHANCE:
            break
        box = box.free(worst)
    return box


def _dice(box: Box, x: np.ndarray, y: np.ndarray) -> float:
    """The harmonic mean of coverage and density."""
    inside = box.inside(x)
    return 2 * y[inside].sum() / (y.sum() + inside.sum())
