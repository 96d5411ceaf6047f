"""Locks on files, which show whether another process is alive.

The system releases a lock when its process dies, in whatever way. Process numbers can't show this:
another container has its own, and so has another machine on a shared disk.

`flock` works between all processes that see the file. Linux maps it over NFS to a lock of the whole
file, which is why the file is opened for writing. On a disk mounted with `local_lock=flock` it only
works within one machine.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

TRIES, PAUSE = 5, 0.1  # seconds; `held` takes a lock for a moment


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
