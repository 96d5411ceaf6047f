"""The parts of the page that are drawn in the browser: the world, and the levers."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element

from comsim.lab import limits
from comsim.lab.page.controls import lever_groups
from comsim.lab.phrasebook import Words
from comsim.lab.view import KINDS, born_at
from comsim.lab.visit import Visit
from comsim.model.stages import STAGES
from comsim.present.report import moves
from comsim.run.simulation import shocks_of

# Okabe and Ito's colours, which nobody mistakes for one another.
BLACK, ORANGE, SKY, GREEN, BLUE, RED, PINK = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip
FUTURES = [BLUE, RED, GREEN, PINK]
TINTS = ("#ffffff", "#daf0de", "#d5e8f8", "#fce5cb", "#e2e2e2")  # of stages; the unborn have none

# Each chart: its lines as (column, colour, place among the lines told of several futures).
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


class World(Element, component="world.js", esm={"comsim-lab": "js"}):
    """The play bar, the charts and the field of members."""

    def __init__(self, visit: Visit, say: Words) -> None:
        super().__init__()
        scenario = visit.now.timeline.base
        said = say.room("world")
        said["stages_tip"] = said["stages_tip"].format(born=born_at(scenario))
        self._props.update(
            charts=[_chart(name, say) for name in CHARTS],
            say=said,
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


def planned(visit: Visit, say: Words) -> list[dict[str, Any]]:
    """What the scenario itself has in store, before any move: by day, levers that change by
    schedule, and what happens to the community."""
    timeline = visit.now.timeline
    words = Words(say.language, timeline.base.start)
    parts = ("day", "kind", "severity", "reach")
    shocks = [dict(zip(parts, shock, strict=True)) for shock in shocks_of(timeline.plan)]
    found: dict[int, list[str]] = {}
    for what, (day, _) in moves.planned(timeline.base, shocks, words):
        found.setdefault(day, []).append(what)
    return [{"day": day, "label": say.clauses(texts)} for day, texts in sorted(found.items())]


class Levers(Element, component="levers.js"):
    """All levers, as sliders in groups."""

    def __init__(self, say: Words) -> None:
        super().__init__()
        self._props.update(
            groups=lever_groups(say), once=say("lab.once"), cost=say.name("lab", "cost")
        )


def _chart(name: str, say: Words) -> dict[str, Any]:
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
