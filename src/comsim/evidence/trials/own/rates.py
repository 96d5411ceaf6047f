"""Base rates, in the brand launch."""

from __future__ import annotations

from typing import Any

import numpy as np

from comsim.evidence.trials.own.looks import counted
from comsim.evidence.trials.spec import NEWCOMERS
from comsim.evidence.world import FactWorld
from comsim.model.periods import WEEK

STICKY = 200  # day
SEVERAL = 3  # posts


def posters(world: FactWorld) -> dict[str, float | None]:
    """The share of all joiners who ever posted."""
    return mean(counted(launch(world), "posts") > 0)


def recruiters(world: FactWorld) -> dict[str, float | None]:
    """The share of all joiners who brought in anybody."""
    return mean(counted(launch(world), "recruits") > 0)


def several_posts(world: FactWorld) -> dict[str, float | None]:
    """The share of authors with at least three posts."""
    posts = counted(launch(world), "posts")
    return mean(posts[posts > 0] >= SEVERAL)


def recruits(world: FactWorld) -> dict[str, float | None]:
    """Recruits until the last day, per member who joined on days 30 to 150."""
    here = launch(world)
    first, last = NEWCOMERS
    joined = counted(here, "joined_day")
    return mean(counted(here, "recruits")[(joined >= first) & (joined <= last)])


def conversion(world: FactWorld) -> dict[str, float | None]:
    """Members who joined by word of mouth, divided by invitations that reached outsiders."""
    daily = launch(world).daily
    sent = float(daily["invitations"].sum())
    return {"effect": float(daily["joined_invited"].sum()) / sent if sent else None}


def sticky(world: FactWorld) -> dict[str, float | None]:
    """DAU/MAU, mean over the week that ends on day 200."""
    week = launch(world).daily[STICKY - WEEK + 1 : STICKY + 1]
    return mean(week["dau"] / np.maximum(week["mau"], 1))


def launch(world: FactWorld) -> Any:
    """The arrays of the launch on its last evening."""
    return world.run(world.scenario("launch")).world


def mean(values: np.ndarray) -> dict[str, float | None]:
    """The mean of a figure over members or days; None if there are none."""
    return {"effect": float(values.mean()) if len(values) else None}
