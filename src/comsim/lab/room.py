"""Whether the lab has room for a scenario, and memory for more futures."""

from __future__ import annotations

from threading import Lock
from typing import Protocol
from weakref import WeakSet

from comsim.common.errors import InputError
from comsim.lab import limits
from comsim.lab.timeline import SNAPSHOTS
from comsim.model.catalogue import COLUMNS, LEVERS
from comsim.scenario import Scenario
from comsim.scenario.groups import cells_of


class Guest(Protocol):
    """A user of memory: a number of worlds, of `size` bytes each."""

    worlds: int
    size: int


COUNTING = Lock()
HERE: WeakSet[Guest] = WeakSet()


def within_limits(scenario: Scenario) -> None:
    """Raise InputError for a scenario that is too large for the lab."""
    market = scenario.community.market
    if market > limits.MEMBERS:
        allowed = f"at most {limits.MEMBERS:,} in the lab; comsim run takes more"
        raise scenario.error("community.market", f"{market:,}", allowed)


def size_of(scenario: Scenario) -> int:
    """Approximate bytes of a future: its people, its levers (planned and applied), and its days (in
    the world and in snapshots)."""
    levers = 2 * len(cells_of(scenario, "all")) * len(LEVERS)
    days = scenario.days * (levers + (1 + SNAPSHOTS) * len(COLUMNS)) * 8
    return scenario.community.market * limits.PERSON + days


def room_for(scenario: Scenario, worlds: int) -> None:
    """Raise InputError if there is no memory for this number of futures."""
    with COUNTING:
        _memory_for(worlds * size_of(scenario))


def reserve(guest: Guest, worlds: int) -> None:
    """Reserve memory for one more world, `worlds` in all. Raises InputError if there is none."""
    with COUNTING:
        guest.worlds = worlds - 1
        _memory_for(guest.size)
        guest.worlds = worlds
        HERE.add(guest)


def _memory_for(size: int) -> None:
    left = max(limits.MEMORY - sum(guest.worlds * guest.size for guest in HERE), 0)
    if size > left:
        allowed = f"{left / 1e6:,.1f} MB at the moment: close a future, or wait"
        raise InputError.at("this lab", "memory", f"{size / 1e6:,.1f} MB more", allowed)
