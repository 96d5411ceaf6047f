"""The results of the model of November 2026 for each fact, as a rival for later models.

    python -m comsim.evidence.november [FOLDER] --write     # rewrites november_2026.toml

The figures come from `validation.json` in the folder of a full validation (by default
results/validation). A held fact without a mechanism to switch off counts only if that model fails
it.
"""

from __future__ import annotations

import argparse
import json
from functools import cache
from importlib.resources import files
from math import nan
from pathlib import Path
from typing import Any

from comsim.common.errors import InputError
from comsim.evidence.collection import facts
from comsim.evidence.data import data
from comsim.evidence.fact import Measurement
from comsim.evidence.runner import FULL
from comsim.evidence.world import SEED
from comsim.files.aside import write_text
from comsim.statistics.intervals import Interval

NAME = "november_2026.toml"
HEAD = """\
# What the model of November 2026 made of each fact: the mean over worlds with the ends of its 95 %
# interval, the number of worlds, and the number of those in which the figure does not exist. Made
# by `python -m comsim.evidence.november --write` from a full validation, and kept as it is: later
# models are compared with it.
"""


@cache
def november() -> dict[str, Measurement]:
    """The measurement of each fact in that model, by id; empty if the file does not exist."""
    if not files(__package__).joinpath(NAME).is_file():
        return {}
    return {id: stored(figures) for id, figures in data(NAME).items()}


def stored(figures: dict[str, dict[str, Any]]) -> Measurement:
    """A fact's table in the file as a measurement."""
    return Measurement(
        {name: Interval(*one.get("mean", (nan, nan, nan))) for name, one in figures.items()},
        {name: one.get("absent", 0) for name, one in figures.items()},
        max((one["worlds"] for one in figures.values()), default=0),
    )


def as_toml(figures: list[dict[str, Any]]) -> str:
    """The file's text from the rows of `validation.json`, without facts that cannot be tested
    yet."""
    by_fact: dict[str, list[str]] = {}
    for row in figures:
        if row["figure"] is None or row["missing"]:
            continue
        ends = [row[name] for name in ("mean", "mean_low", "mean_high")]
        mean = [f"{x:.6g}" for x in ends if x is not None]
        parts = [f"mean = [{', '.join(mean)}]"] if len(mean) == len(ends) else []
        parts.append(f"worlds = {row['worlds'] + row['absent']}")
        if row["absent"]:
            parts.append(f"absent = {row['absent']}")
        line = f"{json.dumps(row['figure'])} = {{ {', '.join(parts)} }}"
        by_fact.setdefault(row["fact"], []).append(line)
    tables = ("\n".join([f"[{id}]", *rows]) for id, rows in by_fact.items())
    return HEAD + "\n" + "\n\n".join(tables) + "\n"


def from_folder(folder: Path) -> str:
    """The file's text from a saved validation; InputError if it is not a full one."""
    path = folder / "validation.json"
    try:
        saved = json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise InputError.unreadable(path, problem, "the result of comsim validate") from None
    for name, allowed in (("worlds", FULL.worlds), ("seed", SEED)):
        if saved[name] != allowed:
            raise InputError.at(path, name, str(saved[name]), f"{allowed}: a full validation")
    included = {row["fact"] for row in saved["figures"]}
    if left := [id for id in facts() if id not in included]:
        raise InputError.at(
            path, "figures", f"{len(left)} facts missing ({left[0]}, ...)", "a full validation"
        )
    return as_toml(saved["figures"])


def main() -> None:
    """Print the file, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("results", "validation"))
    parser.add_argument("--write", action="store_true", help=f"rewrite {NAME}")
    given = parser.parse_args()
    try:
        text = from_folder(given.folder)
    except InputError as error:
        parser.exit(2, f"{error}\n")
    if given.write:
        write_text(Path(__file__).with_name(NAME), text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
