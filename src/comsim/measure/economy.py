"""What a community costs and brings: each figure with its formula, population and window.

Money is that of the model and unvalidated. None stands for a figure without anything to divide by.
The windows are the whole run; who is still inside on the last evening is censored there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.measure.metrics.orders import conversion_of, repurchase_of
from comsim.measure.metrics.stickiness import dau_mau_of
from comsim.model.catalogue import COSTS
from comsim.model.periods import MONTH

if TYPE_CHECKING:
    import pandas as pd

    from comsim.scenario import Scenario

COHORT = 3 * MONTH  # days of joining that make a cohort
CENTS = 100
ACQUISITION = [name for name in ("cost_recruitment", "cost_gifts", "cost_campaigns")
               if name in COSTS]  # fmt: skip


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
    """A share, or None of nothing."""
    return float(part) / float(whole) if whole else None


def acquisition_cost(daily: pd.DataFrame) -> float | None:
    """CAC: (recruitment with referral rewards + welcome gifts + campaigns) / people who joined.

    Population: everybody who joined, by word of mouth too. Unit: currency a person.
    """
    return ratio(daily[ACQUISITION].to_numpy().sum(), daily["joined"].sum())


def revenue_per_user(daily: pd.DataFrame) -> float | None:
    """ARPU: revenue / mean of monthly active members / (days / 30).

    Population: members who visited in the last 30 days. Unit: currency a member and 30 days.
    """
    return ratio(daily["revenue"].sum() * MONTH / len(daily), daily["mau"].mean())


def lifetime_value(members: pd.DataFrame) -> float | None:
    """LTV: sum over members of (orders - goods - coupons + fees - benefits) / members.

    Population: everybody who joined. Window: from joining to leaving, or to the last evening: for
    who is still inside it is what they have brought so far, so the figure is a lower bound. Income
    from ads is nobody's in particular and stays out. Unit: currency a member.
    """
    return ratio(members["earned"].sum() / CENTS, len(members))


def cohorts(members: pd.DataFrame, days: int) -> list[dict[str, Any]]:
    """LTV of those who joined in the same 90 days.

    `days` is the mean time for which they were observed, from joining to leaving or to the last
    evening, and `inside` the share who are censored there. Cohorts without members are left out.
    """
    joined = members["joined_day"].to_numpy()
    left = members["left_day"].to_numpy()
    observed = np.where(left >= 0, left, days - 1) - joined + 1
    found = []
    for number in np.unique(joined // COHORT).tolist():
        mine = joined // COHORT == number
        found.append(
            {
                "from_day": number * COHORT,
                "members": int(mine.sum()),
                "ltv": float(members["earned"].to_numpy()[mine].mean()) / CENTS,
                "days": float(observed[mine].mean()),
                "inside": float((left[mine] < 0).mean()),
            }
        )
    return found


def return_on_cost(profit: float, cost: float) -> float | None:
    """Return on cost (ROI): profit / cost, where profit is revenue - cost; None without cost."""
    return ratio(profit, cost)


def break_even(profit: np.ndarray) -> int | None:
    """First day from which the profit so far stays at zero or above; None if there is none.

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

    Expectation and disconfirmation (Oliver 1980); what is expected follows what was received.
    """
    return ratio(daily["satisfied"].sum(), daily["dau"].sum())


def response_rate(daily: pd.DataFrame) -> float | None:
    """Members' posts that members or the staff answered on the day they were written / members'
    posts."""
    return ratio(daily["answered"].sum() + daily["staff_replies"].sum(), daily["posts"].sum())


def goals(scenario: Scenario, daily: pd.DataFrame) -> list[dict[str, Any]]:
    """Each goal of the scenario: what was asked, what came, and whether it was attained.

    `value` is the mean of the metric over the goal's window, which ends with its day and begins
    no earlier than day 0.
    """
    found = []
    for goal in scenario.goals:
        day, bound = scenario.day_number(goal.day), getattr(goal, goal.test)
        window = daily[goal.metric].iloc[max(day - goal.window + 1, 0) : day + 1]
        value = float(window.mean())
        attained = value >= bound if goal.test == "at_least" else value <= bound
        found.append(
            {
                "metric": goal.metric,
                "day": day,
                "window": goal.window,
                goal.test: bound,
                "value": value,
                "attained": bool(attained),
            }
        )
    return found


def goal_attainment(found: list[dict[str, Any]]) -> float | None:
    """Goals attained / goals."""
    return ratio(sum(goal["attained"] for goal in found), len(found))


def owner_stopped(daily: pd.DataFrame) -> int | None:
    """First day on which nobody operated the community, or None."""
    idle = np.flatnonzero(daily["operated"].to_numpy() == 0)
    return int(idle[0]) if len(idle) else None
