"""The form of a scenario file: what may stand in it, and what holds when it is left out.

Every table is a frozen pydantic model. The keys of `[policy]`, `[parameters]` and the traits of
`[[segments]]` come from the catalogue, so a new lever, parameter or trait needs no line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StrictBool,
    ValidationError,
    WithJsonSchema,
    create_model,
    model_validator,
)

from comsim.catalogue import COLUMNS, LEVERS, PARAMETERS, TRAITS
from comsim.declare import Lever, Parameter, Trait
from comsim.errors import InputError
from comsim.scenario.checks import (
    Date,
    Moment,
    OrNumber,
    Words,
    Yearly,
    choices,
    explain,
    key_name,
    number,
    one_of,
    plain,
    range_of,
    text,
    wrong,
)

MAX_DAYS, MAX_MARKET = 3650, 20_000_000
MAX_SEGMENTS, MAX_ARMS, MAX_RULES, MAX_PARTS = 16, 4, 64, 400
SHARES_TOLERANCE = 1e-9

Name = text(60)
Amount = number(-1e12, 1e12)
Factor = number(0, 5)
Share = number(0, 1)


def _seven(factors: tuple[float, ...]) -> tuple[float, ...]:
    if len(factors) != 7:
        wrong(Words(f"{len(factors)} numbers"), "7 numbers, Monday to Sunday")
    return factors


WEEK = {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 5}}
Week = Annotated[
    tuple[Factor, ...],
    AfterValidator(_seven),
    WithJsonSchema(WEEK | {"minItems": 7, "maxItems": 7}),
]


class Table(BaseModel):
    """A table of the file: no unknown keys, nothing required left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _keys(cls, data: Any) -> Any:
        if isinstance(data, cls):
            return data
        if not isinstance(data, dict):
            wrong(data, "a table")
        known = {field.alias or name: field for name, field in cls.model_fields.items()}
        for key in data:
            if key not in known:
                wrong(Words("an unknown key"), choices(key, known), key_name(key))
        for key, field in known.items():
            if field.is_required() and key not in data:
                wrong(Words("nothing"), field.description or "a value", key)
        return data

    def _exactly_one(self, *names: str) -> str:
        """The one of these keys that was given."""
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            wrong(Words(" and ".join(given) or "none"), f"one of {', '.join(names)}")
        return given[0]


class Community(Table):
    market: number(1, MAX_MARKET, whole=True) = 20_000
    """People who could ever join."""
    newcomer_days: number(0, MAX_DAYS, whole=True) = 30
    """Days for which a member counts as a newcomer."""


class Holiday(Table):
    from_: Moment = Field(alias="from", description="first day: a day number or a date")
    to: Moment = Field(description="last day: a day number or a date")
    factor: Factor = Field(description="multiplies visiting, 0 to 5")


class Calendar(Table):
    weekday: Week = (1.0,) * 7
    """Multiplies visiting, Monday to Sunday."""
    holidays: tuple[Holiday, ...] = Field((), max_length=MAX_PARTS)
    """Stretches that multiply visiting as well; they may not overlap."""


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
    """What a lever is over time, for one group. Each line overrides those before it."""

    base: Amount | None = None
    """Where it starts; left out, the lever's default, or what the wider group has that day."""
    steps: tuple[Step, ...] = Field((), max_length=MAX_PARTS)
    """From this day on, this value."""
    ramps: tuple[Stretch, ...] = Field((), max_length=MAX_PARTS)
    """In a straight line from the value on the first day to this one on the last; it stays."""
    weekday: Week | None = None
    """Multipliers, Monday to Sunday."""
    yearly: tuple[YearlyStretch, ...] = Field((), max_length=MAX_PARTS)
    """Every year, this value from one day to another."""
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

    groups: dict[str, Annotated[Layer, OrNumber(-1e12, 1e12, ("base",))]] = {}
    """Overrides for `newcomers`, `segment:NAME`, `arm:NAME`; later in this order wins."""


def _check_schedule(lever: Lever, schedule: Schedule) -> Schedule:
    """Values within the lever's range; groups only where the lever has them."""
    if lever.scope == "community" and schedule.groups:
        wrong(Words("groups"), "one value for all: this lever is for the whole community", "groups")
    layers = {"": schedule} | {f"groups.{key_name(g)}.": x for g, x in schedule.groups.items()}
    for at, layer in layers.items():
        for key, value in layer.values():
            if not lever.low <= value <= lever.high:
                wrong(value, f"{range_of(lever.low, lever.high)} ({lever.unit})", at + key)
        if lever.once:
            for key in ("steps", "ramps", "weekday"):
                if getattr(layer, key):
                    wrong(Words(key), "base (for day 0), on, during, yearly", at + key)
    return schedule


def _field(default: Table, about: str, shown: Any) -> Any:
    """A field whose JSON Schema says the default as one would write it."""
    return Field(default, description=about, json_schema_extra={"default": shown})


def _lever_field(lever: Lever) -> Any:
    kind = Annotated[
        Schedule,
        OrNumber(lever.low, lever.high, ("base",)),
        AfterValidator(partial(_check_schedule, lever)),
    ]
    when = " on day 0" if lever.once else ""
    about = f"{lever.meaning}; {lever.unit}, {plain(lever.low)} to {plain(lever.high)}"
    about += f"; default {plain(lever.default)}{when}"
    return kind, _field(Schedule(), about, lever.default)


class Range(Table):
    """What a parameter is: a number where low and high are the same, uncertain otherwise."""

    low: Amount = Field(description="a number")
    high: Amount = Field(description="a number")


def _check_range(parameter: Parameter, given: Range) -> Range:
    allowed = f"{range_of(parameter.low, parameter.high, parameter.whole)} ({parameter.unit})"
    for key in ("low", "high"):
        value = getattr(given, key)
        inside = parameter.low <= value <= parameter.high
        if not inside or (parameter.whole and value != int(value)):
            wrong(value, allowed, key)
    if given.low > given.high:
        wrong(Words(f"{plain(given.low)} above {plain(given.high)}"), "low up to high", "low")
    return given


def _parameter_field(p: Parameter) -> Any:
    kind = Annotated[
        Range,
        OrNumber(p.low, p.high, ("low", "high"), p.whole),
        AfterValidator(partial(_check_range, p)),
    ]
    about = f"{p.meaning}; {p.unit}, {plain(p.low)} to {plain(p.high)}"
    about += f"; default {plain(p.value)} ({p.source})"
    return kind, _field(Range(low=p.value, high=p.value), about, p.value)


class Spread(Table):
    """How a trait is distributed; what is left out is the catalogue's."""

    value: Amount | None = None
    """Median of a lognormal, mean of a uniform trait."""
    spread: Amount | None = None
    """Standard deviation of the logarithm, or half width."""


def _check_trait(trait: Trait, given: Spread) -> Spread:
    if given.value is not None and not trait.low <= given.value <= trait.high:
        wrong(given.value, f"{range_of(trait.low, trait.high)} ({trait.unit})", "value")
    widest = 5.0 if trait.shape == "lognormal" else trait.high - trait.low
    if given.spread is not None and not 0 <= given.spread <= widest:
        wrong(given.spread, range_of(0, widest), "spread")
    return given


def _trait_field(trait: Trait) -> Any:
    kind = Annotated[
        Spread,
        OrNumber(trait.low, trait.high, ("value",)),
        AfterValidator(partial(_check_trait, trait)),
    ]
    about = f"{trait.meaning}; {trait.unit}, {plain(trait.low)} to {plain(trait.high)}"
    default = f"default {plain(trait.value)}, spread {plain(trait.spread)}, {trait.shape}"
    return kind, _field(Spread(), f"{about}; {default} ({trait.source})", trait.value)


class Part(Table):
    """A part of the market: a segment, or an arm of an experiment."""

    name: Name = Field(description="a name")
    share: Share = 1.0
    """Share of the market; the shares of all add up to 1."""


def _from_catalogue(name: str, base: type[Table], fields: dict[str, Any]) -> Any:
    return create_model(name, __base__=base, __module__=__name__, **fields)


Policy = _from_catalogue("Policy", Table, {x.name: _lever_field(x) for x in LEVERS.values()})
Parameters = _from_catalogue(
    "Parameters", Table, {x.name: _parameter_field(x) for x in PARAMETERS.values()}
)
Segment = _from_catalogue("Segment", Part, {x.name: _trait_field(x) for x in TRAITS.values()})


class Condition(Table):
    """A test of a metric: its mean over the last `window` days, or how it moves."""

    metric: one_of([c.name for c in COLUMNS.values() if c.observable], "metric") = Field(
        description="a daily column that the operator can see"
    )
    window: number(1, 366, whole=True) = 1
    """Days in a window."""
    above: Amount | None = None
    """The mean over the last window is above this."""
    below: Amount | None = None
    """The mean over the last window is below this."""
    falls: number(1, 52, whole=True) | None = None
    """This many windows in a row, each lower than the one before."""
    rises: number(1, 52, whole=True) | None = None
    """This many windows in a row, each higher than the one before."""

    @property
    def test(self) -> Literal["above", "below", "falls", "rises"]:
        return self._exactly_one("above", "below", "falls", "rises")

    @model_validator(mode="after")
    def _check(self) -> Condition:
        _ = self.test
        return self


class Action(Table):
    """What a rule does to a lever on each day on which it acts, kept within the lever's range."""

    lever: one_of(LEVERS, "lever") = Field(description="a lever")
    group: str = "all"
    """`all`, `newcomers`, `segment:NAME` or `arm:NAME`."""
    set: Amount | None = None
    """To this value."""
    multiply: number(0, 1e6) | None = None
    """Times this."""
    add: Amount | None = None
    """Plus this."""

    @property
    def how(self) -> Literal["set", "multiply", "add"]:
        return self._exactly_one("set", "multiply", "add")

    @model_validator(mode="after")
    def _check(self) -> Action:
        lever = LEVERS[self.lever]
        if self.how == "set" and not lever.low <= self.set <= lever.high:
            wrong(self.set, f"{range_of(lever.low, lever.high)} ({lever.unit})", "set")
        if lever.scope == "community" and self.group != "all":
            wrong(self.group, "all: this lever is for the whole community", "group")
        return self


class Rule(Table):
    """While rested and all of `when` and `while` hold, act for some days, as long as `while`."""

    name: Name = Field(description="a name")
    when: tuple[Condition, ...] = Field(
        min_length=1, max_length=16, description="a list of conditions"
    )
    while_: tuple[Condition, ...] = Field((), alias="while", max_length=16)
    """Conditions that must hold on every day on which the rule acts."""
    do: tuple[Action, ...] = Field(min_length=1, max_length=16, description="a list of actions")
    days: number(1, MAX_DAYS, whole=True) = Field(description="days for which it acts")
    cooldown: number(0, MAX_DAYS, whole=True) = 0
    """Days of rest before it may act again."""


class Series(Table):
    """A CSV with a row a day. Its path is relative to the scenario file."""

    csv: text(1000) | None = None
    """The file; may also be given on the command line."""
    date: Name | None = None
    """Column of ISO dates; left out, `date` or `day`, whichever the file has."""
    day: Name | None = None
    """Column of day numbers, instead of dates."""

    @model_validator(mode="after")
    def _one_clock(self) -> Series:
        if self.date and self.day:
            wrong(Words("date and day"), "one of date, day")
        return self


class Intake(Series):
    """Joiners by day: whole numbers that replace the lever `intake`. No row, no joiners."""

    column: Name = "joiners"
    """Column of people."""
    cumulative: StrictBool = False
    """Whether the column holds all accounts so far, and not the day's joiners."""


class Observed(Series):
    """What the real community did, to be laid over the simulated one. Days may be missing."""

    columns: dict[one_of(COLUMNS, "metric"), Name] = Field(
        min_length=1, description="a table of daily metric = column of the CSV"
    )


class Scenario(Table):
    """A community, how it is run, and for how long."""

    name: Name = Field(description="a name")
    description: text(2000, empty=True) = ""
    days: number(1, MAX_DAYS, whole=True) = 730
    """Days to simulate."""
    seed: number(0, 2**63 - 1, whole=True) = 1
    """Of all random draws."""
    start: Date = date(2024, 1, 1)
    """Date of day 0."""
    community: Community = Community()
    segments: tuple[Segment, ...] = Field(
        (Segment(name="all"),), min_length=1, max_length=MAX_SEGMENTS
    )
    """How the market is made up."""
    arms: tuple[Part, ...] = Field((Part(name="all"),), min_length=1, max_length=MAX_ARMS)
    """Arms of an experiment inside the community, drawn by lot."""
    calendar: Calendar = Calendar()
    parameters: Parameters = Parameters()
    """What the operator does not choose: a number, or { low, high } where it is uncertain."""
    policy: Policy = Policy()
    """The levers: a number, or a table that says how it changes."""
    rules: tuple[Rule, ...] = Field((), max_length=MAX_RULES)
    """Changes of levers that answer to what the operator sees."""
    intake: Intake | None = None
    observed: Observed | None = None

    _file: str = PrivateAttr("scenario")
    _folder: Path = PrivateAttr(Path())

    @classmethod
    def from_dict(
        cls, data: dict[str, Any], file: str = "scenario", folder: Path = Path()
    ) -> Scenario:
        """Check a scenario given as nested dicts; `file` is what errors call it, and CSV paths
        are relative to `folder`."""
        try:
            scenario = cls.model_validate(data)
        except ValidationError as error:
            raise explain(error, file) from None
        scenario._file, scenario._folder = file, folder
        return scenario

    def to_dict(self) -> dict[str, Any]:
        """What was said and no more, ready for JSON; `from_dict` takes it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def again(self, data: dict[str, Any]) -> Scenario:
        """A changed scenario of the same file."""
        return self.from_dict(data, self._file, self._folder)

    def error(self, key: str, found: str, allowed: str) -> InputError:
        """An error about a key of this scenario's file."""
        return InputError.at(self._file, key, found, allowed)

    def path(self, csv: str) -> Path:
        """Where a CSV named in the file is."""
        return self._folder / csv

    @property
    def groups(self) -> list[str]:
        """The groups that a lever may be set for."""
        segments = [f"segment:{s.name}" for s in self.segments]
        return ["all", *segments, "newcomers", *(f"arm:{a.name}" for a in self.arms)]

    @model_validator(mode="after")
    def _check(self) -> Scenario:
        for key in ("segments", "arms", "rules"):
            parts = getattr(self, key)
            names = [part.name for part in parts]
            for place, name in enumerate(names):
                if name in names[:place]:
                    wrong(Words(f"{name!r} twice"), "a name of its own", f"{key}[{place}].name")
            total = sum(part.share for part in parts) if key != "rules" else 1.0
            if abs(total - 1.0) > SHARES_TOLERANCE:
                wrong(Words(f"shares that add up to {total:.10g}"), "shares that add up to 1", key)
        for lever in LEVERS:
            for group in getattr(self.policy, lever).groups:
                self._known_group(group, self.groups[1:], f"policy.{lever}.groups")
        for r, rule in enumerate(self.rules):
            for a, action in enumerate(rule.do):
                self._known_group(action.group, self.groups, f"rules[{r}].do[{a}].group")
        if self.intake and "intake" in self.policy.model_fields_set:
            wrong(Words("both a CSV and policy.intake"), "one of the two", "intake")
        return self

    def _known_group(self, group: str, known: list[str], key: str) -> None:
        if group not in known:
            wrong(Words(f"group {group!r}"), choices(group, known), key)
