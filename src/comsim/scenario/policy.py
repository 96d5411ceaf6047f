"""`[policy]`: each lever of the catalogue as a number, or as a table of its changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from comsim.common.copies import FixedDict
from comsim.model.catalogue import LEVERS
from comsim.model.declare import Lever
from comsim.scenario.checks import (
    Described,
    Moment,
    OrNumber,
    Yearly,
    key_name,
    plain,
    range_of,
    wrong,
)
from comsim.scenario.table import Amount, Table, Week, field, from_catalogue

MAX_PARTS = 400


class Step(Table):
    day: Moment = Field(description="a day number or a date")
    value: Amount = Field(description="a number")


class Stretch(Table):
    from_: Moment = Field(alias="from", description="first day: a day number or a date")
    to: Moment = Field(description="last day: a day number or a date")
    value: Amount = Field(description="a number")


class YearlyStretch(Table):
    from_: Yearly = Field(alias="from", description='first day of the year, as "11-01"')
    to: Yearly = Field(description='last day of the year, as "11-12"')
    value: Amount = Field(description="a number")


class Layer(Table):
    """A lever over time, for one group. Later keys in this list override earlier ones."""

    base: Amount | None = None
    """The starting value; by default, the lever's default, or the value of the wider group."""
    steps: tuple[Step, ...] = Field((), max_length=MAX_PARTS)
    """From this day on, this value."""
    ramps: tuple[Stretch, ...] = Field((), max_length=MAX_PARTS)
    """Linearly from the value on the first day to this value on the last day, which then stays."""
    weekday: Week | None = None
    """Multipliers, Monday to Sunday."""
    yearly: tuple[YearlyStretch, ...] = Field((), max_length=MAX_PARTS)
    """This value from one day to another, every year."""
    during: tuple[Stretch, ...] = Field((), max_length=MAX_PARTS)
    """This value from one day to another."""
    on: tuple[Step, ...] = Field((), max_length=MAX_PARTS)
    """This value on one day."""

    def values(self) -> Iterator[tuple[str, float]]:
        """Every value that is set, with its key."""
        if self.base is not None:
            yield "base", self.base
        for name in ("steps", "ramps", "yearly", "during", "on"):
            for place, part in enumerate(getattr(self, name)):
                yield f"{name}[{place}].value", part.value


class Schedule(Layer):
    """A lever over time, for all and for groups."""

    groups: Annotated[
        dict[str, Annotated[Layer, OrNumber(-1e12, 1e12, ("base",))]], AfterValidator(FixedDict)
    ] = Field(default_factory=FixedDict)
    """Overrides for `segment:NAME`, `newcomers` and `arm:NAME`; later ones in this order win."""


def layers_of(lever: Lever, given: Any) -> dict[str, Any]:
    """The layers of a lever (for all, and for groups) by their keys. Checks that values are within
    the lever's range, and that it may have groups."""
    if lever.scope == "community" and given.groups:
        allowed = "one value for all: this lever is set for the whole community"
        wrong(Described("groups"), allowed, "groups")
    layers = {"": given} | {f"groups.{key_name(g)}.": x for g, x in given.groups.items()}
    for at, layer in layers.items():
        for key, value in layer.values():
            if not lever.low <= value <= lever.high:
                wrong(value, f"{range_of(lever.low, lever.high)} ({lever.unit})", at + key)
    return layers


def _check_schedule(lever: Lever, schedule: Schedule) -> Schedule:
    """Check a lever of a policy."""
    for at, layer in layers_of(lever, schedule).items():
        if lever.once:
            for key in ("steps", "ramps", "weekday"):
                if getattr(layer, key):
                    wrong(Described(key), "base (for day 0), on, during, yearly", at + key)
    return schedule


def _lever_field(lever: Lever) -> Any:
    kind = Annotated[
        Schedule,
        OrNumber(lever.low, lever.high, ("base",)),
        AfterValidator(partial(_check_schedule, lever)),
    ]
    when = " on day 0" if lever.once else ""
    about = f"{lever.meaning}; {lever.unit}, {plain(lever.low)} to {plain(lever.high)}"
    about += f"; default {plain(lever.default)}{when}; evidence: {lever.evidence}"
    return kind, field(Schedule(), about, lever.default)


Policy = from_catalogue(
    "Policy", __name__, Table, {lever.name: _lever_field(lever) for lever in LEVERS.values()}
)
