"""`njit` for the kernel: numba's, with an on-disk cache that can't become stale, and its folder.

Numba notices when the file of a cached function changes, but not when the files of the helpers and
constants compiled into it do. The cache folder is therefore named by a hash of all sources that
machine code is made from: any change leads to a new, empty folder.

The folder lies in the user's cache or, if that can't be written, in a temporary folder shared by
all of the user's processes. If that fails as well, this process and its workers share a temporary
folder that is removed at the end. If the disk is full, nothing is kept.
"""

import atexit
import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numba
from llvmlite import binding
from numba.core import config

from comsim.files.lock import held, hold
from comsim.model.kernel.linked import Cache, LinkedCompiler

PACKAGE = Path(__file__).resolve().parent.parent

# What the kernel compiles in: its own files, and those that it imports from (a test keeps the
# list complete). Files after the kernel stay out, so that editing a figure recompiles nothing.
SOURCES = ("kernel", "declare.py", "periods.py", "rng.py", "stages.py")

FOLDERS_KEPT = 5
ROOM = 8 * 2**20  # bytes that must be free for a new folder; it takes about half
# The home of the folders of the process that started this one, or NOWHERE.
INHERITED, NOWHERE = "COMSIM_COMPILED", "nowhere"
FUNCTIONS: list[Any] = []  # all functions decorated by `njit`


class CachePlace(NamedTuple):
    """Where compiled code is kept."""

    folder: Path | None
    """None if compiled code is not kept."""
    why: str = ""
    """Why the default folder is not used; empty if it is."""


def fingerprint(package: Path = PACKAGE) -> str:
    """A hash of the sources that machine code is made from, and of everything else that
    affects it."""
    digest = hashlib.sha256()
    # Numba's own index ignores bounds checks, and is reset by another version; machines of several
    # kinds may share a home.
    digest.update(f"{numba.__version__} {config.BOUNDSCHECK} ".encode())
    digest.update(f"{binding.get_host_cpu_name()} {binding.get_process_triple()}".encode())
    for source in SOURCES:
        path = package / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if file.exists():
                text = file.read_bytes()
                digest.update(f"{file.relative_to(package).as_posix()} {len(text)} ".encode())
                digest.update(text)
    return digest.hexdigest()[:16]


def cache_home() -> Path:
    """The home of the folders: NUMBA_CACHE_DIR if the user set it, or the user's cache.
    RuntimeError if the user has no home."""
    if config.CACHE_DIR:
        return Path(config.CACHE_DIR) / "comsim"
    user_cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(user_cache) / "comsim" / "numba"


def shared_home() -> Path:
    """A temporary folder that only this user can write to; created if necessary.

    Numba's cache files are pickles, so one that another user may have planted must not be read:
    OSError if it isn't a folder, belongs to or is open to others, or could be replaced by them.
    """
    home = Path(tempfile.gettempdir()).absolute() / f"comsim-{os.getuid()}"
    above = home.parent.stat()
    if above.st_mode & 0o022 and not above.st_mode & stat.S_ISVTX:
        raise PermissionError(f"{home.parent} lets others rename what is in it")
    with suppress(FileExistsError):
        home.mkdir(mode=0o700)
    if not alone_ours(home):
        raise PermissionError(f"{home} is not this user's alone")
    return home


def alone_ours(folder: Path) -> bool:
    """Whether this is a folder that only this user can write to."""
    status = folder.lstat()
    mine = status.st_uid == os.getuid() and not status.st_mode & 0o077
    return mine and stat.S_ISDIR(status.st_mode)


def private_home() -> Path:
    """A folder for this process and its workers, removed when it ends. First removes folders that
    killed processes left behind, recognised by a free lock."""
    prefix = f"comsim-{os.getuid()}-"
    for old in Path(tempfile.gettempdir()).absolute().glob(f"{prefix}*"):
        with suppress(OSError):
            if alone_ours(old) and not held(old / "owner"):
                shutil.rmtree(old, ignore_errors=True)
    home = Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    hold(home / "owner")
    return home


@lru_cache(maxsize=1)
def cache_place() -> CachePlace:
    """This process's folder for machine code; old ones are removed when a new one is made."""
    if inherited := os.environ.get(INHERITED):
        with suppress(OSError):
            return CachePlace(None if inherited == NOWHERE else folder_in(Path(inherited)))
    why = "there is no home"
    with suppress(RuntimeError):
        home = cache_home().absolute()
        try:
            return CachePlace(folder_in(home))
        except OSError as error:
            why = f"{home}: {(error.strerror or str(error)).lower()}"
    with suppress(OSError):
        return CachePlace(folder_in(shared_home()), why)
    try:
        return CachePlace(folder_in(private_home()), why)
    except OSError:
        return CachePlace(None, why)


def cache_folder() -> Path | None:
    """The folder of `cache_place`."""
    return cache_place().folder


def folder_in(home: Path) -> Path:
    """The folder for this code, created if necessary; OSError if it can't be written."""
    folder = home / fingerprint()
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        if not is_complete(folder):
            file.write(bytes(ROOM))
    os.utime(folder)  # folders in use are the newest
    if is_new:
        prune(home)
    return folder


def is_complete(folder: Path) -> bool:
    """Whether the folder has the code of the loop over days, which is compiled last."""
    return any(folder.glob("*/*.run_days-*.nbi"))


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
    """Make numba cache in this folder. Numba reads the setting when a function is decorated, so
    other packages keep their own."""
    saved = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = saved


def keep(function: Any) -> None:
    """Keep the compiled code of a decorated function in the cache, if there is one."""
    if folder := cache_folder():
        with numba_caching_in(folder):
            function._cache = Cache(function.py_func)


def compile_step(function: Any, world: Any) -> None:
    """Compile a step, (world, day) or (world, day, threaded), for the type of this world."""
    known = (numba.typeof(world), numba.int64, numba.boolean)
    function.compile(known[: function.py_func.__code__.co_argcount])


def njit(
    function: Callable[..., Any] | None = None, /, *, from_python: bool = False, **options: Any
) -> Any:
    """`numba.njit`, bare or with options, for functions that only compiled code calls, not Python.

    `from_python` is for functions that Python calls: they are kept in the kernel's cache.

    Division by zero is as in numpy: numpy's error model saves a branch at each division, which
    would prevent vectorising; for nonzero divisors the results are Python's. There is no fastmath,
    since it would change bits.
    """
    if function is None:
        return lambda function: njit(function, from_python=from_python, **options)
    chosen = {"error_model": "numpy"} | options
    if not from_python and chosen.get("inline", "never") == "never":
        chosen |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        chosen |= {"pipeline_class": LinkedCompiler}
    decorated = numba.njit(**chosen)(function)
    if from_python:
        keep(decorated)
    FUNCTIONS.append(decorated)
    return decorated
