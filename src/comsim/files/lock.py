"""Locks on files, which show whether another process is alive.

The system releases a lock when its process dies. Process numbers can't show this, since other
containers, and other machines on a shared disk, have their own.

`flock` works between all processes that see the file. Linux maps it over NFS to a lock of the whole
file, which is why the file is opened for writing. On a disk mounted with `local_lock=flock` it only
works within one machine.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

TRIES, PAUSE = 5, 0.1  # seconds; `held` takes a lock for a moment
HELD: list[IO[str]] = []  # files that stay open, and locked, while this process lives


def lock(path: Path, make: bool = False) -> IO[str] | None:
    """The file, created if necessary and locked until it is closed; None if another process holds
    the lock.

    `make` creates its folder, too. The holder of a lock may remove or rename the file.
    """
    for _ in range(TRIES):
        try:
            if make:
                path.parent.mkdir(exist_ok=True)
            file = open(path, "a")  # noqa: SIM115
        except FileNotFoundError:  # the last holder has just removed the folder
            if make:
                continue
            raise
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    return file
        except BlockingIOError:
            time.sleep(PAUSE)
        except BaseException:
            file.close()
            raise
        file.close()
    return None


def hold(path: Path) -> None:
    """Lock a file, created if necessary, until this process ends; OSError if another process holds
    it."""
    file = lock(path)
    if file is None:
        raise BlockingIOError(errno.EAGAIN, "locked by another process", str(path))
    HELD.append(file)


@contextmanager
def waiting_for(path: Path, busy: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock on a file, created if necessary, and wait while another process holds it;
    `busy` is called before waiting. Without a lock if the disk does not support locks.

    The file is never removed, so it need not be the one that was opened.
    """
    try:
        file = open(path, "a")  # noqa: SIM115
    except OSError:
        yield
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if busy:
                busy()
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:
            pass
        yield


def held(path: Path) -> bool:
    """Whether a process holds the lock on a file."""
    try:
        with open(path) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except BlockingIOError:
        return True
    return False
