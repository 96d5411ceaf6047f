"""Locks on files, which say whether another process is alive.

The system takes a lock away from a process that dies, however it dies. Process numbers can't say
that: another container has its own, and so has another machine on a shared disk.

`flock` holds among all processes that see the file. Linux passes it on over NFS, as a lock of the
whole file, which is why the file is opened for writing; a disk mounted with `local_lock=flock`
keeps it to one machine.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

TRIES, PAUSE = 5, 0.1  # seconds; who asks whether a lock is held takes it for a moment


def lock(path: Path, make: bool = False) -> IO[str] | None:
    """The file, made if need be and locked until it is closed; None if another process holds it.

    `make` makes its folder, too. Who holds a lock may remove or rename the file.
    """
    for _ in range(TRIES):
        try:
            if make:
                path.parent.mkdir(exist_ok=True)
            file = open(path, "a")  # noqa: SIM115
        except FileNotFoundError:  # who held it has just removed the folder
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
