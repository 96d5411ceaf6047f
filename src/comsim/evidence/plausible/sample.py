"""The plausible worlds: a weighted sample of rows that real communities and experiments leave over.

    python -m comsim.evidence.plausible.sample FOLDER [--rows 1000] [--without NAME ...]
        [--out FILE] [--jobs 2]

FOLDER keeps what takes long: the bank, the rows that mimic real communities, and the experiments
simulated in some of them. An interrupted command continues where it stopped. By default, FILE is
the sample in the package (`comsim.scenario.rows`). `--without`: real communities (ids of
`real.csv`) and studies (`effects.toml`) to leave out.

The columns of the file are, in this order: `mimics` (a real community), `source` (its type),
`weight` (mean 1), `draw` (of the prior), `distance` (from the real community, in standard
deviations of a feature), the numbers, and the log likelihood of each study.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comsim import scenario
from comsim.common.errors import nearest
from comsim.common.progress import reporting
from comsim.common.version import __version__
from comsim.evidence import plausible, real
from comsim.evidence.plausible import bank, experiments
from comsim.evidence.plausible.likelihood import emulators, study
from comsim.evidence.plausible.mimicry import matches
from comsim.evidence.plausible.prior import LAUNCH, prior, prior_row, settings
from comsim.evidence.plausible.weigh import effective, weighed
from comsim.files.aside import written_aside
from comsim.files.origin import hash_of
from comsim.files.parquet import check_sealed, write_sealed
from comsim.model.catalogue import PARAMETERS
from comsim.scenario.rows import FILE, META
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd

ROWS = 1000
TRAINING = 192  # rows in which experiments are simulated
BITS = 10  # of the mantissa of the numbers in the file
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
    return with_prior_effects(some[list(prior())].to_dict("records"))


def with_prior_effects(rows: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The rows with effects of levers drawn from the prior."""
    names, made = effects(), []
    for k, row in enumerate(rows):
        fresh = prior_row(FRESH + k)
        made.append(dict(row) | {name: fresh[name] for name in names})
    return made


def write(rows: pd.DataFrame, path: Path, about: dict[str, Any]) -> None:
    """Write the sample, with `about` in the metadata of the file. Numbers keep the first bits of
    their single precision, so that the file is small."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = rows.drop(columns="kin")
    floats = [name for name in made.columns if made[name].dtype.kind == "f"]
    made[floats] = shortened(made[floats].to_numpy(np.float32))
    first = ["mimics", "source", "weight", "draw", "distance"]
    table = pa.Table.from_pandas(
        made[[*first, *made.columns.drop(first)]], preserve_index=False
    ).replace_schema_metadata({META: json.dumps(about)})
    with written_aside(path) as part:
        pq.write_table(
            table, part, compression="zstd", compression_level=19, use_dictionary=False,
            column_encoding=dict.fromkeys(floats, "BYTE_STREAM_SPLIT"),
        )  # fmt: skip


def shortened(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rounded to BITS bits after the first one: a relative error of at most 2 to the -BITS - 1."""
    dropped = 23 - BITS
    bits = values.view(np.uint32) + np.uint32(1 << dropped - 1)
    return (bits >> dropped << dropped).view(np.float32)


def main() -> None:
    """Make the sample."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--without", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--out", type=Path, default=Path(scenario.__file__).with_name(FILE))
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
        trained = training(rows)
        figures = experiments.simulated(
            trained, given.folder / "experiments", about["seed"], given.jobs, progress
        )
    predictors = emulators(trained, figures, given.without)
    known = {*rows["mimics"], *(study(fact) for fact in experiments.used().values())}
    if unknown := [name for name in given.without if name not in known]:
        parser.exit(2, f"--without: found {unknown[0]}; allowed: {nearest(unknown[0], known)}\n")
    rows = rows[~rows["mimics"].isin(given.without)].reset_index(drop=True)
    rows, power = weighed(rows, predictors)
    write(rows, given.out, {
        "version": __version__,
        "numbers": [name for name in prior() if name not in LAUNCH],
        "power": power,
        "without": given.without,
        "bank": bank.key(),
    })  # fmt: skip
    print(f"{len(rows)} rows, effective number {effective(rows['weight'].to_numpy()):.0f}, "
          f"likelihood to the power {power:g}: {given.out}")  # fmt: skip


if __name__ == "__main__":
    main()
