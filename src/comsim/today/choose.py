"""The choice of plausible worlds, ages and markets whose communities come nearest to today's.

All differences are of logarithms. A candidate is a plausible world, a stored age and a market. The
choice leaves out only candidates whose distance stochastic variation cannot explain: it keeps those
within the distance that one in 300 communities exceeds, with the weight of their world. A narrower
choice would use today's numbers twice, here and in the weights of the simulated worlds
(`comsim.today.fit`).

Markets and ages that are not given have uniform priors on a logarithmic scale (an assumption).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import chdtri

from comsim.common.errors import InputError
from comsim.model.rng import Purpose, uniforms
from comsim.scenario import Scenario
from comsim.scenario.rows import Rows
from comsim.scenario.scenario import MAX_MARKET
from comsim.statistics.intervals import effective
from comsim.today.lives import SEEN
from comsim.today.store import AGES, FEW, MARKETS, Trajectories

KEYS = {"members": "members", "weekly": "weekly", "posts": "posts_a_day"}
FACTOR = 2.0  # a plausible community is within this factor of each number
# Standard deviations of logarithms over random seeds: between the median of plausible worlds and
# their root mean square, of 60 worlds after 90 and 400 days in a market of 4,000.
LUCK = {"members": 0.4, "weekly": 0.5, "posts": 0.8}
RARE, WIDER = 1 / 300, 1.25  # share beyond the screen, and the factor by which it is widened
FAR = 6.0  # standard deviations of luck; what is further off counts as this far
ENOUGH = 40  # effective number of plausible worlds that should be left
SMALLEST, STEP = 60, 1.1  # the smallest market tried, and the ratio of successive ones
LARGER = 100  # the largest market tried, as a multiple of the people that are known
START_KEY, MARKET_KEY, AGE_KEY = 5, 6, 7
# All of these are assumptions.


class Targets(NamedTuple):
    """What is known of the community today."""

    numbers: dict[str, float]
    """The known numbers, out of `seen`."""
    age: int | None
    market: int | None
    seen: tuple[str, ...] = SEEN
    """The names of what is simulated."""

    @property
    def places(self) -> list[int]:
        """Where the numbers are in `seen`."""
        return [self.seen.index(name) for name in self.numbers]

    @classmethod
    def of(cls, scenario: Scenario) -> Targets:
        """The targets of a scenario with `[community] today`."""
        known, community = scenario.community.today, scenario.community
        numbers = {name: getattr(known, key) for name, key in KEYS.items()}
        numbers = {name: x for name, x in numbers.items() if x is not None}
        given = "market" in community.model_fields_set or not numbers
        return cls(numbers, known.age_days, community.market if given else None)

    @property
    def logs(self) -> np.ndarray:
        """float64 (numbers): as in `Trajectories`."""
        return np.log(np.array(list(self.numbers.values())) + FEW)


class Choice(NamedTuple):
    """Chosen candidates. Each array has one entry per candidate."""

    rows: np.ndarray
    markets: np.ndarray
    ages: np.ndarray


def chosen(targets: Targets, rows: Rows, known: Trajectories, number: int, seed: int) -> Choice:
    """A number of candidates, drawn with their weights in even steps, so that a candidate is taken
    twice only if it is due twice. Markets and ages are then spread between the stored ones."""
    ages = np.array(AGES if targets.age is None else [targets.age], float)
    markets = _markets(targets)
    logs = _at(known.logs, np.log(AGES), np.log(ages), 2)
    logs = _at(logs, np.log(MARKETS), np.log(markets), 1, beyond=True)
    apart = logs[..., [SEEN.index(name) for name in targets.numbers]] - targets.logs
    weights = screened(apart, list(targets.numbers), rows.weights)
    start = float(uniforms(seed, Purpose.WORLD, 0, [0], START_KEY)[0])
    steps = (start + np.arange(number)) / number
    up_to = np.cumsum(weights.ravel())
    at = np.searchsorted(up_to / up_to[-1], steps)
    row, market, age = np.unravel_index(at, weights.shape)
    us = [uniforms(seed, Purpose.WORLD, 0, np.arange(number), key) - 0.5
          for key in (MARKET_KEY, AGE_KEY)]  # fmt: skip
    market, age = markets[market], ages[age]
    if targets.market is None:
        market = market * STEP ** us[0]
    if targets.age is None:
        age = age * (AGES[-1] / AGES[0]) ** (us[1] / (len(AGES) - 1))
        age = np.clip(age, AGES[0], AGES[-1])
    return Choice(row, market, age)


def _markets(targets: Targets) -> np.ndarray:
    """The markets that are tried."""
    if targets.market is not None:
        return np.array([targets.market], float)
    people = [targets.numbers[name] for name in ("members", "weekly") if name in targets.numbers]
    low = max([SMALLEST, *people])
    high = min(LARGER * low, MAX_MARKET)
    return np.geomspace(low, high, int(np.log(high / low) / np.log(STEP)) + 2)


def _at(
    values: np.ndarray, stored: np.ndarray, wanted: np.ndarray, axis: int, beyond: bool = False
) -> np.ndarray:
    """Values between the stored places along an axis, linear. Before the first and after the last
    they are constant or, with `beyond`, rise by 1 for each 1: in logarithms, in proportion."""
    right = np.clip(np.searchsorted(stored, wanted), 1, len(stored) - 1)
    share = (wanted - stored[right - 1]) / (stored[right] - stored[right - 1])
    inside = np.clip(share, 0, 1)
    shape = [-1 if k == axis else 1 for k in range(values.ndim)]
    low, high = (np.take(values, at, axis) for at in (right - 1, right))
    found = low + inside.reshape(shape) * (high - low)
    if beyond:
        found = found + (wanted - np.clip(wanted, stored[0], stored[-1])).reshape(shape)
    return found


def screened(apart: np.ndarray, names: Sequence[str], of_rows: np.ndarray) -> np.ndarray:
    """The weights of candidates (rows, markets, ages), given their distances from today (rows,
    markets, ages, names): those of the rows, or 0 if stochastic variation cannot explain the
    distance. If too few plausible worlds are left, the screen is widened."""
    luck = np.array([LUCK[name] for name in names])
    distance = np.sqrt((np.minimum(np.abs(apart) / luck, FAR) ** 2).sum(axis=-1))
    width = np.sqrt(chdtri(max(len(names), 1), RARE))
    while True:
        weights = of_rows[:, None, None] * (distance <= width)
        mine = weights.sum(axis=(1, 2))
        if (mine.any() and effective(mine) >= ENOUGH) or width > distance.max():
            return weights
        width *= WIDER


def reached(targets: Targets, seen: np.ndarray, factor: float) -> dict[str, np.ndarray]:
    """For each number, which of the simulated communities, float64 (communities, SEEN), are within
    a factor of it."""
    return {
        name: np.abs(np.log(seen[:, SEEN.index(name)] + FEW) - np.log(x + FEW)) <= np.log(factor)
        for name, x in targets.numbers.items()
    }


def unlike_all(
    scenario: Scenario, targets: Targets, seen: np.ndarray, factor: float = FACTOR
) -> InputError | None:
    """The error for numbers that none of the simulated communities, float64 (communities, SEEN),
    comes near, with the number that does not fit the others and what the communities reach; None
    if one is within the factor of each number."""
    near = reached(targets, seen, factor)
    if not near or np.logical_and.reduce(list(near.values())).any():
        return None
    for name in sorted(near, key=list(KEYS).index, reverse=True):
        others = [near[other] for other in near if other != name]
        here = np.logical_and.reduce(others) if others else np.ones(len(seen), bool)
        if here.any():
            values = seen[here, SEEN.index(name)]
            low, high = values.min() / factor, values.max() * factor
            return unlike(scenario, KEYS[name], targets.numbers[name], low, high, targets)
    found = ", ".join(f"{KEYS[name]} = {x:g}" for name, x in targets.numbers.items())
    return scenario.error(
        "community.today", found, "numbers that fit one another: no plausible community has any "
        "two of them together under this policy",
    )  # fmt: skip


def unlike(
    scenario: Scenario, key: str, found: float, low: float, high: float, targets: Targets
) -> InputError:
    """The error for a number that does not fit the others, and its plausible range."""
    with_ = [f"{KEYS[name]} = {x:g}" for name, x in targets.numbers.items() if KEYS[name] != key]
    with_ += [f"age_days = {targets.age}"] if targets.age is not None else []
    with_ += [f"market = {targets.market}"] if targets.market is not None else []
    where = f" with {', '.join(with_)}" if with_ else ""
    have = f"as plausible communities have under this policy{where}"
    allowed = f"{_short(low)} to {_short(high)}, {have}"
    return scenario.error(f"community.today.{key}", f"{found:g}", allowed)


def _short(value: float) -> str:
    """A number with two significant digits."""
    return f"{float(f'{value:.2g}'):,.10g}"
