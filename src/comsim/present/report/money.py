"""Money: revenue, costs, and whether they were earned back. All of it is unvalidated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from comsim.language.phrases import Words
from comsim.measure.record import Record
from comsim.model.catalogue import COLUMNS
from comsim.present.palette import METRICS
from comsim.present.report.calendar import bins, table, total
from comsim.present.report.chart import Days, Mark, Panel, Scale, Series, panel
from comsim.present.report.life import time_chart
from comsim.present.report.page import Section, Tile, Tiles

COLOURS = ("orange", "red", "pink", "sky", "brown", "grey", "ink")
LEAST = 0.002  # share of all cost below which a kind is counted among the others


def section(record: Record, words: Words, days: Days) -> Section:
    """Revenue (upwards) and costs (downwards) by month, and cumulative profit."""
    money = record.summary["money"]
    kinds = _kinds(record, words)
    chart = replace(
        time_chart(
            record, days, [_flows(record, words, days, kinds), _profit(record, words, days)]
        ),
        table=table(
            words,
            [
                (words("money.revenue"), record.daily["revenue"].to_numpy(float), "sum"),
                *((name, values, "sum") for name, values, _ in kinds),
                (words("money.profit"), record.daily["profit_cumulative"].to_numpy(float), "last"),
            ],
            days.count,
            unvalidated=range(1, len(kinds) + 3),
        ),
    )
    even = money["break_even"]
    title = words(
        "money.even" if even else "money.not_even",
        when=words.date(even["day"]) if even else "",
        profit=words.number(money["profit"]),
        revenue=words.number(money["revenue"]),
        cost=words.number(money["cost"]),
    )
    return Section(
        "money", words("topic.money"), title, words("unvalidated.money"),
        [tiles(record, words), chart], unvalidated=True,
    )  # fmt: skip


def tiles(record: Record, words: Words) -> Tiles:
    """What a member costs, and what a member earns."""
    economy = record.summary["economy"]
    tiles = [
        (name, words.number(economy[name], 2), words(f"money.{name}_note"))
        for name in ("cac", "arpu", "ltv")
    ]
    tiles += [
        (name, words.percent(economy[name]), words(f"money.{name}_note"))
        for name in ("conversion", "repurchase_rate")
    ]
    if record.daily["payers"].any():
        tiles.append(("payers", words.percent(economy["payer_share"]), words("money.payers_note")))
    return Tiles([Tile(words(f"money.{name}"), value, note, True) for name, value, note in tiles])


def _kinds(record: Record, words: Words) -> list[tuple[str, np.ndarray, str]]:
    """(name, cost by day, colour) of each kind of cost that is not negligible, largest first."""
    costs = record.summary["money"]["costs"]
    total_cost = sum(costs.values())
    ranked = sorted((name for name in costs if costs[name] > 0), key=lambda n: (-costs[n], n))
    large = [n for n in ranked if costs[n] > LEAST * total_cost][: len(COLOURS) - 1]
    small = [name for name in ranked if name not in large]
    kinds = [
        (_entry(name, words), record.daily[f"cost_{name}"].to_numpy(float), colour)
        for name, colour in zip(large, COLOURS, strict=False)
    ]
    if small:
        rest = sum(record.daily[f"cost_{name}"].to_numpy(float) for name in small)
        kinds.append((words("money.other"), rest, COLOURS[-1]))
    return kinds


def _entry(cost: str, words: Words) -> str:
    """The name of a kind of cost in the ledger."""
    column = COLUMNS.get(f"cost_{cost}")
    return cost.replace("_", " ") if column is None else column.entry(words.language)


def _flows(
    record: Record, words: Words, days: Days, kinds: list[tuple[str, np.ndarray, str]]
) -> Panel:
    parts = bins(words, days.count)
    revenue, blue = total(record.daily["revenue"].to_numpy(float), parts), METRICS["revenue"]
    series = [Series(words("money.revenue"), revenue, blue, "bars", lower=0 * revenue, bins=parts)]
    below = np.zeros(days.count)
    for name, values, colour in kinds:
        down = below - total(values, parts)
        series.append(Series(name, down, colour, "bars", lower=below, bins=parts))
        below = down
    title = words("money.flows_weeks" if len(parts) and days.count <= 100 else "money.flows")
    return panel(days, title, words("unit.currency"), [replace(s, end="") for s in series], 210,
                 scale=Scale(low=None), unvalidated=True)  # fmt: skip


def _profit(record: Record, words: Words, days: Days) -> Panel:
    profit = record.daily["profit_cumulative"].to_numpy(float)
    even = record.summary["money"]["break_even"]
    marks = []
    if even and even["day"] > 0:
        marks = [Mark(even["day"], 0.0, words("money.even_mark"), "ink", "end")]
    end = words.number(profit[-1])
    series = [Series(words("money.profit"), profit, METRICS["profit"], end=end)]
    return panel(days, words("money.profit"), words("unit.currency"), series, 130, Scale(low=None),
                 marks, unvalidated=True)  # fmt: skip
