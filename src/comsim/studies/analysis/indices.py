"""Which factors an outcome hangs on: Sobol's indices, by SALib, and Morris' elementary effects.

Both are taken of each point's mean over worlds. A point with a run that failed, or where the
outcome does not exist in some world, takes its whole block (Sobol) or trajectory (Morris) with it,
since these methods compare the points of one.

Sobol's first-order index is the share of the variance that goes if the factor is known; the total
index the share that stays if all others are (Sobol 2001, Mathematics and Computers in Simulation
55:271-280). SALib centres the outcome, and takes the first-order estimator of Saltelli and others
2010 (Computer Physics Communications 181:259-270, table 2 b) and the total one of Jansen 1999
(Computer Physics Communications 117:35-43), those of least variance there.

Estimates may lie outside the bounds of the indices: 0 <= first <= total <= 1, and first-order
indices add up to at most 1. The nearest values within the bounds are reported: a first-order
estimate above its total one is pooled with it by precision (isotonic regression; Robertson, Wright
and Dykstra 1988, Order Restricted Statistical Inference). The estimates stay in the table. An index
whose interval is wider than half the variance is not reported: the sample is too small.

Morris' mu* is the mean size of the change as one factor goes over its range, in straight lines, and
sigma how much that change differs from place to place (Morris 1991, Technometrics 33:161-174;
Campolongo, Cariboni and Saltelli 2007, Environmental Modelling & Software 22:1509-1518).

Luck that means over worlds keep differs from point to point, and looks like something that every
factor does. How much of it there is shows in how a difference between two points varies over the
worlds (s2; W worlds, or draws that several of them share):

    part of a total index that is luck = mean of s2 / W / 2 / variance of the outcome
    mu* of luck alone = mean of sqrt(2 / pi) s / sqrt(W) / step        (mean size of a normal error)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from comsim.statistics.intervals import LEVEL, mean
from comsim.studies.analysis.swept import Swept

RESAMPLES, FEWEST_RESAMPLES = 1000, 100
ROOM = 4_000_000  # numbers that SALib may resample at once, 32 MB in each of its arrays
FEWEST = 8  # blocks or trajectories: below, resampling them says nothing
WIDE = 0.25  # of the variance: largest half-width of a reported index (an assumption)


@dataclass(frozen=True)
class Measured:
    """Indices, and what they were taken from."""

    table: pd.DataFrame
    """A row a factor (or a pair), largest first; NaN where `varies` is False."""
    blocks: int
    """Base points, or trajectories, of the design."""
    whole: int
    """Those without a missing run."""
    varies: bool
    """Whether there are enough complete blocks, and the outcome differs between their points (for a
    Sobol design: their independent points)."""

    @property
    def enough(self) -> bool:
        return self.whole >= FEWEST


def sobol(swept: Swept, name: str) -> Measured:
    """First-order and total indices of an outcome.

    Columns: `factor`, `label`, `kind`; `first` and `total`, within their bounds, with 95 %
    intervals by bootstrap over blocks (`first_low`, `first_high`, `total_low`, `total_high`);
    `told`, whether the intervals are narrow enough; `luck`, the part of `total` that is luck (NaN
    with one draw); the unbounded estimates `first_raw` and `total_raw`, and the half-widths of
    their intervals, `first_half` and `total_half`.
    """
    blocks, whole = _blocks(swept, name, swept.block)
    columns = ("first", "first_low", "first_high", "total", "total_low", "total_high", "told",
               "luck", "first_raw", "first_half", "total_raw", "total_half")  # fmt: skip
    table, varies = _table(swept, columns).assign(told=False), _varies(_independent(whole))
    if varies:
        means, single = whole.mean(axis=2), [*range(len(swept.factors) + 1), -1]
        found = _salib_sobol(swept, means[:, single], second_order=False)
        for column, key in (("first", "S1"), ("total", "ST")):
            table[f"{column}_raw"], table[f"{column}_half"] = found[key], found[f"{key}_conf"]
        first, total = within_bounds(*(found[key] for key in ("S1", "S1_conf", "ST", "ST_conf")))
        _put(table, "first", first, found["S1"], found["S1_conf"])
        _put(table, "total", total, found["ST"], found["ST_conf"])
        table["told"] = (table[["first_half", "total_half"]] <= WIDE).all(axis=1)
        if swept.worlds > swept.lucks:
            steps = _draws(swept, whole[:, 1 : len(swept.factors) + 1] - whole[:, :1])
            variance = np.var(_independent(means))
            part = steps.var(axis=2, ddof=1).mean(axis=0) / steps.shape[2] / 2 / variance
            table["luck"] = np.minimum(part, 1.0)
    return Measured(_sorted(table, "total"), blocks, len(whole), varies)


def sobol_pairs(swept: Swept, name: str) -> Measured:
    """Second-order indices: the share of the variance that two factors make only together.

    For a design with the points for them. Columns: `factor`, `other`, `label`, `other_label`,
    `share`, from 0 to 1, with its 95 % interval `low`, `high`; `told`, whether the interval is
    narrow enough, and `clear`, whether it also leaves out zero; the unbounded estimate and the
    half-width of its interval, `share_raw` and `share_half`.
    """
    blocks, whole = _blocks(swept, name, 2 * len(swept.factors) + 2)
    rows, varies = [], _varies(_independent(whole))
    if varies:
        found = _salib_sobol(swept, whole.mean(axis=2), second_order=True)
        for (j, one), (k, other) in combinations(enumerate(swept.factors), 2):
            share, half = found["S2"][j, k], found["S2_conf"][j, k]
            low, high = np.clip([share - half, share + half], 0, 1)
            told = bool(half <= WIDE)
            rows.append(
                {
                    "factor": one.name, "other": other.name, "label": one.label,
                    "other_label": other.label, "share": np.clip(share, 0, 1), "low": low,
                    "high": high, "told": told, "clear": told and bool(low > 0),
                    "share_raw": share, "share_half": half,
                }
            )  # fmt: skip
    table = _sorted(pd.DataFrame(rows), "share") if rows else pd.DataFrame()
    return Measured(table, blocks, len(whole), varies)


def morris(swept: Swept, name: str) -> Measured:
    """Morris' measures of an outcome, in its unit, for a factor's whole range.

    Columns: `factor`, `label`, `kind`; `mu` (mean change with its sign) with Student's interval
    over trajectories, `mu_star` likewise, and `sigma` with its own by bootstrap (each with `_low`
    and `_high`); `luck`, what luck alone would make of `mu_star` (NaN with one draw).
    """
    size = len(swept.factors) + 1
    moves = np.diff(swept.scaled().reshape(-1, size, size - 1), axis=1)
    words = [bool(swept.choices(factor)) for factor in swept.factors]
    moves = np.where(words, np.sign(moves), moves)  # there is nothing between two words
    values = swept.by_point(name).reshape(-1, size, swept.worlds)
    kept = np.isfinite(values).all(axis=(1, 2))
    moves, whole = moves[kept], values[kept]
    measures = ("mu", "mu_star", "sigma")
    columns = [f"{measure}{end}" for measure in measures for end in ("", "_low", "_high")]
    table, varies = _table(swept, (*columns, "luck")), _varies(whole)
    if varies:
        effects = elementary(moves, whole.mean(axis=2))
        for name, of in (("mu", effects), ("mu_star", np.abs(effects))):
            found = mean(of[:, None, :])
            table[name], table[f"{name}_low"], table[f"{name}_high"] = found
        table["sigma"] = effects.std(axis=0, ddof=1)
        table["sigma_low"], table["sigma_high"] = _spread_interval(effects, swept.seed)
        if swept.worlds > swept.lucks:
            draws = np.moveaxis(_draws(swept, whole), 2, 0)
            each = np.stack([elementary(moves, outputs) for outputs in draws])
            error = each.std(axis=0, ddof=1) / np.sqrt(len(draws))
            table["luck"] = np.sqrt(2 / np.pi) * error.mean(axis=0)
    return Measured(_sorted(table, "mu_star"), len(values), len(whole), varies)


def elementary(moves: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Elementary effects: how far each factor moved in each step, as a share of its range
    (trajectories, d, d), and outputs (trajectories, d + 1) -> (trajectories, d), zero where
    rounding left a factor where it was.

    By the move that was made, not the design's: choices and whole numbers lie elsewhere."""
    change = np.broadcast_to(np.diff(outputs, axis=1)[:, :, None], moves.shape)
    return np.divide(change, moves, out=np.zeros(moves.shape), where=moves != 0).sum(axis=1)


def _draws(swept: Swept, values: np.ndarray) -> np.ndarray:
    """Values (..., worlds) as means of the worlds that share a draw: (..., draws)."""
    return values.reshape(*values.shape[:-1], -1, swept.lucks).mean(axis=-1)


def _blocks(swept: Swept, name: str, size: int) -> tuple[int, np.ndarray]:
    """How many blocks there are, and the outcome of the whole ones: (blocks, points, worlds)."""
    values = swept.by_point(name).reshape(-1, size, swept.worlds)
    return len(values), values[np.isfinite(values).all(axis=(1, 2))]


def _independent(whole: np.ndarray) -> np.ndarray:
    """The first and last point of each Sobol block, from which the variance is estimated; the
    others only change one or two factors between these two."""
    return whole[:, [0, -1]]


def _varies(whole: np.ndarray) -> bool:
    return len(whole) >= FEWEST and bool(np.ptp(whole.mean(axis=2)) > 0)


def _table(swept: Swept, columns: tuple[str, ...]) -> pd.DataFrame:
    rows = [{"factor": f.name, "label": f.label, "kind": f.kind} for f in swept.factors]
    return pd.DataFrame(rows).assign(**dict.fromkeys(columns, np.nan))


def within_bounds(
    first: np.ndarray, first_half: np.ndarray, total: np.ndarray, total_half: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """First-order and total indices (d) from estimates and half-widths of their intervals: the
    nearest with 0 <= first <= total <= 1 and first-order indices that add up to at most 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = total_half**2 / (first_half**2 + total_half**2)  # of the precision
    crossed, share = first > total, np.where(np.isfinite(share), share, 0.5)
    pooled = share * first + (1 - share) * total
    first, total = (np.clip(np.where(crossed, pooled, x), 0.0, 1.0) for x in (first, total))
    return first / max(first.sum(), 1.0), total


def _put(table: pd.DataFrame, column: str, value: Any, raw: Any, half: Any) -> None:
    """Enter a share and its interval, both within 0 to 1; the interval contains the share."""
    table[column] = value
    table[f"{column}_low"] = np.minimum(np.clip(np.subtract(raw, half), 0.0, 1.0), value)
    table[f"{column}_high"] = np.maximum(np.clip(np.add(raw, half), 0.0, 1.0), value)


def _sorted(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return table.sort_values(column, ascending=False, kind="stable", ignore_index=True)


def _problem(swept: Swept) -> dict[str, Any]:
    names = [factor.name for factor in swept.factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _salib_sobol(swept: Swept, means: np.ndarray, second_order: bool) -> dict[str, np.ndarray]:
    from SALib.analyze import sobol as analysis

    return analysis.analyze(
        _problem(swept), means.ravel(), calc_second_order=second_order,
        num_resamples=max(min(ROOM // len(means), RESAMPLES), FEWEST_RESAMPLES),
        conf_level=LEVEL, seed=swept.seed + 1,  # 0 would be none
    )  # fmt: skip


def _spread_interval(effects: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each column's standard deviation, by resampling rows (percentiles)."""
    from scipy.stats import bootstrap

    ends = bootstrap(
        (effects,), lambda x, axis: np.std(x, axis=axis, ddof=1), axis=0, rng=seed + 1,
        n_resamples=RESAMPLES, confidence_level=LEVEL, method="percentile", batch=50,
    ).confidence_interval  # fmt: skip
    return ends.low, ends.high
