"""Plausible worlds: a joint sample of parameters that evidence leaves over.

Each row of `plausible.parquet` is a value for every uncertain parameter and trait. Its community
mimics a real one, and its effects of levers agree with published experiments
(`comsim.evidence.plausible` makes the file, and docs/worlds.md explains it). A scenario uses the
rows that mimic places where people talk: mailing lists, chats and forums. Git histories and ratings
are in the file only to check the model against them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


@dataclass(frozen=True, eq=False)
class Rows:
    """A weighted joint sample of parameters and traits. Equal only to itself, so that it can be a
    key of caches."""

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
        return int(places(self.up_to, seed, draw, ROW_KEY))

    def sample(self, seed: int, draw: int) -> dict[str, float]:
        """The row of a parameter sample."""
        return self.row(self.place(seed, draw))

    def between(self, name: str) -> tuple[float, float]:
        """The weighted 5 and 95 % quantiles of a number."""
        values = self.values[:, self.names.index(name)]
        low, high = quantiles(values, self.weights, ENDS)
        return float(low), float(high)

    @property
    def weights(self) -> np.ndarray:
        """float64 (rows), with the sum 1."""
        return np.diff(self.up_to, prepend=0.0)

    def row(self, at: int) -> dict[str, float]:
        """The numbers of a row by name; whole ones are ints."""
        return self.named(self.values[at])

    def named(self, values: np.ndarray) -> dict[str, float]:
        """Values of the numbers, float64 (names), by name; whole ones are ints."""
        return {
            name: round(x) if name in PARAMETERS and PARAMETERS[name].whole else x
            for name, x in zip(self.names, values.tolist(), strict=True)
        }


def places(up_to: np.ndarray, seed: int, draws: ArrayLike, key: int) -> NDArray[np.int64]:
    """Where some draws fall among cumulative weights: successive draws are spread evenly."""
    start = float(uniforms(seed, Purpose.WORLD, 0, [0], key)[0])
    return np.searchsorted(up_to, (start + np.asarray(draws) * GOLDEN) % 1.0)


def quantiles(values: np.ndarray, weights: np.ndarray, ends: Sequence[float]) -> np.ndarray:
    """Weighted quantiles: the smallest values with at least such a share of the weight at or below
    them."""
    order = np.argsort(values, kind="stable")
    up_to = np.cumsum(weights[order]) / weights.sum()
    at = np.searchsorted(up_to, np.asarray(ends) - 1e-9)
    return values[order][np.minimum(at, len(values) - 1)]


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
    if not isinstance(sample, str | Path):
        raise _unknown(sample, where, key)
    if str(sample) in (INDEPENDENT, DEFAULT):
        return None
    try:
        content = file_of(sample).read_bytes()
    except OSError:
        raise _unknown(str(sample), where, key) from None
    return _read(str(sample), hash_of(content), content)


def file_of(sample: str | Path) -> Path:
    """The file of a sample by name or path."""
    return Path(__file__).with_name(FILE) if sample == PLAUSIBLE else Path(sample)


def _unknown(sample: Any, where: str, key: str) -> InputError:
    allowed = f"{nearest(str(sample), SAMPLES)}, or a file made as docs/worlds.md explains"
    missing = isinstance(sample, str) and Path(sample).suffix == Path(FILE).suffix
    found = f"{sample!r}, no such file" if missing else repr(sample)
    return InputError.at(where, key, found, allowed)


@lru_cache(maxsize=8)
def _read(name: str, hash: str, content: bytes) -> Rows:
    import pyarrow as pa
    import pyarrow.parquet as pq

    allowed = "a sample made as docs/worlds.md explains, with this version of the model"
    try:
        table = pq.read_table(pa.BufferReader(content))
        about = json.loads((table.schema.metadata or {})[META])
        names = tuple(about["numbers"])
        frame = table.to_pandas()
        frame = frame[frame["source"].isin(TALK)]
        weight, values = frame["weight"].to_numpy(float), frame[list(names)].to_numpy(float)
        mimics = tuple(frame["mimics"])
    except (pa.ArrowException, ValueError, KeyError, TypeError):
        raise InputError.at(name, "file", "no plausible worlds", allowed) from None
    numbers = PARAMETERS | TRAITS
    for at, one in enumerate(names):
        if one not in numbers:
            raise InputError.at(name, one, "a number that the model does not have", allowed)
        low, high = numbers[one].low, numbers[one].high
        if not ((values[:, at] >= low) & (values[:, at] <= high)).all():
            raise InputError.at(name, one, "a value out of range", f"{low:g} to {high:g}")
    if not len(weight) or not (weight >= 0).all() or not weight.sum() > 0:
        found = "no rows with a weight that mimic mailing lists, chats or Stack Exchange"
        raise InputError.at(name, "file", found, allowed)
    up_to = np.cumsum(weight) / weight.sum()
    up_to[-1] = 1.0
    return Rows(name, hash, names, values, up_to, mimics)
