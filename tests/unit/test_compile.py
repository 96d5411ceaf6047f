"""The kernel's njit: a cache that can't go stale, and Python's arithmetic."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from numba.core import config

from comsim.files import lock
from comsim.model.kernel import compile as compiling

HELPER = "from {njit} import njit\n\n@njit({inner})\ndef helper(x):\n    return x + {number}\n"
CALLER = """
import sys
from {njit} import njit
from comsim.model.kernel.helper import helper

@njit({entry})
def caller(x):
    return 10 * helper(x)

print(caller(1), sum(caller.stats.cache_hits.values()))
"""


@pytest.fixture
def package(tmp_path):
    """The room of the model: two kernel files, one calling the other, and the real `njit`."""
    kernel = tmp_path / "comsim" / "model" / "kernel"
    kernel.mkdir(parents=True)
    (kernel.parent.parent / "__init__.py").touch()
    (kernel.parent / "__init__.py").touch()
    (kernel / "__init__.py").touch()
    for file in ("compile.py", "linked.py"):
        shutil.copy(Path(compiling.__file__).with_name(file), kernel)
    (tmp_path / "comsim" / "files").mkdir()
    shutil.copy(lock.__file__, tmp_path / "comsim" / "files")
    return kernel.parent


def write(
    package: Path, number: int, njit: str = "comsim.model.kernel.compile",
    entry: str = "from_python=True", inner: str = "",
):  # fmt: skip
    places = {"njit": njit, "entry": entry, "inner": inner, "number": number}
    (package / "kernel" / "helper.py").write_text(HELPER.format(**places))
    (package / "kernel" / "caller.py").write_text(CALLER.format(**places))


def start(package: Path, **environment: str) -> subprocess.CompletedProcess:
    """`caller(1)` in a new process, whose folder for temporary files is beside the package."""
    clean = {
        name: text for name, text in os.environ.items()
        if not name.startswith(("NUMBA_", "COMSIM_", "XDG_"))
    }  # fmt: skip
    (package.parent / "tmp").mkdir(exist_ok=True)
    places = {"XDG_CACHE_HOME": package.parent / "cache", "TMPDIR": package.parent / "tmp"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "comsim.model.kernel.caller"],
        env=clean | {name: str(path) for name, path in places.items()} | environment,
        cwd=package.parent.parent,
        capture_output=True,
        text=True,
    )


def run(package: Path, **environment: str) -> list[int]:
    """What `caller(1)` gives in a new process, and how often it came from the cache."""
    done = start(package, **environment)
    assert done.returncode == 0, done.stderr
    return [int(part) for part in done.stdout.split()]


def test_an_edited_helper_changes_its_caller(package):
    write(package, number=1)
    assert run(package) == [20, 0]
    assert run(package) == [20, 1]  # the cache is used
    write(package, number=12)  # another length: Python's bytecode of the same second would stay
    assert run(package) == [130, 0]  # and never when it is stale


def test_numba_alone_would_serve_the_stale_caller(package):
    # If this fails, numba has learnt to look into helpers, and our njit is not needed.
    alone = {"njit": "numba", "entry": "cache=True", "inner": "cache=True"}
    write(package, number=1, **alone)
    assert run(package) == [20, 0]
    write(package, number=12, **alone)
    assert run(package) == [20, 1]


@pytest.mark.parametrize("inside", ["kernel/helper.py", "kernel/deep/er.py", "stages.py"])
def test_a_byte_of_any_source_names_another_folder(package, inside):
    write(package, number=1)
    file = package / inside
    file.parent.mkdir(exist_ok=True)
    names = [compiling.fingerprint(package)]
    for text in ("a = 1", "a = 2"):
        file.write_text(text)
        names.append(compiling.fingerprint(package))
    assert len(set(names)) == 3
    file.write_text("a = 1")
    assert compiling.fingerprint(package) == names[1]


def test_files_after_the_kernel_don_t_count(package):
    before = compiling.fingerprint(package)
    (package / "report.py").write_text("a = 1")
    assert compiling.fingerprint(package) == before


def test_index_checks_have_a_folder_of_their_own(package, monkeypatch):
    monkeypatch.setattr(config, "BOUNDSCHECK", None)
    before = compiling.fingerprint(package)
    monkeypatch.setattr(config, "BOUNDSCHECK", 1)
    assert compiling.fingerprint(package) != before


def imported_from_comsim(file: Path) -> set[str]:
    """What a file imports from comsim: files and folders of `model` as SOURCES would name them, and
    other rooms by name."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            parts = module.split(".")
            if parts[:2] == ["comsim", "model"] and len(parts) > 2:
                is_file = (compiling.PACKAGE / f"{parts[2]}.py").exists()
                names.add(f"{parts[2]}.py" if is_file else parts[2])
            elif parts[0] == "comsim" and parts[1:2] != ["model"]:
                names.add(parts[1])
    return names


def test_everything_that_is_compiled_in_is_hashed():
    compiled = [
        file
        for file in compiling.PACKAGE.rglob("*.py")
        if file.relative_to(compiling.PACKAGE).parts[0] in compiling.SOURCES
        or "comsim.model.kernel.compile import njit" in file.read_text()
    ]
    for file in compiled:
        assert file.relative_to(compiling.PACKAGE).parts[0] in compiling.SOURCES, file
        missing = imported_from_comsim(file) - set(compiling.SOURCES)
        if file.name == "compile.py":  # its locks are not compiled in
            missing -= {"files"}
        assert not missing, f"{file.name} imports {missing}: add it to SOURCES"


def test_other_packages_keep_their_cache():
    before = config.CACHE_DIR

    @compiling.njit(from_python=True)
    def ours(x):
        return x

    @numba.njit(cache=True)
    def theirs(x):
        return x

    folder = compiling.cache_folder()
    assert config.CACHE_DIR == before
    assert folder in Path(ours._cache.cache_path).parents
    assert folder not in Path(theirs._cache.cache_path).parents


def test_index_checks_reach_into_linked_functions(package):
    write(package, number=1)
    helper = package / "kernel" / "helper.py"
    helper.write_text(
        "import numpy as np\n" + helper.read_text().replace("x + 1", "np.arange(x)[x + 1]")
    )
    for _ in range(2):  # compiled, then from the cache
        done = start(package, NUMBA_BOUNDSCHECK="1")
        assert done.stderr.strip().endswith("IndexError: index is out of bounds")


def test_only_what_python_calls_is_kept(package):
    write(package, number=1)
    run(package)
    kept = {path.name.split("-")[0] for path in package.parent.glob("cache/**/*.nbc")}
    assert kept == {"caller.caller"}


def test_the_folder_lies_in_the_user_s_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(config, "CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compiling.cache_home() == tmp_path / "comsim" / "numba"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert compiling.cache_home() == tmp_path / ".cache" / "comsim" / "numba"
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "chosen"))
    assert tmp_path / "chosen" in compiling.cache_home().parents


@pytest.fixture
def blocked(package):
    """The environment of a user who can't write where compiled code should lie."""
    write(package, number=1)
    file = package.parent / "file"
    file.touch()
    return {"XDG_CACHE_HOME": str(file)}


def test_without_a_writable_cache_all_processes_share_one_folder(package, blocked):
    assert run(package, **blocked) == [20, 0]
    assert run(package, **blocked) == [20, 1]
    assert run(package, NUMBA_CACHE_DIR=blocked["XDG_CACHE_HOME"]) == [20, 1]
    shared = package.parent / "tmp" / f"comsim-{os.getuid()}"
    assert [path.name for path in shared.parent.iterdir()] == [shared.name]
    assert shared.stat().st_mode & 0o777 == 0o700


def test_without_a_home_too(package):
    write(package, number=1)
    for hits in (0, 1):
        assert run(package, XDG_CACHE_HOME="", HOME="/dev/null") == [20, hits]


@pytest.mark.parametrize("plant", ["link", "open", "file"])
def test_a_shared_folder_that_another_user_may_have_planted_is_left_alone(package, blocked, plant):
    """Its files are pickles: reading one runs what it says."""
    tmp, foreign = package.parent / "tmp", package.parent / "foreign"
    tmp.mkdir()
    foreign.mkdir(mode=0o700)
    place = tmp / f"comsim-{os.getuid()}"
    if plant == "link":
        place.symlink_to(foreign)
    elif plant == "open":
        place.mkdir()
        place.chmod(0o777)
    else:
        place.touch()
    assert run(package, **blocked) == [20, 0]
    assert not any(foreign.iterdir())
    assert [path.name for path in tmp.iterdir()] == [place.name]  # the private one is gone


def test_a_folder_in_which_others_may_rename_is_not_taken(package, blocked):
    tmp = package.parent / "tmp"
    tmp.mkdir()
    tmp.chmod(0o777)
    (tmp / f"comsim-{os.getuid()}-killed").mkdir(mode=0o700)  # what a killed process left behind
    assert run(package, **blocked) == [20, 0]
    assert not any(tmp.iterdir())


def test_with_no_room_anywhere_nothing_is_kept(package, blocked):
    # No folder for temporary files can be written: Python takes the one that it stands in.
    assert run(package, **blocked, COMSIM_COMPILED="nowhere") == [20, 0]
    assert not any((package.parent / "tmp").iterdir())


def test_workers_take_the_folder_of_the_process_that_started_them(package, tmp_path):
    write(package, number=1)
    given = tmp_path / "given"
    given.mkdir()
    for hits in (0, 1):
        assert run(package, COMSIM_COMPILED=str(given)) == [20, hits]
    assert list(given.iterdir()) and not (package.parent / "cache").exists()


def test_only_the_newest_folders_are_kept(tmp_path):
    folders = [tmp_path / f"{number:016x}" for number in range(compiling.FOLDERS_KEPT + 2)]
    for age, folder in enumerate(folders):
        folder.mkdir()
        os.utime(folder, (1_000_000 - age, 1_000_000 - age))
    foreign = tmp_path / "notes"
    foreign.mkdir()
    os.utime(foreign, (0, 0))
    compiling.prune(tmp_path)
    assert set(tmp_path.iterdir()) == {*folders[: compiling.FOLDERS_KEPT], foreign}


@compiling.njit(from_python=True)
def divide(a, b):
    return a / b, a // b, a % b


@pytest.mark.parametrize("kind", [int, float])
def test_division_is_python_s(kind):
    numbers = [kind(n) for n in (-(2**31), -8, -7, -1, 1, 2, 3, 7, 2**31)]
    if kind is float:
        numbers += [-0.1, 0.3, 1e-300, 7.5]
    for a in [kind(0), *numbers]:
        for b in numbers:
            assert divide(a, b) == (a / b, a // b, a % b), (a, b)


def test_division_by_zero_is_numpy_s():
    assert divide(1.0, 0.0)[0] == np.inf
    assert divide(1, 0)[1] == 0


def test_options_pass_through():
    @compiling.njit(inline="never", from_python=True)
    def half(x):
        return x / 2

    assert half(3) == 1.5
    assert half.targetoptions["error_model"] == "numpy"
    assert "fastmath" not in half.targetoptions


def test_a_disk_that_fills_up_later_stops_nothing(monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", refuse)

    @compiling.njit(from_python=True)
    def double(x):
        return 2 * x

    assert double(2) == 4
