"""The worlds in which facts are checked: a random seed and, unless they are the defaults, values of
parameters and traits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from comsim.evidence.data import data
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.run.simulation import Run, simulate
from comsim.scenario import Scenario
from comsim.scenario.rows import Rows
from comsim.scenario.worlds import make_worlds

if TYPE_CHECKING:
    import pandas as pd

SEED = 1  # of the worlds
LARGE, MARKET = ("lots", "levers"), 20_000  # scenarios, and their markets in plausible worlds


@cache
def communities() -> dict[str, Any]:
    """`scenarios.toml`: the communities in which facts are checked."""
    return data("scenarios.toml")


def community(name: str, **changes: Any) -> Scenario:
    """A community of `scenarios.toml` with changes: tables are merged, other values replaced."""
    return _community(name, json.dumps(changes))


@lru_cache(maxsize=256)
def _community(name: str, *changes: str, row: str = "{}") -> Scenario:
    """A community with several sets of changes, each in JSON, applied in order. `row`: parameters
    and traits that hold where the community and its changes say nothing."""
    numbers = json.loads(row)
    given = communities()[name]
    for some in map(json.loads, changes):
        given = merged(given, some)
    if numbers:
        parameters = {name: x for name, x in numbers.items() if name in PARAMETERS}
        traits = {name: x for name, x in numbers.items() if name in TRAITS}
        segments = [traits | one for one in given.get("segments", [{"name": "all"}])]
        given = merged({"parameters": parameters}, given) | {"segments": segments}
    return Scenario.from_dict(given, f"evidence/scenarios.toml [{name}]")


def merged(given: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of a scenario file with changes: tables are merged, other values replaced."""
    return dict(given) | {
        key: given.get(key, {}) | value if isinstance(value, dict) else value
        for key, value in changes.items()
    }


class FactWorld:
    """One world: a random seed, and the event tables that several facts share.

    `overrides` are changes to every scenario that is run in this world, in the form of a scenario
    file: `{"parameters": {...}, "policy": {...}}`. They are applied last, so that a mechanism that
    a rival switches off stays off, even if a measure changes it. `row` is a row of the plausible
    worlds, which holds where a scenario says nothing. LARGE scenarios then have the smaller market
    MARKET, because members are very active in some rows. `whole`: whether trials also measure the
    effect on the whole community.
    """

    def __init__(
        self,
        number: int,
        of: int,
        seed: int,
        overrides: Mapping[str, Any] | None = None,
        row: Mapping[str, float] | None = None,
        whole: bool = True,
    ) -> None:
        self.number, self.of, self.seed = number, of, seed
        self.overrides, self.row, self.whole = dict(overrides or {}), row, whole
        self._events: dict[str, pd.DataFrame] = {}

    def scenario(self, name: str, **changes: Any) -> Scenario:
        """A community of `scenarios.toml` with changes, then this world's overrides: tables are
        merged, other values replaced (a lever's whole plan is one value of the policy)."""
        if self.row is not None and name in LARGE:
            changes |= {"community": {"market": MARKET} | changes.get("community", {})}
        over, row = json.dumps(self.overrides), json.dumps(self.row or {})
        return _community(name, json.dumps(changes), over, row=row)

    def run(self, scenario: Scenario) -> Run:
        """Simulate a community in this world."""
        return simulate(scenario, self.seed, threads=1)

    def events(self, name: str) -> pd.DataFrame:
        """The event table of a community of `scenarios.toml` in this world; it is made once."""
        if name not in self._events:
            self._events[name] = self.run(self.scenario(name)).events()
        return self._events[name]

    @property
    def key(self) -> str:
        """What distinguishes its runs from those of other worlds, for caches."""
        return json.dumps([self.seed, self.overrides, self.row])

    @staticmethod
    def of_key(key: str) -> FactWorld:
        """The world with a key."""
        return FactWorld(0, 1, *json.loads(key))

    def forget(self) -> None:
        """Release the tables."""
        self._events.clear()


def worlds(
    number: int,
    seed: int = SEED,
    overrides: Mapping[str, Any] | None = None,
    rows: Rows | None = None,
) -> list[FactWorld]:
    """Worlds with their own random seeds, and all parameters at their defaults except for the
    overrides or, with `rows`, a row of the plausible worlds each."""
    return [
        FactWorld(w.number, number, w.seed, overrides, rows and rows.row(rows.place(seed, k)))
        for k, w in enumerate(make_worlds(seed, number, fixed=True))
    ]
