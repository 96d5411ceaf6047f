"""What is taken away: the scenario, the report, the data; and branches, to be opened again.

A branches file is TOML, read with the care that a stranger's file needs:

    seed = 3                      # of all branches
    [scenario]                    # as it was before any move: a scenario file
    [[branches]]
    name = "more ads"
    colour = "#cc6677"
    day = 200                     # the morning it stands at
    moves = [{ day = 40, lever = "ad_pressure", value = 3.0 }]
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import tomli_w
from pydantic import AfterValidator, Field, ValidationError

from comsim.common.errors import InputError
from comsim.lab import limits
from comsim.lab.dropped import DROPPED, scenario_from, toml_from
from comsim.lab.moves import TimelineMove
from comsim.lab.room import room_for
from comsim.lab.timeline import Timeline
from comsim.model.catalogue import LEVERS
from comsim.results import run as results
from comsim.run.simulation import Run, simulate
from comsim.scenario import Scenario
from comsim.scenario.checks import explain, number, one_of, range_of, wrong
from comsim.scenario.scenario import MAX_DAYS
from comsim.scenario.table import Amount, Table

MOST_MOVES = 1000  # of a branch
A_NAME = f"a name of one line, of at most {limits.NAME} letters"


@dataclass(frozen=True)
class Branch:
    """A future with a name and a colour (#rrggbb). `day` is its current day according to a file."""

    name: str
    colour: str
    timeline: Timeline
    day: int = 0


def name_of(timeline: Timeline, kind: str, future: str = "") -> str:
    """The name of a downloaded file, from community, seed and, if there are several, future:
    letters of any script, digits and hyphens, as in brand-launch-seed-1-more-ads-scenario.toml.
    `kind` is the end of it."""
    parts = [_in_a_path(timeline.base.name) or "community", f"seed-{timeline.seed}"]
    return "-".join([*parts, *filter(None, [_in_a_path(future)]), kind])


def _in_a_path(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.lower())[:40].strip("-")


def as_toml(scenario: Scenario, seed: int) -> str:
    """The scenario of a timeline, with its moves as a schedule, and its seed. `comsim run` on it
    produces identical results. CSV files are given by their full paths."""
    data = _plain(scenario) | {"seed": seed}
    return tomli_w.dumps(data, multiline_strings=True)


def run_of(scenario: Scenario, seed: int) -> Run:
    """Simulate it with its moves, from the first day to the last, on one processor, since others
    simulate at the same time."""
    return simulate(scenario, seed, threads=1)


def report(scenario: Scenario, seed: int, language: str = "en") -> str:
    """The report of its complete run, as one HTML page in "en" or "zh"."""
    return results.report(run_of(scenario, seed), language)


def data(scenario: Scenario, seed: int, language: str = "en") -> bytes:
    """The folder that `comsim run` would write, with scenario.toml, as a zip file. InputError if
    the disk is full."""
    made, run = BytesIO(), run_of(scenario, seed)
    try:
        with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(made, "w") as packed:
            folder = results.save(run, Path(place) / "run", language=language)
            for path in sorted(folder.rglob("*")):
                packed.write(path, path.relative_to(folder), zipfile.ZIP_DEFLATED)
            packed.writestr("scenario.toml", as_toml(scenario, seed), zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise InputError(f"the files could not be written: {error.strerror or error}") from None
    return made.getvalue()


def branches_as_toml(branches: Sequence[Branch], **besides: Any) -> str:
    """Branches of one scenario and seed as TOML for `branches_from`, with the tables `besides`.
    Raises ValueError for branches of different scenarios or seeds."""
    first = branches[0].timeline
    if any((b.timeline.base, b.timeline.seed) != (first.base, first.seed) for b in branches):
        raise ValueError("branches of one file must have the same scenario and seed")
    data = [
        {"name": branch.name, "colour": branch.colour, "day": branch.timeline.day,
         "moves": [asdict(move) for move in branch.timeline.moves]}
        for branch in branches
    ]  # fmt: skip
    data = {"seed": first.seed, "scenario": _plain(first.base), "branches": data, **besides}
    return tomli_w.dumps(data, multiline_strings=True)


def branches_from(
    given: str | bytes | dict[str, Any],
    file: str = DROPPED,
    known: Scenario | None = None,
) -> list[Branch]:
    """The branches of a file, on their first morning; `day` is the day to simulate up to.

    Their scenario may read CSV files only if it is `known`: the one that the lab was started with.

    `given` may already be parsed (`comsim.lab.dropped.toml_from`). Raises InputError, in one line,
    for any error in it, and if the lab has no memory for them.
    """
    data = given if isinstance(given, dict) else toml_from(given, file)
    try:
        form = _File.model_validate(data)
    except ValidationError as error:
        raise explain(error, file) from None
    if known is not None and form.scenario == _plain(known):
        scenario = known
    else:
        scenario = _scenario(form.scenario, file)
    for at, branch in enumerate(form.branches):
        for key, day, last in [("day", branch.day, scenario.days)] + [
            (f"moves[{k}].day", move.day, scenario.days - 1) for k, move in enumerate(branch.moves)
        ]:
            if day > last:
                key = f"branches[{at}].{key}"
                raise InputError.at(file, key, str(day), range_of(0, last, True))
    room_for(scenario, len(form.branches))
    return [
        Branch(b.name, b.colour, Timeline.moved(scenario, form.seed, b.in_order), b.day)
        for b in form.branches
    ]


def _scenario(data: dict[str, Any], file: str) -> Scenario:
    """The scenario in a file of branches; errors name its keys as keys of that file."""
    try:
        return scenario_from(data, file)
    except InputError as error:
        key = f"scenario.{error.key}"
        raise InputError.at(file, key, error.found, error.allowed) from None


def is_branches(data: dict[str, Any]) -> bool:
    """Whether a dropped file contains branches rather than a scenario."""
    return "branches" in data


class SavedMove(Table):
    """A move in a file."""

    day: number(0, MAX_DAYS, whole=True) = Field(description="a day")
    lever: one_of(LEVERS, "lever") = Field(description="a lever")
    value: Amount = Field(description="a number")


def name_in(value: object) -> str:
    """The name of a future, without surrounding spaces; "" if invalid."""
    name = value.strip() if isinstance(value, str) and value.isprintable() else ""
    return name if len(name) <= limits.NAME else ""


def _name(value: object) -> str:
    return name_in(value) or wrong(value, A_NAME)


def _colour(value: object) -> str:
    if not (isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value)):
        wrong(value, 'a colour such as "#4477aa"')
    return value


class _Branch(Table):
    name: Annotated[Any, AfterValidator(_name)] = Field(description="a name")
    colour: Annotated[Any, AfterValidator(_colour)] = Field(description="a colour")
    day: number(0, MAX_DAYS, whole=True) = Field(description="the day it stands at")
    moves: tuple[SavedMove, ...] = Field((), max_length=MOST_MOVES)

    @property
    def in_order(self) -> list[TimelineMove]:
        """Moves by day; of two moves of a lever on one day, the last one."""
        last = {(move.day, move.lever): move.value for move in self.moves}
        moves = [TimelineMove(*when, value) for when, value in last.items()]
        return sorted(moves, key=lambda move: move.day)


class _File(Table):
    seed: number(0, 2**63 - 1, whole=True) = Field(description="a whole number")
    scenario: dict[str, Any] = Field(description="a scenario")
    branches: tuple[_Branch, ...] = Field(
        min_length=1, max_length=limits.BRANCHES, description="a list of branches"
    )


def _plain(scenario: Scenario) -> dict[str, Any]:
    """A scenario in its shortest form: dates as dates, a lone `base` as a number."""
    data = scenario.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
    for key in ("intake", "observed"):
        if csv := data.get(key, {}).get("csv"):
            data[key]["csv"] = str(scenario.path(csv).absolute())
    return _shorter(data)


def _shorter(data: Any) -> Any:
    """Replace tables that stand for one number by this number (`OrNumber`)."""
    match data:
        case {"base": alone, **others} | {"value": alone, **others} if not others:
            return alone
        case {"low": low, "high": high, **others} if not others and low == high:
            return low
        case dict():
            return {key: _shorter(value) for key, value in data.items()}
        case list() | tuple():
            return [_shorter(value) for value in data]
    return data
