"""The effect of each lever in the prior and in the plausible worlds.

    python -m comsim.evidence.plausible.effects FOLDER [--rows 128] [--jobs 2] [--write]

Each lever of `evidence/levers.toml` is tested as in `comsim.evidence.levers`: in a random half of a
community, and in the whole, for a year. This is done in rows of the plausible worlds, and in the
same rows with effects of levers from the prior. FOLDER keeps the results of each row; an
interrupted command continues where it stopped. `--write` rewrites effects.csv.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from comsim.common.progress import reporting
from comsim.evidence import levers
from comsim.evidence.data import data
from comsim.evidence.plausible.experiments import DEPENDS, kept
from comsim.evidence.plausible.prior import EFFECTS, settings
from comsim.evidence.plausible.sample import with_prior_effects
from comsim.evidence.plausible.studies import ENDS
from comsim.evidence.world import FactWorld
from comsim.files.aside import write_text
from comsim.files.origin import parts_hash
from comsim.model.catalogue import LEVERS
from comsim.scenario.rows import PLAUSIBLE, rows_of

TABLE = Path(__file__).with_name("effects.csv")
SOME = 128  # rows each
FEWEST = 20  # rows in which an effect must exist


def effects(row: Mapping[str, float], seed: int) -> pd.DataFrame:
    """The effects of all levers in a row: `lever`, `members` (on what the lever first acts on, in
    the random half) and `whole` (on mean weekly members), both in percent."""
    world = FactWorld(0, 1, seed, row=dict(row))
    found = []
    for lever, about in data("levers.toml").items():
        one = levers.effects(lever, world)
        members = one[about.get("acts_on", "visits")]
        found.append({"lever": lever, "members": members, "whole": one["whole"]})
    return pd.DataFrame(found)


def table(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """A row for each lever: `lever`, `grade`, and the 5, 50 and 95 % quantiles of its effect on
    members and on the whole, in the prior and in the worlds. Empty where an effect exists in too
    few rows."""
    found = []
    for lever in before["lever"].unique():
        line = {"lever": lever, "grade": LEVERS[lever].grade}
        for on in ("members", "whole"):
            for name, made in (("prior", before), ("worlds", after)):
                x = made.loc[made["lever"] == lever, on].dropna()
                ends = np.quantile(x, ENDS) if len(x) >= FEWEST else [np.nan] * len(ENDS)
                line |= {
                    f"{on}_{name}_{100 * q:02.0f}": end for q, end in zip(ENDS, ends, strict=True)
                }
        found.append(line)
    return pd.DataFrame(found)


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=SOME)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--write", action="store_true", help=f"rewrite {TABLE.name}")
    given = parser.parse_args()
    plausible = rows_of(PLAUSIBLE, "effects")
    assert plausible is not None
    seed = settings()["seed"]
    worlds = [plausible.sample(seed, draw) for draw in range(given.rows)]
    made = {"prior": with_prior_effects(worlds), "worlds": worlds}
    results = {}
    for name, rows in made.items():
        with reporting(sys.stderr.isatty() or None, f"rows ({name})", "simulating") as progress:
            origin = parts_hash(*DEPENDS, "evidence/levers.py", "evidence/levers.toml")
            folder = given.folder / "effects"
            results[name] = kept(
                effects, rows, folder, EFFECTS + seed, origin, given.jobs, progress
            )
    found = table(results["prior"], results["worlds"])
    if given.write:
        write_text(TABLE, found.to_csv(index=False, float_format="%.4g"))
    else:
        print(found.round(1).to_string(index=False))


if __name__ == "__main__":
    main()
