"""Plausible worlds: a joint sample of parameters that evidence leaves over.

Each row of `plausible.parquet` is a value for every uncertain parameter and trait. Its community
mimics a real one, and its effects of levers agree with published experiments
(`comsim.evidence.plausible` makes the file, and docs/worlds.md explains it). A scenario uses the
rows that mimic places where people talk: mailing lists, chats and forums. Git histories and ratings
are in the file only to check the model against them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from comsim.common.errors import InputError, nearest
from comsim.files.origin import hash_of
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.model.rng import Purpose, uniforms

PLAUSIBLE, INDEPENDENT, DEFAULT = "plausible", "independent", "default"
SAMPLES = (PLAUSIBLE, INDEPENDENT, DEFAULT)
FILE = "plausible.parquet"
TALK = ("mail", "chat", "stack exchange")  # sources whose rows scenarios use
GOLDEN = (5**0.5 - 1) / 2  # steps of this share of a whole cover it evenly
ROW_KEY = 3
ENDS = (0.05, 0.95)
META = b"comsim.plausible"  # key of the file's metadata


class Rows(NamedTuple):
    """A weighted joint sample of parameters and traits."""

    file: str
    hash: str
    """Of the bytes of the file."""
    names: tuple[str, ...]
    values: np.ndarray
    """float64 (rows, names)."""
    up_to: np.ndarray
    """Cumulative weights, float64 (rows), from above 0 to 1."""
    mimics: tuple[str, ...]
    """For each row, the real community that it mimics."""

    def place(self, seed: int, draw: int) -> int:
        """The row of a parameter sample. Successive samples are spread evenly over the weights, and
        so over the communities."""
        start = float(uniforms(seed, Purpose.WORLD, 0, [0], ROW_KEY)[0])
        return int(np.searchsorted(self.up_to, (start + draw * GOLDEN) % 1.0))

    def between(self, name: str) -> tuple[float, float]:
        """The weighted 5 and 95 % quantiles of a number."""
        values = self.values[:, self.names.index(name)]
        order = np.argsort(values, kind="stable")
        up_to = np.cumsum(np.diff(self.up_to, prepend=0.0)[order])
        low, high = (values[order][np.searchsorted(up_to, q - 1e-9)] for q in ENDS)
        return float(low), float(high)

    def row(self, at: int) -> dict[str, float]:
        """The numbers of a row by name; whole ones are ints."""
        return {
            name: round(x) if name in PARAMETERS and PARAMETERS[name].whole else x
            for name, x in zip(self.names, self.values[at].tolist(), strict=True)
        }


class Origin(NamedTuple):
    """Where the parameters of worlds come from, as results state it."""

    name: str
    """plausible, independent, default, or the path of a file."""
    hash: str | None
    """Of the file, if there is one."""


NO_SAMPLE = Origin(DEFAULT, None)


def origin_of(sample: str | Path, rows: Rows | None) -> Origin:
    """The origin of a sample."""
    return Origin(str(sample), rows.hash if rows else None)


def rows_of(sample: str | Path, where: str, key: str = "sample") -> Rows | None:
    """The rows of a sample by name or file; None for "independent" and "default". InputError for
    anything else that is not such a file."""
    if sample in (INDEPENDENT, DEFAULT):
        return None
    if not isinstance(sample, str | Path) or not file_of(sample).is_file():
        allowed = f"{nearest(str(sample), SAMPLES)}, or a file made as docs/worlds.md explains"
        raise InputError.at(where, key, repr(sample), allowed)
    return _read(file_of(sample), str(sample))


def file_of(sample: str | Path) -> Path:
    """The file of a sample by name or path."""
    return Path(__file__).with_name(FILE) if sample == PLAUSIBLE else Path(sample)


@cache
def _read(path: Path, name: str) -> Rows:
    import pyarrow.parquet as pq

    from comsim.files.parquet import check_sealed

    check_sealed(path)
    try:
        table = pq.read_table(path)
        about = json.loads(table.schema.metadata[META])
    except (OSError, ValueError, KeyError):
        allowed = "a sample made by the command in docs/worlds.md"
        raise InputError.at(path, "file", "no plausible worlds", allowed) from None
    names = tuple(about["numbers"])
    missing = [x for x in names if x not in PARAMETERS | TRAITS]
    if missing:
        raise InputError.at(path, missing[0], "a number that the model does not have",
                            "a sample made with this version of the model")  # fmt: skip
    frame = table.to_pandas()
    frame = frame[frame["source"].isin(TALK)]
    weight = frame["weight"].to_numpy(float)
    up_to = np.cumsum(weight) / weight.sum()
    up_to[-1] = 1.0
    return Rows(
        name, hash_of(path.read_bytes()), names, frame[list(names)].to_numpy(float), up_to,
        tuple(frame["mimics"]),
    )  # fmt: skip
