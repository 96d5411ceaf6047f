"""Costs and revenues of a community: each figure with its formula, population and window.

Money is that of the model, and not validated against data. A figure is None if its denominator is
zero. The window is the whole run; members who have not left are censored on the last evening.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.measure.metrics.orders import conversion_of, repurchase_of
from comsim.measure.metrics.stickiness import dau_mau_of
from comsim.model.periods import MONTH

if TYPE_CHECKING:
    import pandas as pd

    from comsim.scenario import Scenario

COHORT = 3 * MONTH  # days of joining that make a cohort
CENTS = 100
ACQUISITION = ["cost_recruitment", "cost_gifts", "cost_kol", "cost_fission"]


def economy(daily: pd.DataFrame, members: pd.DataFrame) -> dict[str, Any]:
    """All figures of a run, from its table of days and its table of members."""
    return {
        "cac": acquisition_cost(daily),
        "arpu": revenue_per_user(daily),
        "ltv": lifetime_value(members),
        "ltv_cohorts": cohorts(members, len(daily)),
        "roi": return_on_cost(daily["profit_cumulative"].iloc[-1], daily["cost"].sum()),
        "break_even_day": break_even(daily["profit_cumulative"].to_numpy()),
        "conversion": conversion_of(members["ordered"].to_numpy(), len(members)),
        "repurchase_rate": repurchase_of(members["ordered"].to_numpy()),
        "payer_share": payer_share(daily),
        "satisfaction": satisfaction(daily),
        "response_rate": response_rate(daily),
        "stickiness": dau_mau_of(daily["dau"].to_numpy(), daily["mau"].to_numpy()),
    }


def ratio(part: float, whole: float) -> float | None:
    """part / whole; None if `whole` is zero."""
    return float(part) / float(whole) if whole else None


def acquisition_cost(daily: pd.DataFrame) -> float | None:
    """CAC: acquisition cost / people who joined. The cost is that of recruitment, referral rewards,
    welcome gifts, KOL campaigns and rewards of invited newcomers.

    Population: all who joined, including by word of mouth. Unit: currency per person.
    """
    return ratio(daily[ACQUISITION].to_numpy().sum(), daily["joined"].sum())


def revenue_per_user(daily: pd.DataFrame) -> float | None:
    """ARPU: revenue / mean of monthly active members / (days / 30).

    Population: members who visited in the last 30 days. Unit: currency per member and 30 days.
    """
    return ratio(daily["revenue"].sum() * MONTH / len(daily), daily["mau"].mean())


def lifetime_value(members: pd.DataFrame) -> float | None:
    """LTV: sum over members of (orders - goods - coupons + fees - benefits) / members.

    Population: all who joined. Window: from joining to leaving, or to the last evening; for members
    who have not left, the figure is a lower bound. Revenue from ads is not attributed to members
    and is left out. Unit: currency per member.
    """
    return ratio(members["earned"].sum() / CENTS, len(members))


def cohorts(members: pd.DataFrame, days: int) -> list[dict[str, Any]]:
    """LTV of members who joined in the same 90 days.

    `days` is the mean time from joining to leaving, or to the last evening, and `inside` the share
    of members who are censored there. Cohorts without members are left out.
    """
    joined = members["joined_day"].to_numpy()
    left = members["left_day"].to_numpy()
    observed = np.where(left >= 0, left, days - 1) - joined + 1
    rows = []
    for number in np.unique(joined // COHORT).tolist():
        mine = joined // COHORT == number
        rows.append(
            {
                "from_day": number * COHORT,
                "members": int(mine.sum()),
                "ltv": float(members["earned"].to_numpy()[mine].mean()) / CENTS,
                "days": float(observed[mine].mean()),
                "inside": float((left[mine] < 0).mean()),
            }
        )
    return rows


def return_on_cost(profit: float, cost: float) -> float | None:
    """Return on cost (ROI): profit / cost, where profit is revenue - cost; None without cost."""
    return ratio(profit, cost)


def break_even(profit: np.ndarray) -> int | None:
    """First day from which cumulative profit stays at zero or above; None if there is none.

    profit: the cumulative profit of each day, in any unit.
    """
    losses = np.flatnonzero(profit < 0)
    even = int(losses[-1]) + 1 if len(losses) else 0
    return even if even < len(profit) else None


def payer_share(daily: pd.DataFrame) -> float | None:
    """Members whose membership is paid for / members, on the last evening."""
    return ratio(daily["payers"].iloc[-1], daily["members"].iloc[-1])


def satisfaction(daily: pd.DataFrame) -> float | None:
    """Visits that gave at least what the visitor expected / visits.

    Expectation and disconfirmation (Oliver 1980); expectation adapts to what members received.
    """
    return ratio(daily["satisfied"].sum(), daily["dau"].sum())


def response_rate(daily: pd.DataFrame) -> float | None:
    """Members' posts that members or the staff answered on the day they were written / members'
    posts."""
    return ratio(daily["answered"].sum() + daily["staff_replies"].sum(), daily["posts"].sum())


def goals(scenario: Scenario, daily: pd.DataFrame) -> list[dict[str, Any]]:
    """Each goal of the scenario: its bound, the value, and whether it was attained.

    `value` is the mean of the metric over the goal's window, which ends with its day and begins
    no earlier than day 0.
    """
    results = []
    for goal in scenario.goals:
        day, bound = scenario.day_number(goal.day), getattr(goal, goal.test)
        window = daily[goal.metric].iloc[max(day - goal.window + 1, 0) : day + 1]
        value = float(window.mean())
        attained = value >= bound if goal.test == "at_least" else value <= bound
        results.append(
            {
                "metric": goal.metric,
                "day": day,
                "window": goal.window,
                goal.test: bound,
                "value": value,
                "attained": bool(attained),
            }
        )
    return results


def goal_attainment(goals: list[dict[str, Any]]) -> float | None:
    """Goals attained / goals."""
    return ratio(sum(goal["attained"] for goal in goals), len(goals))


def owner_stopped(daily: pd.DataFrame) -> int | None:
    """First day on which nobody operated the community; None if it was always operated."""
    idle = np.flatnonzero(daily["operated"].to_numpy() == 0)
    return int(idle[0]) if len(idle) else None
