"""Communities that begin after day 0, and policies that begin in the middle of a life."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from comsim.model.catalogue import LEVERS
from comsim.model.kernel.mechanisms.owner import OWNER
from comsim.run.simulation import live
from comsim.scenario import Plan

ONCE = np.array([lever.once for lever in LEVERS.values()])


def begun(plan: Plan, born: int) -> Plan:
    """The plan of a community that begins on a day: what levers do once, on day 0 (the seed group),
    they do on that day. Its days before are not simulated."""
    if not born:
        return plan
    table = plan.lever_table.copy()
    table[born][:, ONCE] = np.maximum(table[born], table[0])[:, ONCE]
    table[:born, :, ONCE] = 0.0
    return replace(plan, lever_table=table)


def from_today(first: Plan, other: Plan, day: int) -> Plan:
    """A plan that has the levers and shocks of the first one before a day. Its rules and its owner
    act from that day on, since the world is carried over then (`comsim.run.snapshots.carry_on`)."""
    if not day:
        return other
    table = other.lever_table.copy()
    table[:day] = first.lever_table[:day]
    shocks = [plan.shocks[(plan.shocks["day"] < day) == past]
              for plan, past in ((first, True), (other, False))]  # fmt: skip
    return replace(other, lever_table=table, shocks=np.concatenate(shocks))


def live_on(world: Any, first: int, stop: int, books: int) -> None:
    """Simulate days first .. stop - 1 in one thread; the books open on the morning of `books`."""
    if first < books:
        owner = world.owner.copy()
        world.owner[:] = np.full(1, -1, OWNER)  # it is running today, so nobody stopped
        live(world, first, min(books, stop), threads=1)
        world.owner[:] = owner
        if books <= stop:
            _open(world, books)
    live(world, max(first, min(books, stop)), stop, threads=1)


def _open(world: Any, day: int) -> None:
    """Let money count from a day on: sums of the days before become those up to that day."""
    now, daily = world.now[0], world.daily[:day]
    for sum_, column in (("spent", "cost_cumulative"), ("profit", "profit_cumulative")):
        daily[column] -= now[sum_]
        now[sum_] = 0
    now["losing"] = 0
