"""The scenarios to choose from: cards with a name, a sentence and a small picture of the run.

The package contains the folder scenarios/ of the repository; in a checkout, the folder itself is
read. The texts of the cards are in shelf.toml. Their pictures, each of a run in one world, are in
shelf.json; `python scripts/scenarios.py` makes them.
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
from comsim.model.stages import FEW, few_of, retrospective_stages, stage_spans
from comsim.scenario import Scenario, load_scenario

KINDS = {".": "launch", "archetypes": "archetype", "cases": "case", "contrasts": "contrast"}
"""The kind of scenarios in each folder."""
POINTS = 60  # of a curve
HERE = Path(__file__).parent
CARDS, PICTURES = HERE / "shelf.toml", HERE / "shelf.json"


@dataclass(frozen=True)
class Outline:
    """The outline of a run."""

    days: int
    weekly: tuple[int, ...]
    """Weekly active members on POINTS days, from the first to the last."""
    stages: tuple[tuple[str, int, int], ...]
    """(stage, first day, last day)"""

    def line(self, width: float, height: float) -> str:
        """The curve as the `d` attribute of an SVG path. Its maximum (at least FEW) is at 0,
        zero at `height`."""
        top, steps = max(FEW, *self.weekly), max(len(self.weekly) - 1, 1)
        points = (
            f"{width * at / steps:.1f},{height * (1 - value / top):.1f}"
            for at, value in enumerate(self.weekly)
        )
        return "M" + " L".join(points)

    def bands(self, width: float) -> list[tuple[str, float, float]]:
        """(stage, left end, width) of each stage, for the background; empty below FEW."""
        if max(self.weekly) < FEW:
            return []
        scale = width / self.days
        return [
            (stage, round(first * scale, 1), round((last + 1 - first) * scale, 1))
            for stage, first, last in self.stages
        ]


@dataclass(frozen=True)
class Card:
    """A scenario to choose."""

    id: str
    """Its file in the folder, without the suffix: "cases/xiaomi"."""
    kind: str
    """One of KINDS' values."""
    name: dict[str, str]
    """By language, like `line`: "en", "zh"."""
    line: dict[str, str]
    """Its subject, in one sentence."""
    market: int
    days: int
    picture: Outline | None
    """None if the file has changed since the picture was made."""
    path: Path

    def scenario(self) -> Scenario:
        """Read the scenario from its file."""
        return load_scenario(self.path)


def folder_of_scenarios() -> Path:
    """The folder of the scenarios that come with comsim."""
    packed = HERE / "scenarios"
    return packed if packed.is_dir() else HERE.parents[2] / "scenarios"


@cache
def cards(folder: Path | None = None) -> tuple[Card, ...]:
    """The scenarios of a folder (by default comsim's own), in the order of shelf.toml.

    Left out are scenarios that need a missing file of joiners, or a past that takes a while to make
    up. Raises InputError for an invalid
    file. The result is cached.
    """
    folder = folder_of_scenarios() if folder is None else folder
    texts = tomllib.loads(CARDS.read_text("utf-8"))
    files = {path.relative_to(folder).with_suffix("").as_posix(): path
             for path in sorted(folder.rglob("*.toml"))}  # fmt: skip
    order = [name for name in texts if name in files]
    order += [name for name in files if name not in texts]
    made = (_card(name, files[name], texts.get(name)) for name in order)
    return tuple(card for card in made if card is not None)


def _card(name: str, path: Path, text: dict | None) -> Card | None:
    scenario = load_scenario(path)
    if (scenario.intake is not None and scenario.intake.csv is None) or scenario.community.today:
        return None
    if text is None:
        first = " ".join(scenario.description.split()).partition(". ")[0].rstrip(".")
        text = {
            key: dict.fromkeys(("en", "zh"), line)
            for key, line in [("name", scenario.name), ("line", f"{first}." if first else "")]
        }
    kind = KINDS.get(Path(name).parent.as_posix(), KINDS["."])
    market, days = scenario.community.market, scenario.days
    return Card(name, kind, text["name"], text["line"], market, days, _drawn(name, path), path)


def picture_of(weekly: ArrayLike, market: int) -> Outline:
    """The outline of a run, from its daily series of weekly active members and the number of people
    in its market."""
    weekly = np.asarray(weekly)
    at = np.linspace(0, len(weekly) - 1, POINTS).round().astype(int)
    spans = stage_spans(retrospective_stages(weekly, few_of(market)))
    return Outline(len(weekly), tuple(weekly[at].tolist()), tuple(spans))


def with_market(scenario: Scenario, most: int) -> Scenario:
    """The scenario in a market of at most `most` people. Everything else stays the same, so a
    community may reach the limit of its market sooner."""
    if scenario.community.market <= most:
        return scenario
    data = scenario.to_dict()
    return scenario.again(data | {"community": data.get("community", {}) | {"market": most}})


def keep_pictures(folder: Path, drawn: Sequence[tuple[Path, Outline]]) -> None:
    """Write shelf.json: the pictures of a folder's files, each with the hash of its file."""
    kept = {
        path.relative_to(folder).with_suffix("").as_posix(): {"of": _hash(path)} | asdict(picture)
        for path, picture in drawn
    }
    lines = [f'"{name}": {json.dumps(kept[name])}' for name in sorted(kept)]
    write_text(PICTURES, "{\n" + ",\n".join(lines) + "\n}\n")


@cache
def _kept() -> dict[str, dict]:
    return json.loads(PICTURES.read_text("utf-8"))


def _drawn(name: str, path: Path) -> Outline | None:
    kept = _kept().get(name, {})
    if kept.get("of") != _hash(path):
        return None
    return Outline(kept["days"], tuple(kept["weekly"]), tuple(map(tuple, kept["stages"])))


def _hash(path: Path) -> str:
    return sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]
