"""Every metric: a function of the event table, for real and simulated communities alike.

A new metric is one small file and one line here. DAILY holds daily series (events, days=None ->
array by day), METRICS single figures (events -> number, or None if undefined). Each states what it
counts (`comsim.measure.metrics.facts`): population, window, censoring, unit and source.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from comsim.measure.metrics import (
    activity,
    halflife,
    inequality,
    orders,
    participation,
    retention,
    rhythm,
    stickiness,
    totals,
)
from comsim.measure.metrics.facts import FACTS, about

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DAILY", "FACTS", "METRICS", "about", "daily_counts"]

DAILY: dict[str, Callable[..., np.ndarray]] = {
    "members": activity.members,
    "joined": activity.joined,
    "left": activity.left,
    "dau": activity.dau,
    "wau": activity.wau,
    "mau": activity.mau,
    "posters": activity.posters,
    "weekly_posters": activity.weekly_posters,
    "posts": activity.posts,
    "replies": activity.replies,
    "orders": activity.orders,
    "muted": activity.muted,
    "dormant": activity.dormant,
}

METRICS: dict[str, Callable[[pd.DataFrame], float | None]] = {
    "days": totals.days_covered,
    "joined": partial(totals.total, kind="join"),
    "left": partial(totals.total, kind="leave"),
    "posts": partial(totals.total, kind="post"),
    "replies": partial(totals.total, kind="reply"),
    "orders": partial(totals.total, kind="order"),
    "mutes": partial(totals.total, kind="mute"),
    "unmutes": partial(totals.total, kind="unmute"),
    "members_peak": partial(totals.peak, series=activity.members),
    "members_end": partial(totals.last, series=activity.members),
    "dormant_end": partial(totals.last, series=activity.dormant),
    "muted_end": partial(totals.last, series=activity.muted),
    "mau_end": partial(totals.last, series=activity.mau),
    "wau_peak": partial(totals.peak, series=activity.wau),
    "wau_end": partial(totals.last, series=activity.wau),
    "dau_mean": partial(totals.mean, series=activity.dau),
    "dau_peak": partial(totals.peak, series=activity.dau),
    "dau_best_week": partial(totals.best_week, series=activity.dau),
    "dau_end": partial(totals.last, series=activity.dau),
    "dau_wau": stickiness.dau_wau,
    "dau_mau": stickiness.dau_mau,
    "dau_members": stickiness.dau_members,
    **{
        f"visiting_month_{month}": partial(retention.retained, month=month)
        for month in (1, 2, 3, 6, 12)
    },
    "posting_month_1": partial(retention.posting, month=1),
    "posting_month_2": partial(retention.posting, month=2),
    "posting_month_3": partial(retention.posting, month=3),
    "never_posted": inequality.never_posted,
    "posts_gini": inequality.gini,
    "posts_top_tenth": inequality.top_share,
    "posters_wau": participation.posters_wau,
    "posters_accounts": participation.posters_accounts,
    "weekend_dau": partial(rhythm.weekend_weekday, series=activity.dau),
    "weekend_posts": partial(rhythm.weekend_weekday, series=activity.posts),
    "conversion": orders.conversion,
    "repurchase_rate": orders.repurchase_rate,
    "half_life_wau": partial(halflife.after_peak, series=activity.wau),
    "half_life_dau": partial(halflife.after_peak, series=activity.dau),
    "half_life_posts": partial(halflife.after_peak, series=activity.posts),
}


def daily_counts(events: pd.DataFrame, days: int | None = None) -> pd.DataFrame:
    """All DAILY series as a table with one row per day."""
    import pandas as pd

    table = {name: series(events, days) for name, series in DAILY.items()}
    return pd.DataFrame(table).rename_axis("day")
