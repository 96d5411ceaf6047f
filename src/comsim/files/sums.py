"""Checksums: whether a result's files are as they were written.

The JSON file that makes a folder a result (its mark: provenance.json, manifest.json, answers.json)
has the SHA-256 of the folder's other files under "checksums" and, as its last line, that of all its
own bytes before that line. So a changed bit is seen, a file of another result, and a missing one.
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

from comsim.errors import InputError
from comsim.files.strict import as_json

if TYPE_CHECKING:
    import pandas as pd

MARK = "provenance.json"  # of most results
SUMS, OWN = "checksums", "checksum"
END = re.compile(rb',\n "checksum": "([0-9a-f]{64})"\n}\n\Z')
AGAIN = "make the result again with --force"


class Changed(InputError):
    """A file is not as it was written."""


class Unchecked(UserWarning):
    """A result has no checksums, since an earlier version wrote it."""


def seal(folder: Path, mark: str, data: dict[str, Any], but: Collection[str] = ()) -> None:
    """Write a folder's mark: what it says, and the checksums of the files that are there, `but`
    some that may be made again from the others."""
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
    """What a sealed JSON file says, without its checksum, and True; or what one says that an
    earlier version wrote, and False. Changed if a bit of it has changed; ValueError if it is no
    JSON object."""
    if end := END.search(file):
        if sum_of(file[: end.start()]) != end[1].decode():
            raise changed(path, again)
        return json.loads(file[: end.start()] + b"}"), True
    if f'"{OWN}'.encode() in file:  # of itself or of others: one bit can't change both
        raise changed(path, again)
    try:
        said = json.loads(file)
        if isinstance(said, dict):
            return said, False
    except ValueError:
        pass
    raise ValueError(f"a {path.name} that is not whole, or not ours")


class Kept:
    """A result's folder, whose files are checked as they are read."""

    def __init__(self, folder: Path, mark: str) -> None:
        """OSError where there is no mark, ValueError if it is none of ours, Changed if it has
        changed. Warns (`Unchecked`) of an earlier version's result, which has no checksums."""
        self.folder, self.mark = folder, mark
        self.file = (folder / mark).read_bytes()
        self.said, checked = unsealed(self.file, folder / mark)
        """What the mark says."""
        self.sums: dict[str, str] | None = self.said.pop(SUMS, {}) if checked else None
        """The checksum of each file that was written; None where an earlier version wrote it."""
        if not checked:
            unchecked(folder)

    def __contains__(self, name: str) -> bool:
        return (self.folder / name).is_file() if self.sums is None else name in self.sums

    def bytes(self, name: str) -> bytes:
        """A file's bytes; Changed if they are not those that were written."""
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
        """The files of the result, as paths in its folder, the mark among them."""
        if self.sums is not None:
            return sorted([*self.sums, self.mark])
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in files)

    def check(self) -> None:
        """Changed if any file of the result is not as it was written."""
        for name, wanted in (self.sums or {}).items():
            check(self.folder / name, wanted)

    def current(self) -> bool:
        """Whether the mark is still the one that was read: nobody has replaced the result."""
        try:
            return (self.folder / self.mark).read_bytes() == self.file
        except OSError:
            return False


def check(path: Path, wanted: str, again: str = AGAIN) -> None:
    """Changed if a file has another checksum than it had, or is missing."""
    try:
        if sum_of_file(path) != wanted:
            raise changed(path, again)
    except FileNotFoundError:
        raise changed(path, again, "missing") from None


def check_beside(path: Path) -> None:
    """Changed if a file that lies in a result's folder is not as the result has it; files that lie
    elsewhere, or came later, pass."""
    mark = path.with_name(MARK)
    if not mark.is_file():
        return
    try:
        sums = unsealed(mark.read_bytes(), mark)[0].get(SUMS)
    except Changed:
        raise
    except ValueError:  # another program's
        return
    if isinstance(sums, dict) and path.name in sums:
        check(path, sums[path.name])


def sum_of(data: bytes) -> str:
    """Their SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sum_of_file(path: Path) -> str:
    """That of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def changed(path: Path, again: str = AGAIN, how: str = "changed") -> Changed:
    """What is said of a file that is not as it was written."""
    what = f"{how} since it was written"
    why = " (its checksum differs)" if how == "changed" else ""
    return Changed(f"{path}: {what}{why}; {again}, or put back the file as it was")


def unchecked(folder: Path) -> None:
    """Warn that an earlier version wrote a result."""
    warnings.warn(
        f"{folder}: written without checksums by an earlier version, so that a changed file can't "
        "be found", Unchecked, stacklevel=2,
    )  # fmt: skip
