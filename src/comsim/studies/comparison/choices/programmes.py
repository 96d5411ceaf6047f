"""From programmes to the policies of a comparison.

Each programme, and each combination of programmes, becomes a scenario like any other: that of the
community as it is operated now, with some levers changed for some days (`overlay`). What it costs
beyond the ledger is kept with its policy (`costs`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from comsim.common.errors import InputError
from comsim.model.catalogue import COST_OF, LEVERS
from comsim.scenario import Scenario
from comsim.scenario.checks import choices
from comsim.scenario.programme import AS_NOW, PRICE_OF, Fixed, Programme, Programmes
from comsim.scenario.reading import read_toml
from comsim.scenario.table import LONGEST_NAME
from comsim.studies.comparison.choices.costs import Costs, Price
from comsim.studies.comparison.choices.overlay import Span, overlaid
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.choices.starts import (
    Choice,
    Started,
    called,
    conflict,
    english,
    first_day,
    from_each,
    pairs_of,
    together,
)

NOT_FOUND = "a file of programmes (.toml)"
Given = Programmes | Mapping[str, Any] | str | Path
"""Programmes, as nested dicts, or their file."""


@dataclass(frozen=True)
class Choices:
    """The programmes and combinations to compare in a community."""

    now: Scenario
    """The community as it is operated now, with the budget for programmes."""
    file: str
    """The file of the programmes, for errors."""
    programmes: tuple[Programme, ...]
    choices: tuple[Choice, ...]

    @property
    def several_starts(self) -> bool:
        """Whether a programme has several starts; effects are then measured over the same days."""
        return any(len(programme.starts or ()) > 1 for programme in self.programmes)

    def scenarios(self) -> list[Scenario]:
        """The community without any programme, then with each choice. A scenario keeps the
        programmes of its choice, which hold their costs."""
        return [self.now, *map(self._scenario, self.choices)]

    def policies(self, compiled: Sequence[Policy]) -> list[Policy]:
        """The compiled scenarios, under the names of the choices and with their costs. They may
        begin earlier than the community does here, with a past."""
        first, *others = compiled
        named = [replace(first, name=AS_NOW)]
        for choice, policy in zip(self.choices, others, strict=True):
            costs = self._costs(choice, first, policy)
            named.append(replace(policy, name=choice.name, costs=costs))
        return named

    def _scenario(self, choice: Choice) -> Scenario:
        scenario, kept = self.now, []
        for part in choice.parts:
            for lever, use in part.programme.uses.items():
                scenario = overlaid(scenario, lever, use, part.span)
            kept.append(_dated(self.now, part.programme))
        name = choice.name[:LONGEST_NAME]
        return scenario.again(scenario.to_dict() | {"name": name, "programmes": kept})

    def _costs(self, choice: Choice, first: Policy, policy: Policy) -> Costs:
        past = (self.now.start - policy.scenario.start).days
        fixed, prices = np.zeros(policy.scenario.days), []
        for part in choice.parts:
            programme, (begin, end) = part.programme, part.span
            fixed[past:] += fixed_a_day(self.now, programme.fixed, (begin, end))
            span = begin + past, end + past
            for lever, cost in programme.unit_costs.items():
                self._check_units(policy, lever, span, part)
                share = added(first, policy, lever, span)
                prices.append(Price(COST_OF[lever], PRICE_OF[lever], cost, share))
        return Costs(fixed, tuple(prices))

    def _check_units(self, policy: Policy, lever: str, span: Span, part: Started) -> None:
        """InputError if the ledger does not count the units of a lever by themselves."""
        key, price = f"programmes[{part.number}].unit_cost.{lever}", PRICE_OF[lever]
        if part.programme.uses[lever].groups:
            found = f"a cost of {lever}, which is set by group, so that its units are not known"
            allowed = f"the parameter {price} of the scenario, or one value for everybody"
            raise InputError.at(self.file, key, found, allowed)
        days = slice(span[0], span[1] + 1)
        for at, other in enumerate(LEVERS):
            shared = other != lever and COST_OF.get(other) == COST_OF[lever]
            if shared and policy.plan.lever_table[days, :, at].any():
                found = f"a cost of {lever}, whose units the ledger counts with those of {other}"
                allowed = f"the parameter {price} of the scenario, or only one of the levers"
                raise InputError.at(self.file, key, found, allowed)
        if getattr(policy.scenario.parameters, price).high == 0:
            found = f"a cost of {lever}, whose units are not counted as {price} is 0"
            raise InputError.at(self.file, key, found, f"{price} above 0")


def chosen(
    scenarios: Sequence[Scenario], given: Given | None = None, pairs: bool = False
) -> Choices | None:
    """The programmes to compare, in the community of the only scenario; None if several scenarios
    are compared instead. InputError if there is nothing to compare."""
    if len(scenarios) > 1:
        if given is None and not pairs:
            return None
        raise InputError.at("compare", "programmes", f"{len(scenarios)} scenarios", "one scenario")
    if choices := choices_of(scenarios[0], given, pairs):
        return choices
    found, allowed = "one without programmes", "two or more scenarios, or one with programmes"
    raise InputError.at("compare", "scenarios", found, allowed)


def choices_of(now: Scenario, given: Given | None, pairs: bool = False) -> Choices | None:
    """The choices, from the given programmes or else those of the scenario; None if there are
    none. `pairs` adds each pair of programmes that set no lever at the same time."""
    if given is None:
        if not now.programmes:
            return None
        source, budget = now, now.budget
    else:
        source = programmes_of(given)
        budget = now.budget if source.budget is None else source.budget
    file, words = source.file, english(now)
    parts = [
        Started(called(one, words), one, number, _span(now, one, file, number))
        for number, programme in enumerate(source.programmes)
        for one in from_each(programme)
    ]
    found = [Choice(part.name, (part,)) for part in parts]
    for place, combination in enumerate(source.combinations):
        for choice in together(combination, parts):
            for one, other in combinations(choice.parts, 2):
                if lever := conflict(one, other):
                    both = f"{lever} in both {one.name!r} and {other.name!r} on the same days"
                    key = f"combinations[{place}].programmes"
                    raise InputError.at(file, key, both, "programmes that set different levers")
            found.append(choice)
    if pairs:
        found += pairs_of(parts, found)
    names = [choice.name for choice in found]
    if twice := next((name for at, name in enumerate(names) if name in names[:at]), None):
        raise InputError.at(file, "programmes", f"{twice!r} twice", "different names and starts")
    alone = without_programmes(now)
    if budget is not None:
        alone = alone.again(alone.to_dict() | {"budget": budget})
    return Choices(alone, file, source.programmes, tuple(found))


def programmes_of(given: Given) -> Programmes:
    """Programmes from a TOML file or from nested dicts; InputError, in one line, if they are
    invalid."""
    if isinstance(given, Programmes):
        return given
    if isinstance(given, Mapping):
        return Programmes.from_dict(dict(given))
    path = Path(given)
    return Programmes.from_dict(read_toml(path, NOT_FOUND), str(path))


def without_programmes(scenario: Scenario) -> Scenario:
    """The community alone."""
    data = scenario.to_dict()
    return scenario.again({k: data[k] for k in data if k not in ("programmes", "combinations")})


def fixed_a_day(scenario: Scenario, fixed: Fixed, span: Span) -> np.ndarray:
    """The fixed cost of each day, in currency (float64, days): that of its calendar month, divided
    by the number of days of this month."""
    month = np.full(scenario.days, fixed.base)
    for day, value in sorted((scenario.day_number(s.day), s.value) for s in fixed.steps):
        month[max(day, 0) :] = value
    dates = np.datetime64(scenario.start, "D") + np.arange(scenario.days)
    begins = dates.astype("datetime64[M]")
    lasts = (begins + 1).astype("datetime64[D]") - begins.astype("datetime64[D]")
    first, last = span
    days = np.arange(scenario.days)
    return np.where((first <= days) & (days <= last), month / lasts.astype(np.int64), 0.0)


def added(first: Policy, policy: Policy, lever: str, span: Span) -> np.ndarray:
    """The share of each day's units that a policy adds to those under the first one (float64,
    days): that by which it raises the lever, mean over groups. On days on which neither uses the
    lever, all units are its own, as they come from its acts."""
    at, (begin, end) = list(LEVERS).index(lever), span
    here, there = (plan.lever_table[:, :, at].sum(axis=1) for plan in (policy.plan, first.plan))
    share = np.where(here > there, 1 - there / np.where(here > 0, here, 1.0), 0.0)
    share[(here == 0) & (there == 0)] = 1.0
    days = np.arange(len(share))
    return np.where((begin <= days) & (days <= end), share, 0.0)


def _dated(now: Scenario, programme: Programme) -> dict[str, Any]:
    """A programme as a table of a file, with dates instead of day numbers."""

    def dated(part: Any, key: str = "") -> Any:
        if isinstance(part, dict):
            return {name: dated(value, name) for name, value in part.items()}
        if isinstance(part, list | tuple):
            return [dated(value, key) for value in part]
        if key in ("day", "from", "until") and isinstance(part, int):
            return now.start + timedelta(days=part)
        return part

    return dated(programme.model_dump(by_alias=True, exclude_unset=True))


def _span(now: Scenario, programme: Programme, file: str, number: int) -> Span:
    """First and last day of a programme with one start. InputError if they lie outside the run or
    before today, or if what it sets lies outside of them or does not exist in the community."""
    today = now.day_number(getattr(now, "today", None) or 0)
    first = first_day(now, programme)
    start = str(programme.starts[0] if programme.starts else programme.from_)
    last = now.days - 1 if programme.until is None else now.day_number(programme.until)
    key = f"programmes[{number}]"
    if not 0 <= first < now.days:
        raise InputError.at(file, f"{key}.from", start, now.days_in_words)
    if first < today:
        allowed = f"a day from {now.start + timedelta(days=today)} on, which is today"
        raise InputError.at(file, f"{key}.from", start, allowed)
    if last < first:
        found = f"{programme.until}, before the first day{f', {start}' if programme.starts else ''}"
        raise InputError.at(file, f"{key}.until", found, "a last day that is not before the first")
    for lever, where, layer in _layers(programme):
        at = f"{key}.levers.{lever}{where}"
        if where and (group := where.split(".", 2)[2]) not in now.groups[1:]:
            raise InputError.at(file, at, f"group {group!r}", choices(group, now.groups[1:]))
        for name in ("steps", "on"):
            for place, part in enumerate(getattr(layer, name)):
                if not first <= now.day_number(part.day) <= last:
                    day = f"{at}.{name}[{place}].day"
                    allowed = f"a day of the programme, {first} to {last}"
                    raise InputError.at(file, day, str(part.day), allowed)
    if now.intake is not None and "intake" in programme.uses:
        found = f"a lever whose values {now.file} reads from a file"
        raise InputError.at(file, f"{key}.levers.intake", found, "another lever")
    return first, min(last, now.days - 1)


def _layers(programme: Programme) -> Iterator[tuple[str, str, Any]]:
    """Each lever, with its key for a group, and the values there."""
    for lever, use in programme.uses.items():
        yield lever, "", use
        for group, layer in use.groups.items():
            yield lever, f".groups.{group}", layer
