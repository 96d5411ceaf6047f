"""The plausible worlds: a weighted sample of rows that real communities and experiments leave over.

    python -m comsim.evidence.plausible.sample FOLDER [--without NAME ...] [--out FILE]
        [--communities 20000] [--rows 1000] [--training 192] [--jobs 2]

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
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comsim import scenario
from comsim.common.errors import nearest
from comsim.common.progress import reporting
from comsim.common.version import __version__
from comsim.evidence import real
from comsim.evidence.plausible import bank, experiments
from comsim.evidence.plausible.likelihood import emulators, study
from comsim.evidence.plausible.mimicry import WIDE, from_bank, matches, quotas
from comsim.evidence.plausible.prior import LAUNCH, prior, prior_row, settings
from comsim.evidence.plausible.weigh import effective, weighed
from comsim.files.aside import written_aside
from comsim.files.origin import hash_of, parts_hash
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


def mimics(
    folder: Path,
    number: int = ROWS,
    jobs: int | None = None,
    progress: Progress | None = None,
    communities: int | None = None,
) -> pd.DataFrame:
    """About `number` rows: `mimics` (the id of a real community), `source`, `kin`, `draw` (the
    prior draw that it was adjusted from), `distance`, and a value for each number of the prior."""
    import pandas as pd

    about = settings()
    communities = communities or about["communities"]
    known = real.communities().dropna(subset="authors").reset_index(drop=True)
    parts = "evidence/real.csv", "evidence/shapes.toml", "evidence/plausible/mimicry.py"
    origin = [bank.key(), communities, number, parts_hash(*parts)]
    file = folder / f"rows-{hash_of(repr(origin).encode())[:8]}.parquet"
    if not file.exists():
        drawn = bank.bank(folder / "bank", communities)
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
    """The numbers that describe effects of levers, except those that are chosen by mimicry."""
    return [name for name in prior()
            if name in PARAMETERS and PARAMETERS[name].effect and name not in WIDE]  # fmt: skip


def training(
    folder: Path, number: int = TRAINING, communities: int | None = None
) -> list[dict[str, float]]:
    """Draws of the bank near each real community, with effects of levers drawn anew: rows in which
    experiments are simulated. They do not depend on the rounds of mimicry."""
    drawn = bank.bank(folder / "bank", communities or settings()["communities"])
    known = real.communities().dropna(subset="authors").reset_index(drop=True)
    found = []
    for id, share in quotas(known, number).items():
        pool = from_bank(known[known["id"] == id].iloc[0], drawn)
        found += pool.rows[:share]
    return with_prior_effects(found)


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
    about = settings()
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--communities", type=int, default=about["communities"])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--training", type=int, default=TRAINING)
    parser.add_argument("--without", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--out", type=Path, default=Path(scenario.__file__).with_name(FILE))
    parser.add_argument("--jobs", type=int)
    given = parser.parse_args()
    known = {*real.communities()["id"], *(study(fact) for fact in experiments.used().values())}
    if unknown := [name for name in given.without if name not in known]:
        parser.exit(2, f"--without: found {unknown[0]}; allowed: {nearest(unknown[0], known)}\n")
    shown = sys.stderr.isatty() or None

    def step(what: str) -> Any:
        return reporting(shown, what, what)

    with step("shards of the bank") as progress:
        bank.fill(given.folder / "bank", given.communities, given.jobs, progress)
    with step("rounds") as progress:
        rows = mimics(given.folder, given.rows, given.jobs, progress, given.communities)
    with step("rows with experiments") as progress:
        trained = training(given.folder, given.training, given.communities)
        figures = experiments.simulated(
            trained, given.folder / "experiments", about["seed"], given.jobs, progress
        )
    predictors = emulators(trained, figures, given.without)
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
