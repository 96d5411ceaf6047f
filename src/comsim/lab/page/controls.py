"""The levers as the page lays them out: groups, reach of the sliders, words."""

from __future__ import annotations

from typing import Any

from comsim.lab.moves import FOR_A_DAY
from comsim.lab.phrasebook import LabPhrases, catalogue
from comsim.model.catalogue import LEVERS

# The groups of the README's table.
GROUPS = {
    "content": ("official_posts", "content_quality", "interactivity", "offers", "matching"),
    "incentives": ("contribution_reward", "recognition", "raffle", "coupon"),
    "reach": ("ad_pressure", "pushes"),
    "recruit": ("seed_group", "intake", "kol_reach", "referral_reward", "newcomer_reward",
                "entry_fee"),
    "welcome": ("welcome_gift", "greeting", "newcomer_tasks"),
    "rules": ("moderation", "personal_moderation", "response_rate"),
    "structure": ("subgroup_capacity", "core_group", "pyramid", "replication", "empowerment"),
    "events": ("online_event", "offline_event"),
    "business": ("release", "membership_fee", "paid_benefit", "membership_places"),
}  # fmt: skip
OPEN = ("content", "incentives", "reach")  # at first

# How far a slider reaches where the lever's own range is of no use to a hand; the number beside
# it takes all of the range.
TOP = {
    "seed_group": 300, "intake": 50, "kol_reach": 1000, "referral_reward": 50,
    "newcomer_reward": 50, "entry_fee": 100, "welcome_gift": 50, "official_posts": 10,
    "contribution_reward": 5, "raffle": 500, "ad_pressure": 10, "pushes": 5, "newcomer_tasks": 5,
    "subgroup_capacity": 500, "core_group": 200, "replication": 500, "membership_fee": 100,
    "membership_places": 2000,
}  # fmt: skip
WHOLE = ("seed_group", "kol_reach", "subgroup_capacity", "core_group", "replication", "pyramid",
         "membership_places")  # fmt: skip
RANGES = ("0 to 1", "0 or 1")  # units that say the range


def lever_groups(say: LabPhrases) -> list[dict[str, Any]]:
    """What the page's levers are made from: names, units, bounds and help, in groups."""
    return [
        {
            "name": group, "title": say.name("lever_group", group), "open": group in OPEN,
            "levers": [_lever(name, say) for name in names],
        }
        for group, names in GROUPS.items()
    ]  # fmt: skip


def _lever(name: str, say: LabPhrases) -> dict[str, Any]:
    lever = LEVERS[name]
    top = TOP.get(name, lever.high)
    title = say.name("lever", name)
    return {
        "name": name, "title": title[:1].upper() + title[1:], "low": lever.low,
        "high": lever.high, "top": top, "step": 1 if name in WHOLE else top / 100,
        "unit": _said(say, "lever_unit", lever.unit, lever.unit),
        "help": _said(say, "lever_help", name, lever.meaning),
        "range": "" if lever.unit in RANGES else
            say("lab.range_typed" if top < lever.high else "lab.range", low=say.short(lever.low),
                top=say.tick(top), high=say.tick(lever.high)),
        "once": name in FOR_A_DAY,
    }  # fmt: skip


def _said(say: LabPhrases, room: str, key: str, english: str) -> str:
    """What the model says in English, in the reader's language."""
    return catalogue()[room].get(key, {}).get(say.language, english)
