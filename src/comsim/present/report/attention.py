"""What visitors spent attention on: ads, official posts, members' posts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from comsim.language.phrases import Words
from comsim.measure.record import Record
from comsim.present.report.calendar import table
from comsim.present.report.chart import Days, Series, panel
from comsim.present.report.life import time_chart
from comsim.present.report.page import Section

WEEK = 7
KINDS = (  # daily column, colour; from the bottom up
    ("items_members", "green"),
    ("items_official", "blue"),
    ("ad_impressions", "orange"),
)


def section(record: Record, words: Words, days: Days) -> Section:
    """What a visitor was shown on a visit, by kind, over 7 days."""
    daily = record.daily
    seen = {name: daily[name].to_numpy(float) for name, _ in KINDS}
    total = sum(values.sum() for values in seen.values())
    topic = words("topic.attention")
    if not total:
        return Section("attention", topic, words("attention.none"))
    visits = _week(daily["dau"].to_numpy(float))
    with np.errstate(invalid="ignore"):
        a_visit = {name: _week(values) / visits for name, values in seen.items()}
    series, below = [], np.zeros(len(daily))
    for name, colour in KINDS:
        top = below + a_visit[name]
        series.append(Series(words(f"attention.{name}"), top, colour, "area", lower=below))
        below = top
    drawn = panel(days, words("attention.a_visit"), words("unit.items"), series, 200)
    columns = [(words(f"attention.{name}"), a_visit[name], "mean") for name, _ in KINDS]
    chart = replace(time_chart(record, days, [drawn]), table=table(words, columns, days.count))
    shares = {name: words.percent(values.sum() / total) for name, values in seen.items()}
    title = words("attention.title", **shares)
    return Section("attention", topic, title, words("attention.lead"), [chart])


def _week(values: np.ndarray) -> np.ndarray:
    """Sum over the last 7 days; over fewer days at the beginning."""
    total = np.r_[0.0, np.cumsum(values)]
    stop = np.arange(1, len(total))
    return total[stop] - total[np.maximum(stop - WEEK, 0)]
