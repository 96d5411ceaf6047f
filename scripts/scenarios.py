"""A gallery of all scenarios: a description, the finding of one run, and a small picture.

python scripts/scenarios.py [--seed 1]

Rewrites docs/scenarios.md, docs/scenarios/*.png and the lab's pictures (src/comsim/lab/shelf.json)
from the files in scenarios/. A picture shows one world; `comsim compare` shows how certain a
difference is.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import comsim
from comsim.cli.progress import bar
from comsim.evidence.plausible.prior import settings
from comsim.lab.shelf import keep_pictures, picture_of
from comsim.measure.finding import finding
from comsim.model.catalogue import TRAITS
from comsim.present.figures.small import small_life
from comsim.present.figures.style import write_png
from comsim.run.simulation import Run
from comsim.scenario import Scenario
from comsim.scenario.rows import PLAUSIBLE, rows_of
from comsim.scenario.worlds import given_ranges

ROOT = Path(__file__).parent.parent
SCENARIOS, DOCS = ROOT / "scenarios", ROOT / "docs"
HEADS = {
    "": "Start here",
    "archetypes": "Archetypes: types of community, as small sets of parameters",
    "cases": "Cases: named communities, and what is known of them",
    "contrasts": "Contrasts: policies to be compared",
}
INTRODUCTION = """# Scenarios

Every scenario of this repository, with a picture of its life in one world (seed {seed}). Grey shows
all members, blue those active in the last seven days. `comsim run FILE` writes the full report of
a scenario. In its file, every number has a source or is marked as an assumption. A scenario may lie
outside the [plausible worlds](worlds.md); its entry then says where. `[calendar]` has
factors of visits by weekday and holiday, and of walk-ins by month (`months`, January to December).

Made by `python scripts/scenarios.py`.
"""


def files() -> Iterator[tuple[str, list[Path]]]:
    """Folders of scenarios in the order of HEADS, with their files."""
    paths = sorted(SCENARIOS.rglob("*.toml"), key=lambda path: (_place(path), path.name))
    for folder, group in groupby(paths, key=_folder):
        yield folder, list(group)


def _folder(path: Path) -> str:
    inside = path.relative_to(SCENARIOS).parts
    return inside[0] if len(inside) > 1 else ""


def _place(path: Path) -> int:
    return list(HEADS).index(_folder(path))


def entry(path: Path, run: Run, picture: str) -> str:
    """The entry of a scenario on the page."""
    scenario, name = run.scenario, path.relative_to(ROOT).as_posix()
    parts = [
        f"### {scenario.name}",
        f"[`{name}`](../{name}) – {finding(run)}.",
        " ".join(scenario.description.split()),
        outside(scenario),
        f"![{scenario.name}: {finding(run)}](scenarios/{picture})",
    ]
    return "\n\n".join(part for part in parts if part)


def outside(scenario: Scenario) -> str:
    """A sentence about the numbers that lie outside nine of ten plausible worlds, of those that
    real communities inform; empty if there are none."""
    rows, found = rows_of(PLAUSIBLE, "scenarios"), []
    given = {name: number.value for name, number in given_ranges(scenario).items()}
    for segment in scenario.segments:
        traits = {name: getattr(segment, name).value for name in TRAITS}
        given |= {f"{name} of {segment.name}": x for name, x in traits.items() if x is not None}
    for name, value in given.items():
        if (number := name.split(" of ")[0]) in settings()["ranges"]:
            low, high = rows.between(number)
            if not low <= value <= high:
                found.append(f"`{name}` {value:g} ({low:.2g} to {high:.2g})")
    return f"Outside nine of ten plausible worlds: {', '.join(found)}." if found else ""


def main() -> None:
    """Run every scenario that needs no further files, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    pictures = DOCS / "scenarios"
    pictures.mkdir(exist_ok=True)
    page, drawn = [INTRODUCTION.format(seed=given.seed)], set()
    outlines = []
    for folder, paths in files():
        page.append(f"## {HEADS[folder]}\n")
        with bar("simulating", folder or "scenarios") as progress:
            for done, path in enumerate(paths):
                scenario = comsim.load_scenario(path)
                if scenario.intake is not None and scenario.intake.csv is None:
                    continue  # its joiners come from a file that is not here
                run = comsim.simulate(scenario, given.seed)
                picture = f"{path.stem}.png"
                write_png(small_life(run), pictures / picture)
                drawn.add(picture)
                outlines.append((path, picture_of(run.world.daily["wau"])))
                page.append(entry(path, run, picture) + "\n")
                if progress:
                    progress(done + 1, len(paths))
    for old in pictures.glob("*.png"):
        if old.name not in drawn:
            old.unlink()
    keep_pictures(SCENARIOS, outlines)
    (DOCS / "scenarios.md").write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
