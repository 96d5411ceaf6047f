"""A folder that is written completely or not at all.

The files are written to a hidden folder beside it, on the same file system, which is renamed when
everything is on disk. A folder with the final name is therefore always complete. While a process
writes, it holds a lock in the hidden folder, so that a second one is refused. The next process
removes what a killed process left behind.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from comsim.common import arguments
from comsim.common.errors import InputError
from comsim.files.aside import about
from comsim.files.lock import PAUSE, TRIES, held, lock
from comsim.files.sums import Kept

UNFINISHED, REPLACED = "unfinished", "replaced"
LOCK, NEW = "lock", "new"  # in the hidden folder

Read = TypeVar("Read")


def claim(folder: Path, force: bool, mark: str) -> Path:
    """The folder to write, if it does not exist or, with `force`, contains an earlier result,
    identified by the file `mark`; InputError otherwise, and if a process is writing it."""
    force = arguments.flag(force, "output folder", "force")
    try:
        folder = folder.resolve()
        with suppress(FileNotFoundError):
            _beside(folder, UNFINISHED).lstat()  # is the name possible, and not too long?
        above = next(path for path in folder.parents if path.exists())
        writable = above.is_dir() and os.access(above, os.W_OK | os.X_OK)
        if writable and _leavings(folder):
            with _alone(folder):
                pass
    except (OSError, ValueError) as error:  # ValueError: a null character
        if isinstance(error, InputError):
            raise
        problem = (getattr(error, "strerror", None) or str(error)).lower()
        raise _refused(repr(str(folder)), problem, "a folder that can be created") from None
    if not writable:
        raise _refused(folder, f"no permission to write in {above}", "a folder that can be created")
    return _free(folder, force, mark)


def _free(folder: Path, force: bool, mark: str) -> Path:
    """The folder, if its present content may be replaced; InputError otherwise."""
    taken, result = folder.exists(), (folder / mark).is_file()
    if taken and not result:
        raise _refused(folder, "something that is not a result", "a new folder")
    if taken and not force:
        raise _refused(folder, "a result", "a new folder, or --force to replace it")
    return folder


def _refused(folder: object, problem: str, allowed: str) -> InputError:
    return InputError.at(folder, "output folder", problem, allowed)


@contextmanager
def whole_folder(folder: Path, force: bool, mark: str, last: bool = True) -> Iterator[Path]:
    """A hidden folder to fill, which becomes `folder` on success. An OSError of writing names
    `folder`; InputError as in `claim`.

    An interrupt that comes once `folder` is in place is ignored if this is the `last` step of a
    command, since nothing is left to stop; otherwise it is raised when all is cleared away.
    """
    folder = claim(folder, force, mark)
    folder.parent.mkdir(parents=True, exist_ok=True)
    in_place = False
    try:
        with _alone(folder) as part:
            _free(folder, force, mark)  # another process may have been faster
            try:
                part.mkdir()
                yield part
                for path in [*part.rglob("*"), part]:
                    _flush(path)
                _give_name(part, folder, force and folder.exists(), mark)
                in_place = True
                _flush(folder.parent)
            except OSError as error:
                raise about(error, folder, part, "; nothing was written") from error
    except KeyboardInterrupt:
        if not (in_place and last):
            raise


def read_whole(folder: Path, mark: str, read: Callable[[Kept], Read]) -> Read:
    """`read` the files of a result, all from the same writing: again if another process replaces
    the result meanwhile. OSError or InputError if there is no result, or it is damaged."""
    for _ in range(TRIES):
        kept = None
        try:
            kept = Kept(folder, mark)
            return read(kept)
        except (OSError, InputError):
            if kept.current() if kept else not held(_beside(folder.resolve(), UNFINISHED) / LOCK):
                raise
            time.sleep(PAUSE)
    return read(Kept(folder, mark))


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name}.{what}")


def _give_name(part: Path, folder: Path, taken: bool, mark: str) -> None:
    """Two renames if there is an old result, since no file system swaps folders portably."""
    if not taken:
        try:
            part.rename(folder)
        except OSError:
            _free(folder, False, mark)  # raises if another process was faster
            raise
        return
    old = _beside(folder, REPLACED)
    try:
        folder.rename(old)
        part.rename(folder)
    finally:
        if not folder.exists():
            old.rename(folder)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """A path that no other process can write to in this context, with nothing left beside the
    folder before and after; InputError if another process is writing."""
    place = _beside(folder, UNFINISHED)
    try:
        file = lock(place / LOCK, make=True)
    except BaseException as error:
        with suppress(OSError):
            place.rmdir()
        if isinstance(error, OSError):
            raise about(error, folder, place) from error
        raise
    if file is None:
        raise InputError(
            f"{folder}: another process is writing this folder; wait for it, or use another folder"
        )
    with file:
        try:
            _clear(folder)
            yield place / NEW
        finally:
            try:
                _clear(folder)
                _release(place)
            except KeyboardInterrupt:
                _clear(folder)
                _release(place)
                raise


def _release(place: Path) -> None:
    """Remove the hidden folder, its lock first; then another process may begin."""
    (place / LOCK).unlink(missing_ok=True)
    with suppress(OSError):  # another process has begun
        place.rmdir()


def _clear(folder: Path) -> None:
    """Restore what a killed process was replacing; remove what it wrote, and replaced results."""
    for path in _leavings(folder):
        if f".{REPLACED}" in path.name and not folder.exists():
            path.rename(folder)
        elif path != _beside(folder, UNFINISHED):
            shutil.rmtree(path, ignore_errors=True)
        elif (path / NEW).exists():
            shutil.rmtree(path / NEW, ignore_errors=True)


def _leavings(folder: Path) -> list[Path]:
    """Leftovers of processes beside the folder; earlier versions append process numbers."""
    pattern = re.compile(rf"\.{re.escape(folder.name)}\.({UNFINISHED}|{REPLACED})(-\d{{1,9}})?")
    beside = folder.parent.iterdir() if folder.parent.is_dir() else ()
    return [path for path in beside if pattern.fullmatch(path.name)]
