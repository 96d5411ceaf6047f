"""The bank: communities drawn from the prior distribution, as each type of source records them.

    python -m comsim.evidence.bank FOLDER [--communities 20000] [--jobs 2]

Plausible worlds are chosen from the bank: draws that resemble real communities. `bank.toml`
contains the prior distribution. The bank is written in shards. An interrupted command continues
where it stopped; a shard that was drawn from another prior, or by another version of the model, is
drawn again. The result does not depend on the number of jobs.
"""

from __future__ import annotations

import argparse
import sys
from math import ceil, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from comsim.common.progress import reporting
from comsim.evidence.data import data
from comsim.evidence.observed import observed
from comsim.files.aside import written_aside
from comsim.files.origin import code_hash, hash_of
from comsim.files.parquet import check_sealed, write_sealed
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.scenario import Scenario
from comsim.scenario.worlds import Uncertain, moved, shape_of, uncertain
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd


def prior(scenario: Scenario) -> dict[str, Uncertain]:
    """The uncertain numbers of a scenario: the ranges of `bank.toml` for what the scenario does not
    set, and those of a comparison for the rest."""
    numbers = uncertain(scenario)
    ranges = data("bank.toml")["ranges"]
    return numbers | {name: wide(name, *ranges[name]) for name in ranges if name in numbers}


def wide(name: str, low: float, high: float) -> Uncertain:
    """A number with an even distribution over the logarithm of its range, or of its odds."""
    shape = shape_of((PARAMETERS | TRAITS)[name])
    first, last = (x / (1 - x) if shape == "odds" else x for x in (low, high))
    factor = sqrt(last / first)
    return Uncertain(low, moved(low, factor, shape), high, shape, factor, flat=True)


def fill(
    folder: Path,
    communities: int,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Draw the shards that the folder lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    files = _files(folder, communities)
    for shard, file in enumerate(files):
        if not file.exists():
            with written_aside(file) as part:
                write_sealed(drawn_shard(shard, jobs), part)
        if progress:
            progress(shard + 1, len(files))


def drawn_shard(shard: int, jobs: int | None = None) -> pd.DataFrame:
    """The communities of a shard, as `observed` gives them, with the column `shard`."""
    about = data("bank.toml")
    table = observed(about["shard"], about["seed"] + shard, jobs, numbers=prior)
    return table.assign(shard=shard)


def bank(folder: Path, communities: int) -> pd.DataFrame:
    """All rows: one for each community and each type of source that records enough of it."""
    import pandas as pd

    files = _files(folder, communities)
    for file in files:
        check_sealed(file)
    return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)


def _files(folder: Path, communities: int) -> list[Path]:
    """The files of the shards. Their names hold a hash of what the shards depend on."""
    about = data("bank.toml")
    origin = [about, data("population.toml"), code_hash("model", "measure", "scenario")]
    key = hash_of(repr(origin).encode())[:8]
    number = ceil(communities / about["shard"])
    return [folder / f"{shard:04d}-{key}.parquet" for shard in range(number)]


def main() -> None:
    """Fill the bank."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--communities", type=int, default=data("bank.toml")["communities"])
    parser.add_argument("--jobs", type=int)
    given = parser.parse_args()
    with reporting(sys.stderr.isatty() or None, "bank", "shards") as progress:
        fill(given.folder, given.communities, given.jobs, progress)


if __name__ == "__main__":
    main()
