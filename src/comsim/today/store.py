"""Stored trajectories: what each plausible community looks like at many ages, in markets of three
sizes, under the default policy.

    python -m comsim.today.store        # replaces the file in the package; minutes on two cores

They only serve to choose which communities to simulate, so coarse numbers are enough.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from comsim.common.threads import in_threads
from comsim.files.aside import written_aside
from comsim.scenario import Scenario, plan
from comsim.scenario.rows import PLAUSIBLE, Rows, rows_of
from comsim.scenario.worlds import World, uncertain, world_seed
from comsim.today.lives import SEEN, past_of

FILE = "trajectories.parquet"
META = b"comsim.today"  # key of the file's metadata
MARKETS = (300, 2_000, 12_000)
AGES = tuple(int(age) for age in np.round(np.geomspace(14, 2_000, 25)))
SEED, STORED_KEY = 1, 4
FEW = 0.02  # added before taking logarithms, so that zeros have one
STEP = 0.002  # of logarithms, in the file


class Trajectories(NamedTuple):
    """Logarithms of (SEEN + FEW)."""

    hash: str
    """Of the plausible worlds that they belong to."""
    logs: np.ndarray
    """float64 (rows, markets, ages, SEEN)."""


def simulated(rows: Rows, jobs: int | None = None) -> np.ndarray:
    """The trajectories of all rows: float64 (rows, markets, ages, SEEN)."""
    scenario = Scenario.from_dict({"name": "stored", "days": AGES[-1]})
    compiled, numbers = plan(scenario), uncertain(scenario, rows.names)

    def one(which: tuple[int, int]) -> np.ndarray:
        row, place = which
        seed = world_seed(SEED, row, STORED_KEY, place)
        world = World(0, row, seed, rows.row(row), MARKETS[place])
        return past_of(scenario, compiled, numbers, world, SEED, AGES)

    number, places = len(rows.values), range(len(MARKETS))
    each = [(row, place) for row in range(number) for place in reversed(places)]
    found = in_threads(one, each, jobs)
    found = np.array(found).reshape(number, len(MARKETS), len(AGES), len(SEEN))
    return found[:, ::-1]


def write(path: Path, rows: Rows, values: np.ndarray) -> None:
    """Write trajectories; the same numbers give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    coded = np.round(np.log(values + FEW) / STEP).astype(np.int16)
    about = {"rows": rows.hash, "markets": MARKETS, "ages": AGES, "few": FEW, "step": STEP}
    columns = {
        f"{name}_{market}_{age}": coded[:, m, a, k]
        for k, name in enumerate(SEEN)
        for m, market in enumerate(MARKETS)
        for a, age in enumerate(AGES)
    }
    table = pa.table(columns).replace_schema_metadata({META: json.dumps(about)})
    with written_aside(path) as part:
        pq.write_table(table, part, compression="zstd", use_dictionary=False, version="2.6",
                       write_statistics=False)  # fmt: skip


@cache
def stored() -> Trajectories:
    """The trajectories in the package."""
    import pyarrow.parquet as pq

    table = pq.read_table(Path(__file__).with_name(FILE))
    about = json.loads(table.schema.metadata[META])
    coded = np.stack([column.to_numpy() for column in table.columns], axis=1)
    shape = len(coded), len(SEEN), len(about["markets"]), len(about["ages"])
    logs = coded.reshape(shape).transpose(0, 2, 3, 1) * about["step"]
    return Trajectories(about["rows"], logs)


if __name__ == "__main__":
    plausible = rows_of(PLAUSIBLE, "store")
    write(Path(__file__).with_name(FILE), plausible, simulated(plausible))
