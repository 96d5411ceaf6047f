"""Scenario files: their keys, and the defaults of missing keys.

Every table is a frozen pydantic model. The keys of `[policy]` and `[parameters]`, the traits of
`[[segments]]` and the kinds of shocks come from the catalogue, so a new lever, parameter or trait
needs no line here.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    Field,
    PrivateAttr,
    StrictBool,
    ValidationError,
    model_validator,
)

from comsim.common.copies import own
from comsim.common.errors import InputError
from comsim.language.dates import Dates
from comsim.model.catalogue import COLUMNS, LEVERS, SHOCKS
from comsim.scenario.checks import (
    Date,
    Described,
    Moment,
    choices,
    explain,
    number,
    one_of,
    range_of,
    text,
    wrong,
)
from comsim.scenario.known import Known
from comsim.scenario.own_tests import MAX_TESTS, OwnTest, check_apart
from comsim.scenario.people import Parameters, Part, Segment
from comsim.scenario.policy import MAX_PARTS, Policy
from comsim.scenario.programme import (
    MOST_PROGRAMMES,
    Budget,
    Combination,
    Programme,
    check_names,
)
from comsim.scenario.records import COUNTED, Intake, Observed
from comsim.scenario.table import Amount, Factor, Name, Table, Week, Year

MAX_DAYS, MAX_MARKET = 7300, 20_000_000
MAX_SEGMENTS, MAX_ARMS, MAX_RULES, MAX_GOALS, MAX_SHOCKS = 16, 4, 64, 64, 400
SHARES_TOLERANCE = 1e-9


class CommunityTable(Table):
    market: number(1, MAX_MARKET, whole=True) = 20_000
    """People who could ever join."""
    newcomer_days: number(0, MAX_DAYS, whole=True) = 30
    """Days during which a member counts as a newcomer."""
    today: Known | None = None
    """The community as it is on day 0, if it is already running and has no history here."""

    @model_validator(mode="after")
    def _fits(self) -> CommunityTable:
        for key in ("members", "weekly"):
            people = getattr(self.today, key, None)
            if "market" in self.model_fields_set and people is not None and people > self.market:
                wrong(people, f"at most {self.market}, the market", f"today.{key}")
        return self


class Holiday(Table):
    from_: Moment = Field(alias="from", description="first day: a day number or a date")
    to: Moment = Field(description="last day: a day number or a date")
    factor: Factor = Field(description="factor of visits, 0 to 5")


class Calendar(Table):
    weekday: Week = (1.0,) * 7
    """Factors of visits, Monday to Sunday."""
    holidays: tuple[Holiday, ...] = Field((), max_length=MAX_PARTS)
    """Periods with a factor of visits of their own; they may not overlap."""
    months: Year = (1.0,) * 12
    """Factors of walk-ins (people who join without an invitation), January to December."""


class Condition(Table):
    """A test of a metric: its mean over the last `window` days, or its direction."""

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
    """What a rule does to a lever on each day on which it acts, limited to the lever's range."""

    lever: one_of(LEVERS, "lever") = Field(description="a lever")
    group: str = "all"
    """`all`, `newcomers`, `segment:NAME` or `arm:NAME`."""
    set: Amount | None = None
    """Set the lever to this value."""
    multiply: number(0, 1e6) | None = None
    """Multiply it by this."""
    add: Amount | None = None
    """Add this to it."""

    @property
    def how(self) -> Literal["set", "multiply", "add"]:
        return self._exactly_one("set", "multiply", "add")

    @model_validator(mode="after")
    def _check(self) -> Action:
        lever = LEVERS[self.lever]
        if self.how == "set" and not lever.low <= self.set <= lever.high:
            wrong(self.set, f"{range_of(lever.low, lever.high)} ({lever.unit})", "set")
        if lever.scope == "community" and self.group != "all":
            wrong(self.group, "all: this lever is set for the whole community", "group")
        return self


class Rule(Table):
    """When all conditions of `when` and `while` hold, the rule acts for some days, while the
    conditions of `while` hold; then it rests."""

    name: Name = Field(description="a name")
    when: tuple[Condition, ...] = Field(
        min_length=1, max_length=16, description="a list of conditions"
    )
    while_: tuple[Condition, ...] = Field((), alias="while", max_length=16)
    """Conditions that must hold on every day on which the rule acts."""
    do: tuple[Action, ...] = Field(min_length=1, max_length=16, description="a list of actions")
    days: number(1, MAX_DAYS, whole=True) = Field(description="number of days on which it acts")
    cooldown: number(0, MAX_DAYS, whole=True) = 0
    """Days of rest before it may act again."""


class Shock(Table):
    """Bad news on one evening. Its damage depends on members' trust and ties."""

    kind: one_of(SHOCKS, "kind") = Field(
        description="; ".join(f"{shock.name}: {shock.meaning}" for shock in SHOCKS.values())
    )
    day: Moment = Field(description="a day number or a date")
    severity: number(0, 1) = Field(description="0 to 1, the worst of its kind")
    reach: number(0, 1) = 1.0
    """Share of the people concerned who hear of it."""


class Owner(Table):
    """When the owner stops paying for the community. From the next day on nobody operates it."""

    stop: StrictBool = True
    """Whether the owner can stop; if not, the other keys have no effect."""
    budget: number(0, 1e12) | None = None
    """The owner stops once the loss so far exceeds this; by default, they accept any loss."""
    patience: number(1, MAX_DAYS, whole=True) | None = None
    """The owner stops after this many days in a row with a loss over the last 28 days; by default
    never."""
    grace: number(0, MAX_DAYS, whole=True) = 180
    """Days before `patience` begins to count, since nothing pays off at once."""
    until: Moment | None = None
    """The first day on which the owner no longer operates it, in any case."""
    since: Moment | None = None
    """The day from which losses count for `budget`, and before which the owner can't stop; by
    default the first."""


class Goal(Table):
    """A goal for the mean of a metric over the days up to `day`. It does not affect the run."""

    metric: one_of(COUNTED, "metric") = Field(
        description="a daily column that the operator can see"
    )
    day: Moment = Field(description="the day it is due: a day number or a date")
    window: number(1, 366, whole=True) = 1
    """Number of days, up to `day`, of the mean."""
    at_least: Amount | None = None
    """The mean should be at least this."""
    at_most: Amount | None = None
    """The mean should be at most this."""

    @property
    def test(self) -> Literal["at_least", "at_most"]:
        return self._exactly_one("at_least", "at_most")

    @model_validator(mode="after")
    def _check(self) -> Goal:
        _ = self.test
        return self


class Scenario(Table):
    """A community, how it is operated, and for how long."""

    name: Name = Field(description="a name")
    description: text(2000, empty=True) = ""
    days: number(1, MAX_DAYS, whole=True) = 730
    """Days to simulate."""
    seed: number(0, 2**63 - 1, whole=True) = 1
    """The random seed."""
    start: Date = date(2024, 1, 1)
    """Date of day 0."""
    today: Moment | None = None
    """The days before this one are the past: in a comparison, all policies share them."""
    community: CommunityTable = CommunityTable()
    segments: tuple[Segment, ...] = Field(
        (Segment(name="all"),), min_length=1, max_length=MAX_SEGMENTS
    )
    """Kinds of people in the market."""
    arms: tuple[Part, ...] = Field((Part(name="all"),), min_length=1, max_length=MAX_ARMS)
    """Arms of an experiment inside the community, assigned at random."""
    calendar: Calendar = Calendar()
    parameters: Parameters = Parameters()
    """Numbers that the operator does not choose; { low, high } if uncertain."""
    policy: Policy = Policy()
    """The levers: a number, or a table of its changes."""
    rules: tuple[Rule, ...] = Field((), max_length=MAX_RULES)
    """Changes of levers that depend on metrics."""
    owner: Owner = Owner()
    """When the owner stops operating the community; by default never."""
    goals: tuple[Goal, ...] = Field((), max_length=MAX_GOALS)
    """Goals, and when they are due."""
    shocks: tuple[Shock, ...] = Field((), max_length=MAX_SHOCKS)
    """Events beyond the operator's control."""
    programmes: tuple[Programme, ...] = Field((), max_length=MOST_PROGRAMMES)
    """What the operator might do; `comsim compare` compares it with doing nothing."""
    combinations: tuple[Combination, ...] = Field((), max_length=MOST_PROGRAMMES)
    """Programmes that are also compared together."""
    budget: Budget | None = None
    """The most that a policy may cost over the run, compared with the first policy (doing nothing,
    if programmes are compared). `[owner] budget` is something else: the loss at which the owner
    stops."""
    tests: tuple[OwnTest, ...] = Field((), max_length=MAX_TESTS)
    """Results of your own randomised tests. A comparison gives more weight to worlds that agree
    with them; a single run ignores them."""
    intake: Intake | None = None
    observed: Observed | None = None

    _file: str = PrivateAttr("scenario")
    _folder: Path = PrivateAttr(Path())

    @classmethod
    def from_dict(
        cls, data: dict[str, Any], file: str = "scenario", folder: Path = Path()
    ) -> Scenario:
        """Check a scenario given as nested dicts, which are copied; NumPy's numbers and times at
        midnight are accepted. `file` names the scenario in errors, and CSV paths are relative to
        `folder`. InputError, in one line, if it is invalid."""
        try:
            scenario = cls.model_validate(own(data, file))
        except ValidationError as error:
            raise explain(error, file) from None
        scenario._file, scenario._folder = file, folder
        return scenario

    def to_dict(self) -> dict[str, Any]:
        """The keys that were set, without defaults, ready for JSON; the inverse of `from_dict`."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def again(self, data: dict[str, Any]) -> Scenario:
        """A changed scenario of the same file."""
        return self.from_dict(data, self._file, self._folder)

    @property
    def file(self) -> str:
        """The name of its file, for errors."""
        return self._file

    @property
    def folder(self) -> Path:
        """The folder that its paths are relative to."""
        return self._folder

    def error(self, key: str, found: str, allowed: str) -> InputError:
        """An error about a key of this scenario's file."""
        return InputError.at(self._file, key, found, allowed)

    def path(self, csv: str) -> Path:
        """The path of a CSV named in the file."""
        return self._folder / csv

    @property
    def groups(self) -> list[str]:
        """The groups for which a lever may be set."""
        segments = [f"segment:{s.name}" for s in self.segments]
        return ["all", *segments, "newcomers", *(f"arm:{a.name}" for a in self.arms)]

    @model_validator(mode="after")
    def _check(self) -> Scenario:
        for key in ("segments", "arms", "rules"):
            parts = getattr(self, key)
            names = [part.name for part in parts]
            for place, name in enumerate(names):
                if name in names[:place]:
                    wrong(Described(f"{name!r} twice"), "a unique name", f"{key}[{place}].name")
            total = sum(part.share for part in parts) if key != "rules" else 1.0
            if abs(total - 1.0) > SHARES_TOLERANCE:
                sums = Described(f"shares that add up to {total:.10g}")
                wrong(sums, "shares that add up to 1", key)
        for lever in LEVERS:
            for group in getattr(self.policy, lever).groups:
                self._known_group(group, self.groups[1:], f"policy.{lever}.groups")
        for r, rule in enumerate(self.rules):
            for a, action in enumerate(rule.do):
                self._known_group(action.group, self.groups, f"rules[{r}].do[{a}].group")
        for g, goal in enumerate(self.goals):
            self._within_the_run(goal.day, f"goals[{g}].day")
        if self.today is not None:
            self._within_the_run(self.today, "today")
            if self.community.today is not None:
                both = Described("both a day and [community] today, whose day is 0")
                wrong(both, "one of them", "today")
        for t, test in enumerate(self.tests):
            self._tested(test, f"tests[{t}]")
        check_apart(self.tests, self.day_number)
        if self.owner.until is not None:
            self._within_the_run(self.owner.until, "owner.until")
        if self.owner.since is not None:
            self._within_the_run(self.owner.since, "owner.since")
        check_names(self.programmes, self.combinations)
        if self.intake and "intake" in self.policy.model_fields_set:
            wrong(Described("both a CSV and policy.intake"), "one of them", "intake")
        return self

    @property
    def past(self) -> int:
        """The number of days before today."""
        return 0 if self.today is None else self.day_number(self.today)

    @property
    def dates(self) -> Dates:
        """The dates of its days. Readers know them if the file sets `start`, or if there are days
        before today."""
        known = "start" in self.model_fields_set or self.past > 0
        return Dates(self.start, known, self.past)

    def day_number(self, moment: int | date) -> int:
        """The day of a moment, which may lie outside the run."""
        return (moment - self.start).days if isinstance(moment, date) else moment

    @property
    def days_in_words(self) -> str:
        """The days of the run, as text."""
        last = self.start + timedelta(days=self.days - 1)
        return f"days 0 to {self.days - 1} of the run ({self.start} to {last})"

    def _within_the_run(self, moment: int | date, key: str) -> None:
        if not 0 <= self.day_number(moment) < self.days:
            wrong(moment, self.days_in_words, key)

    def _tested(self, test: OwnTest, key: str) -> None:
        for moment, name in ((test.from_, "from"), (test.until, "until")):
            if self.community.today is None or self.day_number(moment) >= 0:
                self._within_the_run(moment, f"{key}.{name}")  # or in the past before today
        if self.day_number(test.from_) >= self.day_number(test.until):
            wrong(test.until, f"a day after the first, {test.from_}", f"{key}.until")

    def _known_group(self, group: str, known: list[str], key: str) -> None:
        if group not in known:
            wrong(Described(f"group {group!r}"), choices(group, known), key)
