"""Sensitivity indices of the factors of a sweep (`comsim.statistics.indices`), as tables.

They are computed from each point's mean over worlds. A point with a failed run, or without a value
in some world, excludes its whole block (Sobol) or trajectory (Morris), since these methods compare
the points of one block. An index whose interval is wider than half the variance is not reported:
the sample is too small.

Stochastic variation that remains in means over worlds differs from point to point, and looks like
an effect of every factor. Its size follows from the variance s2 of a difference between two points
over W worlds (or parameter samples that several worlds share):

    part of a total index due to stochastic variation = mean of s2 / W / 2 / variance of the outcome
    mu* due to stochastic variation alone             = mean of sqrt(2 / pi) s / sqrt(W) / step
                                                        (mean absolute value of a normal error)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from comsim.statistics.indices import (
    elementary_effects,
    interval_of_sd,
    sobol_indices,
    within_bounds,
)
from comsim.statistics.intervals import mean
from comsim.studies.analysis.swept import Swept

FEWEST = 8  # blocks or trajectories: fewer can't be resampled
WIDE = 0.25  # of the variance: largest half-width of a reported index (an assumption)


@dataclass(frozen=True)
class Indices:
    """Sensitivity indices, and the blocks that they are computed from."""

    table: pd.DataFrame
    """One row per factor (or pair), largest first; NaN if `varies` is False."""
    blocks: int
    """Base points, or trajectories, of the design."""
    complete: int
    """Those without a missing value."""
    varies: bool
    """Whether there are enough complete blocks, and the outcome differs between their points (for a
    Sobol design: their independent points)."""

    @property
    def enough(self) -> bool:
        return self.complete >= FEWEST


def sobol(swept: Swept, name: str) -> Indices:
    """First-order and total indices of an outcome.

    Columns: `factor`, `label`, `kind`; `first` and `total`, within their bounds, with 95 %
    bootstrap intervals over blocks (`first_low`, `first_high`, `total_low`, `total_high`); `told`,
    whether the intervals are narrow enough to report; `luck`, the part of `total` due to stochastic
    variation (NaN with one parameter sample); the unbounded estimates `first_raw` and `total_raw`,
    and the half-widths of their intervals, `first_half` and `total_half`.
    """
    blocks, complete = _blocks(swept, name, swept.block)
    columns = ("first", "first_low", "first_high", "total", "total_low", "total_high", "told",
               "luck", "first_raw", "first_half", "total_raw", "total_half")  # fmt: skip
    table, varies = _table(swept, columns).assign(told=False), _varies(_independent(complete))
    if varies:
        means, single = complete.mean(axis=2), [*range(len(swept.factors) + 1), -1]
        estimates = sobol_indices(
            means[:, single], len(swept.factors), second_order=False, seed=swept.seed + 1
        )  # a seed of 0 would be none
        for column, key in (("first", "S1"), ("total", "ST")):
            table[f"{column}_raw"] = estimates[key]
            table[f"{column}_half"] = estimates[f"{key}_conf"]
        keys = ("S1", "S1_conf", "ST", "ST_conf")
        first, total = within_bounds(*(estimates[key] for key in keys))
        _put(table, "first", first, estimates["S1"], estimates["S1_conf"])
        _put(table, "total", total, estimates["ST"], estimates["ST_conf"])
        table["told"] = (table[["first_half", "total_half"]] <= WIDE).all(axis=1)
        if swept.worlds > swept.replications:
            steps = _by_sample(swept, complete[:, 1 : len(swept.factors) + 1] - complete[:, :1])
            variance = np.var(_independent(means))
            part = steps.var(axis=2, ddof=1).mean(axis=0) / steps.shape[2] / 2 / variance
            table["luck"] = np.minimum(part, 1.0)
    return Indices(_sorted(table, "total"), blocks, len(complete), varies)


def sobol_pairs(swept: Swept, name: str) -> Indices:
    """Second-order indices: the share of the variance due to the interaction of two factors.

    Only for a design with the points for them. Columns: `factor`, `other`, `label`, `other_label`,
    `share`, from 0 to 1, with its 95 % interval `low`, `high`; `told`, whether the interval is
    narrow enough to report, and `clear`, whether it also excludes zero; the unbounded estimate and
    the half-width of its interval, `share_raw` and `share_half`.
    """
    blocks, complete = _blocks(swept, name, 2 * len(swept.factors) + 2)
    rows, varies = [], _varies(_independent(complete))
    if varies:
        estimates = sobol_indices(
            complete.mean(axis=2), len(swept.factors), second_order=True, seed=swept.seed + 1
        )
        for (j, one), (k, other) in combinations(enumerate(swept.factors), 2):
            share, half = estimates["S2"][j, k], estimates["S2_conf"][j, k]
            low, high = np.clip([share - half, share + half], 0, 1)
            narrow = bool(half <= WIDE)
            rows.append(
                {
                    "factor": one.name, "other": other.name, "label": one.label,
                    "other_label": other.label, "share": np.clip(share, 0, 1), "low": low,
                    "high": high, "told": narrow, "clear": narrow and bool(low > 0),
                    "share_raw": share, "share_half": half,
                }
            )  # fmt: skip
    table = _sorted(pd.DataFrame(rows), "share") if rows else pd.DataFrame()
    return Indices(table, blocks, len(complete), varies)


def morris(swept: Swept, name: str) -> Indices:
    """Morris' measures of an outcome, in its unit, for the whole range of each factor.

    Columns: `factor`, `label`, `kind`; `mu` (mean change with its sign) and `mu_star` with
    Student's intervals over trajectories, and `sigma` with a bootstrap interval (each with `_low`
    and `_high`); `luck`, the `mu_star` due to stochastic variation alone (NaN with one parameter
    sample).
    """
    size = len(swept.factors) + 1
    moves = np.diff(swept.scaled().reshape(-1, size, size - 1), axis=1)
    words = [bool(swept.choices(factor)) for factor in swept.factors]
    moves = np.where(words, np.sign(moves), moves)  # there is nothing between two choices
    values = swept.by_point(name).reshape(-1, size, swept.worlds)
    kept = np.isfinite(values).all(axis=(1, 2))
    moves, complete = moves[kept], values[kept]
    measures = ("mu", "mu_star", "sigma")
    columns = [f"{measure}{end}" for measure in measures for end in ("", "_low", "_high")]
    table, varies = _table(swept, (*columns, "luck")), _varies(complete)
    if varies:
        effects = elementary_effects(moves, complete.mean(axis=2))
        for measure, of in (("mu", effects), ("mu_star", np.abs(effects))):
            interval = mean(of[:, None, :])
            table[measure], table[f"{measure}_low"], table[f"{measure}_high"] = interval
        table["sigma"] = effects.std(axis=0, ddof=1)
        table["sigma_low"], table["sigma_high"] = interval_of_sd(effects, swept.seed)
        if swept.worlds > swept.replications:
            samples = np.moveaxis(_by_sample(swept, complete), 2, 0)
            each = np.stack([elementary_effects(moves, outputs) for outputs in samples])
            error = each.std(axis=0, ddof=1) / np.sqrt(len(samples))
            table["luck"] = np.sqrt(2 / np.pi) * error.mean(axis=0)
    return Indices(_sorted(table, "mu_star"), len(values), len(complete), varies)


def _by_sample(swept: Swept, values: np.ndarray) -> np.ndarray:
    """Values (..., worlds) as means over the worlds of each parameter sample: (..., samples)."""
    return values.reshape(*values.shape[:-1], -1, swept.replications).mean(axis=-1)


def _blocks(swept: Swept, name: str, size: int) -> tuple[int, np.ndarray]:
    """The number of blocks, and the outcome in the complete ones: (blocks, points, worlds)."""
    values = swept.by_point(name).reshape(-1, size, swept.worlds)
    return len(values), values[np.isfinite(values).all(axis=(1, 2))]


def _independent(complete: np.ndarray) -> np.ndarray:
    """The first and last point of each Sobol block, from which the variance is estimated; the
    others differ from them in one or two factors."""
    return complete[:, [0, -1]]


def _varies(complete: np.ndarray) -> bool:
    return len(complete) >= FEWEST and bool(np.ptp(complete.mean(axis=2)) > 0)


def _table(swept: Swept, columns: tuple[str, ...]) -> pd.DataFrame:
    rows = [{"factor": f.name, "label": f.label, "kind": f.kind} for f in swept.factors]
    return pd.DataFrame(rows).assign(**dict.fromkeys(columns, np.nan))


def _put(table: pd.DataFrame, column: str, value: Any, raw: Any, half: Any) -> None:
    """Enter a share and its interval, both within 0 to 1; the interval contains the share."""
    table[column] = value
    table[f"{column}_low"] = np.minimum(np.clip(np.subtract(raw, half), 0.0, 1.0), value)
    table[f"{column}_high"] = np.maximum(np.clip(np.add(raw, half), 0.0, 1.0), value)


def _sorted(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return table.sort_values(column, ascending=False, kind="stable", ignore_index=True)
