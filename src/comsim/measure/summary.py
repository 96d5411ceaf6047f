"""The numbers of a run, as summary.json holds them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from comsim.measure.economy import economy, goal_attainment, goals, owner_stopped
from comsim.measure.finding import finding
from comsim.measure.metrics.halflife import half_life_after_peak
from comsim.measure.observed import errors
from comsim.measure.retention import MONTHS, days_of, visits_of
from comsim.model.catalogue import COSTS, REVENUES

if TYPE_CHECKING:
    import pandas as pd

    from comsim.run.simulation import Run

TOTALS = (
    "joined", "left", "posts", "replies", "official_posts", "ad_impressions", "orders",
    "mutes", "unmutes",
)  # fmt: skip


def summary(run: Run, observed: pd.DataFrame | None = None) -> dict[str, Any]:
    """The numbers of a run, ready for JSON. A single world has no intervals."""
    daily, members, start = run.daily, run.members, run.scenario.start
    visits, earned = visits_of(run.world), economy(daily, members)
    uncertain = [
        name
        for name in run.parameters
        if (given := getattr(run.scenario.parameters, name)).low < given.high
    ]
    last, attained, stopped = daily.iloc[-1], goals(run.scenario, daily), owner_stopped(daily)
    return {
        "name": run.scenario.name,
        "finding": finding(run),
        "seed": run.seed,
        "days": len(daily),
        "start": start.isoformat(),
        "worlds": 1,
        "intervals": None,
        "stages": _spells("stage", run.stages, start),
        "phases": _spells("phase", run.phases, start),
        "peak": {name: _peak(daily[name], start) for name in ("members", "wau", "dau")},
        "end": {
            name: last[name]
            for name in ("members", "dormant", "muted", "mau", "wau", "dau", "interest_mean",
                         "interest_visitors", "trust_mean", "novelty")
        },
        "half_life_of_wau_after_peak": half_life_after_peak(daily["wau"]),
        "retention": [
            {"month": month, "days": days_of(month)} | visits.retention(month) for month in MONTHS
        ],
        "totals": {name: int(daily[name].sum()) for name in TOTALS},
        "money": _money(daily, earned, start),
        "economy": earned,
        "goals": attained,
        "goal_attainment": goal_attainment(attained),
        "owner_stopped": None if stopped is None else _dated(start, stopped),
        "drawn_parameters": {name: run.parameters[name] for name in uncertain},
        "observed": {} if observed is None else errors(daily, observed),
        "policy_changes": [
            {**_dated(start, int(day)), "change": words} for day, words in run.policy_changes
        ],
        "shocks": [
            {**_dated(start, day), "kind": kind, "severity": severity, "reach": reach}
            for day, kind, severity, reach in run.shocks
        ],
        "rules": dict(
            zip(run.plan.rule_names, run.world.rules["fired"].tolist(), strict=True)
        ),
        "rule_days": run.rule_days,
        "notes": run.notes,
        "unvalidated": ["trust", "money"],
    }  # fmt: skip


def _spells(what: str, spells: list[tuple[str, int, int]], start: date) -> list[dict[str, Any]]:
    """Stages or phases (name, first day, last day), with dates and lengths."""
    return [
        {what: name, **_dated(start, first), "days": last - first + 1}
        for name, first, last in spells
    ]


def _peak(series: pd.Series, start: date) -> dict[str, Any]:
    return {"value": int(series.max()), **_dated(start, int(series.argmax()))}


def _dated(start: date, day: int) -> dict[str, Any]:
    return {"day": day, "date": (start + timedelta(days=day)).isoformat()}


def _money(daily: pd.DataFrame, earned: dict[str, Any], start: date) -> dict[str, Any]:
    """`break_even` is the first day from which cumulative profit stays at zero or above; `roi` is
    profit over cost."""
    profit, even = daily["profit_cumulative"], earned["break_even_day"]
    return {
        "revenue": round(float(daily["revenue"].sum()), 2),
        "cost": round(float(daily["cost"].sum()), 2),
        "profit": float(profit.iloc[-1]),
        "roi": earned["roi"],
        "lowest_profit": float(profit.min()),
        "break_even": None if even is None else _dated(start, even),
        "costs": {name[len("cost_") :]: round(float(daily[name].sum()), 2) for name in COSTS},
        "revenues": {
            name[len("revenue_") :]: round(float(daily[name].sum()), 2) for name in REVENUES
        },
    }
