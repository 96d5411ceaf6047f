"""What a run comes to: one sentence, and the numbers behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from comsim.metrics.halflife import half_life
from comsim.observed import errors

if TYPE_CHECKING:
    import pandas as pd

    from comsim.simulation import Run

MONTH = 365.25 / 12
SHORT = 92  # days; a life so short is told in days, a longer one in months

TOTALS = (
    "joined", "left", "posts", "replies", "official_posts", "ad_impressions", "orders",
    "mutes", "unmutes",
)  # fmt: skip


def finding(run: Run) -> str:
    """The life of the community in one line."""
    wau, stages = run.daily["wau"], run.stages
    days = len(wau)
    when = _in_days if days <= SHORT else _in_months
    peak = int(wau.max())
    if all(stage == "seeding" for stage, _, _ in stages):
        return f"never takes off: at most {peak:,} weekly members"
    parts = [f"peaks at {peak:,} weekly members {when(int(wau.argmax()), 'in')}"]
    waves = sum(stage == "growth" for stage, _, _ in stages)
    if waves > 1:
        parts.append(f"{waves} waves")
    name, first, _ = stages[-1]
    if name == "dormancy" and len(stages) > 1 and stages[-2][0] == "decline":
        parts.append(f"in decline {when(stages[-2][1], 'from')}")
    parts.append(
        {
            "growth": "still growing at the end",
            "activity": "still active at the end",
            "decline": f"in decline {when(first, 'from')}",
            "dormancy": f"dormant {when(first, 'from')}",
        }[name]
    )
    return ", ".join(parts)


def _in_days(day: int, word: str) -> str:
    return f"{'on' if word == 'in' else word} day {day}"


def _in_months(day: int, word: str) -> str:
    return f"{word} month {int(day / MONTH) + 1}"


def summary(run: Run, observed: pd.DataFrame | None = None) -> dict[str, Any]:
    """The numbers of a run, ready for JSON. There are no intervals: it is one world."""
    daily, start = run.daily, run.scenario.start
    uncertain = [
        name
        for name in run.parameters
        if (given := getattr(run.scenario.parameters, name)).low < given.high
    ]
    peaks = {
        name: {"value": int(daily[name].max()), **_dated(start, int(daily[name].argmax()))}
        for name in ("members", "wau", "dau")
    }
    last = daily.iloc[-1]
    return {
        "name": run.scenario.name,
        "finding": finding(run),
        "seed": run.seed,
        "days": len(daily),
        "start": start.isoformat(),
        "worlds": 1,
        "intervals": None,
        "stages": [
            {"stage": stage, **_dated(start, first), "days": last - first + 1}
            for stage, first, last in run.stages
        ],
        "peak": peaks,
        "end": {
            name: last[name]
            for name in ("members", "dormant", "muted", "mau", "wau", "dau", "interest_mean",
                         "trust_mean", "novelty")
        },
        "half_life_of_wau_after_peak": _half_life(daily["wau"], peaks["wau"]["day"]),
        "totals": {name: int(daily[name].sum()) for name in TOTALS},
        "money": _money(daily, start),
        "drawn_parameters": {name: run.parameters[name] for name in uncertain},
        "observed": {} if observed is None else errors(daily, observed),
        "policy_changes": [
            {**_dated(start, int(day)), "change": words} for day, words in run.plan.policy_changes
        ],
        "rules": dict(
            zip(run.plan.rule_names, run.world.rules["fired"].tolist(), strict=True)
        ),
        "notes": run.notes,
        "unvalidated": ["trust", "money"],
    }  # fmt: skip


def _half_life(wau: pd.Series, peak: int) -> float | None:
    """Days, by the fit of `comsim.metrics.halflife`; None where it wasn't lived to see."""
    days = half_life(wau, peak)
    return None if days is None or days > len(wau) - peak else days


def _dated(start: Any, day: int) -> dict[str, Any]:
    return {"day": day, "date": (start + timedelta(days=day)).isoformat()}


def _money(daily: pd.DataFrame, start: Any) -> dict[str, Any]:
    """`break_even` is the first day from which the profit so far stays at zero or above."""
    profit = daily["profit_cumulative"].to_numpy()
    losses = (profit < 0).nonzero()[0]
    even = int(losses[-1]) + 1 if len(losses) else 0
    costs = [name for name in daily if name.startswith("cost_") and name != "cost_cumulative"]
    return {
        "revenue": round(float(daily["revenue"].sum()), 2),
        "cost": round(float(daily["cost"].sum()), 2),
        "profit": float(profit[-1]),
        "lowest_profit": float(profit.min()),
        "break_even": _dated(start, even) if even < len(daily) else None,
        "costs": {name[5:]: round(float(daily[name].sum()), 2) for name in costs},
    }
