"""Checksums, which show whether the files of a result have changed.

The JSON file that marks a folder as a result (provenance.json, manifest.json or answers.json) has
the SHA-256 of the folder's other files under "checksums" and, in its last line, that of all its own
bytes before that line. This detects a flipped bit, a missing file and a file from another result.
"""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comsim.common.errors import InputError
from comsim.files.strict import as_json

if TYPE_CHECKING:
    import pandas as pd

MARK = "provenance.json"  # of most results
SUMS, OWN = "checksums", "checksum"
END = re.compile(rb',\n "checksum": "([0-9a-f]{64})"\n}\n\Z')
AGAIN = "create the result again with --force"


class Changed(InputError):
    """A file has changed since it was written, or is missing."""


class Unchecked(UserWarning):
    """A result has no checksums because an earlier version wrote it."""


def seal(folder: Path, mark: str, data: dict[str, Any], but: Collection[str] = ()) -> None:
    """Write a folder's mark: `data` and the checksums of the files in the folder, except `but`,
    which can be recreated from the others."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    sums = {
        name: sum_of_file(path)
        for name, path in sorted(files.items())
        if path.is_file() and name not in (mark, *but)
    }
    (folder / mark).write_bytes(sealed(data | {SUMS: sums}))


def sealed(data: dict[str, Any]) -> bytes:
    """A JSON file, with the checksum of its own bytes as its last line."""
    body = as_json(data).encode()[: -len("\n}\n")]
    return body + f',\n "{OWN}": "{sum_of(body)}"\n}}\n'.encode()


def unsealed(file: bytes, path: Path, again: str = AGAIN) -> tuple[dict[str, Any], bool]:
    """The content of a JSON file without its checksum, and whether it is sealed (files of earlier
    versions are not). Changed if any bit has changed; ValueError if it is not a JSON object."""
    if end := END.search(file):
        if sum_of(file[: end.start()]) != end[1].decode():
            raise changed(path, again)
        return json.loads(file[: end.start()] + b"}"), True
    if f'"{OWN}'.encode() in file:  # either key: a flipped bit can't change both
        raise changed(path, again)
    try:
        data = json.loads(file)
        if isinstance(data, dict):
            return data, False
    except ValueError:
        pass
    raise ValueError(f"a {path.name} that is incomplete or not from comsim")


class Kept:
    """The folder of a result, whose files are checked when read."""

    def __init__(self, folder: Path, mark: str) -> None:
        """OSError if there is no mark, ValueError if it is not from comsim, Changed if it has
        changed. Warns (`Unchecked`) about a result of an earlier version, without checksums."""
        self.folder, self.mark = folder, mark
        self.file = (folder / mark).read_bytes()
        self.said, checked = unsealed(self.file, folder / mark)
        """The content of the mark."""
        self.sums: dict[str, str] | None = self.said.pop(SUMS, {}) if checked else None
        """The checksum of each file; None for a result of an earlier version."""
        if not checked:
            unchecked(folder)

    def __contains__(self, name: str) -> bool:
        return (self.folder / name).is_file() if self.sums is None else name in self.sums

    def bytes(self, name: str) -> bytes:
        """The bytes of a file; Changed if they differ from those written."""
        path = self.folder / name
        if self.sums is None:
            return path.read_bytes()
        if name not in self.sums:
            raise FileNotFoundError(2, "no such file of this result", str(path))
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise changed(path, how="missing") from None
        if sum_of(data) != self.sums[name]:
            raise changed(path)
        return data

    def json(self, name: str) -> dict[str, Any]:
        """A JSON file."""
        return json.loads(self.bytes(name))

    def table(self, name: str) -> pd.DataFrame:
        """A Parquet file."""
        import pandas as pd

        return pd.read_parquet(BytesIO(self.bytes(name)))

    @property
    def names(self) -> list[str]:
        """The files of the result, as paths in its folder, including the mark."""
        if self.sums is not None:
            return sorted([*self.sums, self.mark])
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in files)

    def check(self) -> None:
        """Raise Changed if any file of the result has changed or is missing."""
        for name, wanted in (self.sums or {}).items():
            check(self.folder / name, wanted)

    def current(self) -> bool:
        """Whether the mark is still the one that was read, so the result has not been replaced."""
        try:
            return (self.folder / self.mark).read_bytes() == self.file
        except OSError:
            return False


def check(path: Path, wanted: str, again: str = AGAIN) -> None:
    """Raise Changed if a file has a different checksum or is missing."""
    try:
        if sum_of_file(path) != wanted:
            raise changed(path, again)
    except FileNotFoundError:
        raise changed(path, again, "missing") from None


def check_beside(path: Path) -> None:
    """Raise Changed if a file in the folder of a result differs from its checksum; accept files
    elsewhere, and files added later."""
    mark = path.with_name(MARK)
    if not mark.is_file():
        return
    try:
        sums = unsealed(mark.read_bytes(), mark)[0].get(SUMS)
    except Changed:
        raise
    except ValueError:  # from another program
        return
    if isinstance(sums, dict) and path.name in sums:
        check(path, sums[path.name])


def sum_of(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sum_of_file(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def changed(path: Path, again: str = AGAIN, how: str = "changed") -> Changed:
    """The error about a file that has changed or is missing."""
    what = f"{how} since it was written"
    why = " (its checksum differs)" if how == "changed" else ""
    return Changed(f"{path}: {what}{why}; {again}, or restore the original file")


def unchecked(folder: Path) -> None:
    """Warn that a result was written by an earlier version."""
    warnings.warn(
        f"{folder}: written by an earlier version, without checksums; changed files can't be "
        "detected", Unchecked, stacklevel=2,
    )  # fmt: skip
