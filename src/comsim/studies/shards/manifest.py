"""manifest.json: what is run, its state, and the refusal to mix it with anything else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comsim.common.copies import Copied
from comsim.common.errors import InputError
from comsim.files.sums import Changed, sealed, unsealed
from comsim.studies.shards.files import aside
from comsim.studies.shards.work import Work

MARK = "manifest.json"
ANEW = "comsim sweep --force starts again"
RUNNING, STOPPED, FINISHED = "running", "stopped", "finished"
NAMED, SHOWN = 3, 40  # differences in an error, and characters of a value


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Manifest:
    """The content of manifest.json. On resume the files count: `done` may lag behind."""

    identity: dict[str, Any] = Copied()
    runs: int
    runs_a_shard: int
    engine: str = ""
    state: str = RUNNING
    done: list[list[int]] = field(default_factory=list)
    """Numbers of the finished shards, as [first, last] of consecutive ones."""
    failed: int = 0
    """Number of runs with an error, in finished shards."""
    started: str = field(default_factory=now)
    updated: str = field(default_factory=now)
    checksums: dict[str, str] | None = field(default_factory=dict)
    """Checksums of the input files kept in the folder; None for a folder of an earlier version.
    Tables carry their own."""

    @classmethod
    def of(cls, work: Work) -> Manifest:
        identity = json.loads(json.dumps(work.identity, allow_nan=False))
        return cls(identity, work.runs, work.runs_a_shard)

    @property
    def digest(self) -> str:
        """A short hash that identifies the work."""
        what = [self.identity, self.runs, self.runs_a_shard]
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]


def read(folder: Path) -> Manifest:
    """The manifest of a folder; InputError if there is none, Changed if it has changed since it
    was written."""
    path = folder / MARK
    try:
        data, checked = unsealed(path.read_bytes(), path, ANEW)
        if not checked:
            data["checksums"] = None
        return Manifest(**{one.name: data[one.name] for one in fields(Manifest)})
    except OSError as error:
        problem = (error.strerror or str(error)).lower()
    except Changed:
        raise
    except (ValueError, TypeError, KeyError):
        problem = "a file that is not from comsim, or from another version"
    raise InputError.at(folder, MARK, problem, "the folder of a sweep")


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, completely or not at all."""
    with aside(folder, folder / MARK) as path:
        path.write_bytes(sealed(asdict(manifest)))


def refuse_to_mix(folder: Path, known: Manifest, wanted: Manifest, key: str = "--resume") -> None:
    """InputError with the differences, if the folder contains other work."""
    if known.digest == wanted.digest:
        return
    parts = [
        {"runs": one.runs, "runs per shard": one.runs_a_shard, **one.identity}
        for one in (known, wanted)
    ]
    words = list(differences(*parts))
    if len(words) > NAMED:
        words[NAMED:] = [f"and {len(words) - NAMED} more"]
    raise InputError.at(
        folder, key, f"a different sweep ({'; '.join(words)})",
        "the same experiment, code and packages, or --force to start again",
    )  # fmt: skip


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """The differences between two values ready for JSON, in words."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            below = f"{path}.{key}" if path else str(key)
            yield from differences(old.get(key, _NONE), new.get(key, _NONE), below)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{path}[{at}]")
    elif type(old) is not type(new) or old != new:
        yield f"{path} was {_shown(old)}, now {_shown(new)}"


def unbroken(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers as [first, last] of consecutive ones."""
    rows: list[list[int]] = []
    for number in sorted(numbers):
        if rows and rows[-1][1] == number - 1:
            rows[-1][1] = number
        else:
            rows.append([number, number])
    return rows


_NONE = object()


def _shown(value: Any) -> str:
    if value is _NONE:
        return "missing"
    if isinstance(value, dict | list):
        return f"{len(value)} entries"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
