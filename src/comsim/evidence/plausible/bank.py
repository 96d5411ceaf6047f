"""The bank: communities drawn from the prior distribution, as each type of source records them.

    python -m comsim.evidence.plausible.bank FOLDER [--communities 20000] [--jobs 2]

Plausible worlds are chosen from the bank: draws that resemble real communities. The bank is written
in shards. An interrupted command continues where it stopped; a shard that was drawn from another
prior, or by another version of the model, is drawn again. The result does not depend on the number
of jobs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comsim.common.progress import reporting
from comsim.common.threads import in_threads
from comsim.evidence.observed import COLUMNS, recorded
from comsim.evidence.plausible.prior import LIVES, community, prior_row, settings
from comsim.files.aside import written_aside
from comsim.files.origin import parts_hash
from comsim.files.parquet import check_sealed, write_sealed
from comsim.scenario.worlds import make_worlds
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd


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
    """The communities of a shard; `draw` is the number of the row in the prior."""
    size = settings()["shard"]
    draws = range(shard * size, (shard + 1) * size)
    return (
        lives([prior_row(draw) for draw in draws], settings()["seed"] + shard, jobs)
        .assign(draw=lambda table: table["row"] + draws.start)
        .drop(columns="row")
    )


def lives(
    rows: Sequence[Mapping[str, float]],
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The communities of these rows, each with a random seed of its own: a row of the table for
    each community and each type of source that records enough of it. `row` counts the rows."""
    import pandas as pd

    worlds = make_worlds(seed, len(rows), fixed=True)
    found = in_threads(lambda world: life(rows[world.number], world.seed), worlds, jobs, progress)
    table = [{"row": at} | one for at, some in enumerate(found) for one in some]
    return pd.DataFrame(table, columns=["row", "source", *COLUMNS])


def life(row: Mapping[str, float], seed: int) -> list[dict[str, Any]]:
    """What each type of source records of a row's community."""
    return recorded(Policy.of(community(row)), dict(row), seed)


def bank(folder: Path, communities: int) -> pd.DataFrame:
    """All rows of the tables; communities that no source records enough of have none."""
    import pandas as pd

    files = _files(folder, communities)
    for file in files:
        check_sealed(file)
    return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)


def _files(folder: Path, communities: int) -> list[Path]:
    """The files of the shards."""
    number = ceil(communities / settings()["shard"])
    return [folder / f"{shard:04d}-{key()}.parquet" for shard in range(number)]


@cache
def key() -> str:
    """A hash of what the communities of the bank depend on."""
    return parts_hash(*LIVES)[:8]


def main() -> None:
    """Fill the bank."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--communities", type=int, default=settings()["communities"])
    parser.add_argument("--jobs", type=int)
    given = parser.parse_args()
    with reporting(sys.stderr.isatty() or None, "bank", "shards") as progress:
        fill(given.folder, given.communities, given.jobs, progress)


if __name__ == "__main__":
    main()
