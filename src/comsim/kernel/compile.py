"""`njit` for the kernel: numba's, with an on-disk cache that can't go stale.

Numba notices a change in the file of a cached function, and not in the files of the helpers
and constants that were compiled into it. So the cache folder is named by a hash of all the
sources that machine code is made from: a changed byte means a new, empty folder.
"""

import atexit
import hashlib
import inspect
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numba
from numba.core import config

PACKAGE = Path(__file__).resolve().parent.parent

# What the kernel compiles in: its own files, and those that it imports from (a test keeps the
# list complete). Files after the kernel stay out, so that editing a figure recompiles nothing.
SOURCES = ("kernel", "declare.py", "rng.py", "stages.py")

FOLDERS_KEPT = 5
INNER = "w"  # first argument of what only compiled code calls


def fingerprint(package: Path = PACKAGE) -> str:
    """A hash of the sources that machine code is made from, and of what else shapes it."""
    digest = hashlib.sha256()
    # Numba's own index forgets the bounds checks, and starts anew at another version.
    digest.update(f"{numba.__version__} {config.BOUNDSCHECK}".encode())
    for source in SOURCES:
        path = package / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if file.exists():
                text = file.read_bytes()
                digest.update(f"{file.relative_to(package).as_posix()} {len(text)} ".encode())
                digest.update(text)
    return digest.hexdigest()[:16]


def cache_home() -> Path:
    """Where the folders lie: under NUMBA_CACHE_DIR if the user set it, or the user's cache."""
    if config.CACHE_DIR:
        return Path(config.CACHE_DIR) / "comsim"
    user_cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(user_cache) / "comsim" / "numba"


@lru_cache(maxsize=1)
def cache_folder() -> Path:
    """This process's folder for machine code; old ones are dropped when a new one is made."""
    try:
        home = cache_home().absolute()
        folder = home / fingerprint()
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()  # is it writable?
        os.utime(folder)  # the folders in use are the newest
    except (OSError, RuntimeError):  # RuntimeError: there is no home
        # A private folder, since numba's cache files are pickles: a shared one could be planted.
        folder = Path(tempfile.mkdtemp(prefix="comsim-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    else:
        if is_new:
            prune(home)
    return folder


def prune(home: Path) -> None:
    """Keep the newest folders; a process that still uses a dropped one just compiles again."""
    ours = [path for path in home.iterdir() if re.fullmatch("[0-9a-f]{16}", path.name)]
    for folder in sorted(ours, key=last_used, reverse=True)[FOLDERS_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def last_used(folder: Path) -> float:
    """When a folder was last used; another process may be dropping it just now."""
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


@contextmanager
def numba_caching_in(folder: Path) -> Iterator[None]:
    """Numba reads its folder when a function is decorated: other packages keep their own."""
    saved = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = saved


def njit(
    function_or_signature: Any = None, /, *, from_python: bool | None = None, **options: Any
) -> Callable[..., Any]:
    """`numba.njit` with the kernel's cache, and division by zero as in numpy.

    Used like numba's, bare or with signatures and options. Numpy's error model saves a branch
    at each division, which would stop vectorising; for nonzero divisors the results are
    Python's. There is no fastmath: it would change bits.

    `from_python` says whether Python may call the function. Left out, it may, unless it works on
    the whole world (INNER): for those, a way in from Python would only take time to compile.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        first = next(iter(inspect.signature(function).parameters), "")
        closed = first == INNER if from_python is None else not from_python
        chosen = {"cache": True, "error_model": "numpy"} | options
        if closed:
            chosen |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        with numba_caching_in(cache_folder()):
            return numba.njit(signature, **chosen)(function)

    if inspect.isfunction(function_or_signature):
        signature = None
        return decorate(function_or_signature)
    signature = function_or_signature
    return decorate
