"""Rows of the plausible worlds, simulated again and recorded.

A row that mimics a git history is recorded as one. A row that mimics a place where people talk is
recorded by each type of source of that kind, so that real communities can be compared with rows
that mimic others than themselves and their kin.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from comsim.evidence import real
from comsim.evidence.plausible.bank import lives
from comsim.evidence.plausible.prior import AGAIN
from comsim.scenario.rows import file_of, places
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd

CHOICE_KEY = 103


def again(
    sample: str | Path,
    number: int,
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """A number of rows, chosen by their weights over all types of source, with new random seeds:
    the columns of `comsim.evidence.observed`, `mimics`, `kin`, and `own`, whether it is recorded by
    the type of source of the community that it mimics. Sources that record too little are left
    out. `sample`: "plausible" or the path of a sample."""
    import pandas as pd

    rows = pd.read_parquet(file_of(sample))
    up_to = np.cumsum(rows["weight"].to_numpy(float))
    at = places(up_to / up_to[-1], seed, np.arange(number), CHOICE_KEY)
    chosen = rows.iloc[at].reset_index(drop=True)
    numbers = list(map(_numbers, chosen.to_dict("records")))
    simulated = lives(numbers, AGAIN + seed, jobs, progress)
    of = chosen.loc[simulated["row"], ["mimics", "source"]].reset_index(drop=True)
    kin = real.communities().set_index("id")["kin"]
    made = simulated.assign(
        world=simulated["row"],
        launch="",
        mimics=of["mimics"],
        kin=of["mimics"].map(kin),
        own=simulated["source"] == of["source"],
    )
    alike = (made["source"] == "git") == (of["source"] == "git")
    return made[alike].reset_index(drop=True)


def _numbers(row: Mapping[str, float]) -> dict[str, float]:
    """The numbers of a row of the file."""
    return {name: float(x) for name, x in row.items() if isinstance(x, int | float)}
