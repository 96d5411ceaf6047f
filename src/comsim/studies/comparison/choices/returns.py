"""What programmes cost and bring in, compared with the first policy and with one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from comsim.model.catalogue import COST_OF
from comsim.statistics import intervals as statistics
from comsim.statistics.intervals import RANGE
from comsim.studies.comparison.choices.budget import changed
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.outcomes import OUTCOMES
from comsim.studies.comparison.runs import Runs

OTHERS = "all others"
RANKED = ("wau_mean", "profit")  # compared with one another
COLUMNS = ("policy", "against", "figure", *RANGE, "mean", "ahead")


def return_table(
    policies: Sequence[Policy], runs: Runs, weights: np.ndarray | None = None
) -> pd.DataFrame:
    """Figures as documented in `Comparison.returns`. `weights`, (worlds,): by default all
    the same."""
    names = [policy.name for policy in policies]
    rows = []
    for p, policy in enumerate(policies[1:], 1):
        found = gains(runs.first[p], runs.outcomes[p], is_paid(policies[0], policy))
        rows += [
            {"policy": names[p], "against": names[0], "figure": figure, **row}
            for figure, row in _rows(found, weights)
        ]
    if len(policies) < 3:
        return pd.DataFrame(rows, columns=COLUMNS)
    levels = levels_of(runs)
    for figure, values in levels.items():
        for p, name in enumerate(names[1:], 1):
            for q, other in enumerate(names[1:], 1):
                if p != q:
                    row = _row(values[p] - values[q], weights)
                    rows.append({"policy": name, "against": other, "figure": figure, **row})
        ahead = values == values.max(axis=0)
        ahead = ahead / ahead.sum(axis=0)  # a tie counts in parts
        rows += [
            {
                "policy": name, "against": OTHERS, "figure": figure,
                **dict.fromkeys(RANGE, np.nan), "mean": np.nan,
                "ahead": float(np.average(share, weights=weights)),
            }
            for name, share in zip(names, ahead, strict=True)
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def levels_of(runs: Runs) -> dict[str, np.ndarray]:
    """Mean weekly members, and profit, of each policy from the day on which the first of them
    differs: float64 (policies, worlds). Policies can then be compared with one another."""
    day = runs.first_day
    wau, _, profit = runs.series.astype(np.float64).transpose(1, 0, 2, 3)
    return {"wau_mean": wau[..., day:].mean(axis=-1), "profit": profit[..., -1]}


def gains(one: np.ndarray, other: np.ndarray, paid: bool) -> dict[str, np.ndarray]:
    """What a policy has more than another one in each world: figures, float64 (worlds). `one` and
    `other` are outcomes (worlds, outcomes).

    - wau_mean: mean weekly members
    - spending: all costs but those of goods
    - margin: contribution margin, that is, revenue less goods
    - profit: margin less spending
    - return: profit over spending; NaN in worlds in which it does not spend more, and in all worlds
      if nothing that it changes is `paid` for: its consequences, such as a platform for more
      members, are no investment
    """
    more = other - one
    spending, profit = (more[:, _place(name)].round(2) for name in ("spending", "profit"))  # cents
    some = paid & (spending > 0)
    return {
        "wau_mean": more[:, _place("wau_mean")],
        "spending": spending,
        "margin": (profit + spending).round(2),
        "profit": profit,
        "return": np.where(some, profit / np.where(some, spending, 1.0), np.nan),
    }


def is_paid(first: Policy, policy: Policy) -> bool:
    """Whether something that a policy changes is paid for: a lever with a price, or a programme's
    own costs."""
    own = policy.costs is not None and policy.costs.paid
    return own or any(lever in COST_OF for lever in changed(first, policy))


def free_levers(first: Policy, policy: Policy) -> list[str]:
    """The levers that a policy changes without a price, unless it has a fixed cost."""
    if policy.costs is not None and policy.costs.fixed.any():
        return []
    return [lever for lever in changed(first, policy) if lever not in COST_OF]


def _rows(
    found: dict[str, np.ndarray], weights: np.ndarray | None
) -> Iterator[tuple[str, dict[str, float]]]:
    """Each figure and its statistics over worlds."""
    for figure, values in found.items():
        row = _row(values, weights)
        if figure == "return":  # of all that is spent: worlds with hardly any do not sway it
            known = np.isfinite(values)
            profit, spending = (
                np.average(np.where(known, found[name], 0.0), weights=weights)
                for name in ("profit", "spending")
            )
            row["mean"] = profit / spending if spending else np.nan
        yield figure, row


def _row(values: np.ndarray, weights: np.ndarray | None) -> dict[str, float]:
    """The statistics of a figure over worlds; NaN where it does not exist."""
    known = np.isfinite(values)
    ahead = (values > 0) + 0.5 * (values == 0)
    share, more, mean = (
        float(np.average(np.where(known, x, 0.0), weights=weights)) for x in (known, ahead, values)
    )
    ends = statistics.quantiles(values[:, None], list(RANGE.values()), weights).tolist()
    row = dict(zip(RANGE, ends, strict=True))
    if not share:
        return row | {"mean": np.nan, "ahead": np.nan}
    return row | {"mean": mean / share, "ahead": more / share}


def _place(name: str) -> int:
    return next(at for at, outcome in enumerate(OUTCOMES) if outcome.name == name)
