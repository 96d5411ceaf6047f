"""`[[programmes]]` and `[[combinations]]`: what an operator might do, when, and at what cost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PrivateAttr, ValidationError, model_validator

from comsim.common.copies import FixedDict, own
from comsim.model.catalogue import LEVERS, PARAMETERS
from comsim.model.declare import Lever
from comsim.scenario.checks import (
    Described,
    Moment,
    OrNumber,
    Starts,
    choices,
    explain,
    number,
    plain,
    wrong,
)
from comsim.scenario.policy import MAX_PARTS, Step, layers_of
from comsim.scenario.table import Amount, Name, Table, field, from_catalogue

MOST_PROGRAMMES, MOST_COST = 64, 1e9
AS_NOW = "as now"  # the policy without any programme
Budget = number(0, 1e12)


def _prices() -> Iterator[tuple[str, str]]:
    for name, lever in LEVERS.items():
        first = re.match(r"\w+", lever.price)
        if first and first[0] in PARAMETERS:
            yield name, first[0]


# The levers whose units a programme may price, and the parameter that is their price by default.
# Other levers are paid for at their value, such as a reward, or have no price.
PRICE_OF: dict[str, str] = dict(_prices())
PRICED = ", ".join(PRICE_OF)


class CostStep(Table):
    day: Moment = Field(description="a day number or a date")
    value: number(0, MOST_COST) = Field(description="a number")


class Fixed(Table):
    """A monthly cost over time."""

    base: number(0, MOST_COST) = 0.0
    """The cost from the first day of the programme on."""
    steps: tuple[CostStep, ...] = Field((), max_length=MAX_PARTS)
    """Changes: a new cost from a day on."""


class UseLayer(Table):
    """A lever under a programme, for one group."""

    base: Amount | None = None
    """The value from the first day on; of a lever that is an act, the value of each act."""
    every: number(1, 3660, whole=True) | None = None
    """Only for acts: days from one to the next. By default, there is one, on the first day."""
    steps: tuple[Step, ...] = Field((), max_length=MAX_PARTS)
    """From this day on, this value."""
    on: tuple[Step, ...] = Field((), max_length=MAX_PARTS)
    """This value on one day."""

    def values(self) -> Iterator[tuple[str, float]]:
        """Every value that is set, with its key."""
        if self.base is not None:
            yield "base", self.base
        for name in ("steps", "on"):
            for place, part in enumerate(getattr(self, name)):
                yield f"{name}[{place}].value", part.value


class Use(UseLayer):
    """A lever under a programme, for all and for groups."""

    groups: Annotated[
        dict[str, Annotated[UseLayer, OrNumber(-1e12, 1e12, ("base",))]], AfterValidator(FixedDict)
    ] = Field(default_factory=FixedDict)
    """For `segment:NAME`, `newcomers` and `arm:NAME`."""


def _check(lever: Lever, use: Use) -> Use:
    """Check a lever of a programme."""
    for at, layer in layers_of(lever, use).items():
        if lever.once and layer.steps:
            wrong(Described("steps"), "base, every, on: this lever is an act", at + "steps")
        if layer.every is not None and (not lever.once or layer.base is None):
            found = "a lever that holds until it is changed" if not lever.once else "no base"
            wrong(Described(found), "an act, such as an event, with its base", at + "every")
    return use


def _lever_field(lever: Lever) -> Any:
    numbers = OrNumber(lever.low, lever.high, ("base",))
    about = f"{lever.meaning}; {lever.unit}, {plain(lever.low)} to {plain(lever.high)}"
    kind = Annotated[Use, numbers, AfterValidator(partial(_check, lever))]
    return kind | None, Field(None, description=about)


Uses = from_catalogue(
    "Uses", __name__, Table, {lever.name: _lever_field(lever) for lever in LEVERS.values()}
)


class UnitCost(Table):
    """Costs of a unit, as `lever = cost`."""

    @model_validator(mode="before")
    @classmethod
    def _counted(cls, data: Any) -> Any:
        for lever in data if isinstance(data, dict) else ():
            if lever in LEVERS and lever not in PRICE_OF:
                price = LEVERS[lever].price
                found = f"paid at {price}" if price else "without units in the ledger"
                wrong(
                    Described(f"a lever {found}"),
                    f"fixed, or a lever with a price: {PRICED}",
                    lever,
                )
        return data


UnitCosts = from_catalogue(
    "UnitCosts", __name__, UnitCost,
    {
        lever: (number(0, MOST_COST) | None, Field(None, description=f"instead of {price}"))
        for lever, price in PRICE_OF.items()
    },
)  # fmt: skip


class Programme(Table):
    """What an operator might do: levers, from one day to another, and their cost. `comsim
    compare` compares programmes with one another and with doing nothing; `comsim run` ignores
    them."""

    name: Name = Field(description="a name")
    levers: Uses = Field(description="a table of lever = value")
    """Values on top of the scenario's policy: a number, or a table of its changes."""
    from_: Starts | None = Field(None, alias="from")
    """The first day; by default, the scenario's `today`, or else day 0. A list gives one
    policy for each of its days."""
    until: Moment | None = None
    """The last day; by default, that of the run."""
    fixed: Annotated[Fixed, OrNumber(0, MOST_COST, ("base",))] = field(
        Fixed(), "cost of a calendar month, or a table of its changes", 0
    )
    unit_cost: Annotated[UnitCosts, OrNumber(0, MOST_COST, ("",))] | None = None
    """Cost per unit that it adds: a number, or lever = cost; by default, the scenario's price."""

    @property
    def starts(self) -> tuple[int | date, ...] | None:
        """Its first days if `from` is a list, otherwise None."""
        return self.from_ if isinstance(self.from_, tuple) else None

    @property
    def uses(self) -> dict[str, Use]:
        """The levers that it sets."""
        return _given(self.levers)

    @property
    def unit_costs(self) -> dict[str, float]:
        """Its own costs of a unit, by lever."""
        return {} if self.unit_cost is None else _given(self.unit_cost)

    @model_validator(mode="before")
    @classmethod
    def _one_unit_cost(cls, data: Any) -> Any:
        """A plain number is the unit cost of the only lever."""
        cost = data.get("unit_cost") if isinstance(data, dict) else None
        if isinstance(cost, bool) or not isinstance(cost, (int, float)):
            return data
        levers = data.get("levers")
        if not isinstance(levers, dict) or len(levers) != 1:
            wrong(cost, "a table of lever = cost, as there is not exactly one lever", "unit_cost")
        return data | {"unit_cost": {next(iter(levers)): cost}}

    @model_validator(mode="after")
    def _check(self) -> Programme:
        if not self.uses:
            wrong(Described("an empty table"), "lever = value", "levers")
        for lever in self.unit_costs:
            if lever not in self.uses:
                found = Described("a lever that it does not set")
                wrong(found, choices(lever, self.uses), f"unit_cost.{lever}")
        return self


def _given(table: Table) -> dict[str, Any]:
    """The levers that a table sets, in the catalogue's order."""
    return {name: getattr(table, name) for name in LEVERS if name in table.model_fields_set}


class Combination(Table):
    """Programmes that run together; there is one policy for each of their starts."""

    name: Name | None = None
    """By default, the names of the programmes with plus signs."""
    programmes: tuple[Name, ...] = Field(
        min_length=2, max_length=16, description="a list of names of programmes"
    )

    @property
    def called(self) -> str:
        """Its name."""
        return self.name or " + ".join(self.programmes)


class Programmes(Table):
    """A file of programmes."""

    programmes: tuple[Programme, ...] = Field(
        min_length=1, max_length=MOST_PROGRAMMES, description="a list of programmes"
    )
    combinations: tuple[Combination, ...] = Field((), max_length=MOST_PROGRAMMES)
    """Programmes to run together."""
    budget: Budget | None = None
    """The most that a policy may cost over the run; replaces the scenario's budget."""

    _file: str = PrivateAttr("programmes")

    @classmethod
    def from_dict(cls, data: dict[str, Any], file: str = "programmes") -> Programmes:
        """Check programmes given as nested dicts. `file` names them in errors. InputError, in one
        line, if they are invalid."""
        try:
            found = cls.model_validate(own(data, file))
        except ValidationError as error:
            raise explain(error, file) from None
        found._file = file
        return found

    @property
    def file(self) -> str:
        """The name of its file, for errors."""
        return self._file

    @model_validator(mode="after")
    def _check(self) -> Programmes:
        check_names(self.programmes, self.combinations)
        return self


def check_names(programmes: Sequence[Programme], combinations: Sequence[Combination]) -> None:
    """Refuse a name that occurs twice, and a combination of what does not exist."""
    seen = {AS_NOW}
    for key, parts in (("programmes", programmes), ("combinations", combinations)):
        for place, name in enumerate(getattr(x, "called", x.name) for x in parts):
            if name in seen:
                found = "the name of doing nothing" if name == AS_NOW else f"{name!r} twice"
                wrong(Described(found), "a unique name", f"{key}[{place}].name")
            seen.add(name)
    known = [programme.name for programme in programmes]
    for place, combination in enumerate(combinations):
        mine = combination.programmes
        for at, name in enumerate(mine):
            key = f"combinations[{place}].programmes[{at}]"
            if name not in known:
                wrong(name, choices(name, known), key)
            if name in mine[:at]:
                wrong(Described(f"{name!r} twice"), "each programme once", key)
