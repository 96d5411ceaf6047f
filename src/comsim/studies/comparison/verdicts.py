"""The tables of a comparison: each policy compared with the first one, outcome by outcome."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from comsim.statistics import intervals as statistics
from comsim.statistics.intervals import Interval
from comsim.studies.comparison.arms import ARM_OUTCOMES
from comsim.studies.comparison.finding import MeanDifference, change
from comsim.studies.comparison.lots import SAME, WITHIN, pairs
from comsim.studies.comparison.outcomes import OUTCOMES, SERIES, Outcome, censored
from comsim.studies.comparison.runs import Runs

PRECISE = 0.05  # half-width of a precise interval, as a share of the first policy's mean
RANGE = (0.05, 0.5, 0.95)  # quantiles of the differences over worlds
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


def verdict_table(names: tuple[str, ...], runs: Runs, replications: int) -> pd.DataFrame:
    """The verdicts, as documented in `Comparison`."""
    rows = []
    for p, name in enumerate(names[1:], 1):
        same = identical(runs, p)
        for k, outcome in enumerate(OUTCOMES):
            a, b = pair(runs, p, k)
            rows.append({"policy": name, **_row(outcome, a, b, replications, _days(runs), same)})
    return pd.DataFrame(rows)


def pair(runs: Runs, p: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """An outcome under the first policy and under another one, float64 (worlds) each.

    Stages are determined in retrospect, so later days may move the date of a stage that began
    before the policies differ. That is not an effect of a policy. If a stage began before that day
    under either policy, it therefore has no date (NaN).
    """
    outcome = OUTCOMES[k]
    a, b = (
        censored(x, outcome, _days(runs)) for x in (runs.first[p, :, k], runs.outcomes[p, :, k])
    )
    if outcome.begins:
        before = np.minimum(a, b) < runs.since[p]
        a, b = (np.where(before, np.nan, values) for values in (a, b))
    return a, b


def identical(runs: Runs, p: int) -> bool:
    """Whether a policy and the first one give the same results in every world, on every day."""
    return np.array_equal(runs.series[0], runs.series[p], equal_nan=True) and np.array_equal(
        runs.first[p], runs.outcomes[p], equal_nan=True
    )


def _row(
    outcome: Outcome, a: np.ndarray, b: np.ndarray, replications: int, days: int, same: bool
) -> dict[str, Any]:
    """One outcome of two policies; a and b are float64 (worlds), NaN if it does not exist."""
    a, b = (nested(x, replications) for x in (a, b))
    known = np.isfinite(a + b).all(axis=1)  # samples in which it exists under both policies
    row = {name: getattr(outcome, name) for name in ("name", "label", "unit", "good", "validated")}
    row = {"outcome": row.pop("name"), **row, "worlds": int(known.sum()) * replications}
    if outcome.begins:
        row["before"] = int((~np.isfinite(a + b)).sum())
    a, b, worlds = a[known], b[known], row["worlds"]
    if known.sum() < 2:
        verdict = "begun before" if row.get("before") else "does not exist"
        return row | {"wins": 0, "ties": 0, "losses": 0, "verdict": verdict}
    d = b - a
    gain = d * (outcome.good or 1)
    wins, losses = int((gain > 0).sum()), int((gain < 0).sum())
    rare = outcome.begins or outcome.leaps
    difference = (statistics.skewed_mean if rare else statistics.mean)(d)
    better = statistics.share((gain > 0) + 0.5 * (gain == 0))
    if same:
        difference, better = Interval(0.0, 0.0, 0.0), Interval(0.5, 0.5, 0.5)
    row |= differences(a, b, difference, outcome.amount and not outcome.begins)
    shown, to_tell = change(row), np.nan
    if shown.how == "relative":
        half = abs(np.log1p(shown.value))
        to_tell = statistics.worlds_for(statistics.linearised(a, b), half)
    elif not outcome.begins:
        to_tell = statistics.worlds_for(d, abs(float(difference.value)))
    return row | {
        "wins": wins, "ties": worlds - wins - losses, "losses": losses,
        **named(better, "better", "better_low", "better_high"),
        "verdict": _verdict(outcome, shown, bool((d == 0).all())),
        **named(statistics.parts(a, b), "share_luck", "share_parameters", "share_policy"),
        **named(statistics.share_of_draws(d), "difference_parameters",
                 "difference_parameters_low", "difference_parameters_high"),
        "pairing": statistics.pairing(a, b),
        "worlds_to_tell": to_tell,
        "worlds_to_measure": np.nan if outcome.begins
                             else statistics.worlds_for(d, PRECISE * abs(a.mean())),
        **(_begun(a, b, days, replications) if outcome.begins else {}),
    }  # fmt: skip


def differences(a: np.ndarray, b: np.ndarray, mean: Interval, ratio: bool) -> dict[str, Any]:
    """Differences b - a of arrays (samples, replications): quantiles over worlds and mean. With
    `ratio` (only for outcomes whose relative differences make sense), also as shares of a."""
    relative, shares = Interval(np.nan, np.nan, np.nan), np.full(a.shape, np.nan)
    if ratio:
        relative = statistics.relative(a, b)
    if ratio and (a > 0).all():
        shares = b / a - 1
    return {
        **named(np.quantile(b - a, RANGE), "q05", "q50", "q95"),
        **named(np.quantile(shares, RANGE), "relative_q05", "relative_q50", "relative_q95"),
        "mean_a": a.mean(),
        "mean_b": b.mean(),
        **named(mean, "difference", "mean_low", "mean_high"),
        "standard_error": statistics.standard_error(b - a),
        **named(relative, "relative", "relative_mean_low", "relative_mean_high"),
    }


def _verdict(outcome: Outcome, shown: MeanDifference, tied: bool) -> str:
    """The verdict, from the interval that is shown."""
    if tied:
        return "no difference"
    if not (shown.low > 0 or shown.high < 0):
        return "not clear"
    up = shown.low > 0
    if outcome.good:
        return "better" if up == (outcome.good > 0) else "worse"
    return ("later" if up else "earlier") if outcome.begins else ("more" if up else "less")


def _begun(a: np.ndarray, b: np.ndarray, days: int, replications: int) -> dict[str, Any]:
    """How often something began, and how much later in worlds where it did under both policies.
    Each parameter sample is represented by those worlds."""
    both = (a < days) & (b < days)
    apart = np.where(both, b - a, np.nan)[both.any(axis=1)]
    later = Interval(np.nan, np.nan, np.nan)
    if len(apart) > 1:
        later = statistics.mean(np.nanmean(apart, axis=1)[:, None])
    return {
        "begins_a": (a < days).mean(), "begins_b": (b < days).mean(), "both": int(both.sum()),
        **named(later, "both_difference", "both_mean_low", "both_mean_high"),
    }  # fmt: skip


def series_table(names: tuple[str, ...], runs: Runs, replications: int) -> pd.DataFrame:
    """Fans by day, as documented in `Comparison`."""
    tables = []
    for s, metric in enumerate(SERIES):
        first = runs.series[0, s]
        for p, name in enumerate(names):
            level = runs.series[p, s]
            tables.append(_fan(level, replications).assign(metric=metric, policy=name, of="level"))
            if p:
                d = level - first
                fan = _fan(d, replications).assign(**_ahead(d, replications))
                tables.append(fan.assign(metric=metric, policy=name, of="difference"))
    table = pd.concat(tables, ignore_index=True)
    return table[["metric", "policy", "of", *table.columns.drop(["metric", "policy", "of"])]]


def _ahead(d: np.ndarray, replications: int) -> dict[str, np.ndarray]:
    """The probability of a difference above zero; ties count half. d is (worlds, days), NaN if it
    does not exist. It is exactly one half until the first difference in any world."""
    known = np.isfinite(d)
    share = statistics.share(
        nested(np.where(known, (d > 0) + 0.5 * (d == 0), np.nan), replications)
    )
    yet = np.logical_or.accumulate((known & (d != 0)).any(axis=0)) | ~known.any(axis=0)
    low, high = np.where(yet, share.low, 0.5), np.where(yet, share.high, 0.5)
    with np.errstate(invalid="ignore"):
        tied = (d == 0).sum(axis=0) / known.sum(axis=0)
    return named((share.value, low, high, tied), "ahead", "ahead_low", "ahead_high", "tied")


def _fan(values: np.ndarray, replications: int) -> pd.DataFrame:
    """Quantiles over worlds and the mean with its interval, one row per day. Values are (worlds,
    days), NaN in worlds that are left out on a day."""
    levels = np.full((len(QUANTILES), values.shape[1]), np.nan, values.dtype)
    whole = np.isfinite(values).all(axis=0)
    some = np.isfinite(values).any(axis=0) & ~whole
    for days, quantile in ((whole, np.quantile), (some, np.nanquantile)):
        if days.any():
            levels[:, days] = quantile(values[:, days], list(QUANTILES.values()), axis=0)
    mean = statistics.mean(nested(values, replications))
    return pd.DataFrame(
        {
            "day": np.arange(values.shape[1]),
            **dict(zip(QUANTILES, levels, strict=True)),
            **named(mean, "mean", "mean_low", "mean_high"),
        }
    )


def arm_table(
    names: tuple[str, ...],
    arms: tuple[str, ...],
    runs: Runs,
    replications: int,
    shares: np.ndarray,
    alike: list[bool],
) -> pd.DataFrame:
    """The effect of each policy on each arm, as documented in `Comparison`; `alike` marks the
    policies that treat all arms in the same way."""
    rows = []
    for p, name in enumerate(names):
        for at, arm in enumerate(arms):
            for k, outcome in enumerate(ARM_OUTCOMES):
                compared = pairs(runs.arms[p, ..., k].T, runs.first_arms[p, ..., k].T, at, shares)
                asked = {SAME: p > 0, WITHIN: not alike[p]}
                for effect in [effect for effect, one in asked.items() if one]:
                    a, b = (nested(values, replications) for values in compared[effect])
                    known = np.isfinite(a + b).all(axis=1)
                    if known.sum() < 2:
                        continue
                    a, b = a[known], b[known]
                    rows.append(
                        {
                            "policy": name, "arm": arm, "effect": effect, "outcome": outcome.name,
                            "label": outcome.label, "unit": outcome.unit,
                            **differences(a, b, statistics.mean(b - a), True),
                        }
                    )  # fmt: skip
    return pd.DataFrame(rows)


def nested(values: np.ndarray, replications: int) -> np.ndarray:
    """(worlds, ...) as (samples, replications, ...)."""
    return values.reshape(-1, replications, *values.shape[1:])


def _days(runs: Runs) -> int:
    return runs.series.shape[-1]


def named(values: tuple, *names: str) -> dict[str, Any]:
    """Values by name."""
    return dict(zip(names, values, strict=True))
