"""Programmes with several starts: a policy for each start, and its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, product

from comsim.language.phrases import Words
from comsim.scenario import Scenario
from comsim.scenario.programme import Combination, Programme
from comsim.studies.comparison.choices.overlay import Span


@dataclass(frozen=True)
class Started:
    """A programme with one of its starts."""

    name: str
    """Includes the first day if the programme's `from` is a list."""
    programme: Programme
    """A copy with this start only."""
    number: int
    """Its place in the file."""
    span: Span
    """First and last day."""


@dataclass(frozen=True)
class Choice:
    """One programme, or several together."""

    name: str
    parts: tuple[Started, ...]


def from_each(programme: Programme) -> list[Programme]:
    """A copy of the programme for each start. If `from` is a list, it becomes a list of one day."""
    if programme.starts is None:
        return [programme]
    return [programme.model_copy(update={"from_": (day,)}) for day in programme.starts]


def first_day(now: Scenario, programme: Programme) -> int:
    """The day on which a programme with a single start begins."""
    if programme.from_ is None:
        return now.day_number(getattr(now, "today", None) or 0)
    (day,) = programme.starts or (programme.from_,)
    return now.day_number(day)


def called(programme: Programme, words: Words) -> str:
    """The name of a programme with a single start; `words` have the dates of the run."""
    if programme.starts is None:
        return programme.name
    return words("answer.starting", policy=programme.name, when=start_in_words(programme, words))


def start_in_words(programme: Programme, words: Words) -> str:
    """The only start of a programme, from a list."""
    (day,) = programme.starts or ()
    return words.when((day - words.dates.start).days if isinstance(day, date) else day)


def english(now: Scenario) -> Words:
    """English words with the dates of a community. With a made-up past, readers know them."""
    known = now.dates.known or now.community.today is not None
    return Words("en", replace(now.dates, known=known))


def together(combination: Combination, parts: Sequence[Started]) -> Iterator[Choice]:
    """A choice for each start in a combination; if several of its programmes have several starts,
    one for each combination of starts."""
    by_name = [
        [part for part in parts if part.programme.name == name] for name in combination.programmes
    ]
    for some in product(*by_name):
        names = [part.name for part in some]
        dated = [part.name for part in some if part.programme.starts]
        name = combination.name or " + ".join(names)
        if combination.name and dated:
            name = f"{name} ({', '.join(dated)})"
        yield Choice(name, some)


def conflict(one: Started, other: Started) -> str | None:
    """A lever that two programmes set at the same time."""
    (a, b), (c, d) = one.span, other.span
    if b < c or d < a:
        return None
    mine, theirs = one.programme.uses, other.programme.uses
    return next((lever for lever in mine if lever in theirs), None)


def pairs_of(parts: Sequence[Started], known: Sequence[Choice]) -> Iterator[Choice]:
    """Each pair of programmes that set no lever at the same time, except known pairs."""
    there = {frozenset(part.name for part in choice.parts) for choice in known}
    for one, other in combinations(parts, 2):
        names = {one.name, other.name}
        apart = one.number != other.number and not conflict(one, other)
        if apart and names not in there:
            yield Choice(f"{one.name} + {other.name}", (one, other))
