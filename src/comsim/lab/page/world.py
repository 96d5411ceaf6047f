"""The parts of the page that are drawn in the browser: the world, and the levers."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element

from comsim.lab import limits
from comsim.lab.page.controls import lever_groups
from comsim.lab.phrasebook import LabPhrases
from comsim.lab.view import KINDS, born_at
from comsim.lab.visit import Visit
from comsim.model.catalogue import LEVERS
from comsim.model.stages import STAGES
from comsim.present.report import moves
from comsim.run.simulation import shocks_of

# The palette of Okabe and Ito, which colour-blind readers can tell apart.
BLACK, ORANGE, SKY, GREEN, BLUE, RED, PINK = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip
NAMED = 2  # moves of a day that a mark names
FUTURES = [BLUE, RED, GREEN, PINK]
TINTS = ("#ffffff", "#daf0de", "#d5e8f8", "#fce5cb", "#e2e2e2")  # of stages; the unborn have none

# Each chart: its lines as (column, colour, rank where several futures are shown).
CHARTS: dict[str, list[tuple[str, str, int]]] = {
    "members": [("members", BLACK, 2), ("mau", SKY, 0), ("wau", BLUE, 1), ("dau", ORANGE, 0)],
    "feelings": [("trust", BLUE, 1), ("interest", RED, 2)],
    "posts": [("posts", BLUE, 1), ("official_posts", ORANGE, 2)],
    "money": [
        ("profit_cumulative", BLUE, 1),
        ("revenue_cumulative", GREEN, 0),
        ("cost_cumulative", RED, 0),
    ],
}


class WorldView(Element, component="world.js", esm={"comsim-lab": "js"}):
    """The play bar, the charts and the field of members."""

    def __init__(self, visit: Visit, say: LabPhrases) -> None:
        super().__init__()
        scenario = visit.now.timeline.base
        phrases = say.room("world")
        phrases["stages_tip"] = phrases["stages_tip"].format(born=born_at(scenario))
        self._props.update(
            charts=[_chart(name, say) for name in CHARTS],
            say=phrases,
            kinds=[{"name": say.name("kind", k), "tip": say.name("kind_tip", k)} for k in KINDS],
            planned=planned(visit, say),
            days=visit.days,
            start=scenario.start.isoformat(),
            language=say.language,
            colours=FUTURES,
            stages=[
                {"name": say.name("stage", stage), "tint": tint}
                for stage, tint in zip(STAGES, TINTS, strict=True)
            ],
            speeds=list(limits.SPEEDS),
            speed=visit.speed,
            differ=say.room("differ"),
            longest=limits.NAME,
        )


def planned(visit: Visit, say: LabPhrases) -> list[dict[str, Any]]:
    """What the scenario itself plans, by day: scheduled changes of levers, and shocks."""
    timeline = visit.now.timeline
    words = LabPhrases(say.language, timeline.base.start)
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
            {"column": column, "colour": colour, "main": main, "label": say.name("line", column),
             "tip": say.name("line_tip", column, "")}
            for column, colour, main in CHARTS[name]
        ],
    }  # fmt: skip
    if name == "feelings":
        chart["range"] = [0, 1]
        chart["bands"] = [
            {"low": f"{column}_low", "high": f"{column}_high", "colour": colour, "main": main == 1}
            for column, colour, main in CHARTS[name]
        ]
    return chart
