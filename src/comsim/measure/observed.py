"""A simulated community compared with an observed one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comsim.common.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd


def errors(daily: pd.DataFrame, observed: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """For each observed metric, over the days on which it was observed: the mean absolute error
    and the bias (simulated less observed), in its unit and as shares of the observed mean.

    The shares are None if the observed mean is zero. A metric that was never observed has only
    `days`, which is 0.
    """
    table = {}
    numbers = daily.select_dtypes("number").columns.drop("day")
    for metric in observed.columns.drop("day"):
        if metric not in numbers:
            raise InputError.at("observed", metric, "no daily number", nearest(metric, numbers))
        seen = observed.dropna(subset=[metric])
        if seen.empty:
            table[metric] = {"days": 0}
            continue
        difference = daily[metric].to_numpy()[seen["day"]] - seen[metric].to_numpy()
        mean = float(seen[metric].mean())
        error, bias = float(abs(difference).mean()), float(difference.mean())
        table[metric] = {
            "days": len(seen),
            "observed_mean": mean,
            "mean_absolute_error": error,
            "bias": bias,
            "error_share": error / mean if mean else None,
            "bias_share": bias / mean if mean else None,
        }
    return table


def in_words(metric: str, error: dict[str, Any]) -> str:
    """One line about one metric."""
    if not error["days"]:
        return f"{metric}: never observed in these days"
    mean, off, bias = (error[key] for key in ("observed_mean", "mean_absolute_error", "bias"))
    text = f"{metric}: off by {off:,.4g} a day on average"
    if error["error_share"] is None:
        return f"{text} (observed mean 0, {error['days']} days)"
    side = "above" if bias > 0 else "below"
    return (
        f"{text}, {error['error_share']:.0%} of the observed mean of {mean:,.4g}; "
        f"{abs(error['bias_share']):.0%} {side} it ({error['days']} days)"
    )
