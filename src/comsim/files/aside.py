"""One file, written completely or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comsim.common.errors import InputError
from comsim.files.lock import lock


@contextmanager
def written_aside(path: Path, part: Path | None = None) -> Iterator[Path]:
    """A temporary path to write. On success it is flushed to disk and renamed to `path`; on failure
    it is removed, and `path` stays unchanged.

    By default it lies beside `path`; `part` must be on the same disk. An OSError names `path`.
    InputError if another process is writing the file.
    """
    path = path.resolve()  # replace the target of a link, not the link
    part = part or path.with_name(f".{path.name}.unfinished")
    try:
        file = lock(part)
        if file is None:
            raise InputError(f"{path}: another process is writing this file; try again later")
        with file:
            try:
                file.truncate(0)  # a killed process may have left it
                yield part
                os.fsync(file.fileno())
                if path.exists():
                    shutil.copymode(path, part)
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise about(error, path, part) from error


def write_text(path: Path, text: str) -> None:
    """Write a text file (UTF-8), completely or not at all."""
    with written_aside(path) as part:
        part.write_text(text, encoding="utf-8")


def may_write(path: Path, force: bool) -> None:
    """InputError if a file named by the user can't be written: its folder is missing, the path is
    not a file, or a file exists and `force` is not set."""
    if not path.parent.is_dir():
        raise InputError.at(path, "--out", "no such folder", "an existing folder")
    if path.exists() and not path.is_file():
        raise InputError.at(path, "--out", "something that is not a file", "a new file")
    if path.exists() and not force:
        raise InputError.at(path, "--out", "an existing file", "a new file, or --force")


def about(error: OSError, path: Path, part: Path, after: str = "") -> OSError:
    """An error about `part`, restated for `path`, with `after` appended; others unchanged."""
    named = [Path(name) for name in (error.filename, error.filename2) if name]  # copying has two
    if named and not any(part in (name, *name.parents) for name in named):
        return error
    words = os.strerror(error.errno) if error.errno else str(error)
    return OSError(error.errno, f"{words}{after}", str(path))
