"""The levers as the page shows them, in groups: labels, ranges of the sliders and help."""

from __future__ import annotations

from typing import Any

from comsim.lab.phrasebook import LabPhrases
from comsim.model.catalogue import LEVERS, LEVERS_BY_GROUP, UNITS
from comsim.model.declare import GROUPS, Lever

OPEN = ("content", "incentives", "reach")  # groups that are shown first, and open
RANGES = ("0 to 1", "0 or 1")  # units that state the range


def lever_groups(say: LabPhrases) -> list[dict[str, Any]]:
    """The groups of levers, as the page's script takes them."""
    return [
        {
            "name": group, "title": say.label(GROUPS, group), "open": group in OPEN,
            "levers": [_lever(lever, say) for lever in LEVERS_BY_GROUP[group]],
        }
        for group in (*OPEN, *(group for group in GROUPS if group not in OPEN))
    ]  # fmt: skip


def _help(lever: Lever, say: LabPhrases) -> str:
    """What the lever is, and how well its effect is known."""
    evidence = say(f"grade.{lever.grade}", sources="; ".join(lever.sources))
    return f"{lever.explained(say.language)}\n{evidence}"


def _lever(lever: Lever, say: LabPhrases) -> dict[str, Any]:
    top = lever.high if lever.slider is None else lever.slider
    title = say.label(LEVERS, lever.name)
    return {
        "name": lever.name, "title": title[:1].upper() + title[1:], "low": lever.low,
        "high": lever.high, "top": top, "step": 1 if lever.whole else top / 100,
        "unit": say.label(UNITS, lever.unit), "help": _help(lever, say),
        "range": "" if lever.unit in RANGES else
            say("lab.range_typed" if top < lever.high else "lab.range", low=say.short(lever.low),
                top=say.tick(top), high=say.tick(lever.high)),
        "once": lever.act,
    }  # fmt: skip
