"""The contents of `trials.toml`: the experiment that tests each published effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, NamedTuple

from comsim.evidence.data import data

NEWCOMERS = (30, 150)  # the first and the last day on which the newcomers of an experiment join
EFFECT, LESS = "effect", "less"  # names of figures
Days = tuple[int, int]
"""The first and the last day."""


@dataclass(frozen=True)
class Treatment:
    """Levers for some days."""

    name: str
    days: Days
    levers: Mapping[str, float] = field(default_factory=dict)
    instead: Mapping[str, Any] = field(default_factory=dict)
    """Other changes to the scenario, for everybody."""
    title: Mapping[str, str] = field(default_factory=dict)
    """A description in each language, unless the treatment is only a level of levers."""


@dataclass(frozen=True)
class Community:
    """A community in which levers are tested: a scenario with changes, and treatments by name."""

    name: str
    title: Mapping[str, str]
    """In each language."""
    scenario: str
    treatments: Mapping[str, Treatment]
    changes: Mapping[str, Any] = field(default_factory=dict)


class Subset(NamedTuple):
    """People chosen by an outcome on some days: the `top` or `bottom` share, including ties, or
    those with at least `least` of it."""

    outcome: str
    days: Days
    top: float = 0.0
    bottom: float = 0.0
    least: int = 1


@dataclass(frozen=True)
class Trial:
    """How an effect is measured.

    Days are those after joining for newcomers, and after the first day of the treatment for members
    (those of that day) and for the community. The unit is that of the band.
    """

    id: str
    community: Community
    treatment: Treatment
    who: Literal["newcomers", "members", "community"]
    outcome: str
    """A counter of members (`tally.COUNTERS`) or, for the community, a column of the daily
    table."""
    days: Days
    unit: str
    everybody: bool = False
    """Whether everybody gets the treatment. Otherwise, a random half of the people do, except in
    trials of the community."""
    joined: Days | None = None
    """Days on which the members joined, unless all members take part."""
    share: bool = False
    """Whether to count people with the outcome, instead of how often it occurs."""
    per: str = ""
    """Another outcome to divide by, instead of the number of people."""
    of: Subset | None = None
    less: Subset | None = None
    """People whose effect is subtracted from that on the subset `of`."""
    also: Mapping[str, Days] = field(default_factory=dict)
    """Other days whose effect is also shown, by the name of the figure."""

    @property
    def by_lot(self) -> bool:
        return not self.everybody and self.who != "community"

    @property
    def price(self) -> float:
        """The share of the full price that members pay with a coupon."""
        return 1.0 - self.treatment.levers.get("coupon", 0.0)

    @property
    def windows(self) -> list[Days]:
        """All periods in which something is counted."""
        subsets = [subset.days for subset in (self.of, self.less) if subset]
        return [self.days, *self.also.values(), *subsets]

    @property
    def figures(self) -> list[tuple[str, Days, Subset | None]]:
        """The name, days and people of each figure."""
        less = [(LESS, self.days, self.less)] if self.less else []
        also = [(name, days, self.of) for name, days in self.also.items()]
        return [(EFFECT, self.days, self.of), *also, *less]

    @property
    def span(self) -> Days:
        """The first day of the treatment, and the last day measured, in days of the run."""
        last = max(last for _, last in (self.days, *self.also.values()))
        joined = NEWCOMERS[1] if self.who == "newcomers" else self.treatment.days[0]
        return self.treatment.days[0], joined + last


@cache
def communities() -> dict[str, Community]:
    """The communities in which levers are tested, by name."""
    return {
        name: Community(
            name,
            given["title"],
            given["scenario"],
            {key: Treatment(key, **_days(one)) for key, one in given["treatments"].items()},
            given.get("changes", {}),
        )
        for name, given in data("trials.toml")["communities"].items()
    }


@cache
def trials() -> dict[str, Trial]:
    """All trials of `trials.toml`, by id."""
    effects = data("effects.toml")
    return {
        id: _trial(id, given, effects[id]["band_unit"])
        for id, given in data("trials.toml")["trials"].items()
    }


@cache
def texts(table: str) -> dict[str, dict[str, str]]:
    """A table of sentences in each language, by id: "missing" or "scenarios"."""
    return data("trials.toml")[table]


def _trial(id: str, given: Mapping[str, Any], unit: str) -> Trial:
    community = communities()[given.get("community", "launch")]
    rest = dict(given) | {"community": community}
    rest["treatment"] = community.treatments[given["treatment"]]
    if "joined" in rest:
        rest["joined"] = tuple(rest["joined"])
    for key in ("of", "less"):
        if key in rest:
            rest[key] = Subset(**_days(rest[key]))
    rest["also"] = {name: tuple(days) for name, days in rest.get("also", {}).items()}
    return Trial(id=id, unit=unit, **_days(rest))


def _days(given: Mapping[str, Any]) -> dict[str, Any]:
    return {**given, "days": tuple(given["days"])}
