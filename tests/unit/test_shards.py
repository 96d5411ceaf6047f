"""A work cut in shards: what is written, found again, refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from comsim.common.errors import InputError
from comsim.studies.shards import engines, files, manifest
from comsim.studies.shards.carry_out import carry_out
from comsim.studies.shards.engines import Done
from comsim.studies.shards.lock import CLAIM, claimed
from comsim.studies.shards.manifest import differences, unbroken
from comsim.studies.shards.state import progress_of
from comsim.studies.shards.work import Shard, shards_of

from ..works import Ishigami, contents
from ..works import files as all_files
from .stopping import WORK, Stops, refused, stopped


def test_shards_cover_each_run_once():
    shards = shards_of(Ishigami(runs=15, runs_a_shard=7))
    assert shards == [Shard(0, 0, 7), Shard(1, 7, 14), Shard(2, 14, 15)]
    assert str(shards[1]) == "shard 1 (runs 7 to 13)"


def test_all_runs_in_one_table_and_series_in_shards(whole):
    series = {f"series/{number:06d}.parquet" for number in range(6)}
    assert all_files(whole) == {"runs.parquet", "manifest.json"} | series
    runs = pd.read_parquet(whole / "runs.parquet")
    assert (runs["run"] == np.arange(40)).all()
    assert runs["run"][runs["error"].notna()].tolist() == list(range(0, 40, 6))
    y = pd.DataFrame([WORK.run(number) for number in range(40)])["y"]
    assert (runs["y"] == y).all()
    assert pd.read_parquet(whole / "series")["run"].nunique() == 33
    said = json.loads((whole / "manifest.json").read_text())
    assert said["identity"] == WORK.identity
    assert (said["state"], said["runs"], said["failed"]) == ("finished", 40, 7)
    assert said["done"] == [[0, 5]]


def test_row_groups_do_not_hang_on_shards(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "ROW_GROUP", 16)
    carry_out(WORK, tmp_path / "out")
    read = pq.ParquetFile(tmp_path / "out" / "runs.parquet").metadata
    assert [read.row_group(at).num_rows for at in range(read.num_row_groups)] == [16, 16, 8]


def test_progress_is_told(tmp_path):
    told = []
    carry_out(WORK, tmp_path / "out", progress=lambda *numbers: told.append(numbers))
    assert told[0] == (0, 40, 0)
    assert told[1] == (7, 40, 2)
    assert told[-1] == (40, 40, 7)
    carry_out(WORK, tmp_path / "out", resume=True, progress=lambda *numbers: told.append(numbers))
    assert told[-1] == (40, 40, 7)


def test_resume_does_only_what_is_not_done(tmp_path, whole):
    folder = stopped(tmp_path / "out")
    assert progress_of(folder).state == "stopped"
    assert progress_of(folder).done == 21
    told, engine = [], Stops(99)
    carry_out(WORK, folder, engine, resume=True, progress=lambda *numbers: told.append(numbers))
    assert engine.asked == [3, 4, 5]
    assert told[0] == (21, 40, 4)
    assert contents(folder) == contents(whole)


def test_resume_of_nothing_begins_and_of_all_does_nothing(tmp_path, whole):
    carry_out(WORK, tmp_path / "out", resume=True)
    assert contents(tmp_path / "out") == contents(whole)
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    carry_out(WORK, tmp_path / "out", Stops(0), resume=True)
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before
    assert all_files(tmp_path / "out") == all_files(whole)


def test_what_a_killed_process_was_writing_is_cleared(tmp_path):
    folder = stopped(tmp_path / "out")
    (folder / "parts" / ".0123").write_bytes(b"half")
    with pytest.raises(KeyboardInterrupt):
        carry_out(WORK, folder, Stops(0), resume=True)
    assert not list((folder / "parts").glob(".*"))


def test_another_work_is_refused_and_what_differs_is_said(tmp_path):
    folder = stopped(tmp_path / "out")
    said = refused(replace(WORK, seed=2), folder, resume=True)
    different = "found a different sweep (experiment.seed was 1, now 2)"
    assert said.startswith(f"{folder}: --resume: {different}")
    said = refused(replace(WORK, runs_a_shard=8, runs=50), folder, resume=True)
    assert "(runs was 40, now 50; runs per shard was 7, now 8)" in said
    carry_out(WORK, folder, resume=True)  # nothing was spoilt
    assert "a different sweep" in refused(replace(WORK, seed=2), folder, resume=True)


def test_differences_in_words():
    old = {"packages": {"numba": "0.67", "mesa": "3.3"}, "code": "ab", "rows": [1, 2], "x": 1}
    new = {"packages": {"numba": "0.68"}, "code": "ab", "rows": [1, 3], "x": 1.0, "y": {"a": 1}}
    assert list(differences(old, new)) == [
        'packages.numba was "0.67", now "0.68"',
        'packages.mesa was "3.3", now missing',
        "rows[1] was 2, now 3",
        "x was 1, now 1.0",
        "y was missing, now 1 entries",
    ]


def test_a_folder_that_is_there_is_refused(tmp_path, whole):
    folder = stopped(tmp_path / "out")
    said = refused(WORK, folder)
    assert "found a sweep that is stopped, 21 of 40 runs; allowed: a new folder, --resume" in said
    assert "found a sweep that is finished" in refused(WORK, whole)
    assert "--force as well" in refused(WORK, folder, resume=True, force=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").touch()
    for options in ({}, {"resume": True}, {"force": True}):
        assert "something that is not a result" in refused(WORK, tmp_path / "other", **options)
    (tmp_path / "other" / "manifest.json").write_text('{"name": "an app"}')
    for options in ({}, {"resume": True}, {"force": True}):
        assert "not from comsim" in refused(WORK, tmp_path / "other", **options)
    assert all_files(tmp_path / "other") == {"letter.txt", "manifest.json"}


def test_another_process_that_begins_at_the_same_moment(tmp_path, whole, monkeypatch):
    """It makes the folder when we were about to."""
    theirs, write = stopped(tmp_path / "theirs"), manifest.write

    def write_later(folder, wanted):
        if not out.exists():
            shutil.copytree(theirs, out)
        write(folder, wanted)

    monkeypatch.setattr(manifest, "write", write_later)
    out = tmp_path / "refused"
    assert "found a sweep that is stopped, 21 of 40 runs; allowed: a new" in refused(WORK, out)
    assert all_files(out) == all_files(theirs)
    out = tmp_path / "resumed"
    carry_out(WORK, out, resume=True)
    assert contents(out) == contents(whole)
    assert {path.name for path in tmp_path.iterdir()} == {"theirs", "refused", "resumed"}


def test_a_file_that_can_not_be_read_is_told_as_it_is(tmp_path):
    @dataclass(frozen=True)
    class Lost(Ishigami):
        @property
        def inputs(self) -> dict[str, bytes]:
            raise InputError.at("points.csv", "file", "another one", "the same one")

    with pytest.raises(InputError, match=r"^points\.csv: file: found another one"):
        carry_out(Lost(), tmp_path / "out")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("options", [{}, {"force": True}, {"resume": True}])
def test_where_nothing_is_done_nothing_is_left(tmp_path, options):
    if "force" in options:
        stopped(tmp_path / "out")
    with pytest.raises(KeyboardInterrupt):
        carry_out(WORK, tmp_path / "out", Stops(0), **options)
    assert not list(tmp_path.iterdir())


def test_force_begins_anew(tmp_path):
    folder = stopped(tmp_path / "out")
    (folder / "note.txt").touch()
    other = replace(WORK, seed=2)
    carry_out(other, folder, force=True)
    carry_out(other, tmp_path / "fresh")
    assert contents(folder) == contents(tmp_path / "fresh")
    assert all_files(folder) == all_files(tmp_path / "fresh")
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["fresh", "out"]


@pytest.mark.parametrize("options", [{"resume": True}, {"force": True}])
def test_a_second_process_is_refused(tmp_path, options):
    folder = stopped(tmp_path / "out")
    with claimed(folder, "digest"):
        said = refused(WORK, folder, **options)
        assert "found process" in said and "using it" in said
        assert progress_of(folder).state == "running"
    carry_out(WORK, folder, **options)


def test_a_late_worker_of_a_work_that_was_replaced_writes_nothing(tmp_path):
    """As one on a cluster, that never heard that its work was given up."""
    late = []

    class Forgets(Stops):
        def each(self, task, shards):
            late.append(task)
            return super().each(task, shards)

    with pytest.raises(KeyboardInterrupt):
        carry_out(WORK, tmp_path / "out", Forgets(1))
    other = replace(WORK, seed=2)
    with pytest.raises(KeyboardInterrupt):
        carry_out(other, tmp_path / "out", Stops(1), force=True)
    before = all_files(tmp_path / "out")
    with pytest.raises(InputError, match="no trace of this sweep; allowed: a folder that all"):
        late[0](Shard(3, 21, 28))
    assert all_files(tmp_path / "out") == before


@dataclass(frozen=True)
class Wrong(Ishigami):
    """A work with a mistake in it."""

    how: str = ""

    def stretch(self, first: int, stop: int) -> dict[str, pa.Table]:
        tables = super().stretch(first, stop)
        if self.how == "rows":
            tables["runs"] = tables["runs"].slice(1)
        elif self.how == "strangers":
            tables["series"] = tables["series"].set_column(
                0, "run", pa.array(np.full(tables["series"].num_rows, stop))
            )
        elif self.how == "raises":
            raise ZeroDivisionError("in a run")
        return tables


@pytest.mark.parametrize("how", ["rows", "strangers", "raises"])
def test_a_mistake_in_a_work_is_no_result(tmp_path, how):
    with pytest.raises((ValueError, ZeroDivisionError)):
        carry_out(Wrong(how=how), tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_a_column_that_is_empty_in_one_shard_keeps_its_type(tmp_path):
    """Errors are text, also where the first shards have none."""
    carry_out(Ishigami(runs=30, fails=20), tmp_path / "out")  # fails: 0 and 20
    carry_out(Ishigami(runs=30), tmp_path / "none")
    errors = pq.read_table(tmp_path / "out" / "runs.parquet")["error"]
    assert errors.type == pa.string() and errors.null_count == 28
    assert pq.read_table(tmp_path / "none" / "runs.parquet")["error"].null_count == 30


def test_state_from_the_files(tmp_path):
    folder = stopped(tmp_path / "out", after=4)
    state = progress_of(folder)
    assert (state.done, state.runs, state.failed, state.engine) == (28, 40, 5, "stops")
    assert state.left == pytest.approx(12 / state.rate)
    (folder / CLAIM).write_text("digest process 1 on host")  # as a killed process leaves it
    assert progress_of(folder).state == "killed"
    carry_out(WORK, folder, resume=True)
    state = progress_of(folder)
    assert (state.state, state.done, state.rate, state.left) == ("finished", 40, None, None)
    with pytest.raises(InputError, match=r"manifest.json: found no such file or directory"):
        progress_of(tmp_path)


def test_unbroken():
    assert unbroken([5, 0, 1, 2, 7, 6]) == [[0, 2], [5, 7]]
    assert unbroken([]) == []


def test_the_claim_goes_with_the_parts(tmp_path):
    """Who waits at the door of a finished folder gets a lock that others see."""
    folder = stopped(tmp_path / "out")
    with claimed(folder, "first"):
        (folder / CLAIM).unlink()  # as the end of a work does
        with claimed(folder, "second"), pytest.raises(InputError), claimed(folder, "third"):
            pass


def test_a_shard_with_an_answer_is_done(tmp_path):
    """An engine's answer carries the number of failures that the work had."""
    answers: list[Any] = []

    class Listens(Stops):
        def each(self, task, shards):
            for done in super().each(task, shards):
                answers.append(done)
                yield done

    carry_out(Ishigami(runs=10, fails=5), tmp_path / "out", Listens(99))
    assert answers == [Done(Shard(0, 0, 7), 2), Done(Shard(1, 7, 10), 0)]


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "letter.txt").touch()
    with pytest.raises(InputError, match=r"manifest.json: found not a directory"):
        progress_of(tmp_path / "letter.txt")


def test_a_shard_that_nobody_was_told_of_is_kept(tmp_path, whole):
    class Untold:
        """Stopped when the first shard is written, and before it is handed on."""

        name = "untold"

        def each(self, task, waiting):
            task(next(iter(waiting)))
            raise KeyboardInterrupt
            yield

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        carry_out(WORK, out, Untold())
    assert progress_of(out).done == WORK.runs_a_shard
    carry_out(WORK, out, resume=True)
    assert contents(out) == contents(whole)


class Lost:
    """A finished shard whose answer was on a worker that is gone."""

    status = "finished"

    def result(self, timeout: float) -> None:
        raise TimeoutError


class Alone:
    """A scheduler without workers."""

    def nthreads(self) -> dict[str, int]:
        return {}


def test_an_answer_that_went_with_the_last_worker_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(engines, "ALONE", 0.01)
    monkeypatch.setattr(engines, "LOOK", 0.0)
    with pytest.raises(ConnectionError, match="no worker for"):
        engines._answer(Lost(), engines._Threads(Alone()))
    own = Lost()
    own.status = "error"  # the shard itself says so
    with pytest.raises(TimeoutError):
        engines._answer(own, engines._Threads(Alone()))
