"""One process per folder, by a lock on the file parts/claim.

The file identifies the work in progress, so that a worker that starts late, or sees another disk,
writes nothing there. A process that ends normally leaves it empty.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from comsim.common.errors import InputError
from comsim.files.aside import about
from comsim.files.lock import held as is_held
from comsim.files.lock import lock

CLAIM = Path("parts", "claim")


@contextmanager
def claimed(folder: Path, digest: str) -> Iterator[None]:
    """Hold the folder for the work with this digest; InputError if another process holds it."""
    path = folder / CLAIM
    file = lock(path, make=True)
    if file is None:
        holder = " ".join(path.read_text().split()[1:]) if path.exists() else ""
        raise InputError.at(
            folder, "output folder", f"{holder or 'another process'} using it",
            "a folder that no other process uses",
        )  # fmt: skip
    with file:
        file.truncate(0)
        holder = f"{digest} process {os.getpid()} on {os.uname().nodename}\n"
        try:
            os.write(file.fileno(), holder.encode())
        except OSError as error:
            raise about(error, folder, path, "; nothing was done") from error
        try:
            yield
        finally:
            _release(file)


def held(folder: Path) -> bool:
    """Whether a process is using the folder."""
    return is_held(folder / CLAIM)


def claimed_for(folder: Path) -> str | None:
    """The digest of the work for which the folder was last claimed, as seen from here."""
    with suppress(OSError, IndexError):
        return (folder / CLAIM).read_text().split()[0]
    return None


def released(folder: Path) -> bool:
    """Whether the last process that used the folder ended normally."""
    return claimed_for(folder) is None


def claimed_at(folder: Path) -> float | None:
    """When the folder was last claimed, seconds since 1970 by the clock of its file system."""
    with suppress(OSError):
        return (folder / CLAIM).stat().st_mtime
    return None


def _release(file: IO[str]) -> None:
    """Empty the claim, which works on a full disk; its time stays that of the claim."""
    before = os.fstat(file.fileno())
    file.truncate(0)
    os.utime(file.fileno(), ns=(before.st_atime_ns, before.st_mtime_ns))
