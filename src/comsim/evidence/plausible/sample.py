"""The plausible worlds: a weighted sample of rows that real communities and experiments leave over.

    python -m comsim.evidence.plausible.sample FOLDER [--rows 1000] [--jobs 2]

FOLDER keeps what takes long: the bank, the rows that mimic real communities, and the experiments
simulated in some of them. An interrupted command continues where it stopped.
"""

from __future__ import annotations

import argparse
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comsim.common.progress import reporting
from comsim.evidence import plausible, real
from comsim.evidence.plausible import bank, experiments
from comsim.evidence.plausible.mimicry import matches
from comsim.evidence.plausible.prior import prior, prior_row, settings
from comsim.files.aside import written_aside
from comsim.files.origin import hash_of
from comsim.files.parquet import check_sealed, write_sealed
from comsim.model.catalogue import PARAMETERS
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd

ROWS = 1000
TRAINING = 256  # rows in which experiments are simulated
FRESH = 1 << 24  # the first number of prior draws of effects, after all of those in the bank


def mimics(folder: Path, number: int, jobs: int | None, progress: Progress | None) -> pd.DataFrame:
    """About `number` rows: `mimics` (the id of a real community), `source`, `kin`, `draw` (the
    prior draw that it was adjusted from), `distance`, and a value for each number of the prior."""
    import pandas as pd

    about = settings()
    known = real.communities().dropna(subset="authors").reset_index(drop=True)
    text = [files(real.__package__).joinpath("real.csv"), files(plausible).joinpath("mimicry.py")]
    origin = [bank.key(), about["communities"], number, *(one.read_bytes() for one in text)]
    file = folder / f"rows-{hash_of(repr(origin).encode())[:8]}.parquet"
    if not file.exists():
        drawn = bank.bank(folder / "bank", about["communities"])
        pools = matches(known, drawn, number, about["seed"], jobs, progress)
        of = known.set_index("id")
        table = [
            {"mimics": id, "source": of["source"][id], "kin": of["kin"][id], "draw": int(draw),
             "distance": distance} | {name: row[name] for name in prior()}
            for id, pool in pools.items()
            for row, draw, distance in zip(pool.rows, pool.draws, pool.distance, strict=True)
        ]  # fmt: skip
        with written_aside(file) as part:
            write_sealed(pd.DataFrame(table), part)
    check_sealed(file)
    return pd.read_parquet(file)


def effects() -> list[str]:
    """The numbers that describe effects of levers."""
    return [name for name in prior() if name in PARAMETERS and PARAMETERS[name].effect]


def training(rows: pd.DataFrame, number: int = TRAINING) -> list[dict[str, float]]:
    """Some of the rows, evenly spread, with effects of levers drawn from the prior."""
    some = rows.iloc[[int(k * len(rows) / number) for k in range(number)]]
    names = effects()
    return [
        row | {name: fresh[name] for name in names}
        for k, row in enumerate(some[list(prior())].to_dict("records"))
        if (fresh := prior_row(FRESH + k))
    ]


def main() -> None:
    """Make the sample."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--jobs", type=int)
    given = parser.parse_args()
    shown = sys.stderr.isatty() or None

    def step(what: str) -> Any:
        return reporting(shown, what, what)

    about = settings()
    with step("shards of the bank") as progress:
        bank.fill(given.folder / "bank", about["communities"], given.jobs, progress)
    with step("rounds") as progress:
        rows = mimics(given.folder, given.rows, given.jobs, progress)
    with step("rows with experiments") as progress:
        experiments.simulated(
            training(rows), given.folder / "experiments", about["seed"], given.jobs, progress
        )


if __name__ == "__main__":
    main()
