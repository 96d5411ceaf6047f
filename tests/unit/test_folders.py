"""One process at a time writes a folder or a file; a dead one is no obstacle, and a reader sees one
result or the other."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from comsim.common.errors import InputError
from comsim.files.aside import write_text, written_aside
from comsim.files.folders import claim, read_whole, whole_folder
from comsim.files.strict import write_json
from comsim.files.sums import seal

MARK = "provenance.json"
# Writes a folder or a file, and says so; goes on when it is answered, or is killed before.
WRITES = """
import sys
from pathlib import Path
from comsim.files.aside import written_aside
from comsim.files.folders import whole_folder
path = Path(sys.argv[1])
aside = written_aside(path) if path.suffix else whole_folder(path, True, "provenance.json")
with aside as part:
    place = part if path.suffix else part / "provenance.json"
    place.write_text("{}")
    print("writing", flush=True)
    sys.stdin.readline()
"""
# As in another container: its own process numbers, so that the writer's means nothing there.
ELSEWHERE = ["unshare", "-pf", "--mount-proc"]


def can_unshare() -> bool:
    try:
        return subprocess.run([*ELSEWHERE, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture(params=[[], ELSEWHERE], ids=["here", "in another container"])
def writer(request, tmp_path):
    """Starts a process that writes a path."""
    if request.param and not can_unshare():
        pytest.skip("no namespace of processes can be made here")
    started = []

    def start(path: Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*request.param, sys.executable, "-c", WRITES, str(path)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        started.append(process)
        assert process.stdout.readline() == "writing\n"
        return process

    yield start
    for process in started:
        process.stdin.close()
        process.wait()


def kill(process: subprocess.Popen[str]) -> None:
    """And what it has started."""
    os.killpg(process.pid, 9)
    process.wait()


def result(folder: Path, says: int) -> None:
    folder.mkdir()
    write_json(folder / "summary.json", {"says": says})
    seal(folder, MARK, {})


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_who_writes_is_seen_and_who_has_died_is_not(writer, tmp_path):
    out = tmp_path / "out"
    result(out, 1)
    first = writer(out)
    before = names(tmp_path)
    refused = rf"^{out}: another process is writing this folder; wait for it, or use another"
    for force in (False, True):
        with pytest.raises(InputError, match=refused):
            claim(out, force, MARK)
    with pytest.raises(InputError, match=refused), whole_folder(out, True, MARK):
        pass
    assert names(tmp_path) == before
    kill(first)
    assert names(tmp_path) == before  # the dead leave what they wrote
    assert claim(out, True, MARK) == out
    assert names(tmp_path) == {"out", "out/summary.json", f"out/{MARK}"}

    second = writer(out)
    second.communicate("go on\n")
    assert names(tmp_path) == {"out", f"out/{MARK}"}


def test_what_was_being_replaced_comes_back(tmp_path):
    for old, number in ((".out.replaced", ""), (".out.replaced-4711", "of an earlier version")):
        result(tmp_path / old, 1)
        (tmp_path / f".out.unfinished{number and '-4711'}").mkdir()
        with pytest.raises(InputError, match="found a result"):
            claim(tmp_path / "out", False, MARK)
        assert names(tmp_path) == {"out", "out/summary.json", f"out/{MARK}"}
        shutil.rmtree(tmp_path / "out")


def test_a_file_has_one_writer_too(writer, tmp_path):
    out = tmp_path / "out.txt"
    out.write_text("old")
    first = writer(out)
    with pytest.raises(InputError, match="another process is writing this file"):
        write_text(out, "new")
    assert out.read_text() == "old"
    kill(first)
    write_text(out, "new")
    assert out.read_text() == "new" and names(tmp_path) == {"out.txt"}


def test_a_reader_sees_one_writing_or_the_other(tmp_path):
    """The folder is replaced after its mark was read; and it is away for a moment, as it is between
    the two renames of a writer."""
    out, new, old = tmp_path / "out", tmp_path / "new", tmp_path / "old"
    result(out, 1)
    result(new, 2)

    def read(kept):
        if new.exists():
            out.rename(old)
            new.rename(out)
        return kept.json("summary.json")["says"]

    assert read_whole(out, MARK, read) == 2
    with pytest.raises(FileNotFoundError):
        read_whole(tmp_path / "nothing", MARK, read)


def test_what_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    out, link = tmp_path / "out.txt", tmp_path / "link.txt"
    out.write_text("old")
    out.chmod(0o600)
    link.symlink_to(out)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError) as error:
            write_text(link, "new")
    assert error.value.filename == str(out) and error.value.errno == errno.ENOSPC
    assert out.read_text() == "old" and names(tmp_path) == {"out.txt", "link.txt"}
    write_text(link, "new")
    assert out.read_text() == "new" and link.is_symlink() and out.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ZeroDivisionError), written_aside(out) as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert out.read_text() == "new" and names(tmp_path) == {"out.txt", "link.txt"}


def test_an_error_of_copying_is_one_of_the_folder(tmp_path):
    """It names what is copied first."""
    source, out = tmp_path / "source", tmp_path / "out"
    with pytest.raises(OSError) as error, whole_folder(out, False, MARK) as part:
        raise OSError(errno.ENOSPC, "full", str(source), None, str(part / "copy"))
    assert error.value.filename == str(out)
    with pytest.raises(FileNotFoundError) as error, whole_folder(out, False, MARK):
        source.read_text()
    assert error.value.filename == str(source) and not names(tmp_path)
