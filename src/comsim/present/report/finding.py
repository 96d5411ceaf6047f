"""The finding: headline, key figures, and the life of the community in sentences."""

from __future__ import annotations

from typing import Any

from comsim.language.phrases import Words
from comsim.measure.finding import finding_of
from comsim.measure.record import Record
from comsim.model.catalogue import DAILY
from comsim.present.report.page import Items, Tile, Tiles

MOST_SPELLS = 8  # stages or phases in a sentence
SERVED = ("satisfaction", "response_rate", "stickiness")


def headline(record: Record, words: Words) -> str:
    """The life of the community in one line."""
    stages = [(s["stage"], s["day"], s["day"] + s["days"] - 1) for s in record.summary["stages"]]
    return words.sentence([finding_of(record.daily["wau"].to_numpy(), stages, words)])


def tiles(record: Record, words: Words) -> Tiles:
    """The key figures in a row."""
    summary, money = record.summary, record.summary["money"]
    peak, half = summary["peak"]["wau"], summary["half_life_of_wau_after_peak"]
    even = money["break_even"]
    stay = summary["retention"]
    return Tiles(
        [
            Tile(words("tile.peak"), words.number(peak["value"]), words.moment(peak["day"])),
            Tile(
                words("tile.half_life"),
                words.days(half) if half is not None else "–",
                words("tile.half_life_note" if half is not None else "tile.no_half_life"),
            ),
            Tile(
                words("tile.members"),
                words.number(summary["end"]["members"]),
                words("tile.members_note", n=words.number(summary["totals"]["joined"])),
            ),
            Tile(
                words("tile.retention"),
                " / ".join(_of_hundred(x["share"], words) for x in stay),
                words("tile.retention_note", days=" / ".join(_span(x) for x in stay)),
            ),
            Tile(
                words("tile.break_even"),
                words.about(even["day"]) if even else words("tile.never"),
                words.date(even["day"]) if even else words("tile.no_break_even"),
                unvalidated=True,
            ),
            Tile(
                words("tile.roi"),
                words.percent(money["roi"]),
                words("tile.roi_note"),
                unvalidated=True,
            ),
        ]
    )


def _of_hundred(share: float | None, words: Words) -> str:
    return words.number(None if share is None else 100 * share)


def _span(retention: dict[str, Any]) -> str:
    """The days of a month after joining."""
    return "{}–{}".format(*retention["days"])


def _spells(what: str, spells: list[dict[str, Any]], words: Words) -> str:
    """Stages, or phases, with their first days; of very many the first and the last."""
    named = [
        words("life.stage", stage=words.name(what, spell[what]), when=words.date(spell["day"]),
              days=words.days(spell["days"]))
        for spell in spells
    ]  # fmt: skip
    if len(named) > MOST_SPELLS:
        between = words("life.more_stages", n=words.number(len(named) - MOST_SPELLS))
        named = [*named[: MOST_SPELLS - 1], between, named[-1]]
    return words.listed(named)


def life(record: Record, words: Words) -> Items:
    """The life of the community in sentences."""
    summary, money = record.summary, record.summary["money"]
    peak, half = summary["peak"]["wau"], summary["half_life_of_wau_after_peak"]
    lines = [
        words("life.peak", n=words.number(peak["value"]), when=words.moment(peak["day"])),
        words("life.stages", stages=_spells("stage", summary["stages"], words)),
        *([words("life.phases", phases=_spells("phase", summary["phases"], words))]
          if "phases" in summary else []),
        words("life.half_life", n=words.days(half)) if half is not None
        else words("life.no_half_life"),
    ]  # fmt: skip
    kept = [
        words("life.kept", share=words.percent(x["share"]), days=_span(x))
        for x in summary["retention"]
        if x["share"] is not None
    ]
    if kept:
        lines.append(words("life.retention", kept=words.listed(kept)))
    even = money["break_even"]
    key = "life.break_even" if even else "life.no_break_even"
    when = words.moment(even["day"]) if even else ""
    lines.append(
        words(key, when=when, revenue=words.number(money["revenue"]),
              cost=words.number(money["cost"]), roi=words.percent(money["roi"]))
    )  # fmt: skip
    return Items([*lines, *operation(record, words)], unvalidated=[len(lines) - 1])


def operation(record: Record, words: Words) -> list[str]:
    """Service to visitors, goals, and whether the owner stopped paying."""
    summary = record.summary
    served = {name: words.percent(summary["economy"][name]) for name in SERVED}
    lines = [words("life.served", **served)]
    for goal in summary["goals"]:
        key = "at_least" if "at_least" in goal else "at_most"
        lines.append(
            words(f"life.goal_{key}", metric=words.label(DAILY, goal["metric"]),
                  bound=words.short(goal[key]), when=words.date(goal["day"]),
                  value=words.short(goal["value"]), window=words.days(goal["window"]),
                  attained=words("life.attained" if goal["attained"] else "life.missed"))
        )  # fmt: skip
    if stopped := summary["owner_stopped"]:
        lines.append(words("life.owner_stopped", when=words.moment(stopped["day"])))
    return lines
