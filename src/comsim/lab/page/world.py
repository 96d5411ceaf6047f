"""The parts of the page that are drawn in the browser: the world, and the levers."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element

from comsim.lab import limits
from comsim.lab.page.controls import lever_groups
from comsim.lab.phrasebook import LabPhrases
from comsim.lab.view import KINDS
from comsim.lab.visit import Visit
from comsim.model.catalogue import LEVERS
from comsim.model.stages import STAGES, few_of
from comsim.present import palette
from comsim.present.report import moves
from comsim.run.simulation import shocks_of

NAMED = 2  # moves of a day that a mark names
FUTURES = [palette.COLOURS[name] for name in palette.SERIES[: limits.BRANCHES]]

# Each chart: its lines as (column, rank where several futures are shown; 0: not shown there).
CHARTS: dict[str, list[tuple[str, int]]] = {
    "members": [("members", 2), ("mau", 0), ("wau", 1), ("dau", 0)],
    "feelings": [("trust", 1), ("interest", 2)],
    "posts": [("posts", 1), ("official_posts", 2)],
    "money": [("profit_cumulative", 1), ("revenue_cumulative", 0), ("cost_cumulative", 0)],
}


class WorldView(Element, component="world.js", esm={"comsim-lab": "js"}):
    """The play bar, the charts and the field of members."""

    def __init__(self, visit: Visit, say: LabPhrases) -> None:
        super().__init__()
        scenario = visit.now.timeline.base
        phrases = say.room("world")
        phrases["stages_tip"] = phrases["stages_tip"].format(
            few=f"{few_of(scenario.community.market):.0f}"
        )
        self._props.update(
            charts=[_chart(name, say) for name in CHARTS],
            say=phrases,
            kinds=[
                {
                    "name": say.name("kind", kind),
                    "tip": say.name("kind_tip", kind),
                    "colour": palette.COLOURS[palette.MEMBERS[kind]],
                }
                for kind in KINDS
            ],
            planned=planned(visit, say),
            days=visit.days,
            start=scenario.start.isoformat(),
            language=say.language,
            colours=FUTURES,
            stages=[
                {"name": say.name("stage", stage), "tint": palette.STAGES[stage]}
                for stage in STAGES
            ],
            speeds=list(limits.SPEEDS),
            speed=visit.speed,
            differ=say.room("differ"),
            longest=limits.NAME,
        )


def planned(visit: Visit, say: LabPhrases) -> list[dict[str, Any]]:
    """What the scenario itself plans, by day: scheduled changes of levers, and shocks."""
    timeline = visit.now.timeline
    words = LabPhrases(say.language, timeline.base.dates)
    parts = ("day", "kind", "severity", "reach")
    shocks = [dict(zip(parts, shock, strict=True)) for shock in shocks_of(timeline.plan)]
    labels: dict[int, list[str]] = {}
    for what, (day, _) in moves.planned(timeline.base, shocks, words):
        labels.setdefault(day, []).append(what)
    return [{"day": day, "label": say.clauses(texts)} for day, texts in sorted(labels.items())]


def marks(visit: Visit, say: LabPhrases) -> list[dict[str, Any]]:
    """A mark for each day and future (None: all futures) on which levers were moved.

    Moves that another future shares with the first one are marked once.
    """
    moves = [dict.fromkeys(future.timeline.moves) for future in visit.futures]
    labels: dict[tuple[int, int | None], list[str]] = {}
    for future, own in zip(visit.futures, moves, strict=True):
        for move in own:
            if own is moves[0] or move not in moves[0]:
                whose = None if all(move in other for other in moves) else future.colour
                text = say(
                    "lab.mark", lever=say.label(LEVERS, move.lever), value=say.short(move.value)
                )
                labels.setdefault((move.day, whose), []).append(text)
    return [
        {"day": day, "future": whose, "label": _brief(say, texts)}
        for (day, whose), texts in sorted(labels.items(), key=lambda item: item[0][0])
    ]


def _brief(say: LabPhrases, texts: list[str]) -> str:
    """The first moves, and the number of the others."""
    more = len(texts) - NAMED
    return say.listed(texts[:NAMED] + ([f"+{more}"] if more > 0 else []))


class Levers(Element, component="levers.js"):
    """All levers, as sliders in groups."""

    def __init__(self, say: LabPhrases) -> None:
        super().__init__()
        self._props.update(
            groups=lever_groups(say), once=say("lab.once"), cost=say.name("lab", "cost")
        )


def _chart(name: str, say: LabPhrases) -> dict[str, Any]:
    chart: dict[str, Any] = {
        "name": name, "title": say.name("chart", name), "names": name == "members",
        "even": "profit_cumulative" if name == "money" else None,
        "lines": [
            {"column": column, "colour": _colour(column), "main": main,
             "label": say.name("line", column), "tip": say.name("line_tip", column, "")}
            for column, main in CHARTS[name]
        ],
    }  # fmt: skip
    if name == "feelings":
        chart["range"] = [0, 1]
        chart["bands"] = [
            {"low": f"{column}_low", "high": f"{column}_high", "colour": _colour(column),
             "main": main == 1}
            for column, main in CHARTS[name]
        ]  # fmt: skip
    return chart


def _colour(column: str) -> str:
    return palette.metric(column.removesuffix("_cumulative"))
