"""The life-cycle figure: who joined, who stayed, how members felt, and what they wrote."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from comsim.language.phrases import Words
from comsim.measure.record import Record
from comsim.model.catalogue import DAILY
from comsim.present.palette import METRICS
from comsim.present.report.calendar import table
from comsim.present.report.chart import (
    Days,
    Mark,
    Panel,
    Scale,
    Series,
    TimeChart,
    panel,
    stage_bands,
)
from comsim.present.report.moves import strip
from comsim.present.report.page import Section
from comsim.present.series import week_mean

MOST_STAGES = 6  # named one by one


def section(record: Record, words: Words, days: Days) -> Section:
    """Panels over the same days, with stages behind them and changes above them."""
    chart = time_chart(
        record, days, [_active(record, words, days), _members(record, words, days),
                       _states(record, words, days), _posts(record, words, days)],
    )  # fmt: skip
    daily = record.daily
    chart = replace(
        chart,
        stage_strip=True,
        changes=strip(record, words, days),
        table=table(
            words,
            [
                *((words.label(DAILY, name), daily[name].to_numpy(float), "mean")
                  for name in ("wau", "dau")),
                *((words.label(DAILY, name), daily[name].to_numpy(float), "last")
                  for name in ("members", "dormant")),
                *((words.label(DAILY, name), daily[name].to_numpy(float), "mean")
                  for name in ("interest_visitors", "trust_mean", "novelty")),
                *((words.label(DAILY, name), daily[name].to_numpy(float), "sum")
                  for name in ("posts", "official_posts")),
            ],
            days.count,
            unvalidated=[6],
        ),
    )  # fmt: skip
    return Section("life", words("topic.life"), _title(record, words), words("life.lead"), [chart])


def _title(record: Record, words: Words) -> str:
    """How long each stage lasts or, if there are many stages, the number of waves."""
    stages = record.summary["stages"]
    if len(stages) > MOST_STAGES:
        waves = sum(stage["stage"] == "growth" for stage in stages)
        return words("life.title_waves", n=words.number(waves), days=words.days(record.days))
    parts = [
        words("life.lasts", stage=words.name("stage", s["stage"]), days=words.days(s["days"]))
        for s in stages
    ]
    return words.sentence(parts)


def time_chart(record: Record, days: Days, panels: list[Panel]) -> TimeChart:
    """Panels over the days of a run, with its stages behind them."""
    return TimeChart(panels, days.ticks(), stage_bands(days, record.summary["stages"]))


def _active(record: Record, words: Words, days: Days) -> Panel:
    wau, dau = (record.daily[name].to_numpy(float) for name in ("wau", "dau"))
    at = int(wau.argmax())
    series = [
        Series(words("life.wau"), wau, METRICS["wau"]),
        Series(words("life.dau"), week_mean(dau), METRICS["dau"]),
        *_dots(record, words, "wau", "dau"),
    ]
    mark = Mark(at, wau[at], words("life.peak_mark", n=words.number(wau[at])), METRICS["wau"])
    return panel(days, words("life.active"), words("unit.people"), series, 230, marks=[mark])


def _members(record: Record, words: Words, days: Days) -> Panel:
    members, dormant = (record.daily[n].to_numpy(float) for n in ("members", "dormant"))
    muted = record.daily["muted"].to_numpy(float)
    series = [
        Series(words("life.awake"), members - dormant, "blue", "area"),
        Series(words("life.dormant"), members, "pale", "area", lower=members - dormant),
        *_dots(record, words, "members"),
    ]
    if muted.max(initial=0) > 0.01 * members.max(initial=0):
        series.append(Series(words("life.muted"), muted, METRICS["muted"]))
    share = dormant[-1] / members[-1] if members[-1] else None
    title = words("life.members", n=words.number(members[-1]), share=words.percent(share))
    return panel(days, title, words("unit.people"), series, 110)


def _states(record: Record, words: Words, days: Days) -> Panel:
    daily, end = record.daily, record.summary["end"]
    columns = {"interest": "interest_visitors", "trust": "trust_mean", "novelty": "novelty"}
    series = [
        Series(words(f"state.{name}"), daily[column].to_numpy(float), METRICS[name])
        for name, column in columns.items()
    ]
    title = words(
        "life.states",
        interest=words.short(_rounded(end["interest_visitors"])),
        trust=words.short(_rounded(end["trust_mean"])),
        novelty=words.short(_rounded(end["novelty"])),
    )
    return panel(days, title, words("unit.state"), series, 120, Scale(high=1.0), unvalidated=True)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _posts(record: Record, words: Words, days: Days) -> Panel:
    posts, official = (record.daily[n].to_numpy(float) for n in ("posts", "official_posts"))
    total = posts.sum() + official.sum()
    series = [
        Series(words("life.posts_members"), week_mean(posts), METRICS["posts"]),
        Series(words("life.posts_official"), week_mean(official), METRICS["official_posts"]),
        *_dots(record, words, "posts", "official_posts"),
    ]
    title = words("life.posts", share=words.percent(posts.sum() / total if total else None))
    return panel(days, title, words("unit.posts_a_day"), series, 110)


def _dots(record: Record, words: Words, *metrics: str) -> list[Series]:
    """The observed values of the real community, if there are any."""
    dots = []
    for name in metrics:
        if record.observed is not None and name in record.observed:
            values = np.full(record.days, np.nan)
            values[record.observed["day"].to_numpy()] = record.observed[name].to_numpy(float)
            label = words("life.observed", name=words.label(DAILY, name))
            dots.append(Series(label, values, METRICS[name], "dots", end=""))
    return dots
