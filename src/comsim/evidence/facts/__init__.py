"""How each fact is measured in a world: figures by name, None for a figure that does not exist.

A new fact needs a table in `facts.toml`, a function of a world, and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from comsim.evidence.facts import (
    ads,
    billboard,
    cascade,
    closed_intake,
    first_posts,
    friends,
    inequality,
    moderation,
    participation,
    pushes,
    rewards,
    scale,
    spike,
    success,
    two_years,
    word_of_mouth,
)
from comsim.evidence.world import FactWorld

MEASURES: dict[str, Callable[[FactWorld], Mapping[str, float | None]]] = {
    "F1": inequality.unequal,
    "F2": participation.posters,
    "F3": participation.sticky,
    "F4": participation.week,
    "F6": closed_intake.decay,
    "F7": first_posts.replied,
    "F8": ads.arms,
    "F9": pushes.arms,
    "F10": rewards.twins,
    "F11": friends.returns,
    "F12": word_of_mouth.s_curve,
    "F13": scale.accounts,
    "F14": scale.size,
    "F15": cascade.jumps,
    "F16": moderation.newcomers,
    "F17": moderation.styles,
    "F18": spike.launch,
    "F19": two_years.used_up,
    "F20": billboard.muted,
    "F21": success.agreement,
}
