"""Overlapping paths of an experiment: one of two values would be lost silently.

Changes are applied to the scenario first, then factors, in their order. A value at a path replaces
everything whose path begins with it; a number in place of a trait keeps the trait's spread. Two
changes, or two factors, may not overlap. A factor may replace a change, with a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from comsim.studies.experiments.experiment import Base, Experiment
from comsim.studies.experiments.overrides import (
    DEFAULTS,
    SHARE,
    Path,
    each_change,
    is_number,
    overridden,
    parts,
    resolved,
)

WHOLE = ("base", "value")  # the keys that a number in place of a table sets
KEPT = "spread"


@dataclass(frozen=True)
class Override:
    """A change, or the values of a factor, applied to a scenario."""

    key: str
    """The key in the experiment."""
    text: str
    """The path as written."""
    path: Path
    """The same path, with positions instead of names."""
    number: bool
    """Whether all values are numbers."""
    value: Any = None
    """The value of a change."""

    def over(self, path: Path) -> bool:
        """Whether it replaces a value at another path."""
        kept = self.number and path[len(self.path) :] == (KEPT,)
        return path[: len(self.path)] == self.path and not kept

    def is_share(self, key: str | int) -> bool:
        """Whether it is the share of an item of a list: `segments` or `arms`."""
        return self.path[:1] == (key,) and self.path[2:] == (SHARE,)


def check_overlaps(experiment: Experiment) -> None:
    """InputError for two changes, or two factors, that overlap."""
    for base in experiment.bases:
        for several in _overrides(experiment, base):
            for one, other in combinations(several, 2):
                if not (one.over(other.path) or other.over(one.path)):
                    continue
                overlap = f"{other.text}, which overlaps with {one.text} of {one.key}"
                short, long = sorted((one.text, other.text), key=len)
                allowed = "paths that do not begin with one another"
                lever = len(parts(short)) == 2 < len(parts(long)) and parts(short)[0] == "policy"
                if lever and not long.endswith(WHOLE):
                    allowed += f", such as {short}.base and {long}"
                raise experiment.error(other.key, overlap, allowed)


def undone_changes(experiment: Experiment) -> list[str]:
    """Notes on changes that factors replace completely."""
    notes: list[str] = []
    for base in experiment.bases:
        changes, factors = _overrides(experiment, base)
        items = {key: len(base.data.get(key, DEFAULTS[key])) for key in DEFAULTS}
        for change in changes:
            lost = []
            for path, number in _leaves(change.path, change.value):
                over = [f for f in factors if f.over(path) or (number and _all_of(f.path, path))]
                if path[2:] == (SHARE,):  # one of two shares determines both
                    beside = [factor for factor in factors if factor.is_share(path[0])]
                    over += beside if len(beside) >= items[path[0]] - 1 else []
                lost.append(over[0] if over else None)
            if all(lost):
                notes.append(
                    f"the change of {change.text} has no effect: {lost[0].text} of {lost[0].key} "
                    "replaces it"
                )
    return notes


def _overrides(experiment: Experiment, base: Base) -> tuple[list[Override], list[Override]]:
    """The changes and the factors as overrides of a scenario."""
    given = [(text, parts(text), value) for text, value in each_change(experiment.changes)]
    data = overridden(base.data, {path: value for _, path, value in given}, base.name)
    changes = [
        Override("changes", text, resolved(path, data), is_number(value), value)
        for text, path, value in given
    ]
    factors = [
        Override(f"factors[{place}].path", factor.path, resolved(factor.where, data),
             all(map(is_number, factor.values)))
        for place, factor in enumerate(experiment.factors) if factor.path
    ]  # fmt: skip
    return changes, factors


def _all_of(path: Path, number: Path) -> bool:
    """Whether a path sets everything that a number in place of a table sets."""
    return path[:-1] == number and path[-1] in WHOLE


def _leaves(path: Path, value: Any) -> Iterator[tuple[Path, bool]]:
    """The paths of all values in a table or list, and whether each is a number."""
    inner = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        inner = enumerate(value)
    for key, item in inner:
        yield from _leaves((*path, key), item)
    if not inner:
        yield path, is_number(value)
