"""A folder that is written whole or not at all.

The files go into a hidden folder beside it, on the same file system, which takes the name only
when everything is on the disk. Whatever stops the writing, the name never stands for half a
result. What a killed process leaves behind is cleared away the next time.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from comsim.errors import InputError

UNFINISHED, REPLACED = "unfinished", "replaced"


def claim(folder: Path, force: bool, mark: str) -> Path:
    """The folder to write, if it may be written: nothing is there or, with `force`, an earlier
    result, known by the file `mark`; InputError otherwise."""
    try:
        folder = folder.resolve()
        with suppress(FileNotFoundError):
            _beside(folder, UNFINISHED).lstat()  # is the name possible, and not too long?
        above = next(path for path in folder.parents if path.exists())
        if above == folder.parent and above.is_dir():
            _clear(folder)
        taken, result = folder.exists(), (folder / mark).is_file()
        writable = above.is_dir() and os.access(above, os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:  # ValueError: a null character
        found = (getattr(error, "strerror", None) or str(error)).lower()
        raise _refused(repr(str(folder)), found, "a folder that can be made") from None
    if not writable:
        raise _refused(folder, f"no way to write in {above}", "a folder that can be made")
    if taken and not result:
        raise _refused(folder, "something that is no result", "a new folder")
    if taken and not force:
        raise _refused(folder, "a result", "a new folder, or --force to replace it")
    return folder


def _refused(folder: object, found: str, allowed: str) -> InputError:
    return InputError.at(folder, "output folder", found, allowed)


@contextmanager
def whole_folder(folder: Path, force: bool, mark: str) -> Iterator[Path]:
    """A hidden folder to fill, which becomes `folder` at the end if nothing went wrong."""
    folder = claim(folder, force, mark)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = _beside(folder, UNFINISHED)
    part.mkdir()
    old = None
    try:
        yield part
        for path in [*part.rglob("*"), part]:
            _flush(path)
        old = _give_name(part, folder, force and folder.exists(), mark)
        _flush(folder.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    if old:
        try:
            shutil.rmtree(old, ignore_errors=True)
        except KeyboardInterrupt:  # too late to stop: the result is in its place
            shutil.rmtree(old, ignore_errors=True)


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name}.{what}-{os.getpid()}")


def _give_name(part: Path, folder: Path, taken: bool, mark: str) -> Path | None:
    """Two renames where there is an old result, for no file system swaps folders portably;
    returns where the old one is now."""
    if not taken:
        try:
            part.rename(folder)
        except OSError:
            claim(folder, False, mark)  # says so if another process was quicker
            raise
        return None
    old = _beside(folder, REPLACED)
    try:
        folder.rename(old)
        part.rename(folder)
    finally:
        if not folder.exists():
            old.rename(folder)
    return old


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clear(folder: Path) -> None:
    """Undo what a killed process began: put back what it was replacing, drop what it wrote."""
    pattern = re.compile(rf"\.{re.escape(folder.name)}\.({UNFINISHED}|{REPLACED})-(\d{{1,9}})")
    for path in list(folder.parent.iterdir()):
        found = pattern.fullmatch(path.name)
        if not found or _alive(int(found[2])):
            continue
        if found[1] == REPLACED and not folder.exists():
            path.rename(folder)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    """Whether another process has this number; in a container one's own may be used again."""
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        pass
    return True
