"""The tables of a comparison: each policy compared with the first one, outcome by outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from comsim.statistics import intervals as statistics
from comsim.statistics.intervals import RANGE, Interval
from comsim.studies.comparison.basis.arms import ARM_OUTCOMES
from comsim.studies.comparison.basis.lots import SAME, WITHIN, pairs
from comsim.studies.comparison.basis.trials import FEWEST_AGAIN
from comsim.studies.comparison.finding import ENDS, change
from comsim.studies.comparison.outcomes import OUTCOMES, SERIES, Outcome, censored
from comsim.studies.comparison.runs import Runs

WORTH = 0.05  # a relative effect that is worth having, by default (an assumption)
# Share of worlds with a difference of one sign from which a verdict is given (assumptions).
PROBABLY, NEARLY_SURE = 0.8, 0.95
PRECISE = 0.05  # half-width of a precise interval, as a share of the first policy's mean
SHARES = ("share_luck", "share_parameters", "share_policy", "difference_parameters",
          "difference_parameters_low", "difference_parameters_high")  # fmt: skip
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


def verdict_table(
    names: tuple[str, ...],
    runs: Runs,
    weights: np.ndarray | None = None,
    worth: float = WORTH,
    again: Sequence[Runs] | None = None,
    plausible: float = np.inf,
) -> pd.DataFrame:
    """The verdicts, as documented in `Comparison`. `weights`, (worlds,): by default all the same.
    `again`: the runs of the same policies in the first worlds with other random seeds, which divide
    the variance; none are needed with default parameters. Without them (None), it stays whole.
    `plausible`: the effective number of plausible worlds from which the worlds come, if known."""
    rows = []
    for p, name in enumerate(names[1:], 1):
        same = identical(runs, p)
        for k, outcome in enumerate(OUTCOMES):
            a, b = (x[:, None] for x in pair(runs, p, k))
            row = _row(outcome, a, b, weights, _days(runs), same, worth, plausible)
            shares = _shares(runs, again, p, k)
            rows.append({"policy": name, **row, **shares})
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
        before = np.minimum(a, b) < runs.starts[p]
        a, b = (np.where(before, np.nan, values) for values in (a, b))
    return a, b


def identical(runs: Runs, p: int) -> bool:
    """Whether a policy and the first one give the same results in every world, on every day."""
    return np.array_equal(runs.series[0], runs.series[p], equal_nan=True) and np.array_equal(
        runs.first[p], runs.outcomes[p], equal_nan=True
    )


def _row(
    outcome: Outcome,
    a: np.ndarray,
    b: np.ndarray,
    weights: np.ndarray | None,
    days: int,
    same: bool,
    worth: float,
    plausible: float = np.inf,
) -> dict[str, Any]:
    """One outcome of two policies; a and b are float64 (worlds, 1), NaN if it does not exist."""
    known = np.isfinite(a + b)[:, 0]  # worlds in which it exists under both policies
    row = {name: getattr(outcome, name) for name in ("name", "label", "unit", "good", "validated")}
    row = {"outcome": row.pop("name"), **row, "worlds": int(known.sum())}
    if outcome.begins:
        row["before"] = int((~np.isfinite(a + b)).sum())
    a, b, worlds = a[known], b[known], row["worlds"]
    w = None if weights is None else weights[known]
    if known.sum() < 2 or (w is not None and not w.sum() > 0):
        verdict = "begun before" if row.get("before") else "does not exist"
        return row | {"wins": 0, "ties": 0, "losses": 0, "verdict": verdict}
    d = b - a
    gain = d * (outcome.good or 1)
    wins, losses = int((gain > 0).sum()), int((gain < 0).sum())
    rare = outcome.begins or outcome.leaps
    difference = (statistics.skewed_mean if rare else statistics.mean)(d, w)
    better = statistics.share((gain > 0) + 0.5 * (gain == 0), w)
    if same:
        difference, better = Interval(0.0, 0.0, 0.0), Interval(0.5, 0.5, 0.5)
    row |= differences(a, b, difference, outcome.amount and not outcome.begins, w, plausible)
    row |= _worth(a, b, outcome, w, worth)
    shown, to_tell = change(row), np.nan
    if shown.how == "relative":
        half = abs(np.log1p(shown.value))
        to_tell = statistics.worlds_for(statistics.linearised(a, b, w), half, w)
    elif not outcome.begins:
        to_tell = statistics.worlds_for(d, abs(float(difference.value)), w)
    return row | {
        "wins": wins, "ties": worlds - wins - losses, "losses": losses,
        **named(better, "better", "better_low", "better_high"),
        "verdict": _verdict(outcome, d, w),
        "pairing": statistics.pairing(a, b, w),
        "worlds_to_tell": to_tell,
        "worlds_to_measure": np.nan if outcome.begins
                             else statistics.worlds_for(d, PRECISE * abs(row["mean_a"]), w),
        **(_begun(a, b, w, days) if outcome.begins else {}),
    }  # fmt: skip


def _shares(runs: Runs, again: Sequence[Runs] | None, p: int, k: int) -> dict[str, Any]:
    """The shares of variance of an outcome, from the worlds in which it exists under both policies
    with each random seed, whatever their weights."""
    nothing = dict.fromkeys(SHARES, np.nan)
    if again is None:
        return nothing
    several = [pair(each, p, k) for each in (runs, *again)]
    few = min(len(a) for a, _ in several)
    a, b = (np.stack([x[:few] for x in each], axis=1) for each in zip(*several, strict=True))
    known = np.isfinite(a + b).all(axis=1)
    if known.sum() < FEWEST_AGAIN:
        return nothing
    a, b = a[known], b[known]
    return named((*statistics.parts(a, b), *statistics.share_of_draws(b - a)), *SHARES)


def differences(
    a: np.ndarray,
    b: np.ndarray,
    mean: Interval,
    ratio: bool,
    weights: np.ndarray | None = None,
    plausible: float = np.inf,
) -> dict[str, Any]:
    """Levels and differences b - a of arrays (worlds, 1): quantiles over worlds and
    mean. With `ratio` (only for outcomes whose relative differences make sense), also as shares of
    a."""
    relative, shares = Interval(np.nan, np.nan, np.nan), np.full(a.shape, np.nan)
    if ratio:
        relative = statistics.relative(a, b, weights)
    if ratio and _share(a > 0, weights) >= NEARLY_SURE:
        shares = np.where(a > 0, b / np.where(a > 0, a, 1.0) - 1, np.nan)
    at = list(RANGE.values())
    of = {"": b - a, "relative_": shares, "a_": a, "b_": b}
    ends: dict[str, float] = {}
    for name in ("", "relative_"):
        for end in ENDS:
            interval = statistics.quantile_interval(of[name], RANGE[end], weights, plausible)
            ends |= named(interval, f"{name}{end}_low", f"{name}{end}_high")
    centres = np.average(np.stack([a, b]).mean(axis=2), axis=1, weights=weights)
    return {
        **{
            name + end: value
            for name, values in of.items()
            for end, value in zip(RANGE, statistics.quantiles(values, at, weights), strict=True)
        },
        **ends,
        **named(tuple(centres), "mean_a", "mean_b"),
        **named(mean, "difference", "mean_low", "mean_high"),
        "standard_error": statistics.standard_error(b - a, weights),
        **named(relative, "relative", "relative_mean_low", "relative_mean_high"),
    }


def _worth(
    a: np.ndarray, b: np.ndarray, outcome: Outcome, weights: np.ndarray | None, worth: float
) -> dict[str, Any]:
    """The shares of worlds in which an amount improves, or gets worse, by at least this share of
    the first policy's level (where neither is better: increases or decreases); NaN for others."""
    names = "gains", "gains_low", "gains_high", "loses"
    if not outcome.amount or outcome.begins or _share(a > 0, weights) < NEARLY_SURE:
        return named((np.nan,) * 4, *names)
    none = np.where(b > 0, np.inf, 0.0)  # a gain from nothing
    gain = np.where(a > 0, b / np.where(a > 0, a, 1.0) - 1, none) * (outcome.good or 1)
    gains = statistics.share((gain >= worth).astype(float), weights)
    return named((*gains, _share(gain <= -worth, weights)), *names)


def _share(marked: np.ndarray, weights: np.ndarray | None) -> float:
    """The share of worlds, (worlds, 1), that are marked."""
    return float(np.average(marked.mean(axis=1), weights=weights))


def _verdict(outcome: Outcome, d: np.ndarray, weights: np.ndarray | None) -> str:
    """The verdict, from the share of worlds in which the difference has one sign."""
    if (d == 0).all():
        return "no difference"
    up, down = (_share(x, weights) for x in (d > 0, d < 0))
    share = max(up, down)
    if share < PROBABLY:
        return "not clear"
    if outcome.good:
        word = "better" if (up > down) == (outcome.good > 0) else "worse"
    elif outcome.begins:
        word = "later" if up > down else "earlier"
    else:
        word = "more" if up > down else "less"
    return word if share >= NEARLY_SURE else f"probably {word}"


def _begun(a: np.ndarray, b: np.ndarray, weights: np.ndarray | None, days: int) -> dict[str, Any]:
    """How often something began, and how much later in worlds where it did under both policies."""
    both = (a < days) & (b < days)
    some = both[:, 0]
    apart = (b - a)[some]
    later = Interval(np.nan, np.nan, np.nan)
    if len(apart) > 1:
        w = None if weights is None else weights[some]
        later = statistics.mean(apart, w)
    begins = [_share(x < days, weights) for x in (a, b)]
    return {
        **named(tuple(begins), "begins_a", "begins_b"), "both": int(both.sum()),
        **named(later, "both_difference", "both_mean_low", "both_mean_high"),
    }  # fmt: skip


def series_table(
    names: tuple[str, ...], runs: Runs, weights: np.ndarray | None = None
) -> pd.DataFrame:
    """Fans by day, as documented in `Comparison`. `weights`, (worlds,)."""
    tables = []
    for s, metric in enumerate(SERIES):
        first = runs.series[0, s]
        for p, name in enumerate(names):
            level = runs.series[p, s]
            fan = _fan(level[:, None], weights)
            tables.append(fan.assign(metric=metric, policy=name, of="level"))
            if p:
                d = (level - first)[:, None]
                fan = _fan(d, weights).assign(**_ahead(d, weights))
                tables.append(fan.assign(metric=metric, policy=name, of="difference"))
    table = pd.concat(tables, ignore_index=True)
    return table[["metric", "policy", "of", *table.columns.drop(["metric", "policy", "of"])]]


def _ahead(d: np.ndarray, weights: np.ndarray | None) -> dict[str, np.ndarray]:
    """The probability of a difference above zero; ties count half. d is (worlds, 1, days),
    NaN if it does not exist. It is exactly one half until the first difference in any world."""
    known = np.isfinite(d)
    share = statistics.share(np.where(known, (d > 0) + 0.5 * (d == 0), np.nan), weights)
    somewhere = known.any(axis=(0, 1))
    yet = np.logical_or.accumulate((known & (d != 0)).any(axis=(0, 1))) | ~somewhere
    low, high = np.where(yet, share.low, 0.5), np.where(yet, share.high, 0.5)
    with np.errstate(invalid="ignore"):
        tied = (d == 0).sum(axis=(0, 1)) / known.sum(axis=(0, 1))
    return named((share.value, low, high, tied), "ahead", "ahead_low", "ahead_high", "tied")


def _fan(values: np.ndarray, weights: np.ndarray | None) -> pd.DataFrame:
    """Quantiles over worlds and the mean with its interval, one row per day. Values are (worlds, 1,
    days), NaN in worlds that are left out on a day."""
    levels = statistics.quantiles(values, list(QUANTILES.values()), weights)
    mean = statistics.mean(values, weights)
    return pd.DataFrame(
        {
            "day": np.arange(values.shape[-1]),
            **dict(zip(QUANTILES, levels, strict=True)),
            **named(mean, "mean", "mean_low", "mean_high"),
        }
    )


def arm_table(
    names: tuple[str, ...],
    arms: tuple[str, ...],
    runs: Runs,
    shares: np.ndarray,
    alike: list[bool],
    weights: np.ndarray | None = None,
) -> pd.DataFrame:
    """The effect of each policy on each arm, as documented in `Comparison`; `alike` marks the
    policies that treat all arms in the same way, `weights`, (worlds,)."""
    rows = []
    for p, name in enumerate(names):
        for at, arm in enumerate(arms):
            for k, outcome in enumerate(ARM_OUTCOMES):
                compared = pairs(runs.arms[p, ..., k].T, runs.first_arms[p, ..., k].T, at, shares)
                asked = {SAME: p > 0, WITHIN: not alike[p]}
                for effect in [effect for effect, one in asked.items() if one]:
                    a, b = (values[:, None] for values in compared[effect])
                    known = np.isfinite(a + b)[:, 0]
                    if known.sum() < 2:
                        continue
                    a, b = a[known], b[known]
                    w = None if weights is None else weights[known]
                    rows.append(
                        {
                            "policy": name, "arm": arm, "effect": effect, "outcome": outcome.name,
                            "label": outcome.label, "unit": outcome.unit,
                            **differences(a, b, statistics.mean(b - a, w), True, w),
                        }
                    )  # fmt: skip
    return pd.DataFrame(rows)


def _days(runs: Runs) -> int:
    return runs.series.shape[-1]


def named(values: tuple, *names: str) -> dict[str, Any]:
    """Values by name."""
    return dict(zip(names, values, strict=True))
