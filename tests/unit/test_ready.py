"""The model is compiled once, by one process; what is said of it. (Nothing is compiled here.)"""

from __future__ import annotations

import fcntl
import inspect
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest

from comsim.model.kernel.compile import CachePlace
from comsim.run import ready


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Nothing is compiled yet; what `ready` does is counted."""
    did = SimpleNamespace(compiled=0, kept=False)

    def compile_it(helped):
        did.compiled += 1
        did.kept = True

    monkeypatch.delenv(ready.INHERITED, raising=False)
    monkeypatch.setattr(ready.day, "run_days", SimpleNamespace(signatures=[]))
    monkeypatch.setattr(ready, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(ready, "cache_place", lambda: CachePlace(tmp_path / "code"))
    monkeypatch.setattr(ready, "is_kept", lambda: did.kept)
    monkeypatch.setattr(ready, "_compile", compile_it)
    return did


def test_it_is_compiled_once_and_said_once(asked, tmp_path, capsys):
    ready.ready()
    ready.ready()
    said = capsys.readouterr()
    assert asked.compiled == 1 and not said.out
    assert said.err == (
        f"compiling the model, only once; compiled code is kept in {tmp_path} "
        "(NUMBA_CACHE_DIR moves it)\n"
    )


def test_quiet_says_nothing(asked, capsys):
    ready.ready(quiet=True)
    assert asked.compiled == 1 and not capsys.readouterr().err


def test_a_worker_says_nothing(asked, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv(ready.INHERITED, str(tmp_path))
    ready.ready()
    assert asked.compiled == 1 and not capsys.readouterr().err


def test_a_second_process_waits_instead(asked, tmp_path, capsys):
    with open(tmp_path / "lock", "a") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = Thread(target=ready.ready, daemon=True)
        second.start()
        second.join(0.3)
        assert second.is_alive()
        asked.kept = True  # the first one is done
    second.join(10)
    assert not second.is_alive() and asked.compiled == 0
    assert capsys.readouterr().err == "waiting for another process that is compiling the model\n"


def test_a_disk_without_locks(asked, monkeypatch):
    def refuse(*_):
        raise OSError(95, "not supported")

    monkeypatch.setattr("fcntl.flock", refuse)
    ready.ready()
    assert asked.compiled == 1


@pytest.mark.parametrize("place,words", [
    (CachePlace(Path("/c/code")),
     "only once; compiled code is kept in /c (NUMBA_CACHE_DIR moves it)"),
    (CachePlace(Path("/tmp/c/code"), "/home/a: read-only file system"),
     "is kept in /tmp/c, since /home/a: read-only file system; set NUMBA_CACHE_DIR to another"),
    (CachePlace(None, "/home/a: no space left"),
     "at every command, since compiled code can't be kept (/home/a: no space left); set NUMBA_"),
])  # fmt: skip
def test_where_compiled_code_is_kept_is_said(place, words, monkeypatch):
    monkeypatch.setattr(ready, "cache_place", lambda: place)
    assert words in ready.where_kept()


@pytest.mark.parametrize("step", ready.HERE + ready.BY_HELPER, ids=lambda step: step.__name__)
def test_steps_are_called_as_they_are_compiled_before(step):
    """With (world, day) or (world, day, threaded): else it would be done twice."""
    asked = list(inspect.signature(step.py_func).parameters)
    assert asked in (["w", "day"], ["w", "day", "threaded"])
