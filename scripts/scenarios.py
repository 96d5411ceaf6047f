"""A gallery of all scenarios: a description, the finding of one run, and a small picture.

python scripts/scenarios.py [--seed 1] [--worlds 40]

Rewrites docs/scenarios.md, docs/scenarios/*.png and the lab's pictures (src/comsim/lab/shelf.json)
from the files in scenarios/. A picture shows one life. Contrasts are pairs of policies, which the
first line of each of their files names (`# comsim compare ONE OTHER`): their pictures show medians
over the same plausible worlds, since one life may differ by chance.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pandas as pd

import comsim
from comsim.cli.progress import bar
from comsim.evidence.plausible.prior import settings
from comsim.lab.shelf import keep_pictures, picture_of
from comsim.measure.finding import finding
from comsim.model.catalogue import TRAITS
from comsim.present.figures.small import small_life, small_pair
from comsim.present.figures.style import write_png
from comsim.run.simulation import Run
from comsim.scenario import Scenario
from comsim.scenario.rows import PLAUSIBLE, rows_of
from comsim.scenario.worlds import given_ranges
from comsim.studies.comparison.comparison import Comparison

ROOT = Path(__file__).parent.parent
SCENARIOS, DOCS = ROOT / "scenarios", ROOT / "docs"
HEADS = {
    "": "Start here",
    "archetypes": "Archetypes: types of community, as small sets of parameters",
    "cases": "Cases: named communities, and what is known of them",
    "contrasts": "Contrasts: pairs of policies in the same worlds",
}
COMMAND = "# comsim compare "
INTRODUCTION = """# Scenarios

Every scenario of this repository, with a picture of its life in one world (seed {seed}). Grey shows
all members, blue those active in the last seven days. `comsim run FILE` writes the full report of
a scenario. In its file, every number has a source or is marked as an assumption. A scenario may lie
outside the [plausible worlds](worlds.md); its entry then says where. `[calendar]` has
factors of visits by weekday and holiday, and of walk-ins by month (`months`, January to December).

The contrasts at the end are pairs of policies. Their pictures show weekly members as medians over
the same {worlds} plausible worlds, where the differences of single lives by chance cancel out.

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
        outside(comsim.load_scenario(path)),  # not the parameters of a made-up past
        f"![{scenario.name}: {finding(run)}](scenarios/{picture})",
    ]
    return "\n\n".join(part for part in parts if part)


def pairs(paths: list[Path]) -> list[tuple[Path, Path]]:
    """The pairs that the first lines of these files name, each once."""
    named = (path.read_text("utf-8").partition("\n")[0] for path in paths)
    found = (line.removeprefix(COMMAND).split() for line in named if line.startswith(COMMAND))
    return list(dict.fromkeys((ROOT / one, ROOT / other) for one, other in found))


def pair_entry(pair: tuple[Path, Path], found: Comparison, picture: str) -> str:
    """The entry of a pair of policies on the page."""
    scenarios = [comsim.load_scenario(path) for path in pair]
    first, second = (scenario.name for scenario in scenarios)
    names = [path.relative_to(ROOT).as_posix() for path in pair]
    low, middle, high = (
        signed_percent(found.of("wau_mean", second)[f"relative_{end}"])
        for end in ("q05", "q50", "q95")
    )
    difference = (
        f"Weekly members under “{second}”, compared with “{first}” since the first day on which "
        f"they differ: {middle} in the median world, {low} to {high} in nine of ten worlds"
    )
    parts = [
        f"### {first}, or {second[0].lower()}{second[1:]}",
        " and ".join(f"[`{name}`](../{name})" for name in names) + f". {difference}.",
        *(
            f"*{scenario.name}.* {' '.join(scenario.description.split())}"
            for path, scenario in zip(pair, scenarios, strict=True)
            if path.parent.name == "contrasts"
        ),
        *dict.fromkeys(outside(scenario) for scenario in scenarios),
        f"![{first}, or {second}: {middle} weekly members](scenarios/{picture})",
    ]
    return "\n\n".join(part for part in parts if part)


def signed_percent(share: float) -> str:
    """A change of 0.0163 as "+1.6%", and one of 0.163 as "+16%"."""
    percent = 100 * share
    digits = 0 if abs(percent) >= 10 else 1
    return f"{percent:+.{digits}f}%".replace("-", "−")


def medians(found: Comparison) -> pd.DataFrame:
    """Median weekly members over worlds, one row per day, one column per policy."""
    rows = found.series.query("metric == 'wau' and of == 'level'")
    table = rows.pivot(index="day", columns="policy", values="q50")
    return table[list(found.policies)]


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
    return f"Outside nine of ten plausible worlds: {', '.join(sorted(found))}." if found else ""


def main() -> None:
    """Run every scenario that needs no further files, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=40)
    given = parser.parse_args()
    pictures = DOCS / "scenarios"
    pictures.mkdir(exist_ok=True)
    page, drawn = [INTRODUCTION.format(seed=given.seed, worlds=given.worlds)], set()
    outlines = []
    for folder, paths in files():
        page.append(f"## {HEADS[folder]}\n")
        with bar("simulating", folder or "scenarios") as progress:
            for done, path in enumerate(paths):
                scenario = comsim.load_scenario(path)
                if scenario.intake is not None and scenario.intake.csv is None:
                    continue  # its joiners come from a file that is not here
                run = comsim.simulate(scenario, given.seed)
                if not scenario.community.today:  # the shelf of the lab leaves those out
                    outline = picture_of(run.world.daily["wau"], scenario.community.market)
                    outlines.append((path, outline))
                if folder != "contrasts":
                    picture = f"{path.stem}.png"
                    write_png(small_life(run), pictures / picture)
                    drawn.add(picture)
                    page.append(entry(path, run, picture) + "\n")
                if progress:
                    progress(done + 1, len(paths))
        for pair in pairs(paths):
            found = comsim.compare(
                *pair, worlds=given.worlds, seed=given.seed, evidence=False, progress=True
            )
            picture = f"{pair[1].stem}.png"
            write_png(small_pair(medians(found)), pictures / picture)
            drawn.add(picture)
            page.append(pair_entry(pair, found, picture) + "\n")
    for old in pictures.glob("*.png"):
        if old.name not in drawn:
            old.unlink()
    keep_pictures(SCENARIOS, outlines)
    (DOCS / "scenarios.md").write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
