"""The scenarios to choose from: cards with a name, a line, and a small picture of the life.

A wheel carries the repository's folder scenarios/ in the package; in a checkout they are read
from where they lie. What the cards say stands in shelf.toml; their pictures, of whole runs in one
world, are made by `python experiments/scenarios.py` and stand in shelf.json.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from comsim.files.aside import write_text
from comsim.lab.view import HANDFUL
from comsim.model.stages import retrospective_stages, stage_spans
from comsim.scenario import Scenario, load_scenario

KINDS = {".": "launch", "archetypes": "archetype", "cases": "case", "contrasts": "contrast"}
"""What kind of scenario lies in each folder."""
POINTS = 60  # of a curve
HERE = Path(__file__).parent
CARDS, PICTURES = HERE / "shelf.toml", HERE / "shelf.json"


@dataclass(frozen=True)
class Picture:
    """A life in outline."""

    days: int
    weekly: tuple[int, ...]
    """Members who visited in the last week, on POINTS days from the first to the last."""
    stages: tuple[tuple[str, int, int], ...]
    """(stage, first day, last day)"""

    def line(self, width: float, height: float) -> str:
        """The curve as the `d` of an SVG path, from its highest point (or that of a handful) at
        0 down to `height`."""
        top, steps = max(HANDFUL, *self.weekly), max(len(self.weekly) - 1, 1)
        points = (
            f"{width * at / steps:.1f},{height * (1 - value / top):.1f}"
            for at, value in enumerate(self.weekly)
        )
        return "M" + " L".join(points)

    def bands(self, width: float) -> list[tuple[str, float, float]]:
        """(stage, left end, width) of each stage, to stand behind the curve; a handful has none."""
        if max(self.weekly) < HANDFUL:
            return []
        scale = width / self.days
        return [
            (stage, round(first * scale, 1), round((last + 1 - first) * scale, 1))
            for stage, first, last in self.stages
        ]


@dataclass(frozen=True)
class Card:
    """A scenario that may be chosen."""

    id: str
    """Its file in the folder, without the ending: "cases/xiaomi"."""
    kind: str
    """One of KINDS' values."""
    name: dict[str, str]
    """By language, as `line` is: "en", "zh"."""
    line: dict[str, str]
    """What it is about, in one sentence."""
    market: int
    days: int
    picture: Picture | None
    """None where none was drawn of the file as it is."""
    path: Path

    def scenario(self) -> Scenario:
        """The scenario itself, read from its file."""
        return load_scenario(self.path)


def folder_of_scenarios() -> Path:
    """Where the scenarios lie that come with comsim."""
    packed = HERE / "scenarios"
    return packed if packed.is_dir() else HERE.parents[2] / "scenarios"


@cache
def cards(folder: Path | None = None) -> tuple[Card, ...]:
    """The scenarios of a folder, by default of comsim's own, in the order of the shelf.

    Left out is what needs a file of joiners that is not there. InputError for a file that is no
    scenario. Read once, and kept.
    """
    folder = folder_of_scenarios() if folder is None else folder
    said = tomllib.loads(CARDS.read_text("utf-8"))
    found = {path.relative_to(folder).with_suffix("").as_posix(): path
             for path in sorted(folder.rglob("*.toml"))}  # fmt: skip
    order = [name for name in said if name in found]
    order += [name for name in found if name not in said]
    made = (_card(name, found[name], said.get(name)) for name in order)
    return tuple(card for card in made if card is not None)


def _card(name: str, path: Path, said: dict | None) -> Card | None:
    scenario = load_scenario(path)
    if scenario.intake is not None and scenario.intake.csv is None:
        return None
    if said is None:
        first = " ".join(scenario.description.split()).partition(". ")[0].rstrip(".")
        said = {
            key: dict.fromkeys(("en", "zh"), text)
            for key, text in [("name", scenario.name), ("line", f"{first}." if first else "")]
        }
    kind = KINDS.get(Path(name).parent.as_posix(), KINDS["."])
    market, days = scenario.community.market, scenario.days
    return Card(name, kind, said["name"], said["line"], market, days, _drawn(name, path), path)


def picture_of(weekly: ArrayLike) -> Picture:
    """The outline of a life, from its weekly members day by day."""
    weekly = np.asarray(weekly)
    at = np.linspace(0, len(weekly) - 1, POINTS).round().astype(int)
    spans = stage_spans(retrospective_stages(weekly))
    return Picture(len(weekly), tuple(weekly[at].tolist()), tuple(spans))


def with_market(scenario: Scenario, most: int) -> Scenario:
    """The scenario in a market of at most so many people; all else stays as it is, so that a
    community that had room to grow soon has none."""
    if scenario.community.market <= most:
        return scenario
    said = scenario.to_dict()
    return scenario.again(said | {"community": said.get("community", {}) | {"market": most}})


def keep_pictures(folder: Path, drawn: Sequence[tuple[Path, Picture]]) -> None:
    """Write shelf.json: the pictures of files in a folder, each with a hash of its file."""
    kept = {
        path.relative_to(folder).with_suffix("").as_posix(): {"of": _hash(path)} | asdict(picture)
        for path, picture in drawn
    }
    lines = [f'"{name}": {json.dumps(kept[name])}' for name in sorted(kept)]
    write_text(PICTURES, "{\n" + ",\n".join(lines) + "\n}\n")


@cache
def _kept() -> dict[str, dict]:
    return json.loads(PICTURES.read_text("utf-8"))


def _drawn(name: str, path: Path) -> Picture | None:
    kept = _kept().get(name, {})
    if kept.get("of") != _hash(path):
        return None
    return Picture(kept["days"], tuple(kept["weekly"]), tuple(map(tuple, kept["stages"])))


def _hash(path: Path) -> str:
    return sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]
