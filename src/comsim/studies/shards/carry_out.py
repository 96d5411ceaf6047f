"""Carry out work: claim the folder, do what is missing, merge."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from comsim.common.errors import InputError
from comsim.files.folders import claim, whole_folder
from comsim.files.sums import Changed, sum_of
from comsim.studies.shards import files, manifest
from comsim.studies.shards.check import check_inputs, check_tables
from comsim.studies.shards.engines import Done, Engine, Serial
from comsim.studies.shards.lock import claimed, claimed_for
from comsim.studies.shards.manifest import FINISHED, MARK, RUNNING, STOPPED, Manifest, now, unbroken
from comsim.studies.shards.state import progress_of
from comsim.studies.shards.work import Shard, Work, shards_of

Progress = Callable[[int, int, int], None]
"""Called with the numbers of finished runs, of all runs, and of failed runs."""

OFTEN = 1.0  # seconds between writes of the manifest
ROUNDS = 3  # attempts if files of finished shards are damaged
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def carry_out(
    work: Work,
    folder: str | Path,
    engine: Engine | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> None:
    """Do all runs and write their tables into a folder.

    runs.parquet has all rows of the table "runs", in order; further tables stay in shards, as
    NAME/000012.parquet; inputs/ has the files that the work reads. The same work gives the same
    bytes, with any engine and after any interruption: `resume` continues what is in the folder (and
    starts if there is nothing), `force` replaces it. InputError if the folder exists and neither is
    set, contains other work, or is used by another process; OSError if the disk is full. Finished
    runs are kept; if there are none, nothing is left.
    """
    engine, wanted = engine or Serial(), Manifest.of(work)
    folder = _may_begin(wanted, Path(folder), resume, force)
    new = _prepared(work, folder, wanted, resume, force)
    with ExitStack() as stack:
        try:
            stack.enter_context(claimed(folder, wanted.digest))
        except OSError:
            if new:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        before = manifest.read(folder)
        manifest.refuse_to_mix(folder, before, wanted)  # another process may have been faster
        watch = _Watch(folder, before, progress)
        try:
            failed = _do_all(work, _Task(work, folder, wanted.digest), engine, watch, before)
        except BaseException as error:
            with suppress(OSError):
                files.clear(folder)  # what workers were writing when they were stopped
                watch.write(state=STOPPED)
            if new and not files.begun(folder):  # a file may exist before we are notified
                shutil.rmtree(folder, ignore_errors=True)  # nothing was done
            elif isinstance(error, OSError) and error.errno in NO_ROOM:
                words = f"{os.strerror(error.errno)}; {watch.kept}"
                raise OSError(error.errno, words, str(folder)) from None
            raise
        files.clear(folder, everything=True)
        if progress:
            progress(wanted.runs, wanted.runs, failed)


def _prepared(work: Work, folder: Path, wanted: Manifest, resume: bool, force: bool) -> bool:
    """Create the folder if necessary, or replace it with `force`; returns whether it is new."""
    if not folder.exists():
        try:
            _make(folder, work, wanted, force=False)
        except InputError:
            if not folder.exists():
                raise
            _may_begin(wanted, folder, resume, force)  # an error if another process was faster
            return False
    elif force:
        with claimed(folder, wanted.digest):
            _make(folder, work, wanted, force=True)
    else:
        return False
    return True


def _do_all(work: Work, task: _Task, engine: Engine, watch: _Watch, before: Manifest) -> int:
    """Do and merge what is missing, again if files turn out to be damaged; returns the number of
    failed runs."""
    shards = shards_of(work)
    failed = _finished(task.folder, work, before)
    for _ in range(ROUNDS):
        if failed is None:
            _do(shards, task, engine, watch)
            with suppress(*files.SPOILT):
                failed, _ = files.merged(task.folder, work.runs, task.digest)
    if failed is None:
        raise OSError(errno.EIO, "files are damaged repeatedly", str(task.folder))
    if watch.manifest.state != FINISHED:
        watch.write(state=FINISHED, failed=failed, done=[[0, shards[-1].number]])
    return failed


def may_begin(work: Work, folder: str | Path, resume: bool = False, force: bool = False) -> Path:
    """The folder, if the work may be carried out in it; InputError as in `carry_out`."""
    return _may_begin(Manifest.of(work), Path(folder), resume, force)


def _may_begin(wanted: Manifest, folder: Path, resume: bool, force: bool) -> Path:
    folder = claim(folder, True, MARK)
    if resume and force:
        raise InputError.at(folder, "--resume", "--force as well", "one of the two")
    if folder.exists():
        try:
            known = manifest.read(folder)
        except Changed:  # it belongs to a sweep
            if force:
                return folder
            raise
        if resume:
            manifest.refuse_to_mix(folder, known, wanted)
        elif not force:
            state = progress_of(folder)
            raise InputError.at(
                folder, "output folder",
                f"a sweep that is {state.state}, {state.done:,} of {state.runs:,} runs",
                "a new folder, --resume to continue it, or --force to replace it",
            )  # fmt: skip
    return folder


def _make(folder: Path, work: Work, wanted: Manifest, force: bool) -> None:
    """Create the folder, completely or not at all, with the manifest and the input files."""
    inputs = {f"{files.INPUTS}/{name}": data for name, data in work.inputs.items()}
    sums = {name: sum_of(data) for name, data in inputs.items()}
    with whole_folder(folder, force, MARK, last=False) as part:
        manifest.write(part, replace(wanted, checksums=sums))
        for name, data in inputs.items():
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).write_bytes(data)


def _finished(folder: Path, work: Work, known: Manifest) -> int | None:
    """The number of failed runs of finished work; None if it is not finished, or its tables have
    changed. Restores input files that have changed."""
    try:
        check_inputs(folder, known)
    except Changed:
        for name, data in work.inputs.items():
            with files.aside(folder, folder / files.INPUTS / name) as part:
                part.write_bytes(data)
        check_inputs(folder, known)
    if known.state == FINISHED:
        with suppress(Changed):
            return check_tables(folder, known)
    return None


@dataclass(frozen=True)
class _Task:
    """What a worker does with a shard."""

    work: Work
    folder: Path
    digest: str

    def __call__(self, shard: Shard) -> Done:
        self.check_folder()
        if self.digest not in _ALIKE:
            known, wanted = manifest.read(self.folder), Manifest.of(self.work)
            manifest.refuse_to_mix(self.folder, known, wanted, self.where)
            _ALIKE.add(self.digest)
        try:
            tables = self.work.stretch(shard.first, shard.stop)
        except Exception as error:
            error.add_note(f"in {shard}")
            raise
        self.check_folder()  # the work may have been stopped meanwhile, and other work started
        return Done(shard, files.write(self.folder, shard, tables, self.digest))

    def check_folder(self) -> None:
        if claimed_for(self.folder) != self.digest:
            raise InputError.at(
                self.folder, self.where, "no trace of this sweep",
                "a folder that all workers see under the same path",
            )  # fmt: skip

    @property
    def where(self) -> str:
        return f"worker on {os.uname().nodename}"


_ALIKE: set[str] = set()
"""Digests of work that is the same in this process as where it was started."""


def _do(shards: list[Shard], task: _Task, engine: Engine, watch: _Watch) -> None:
    """Do all missing shards, and merge."""
    files.clear(task.folder)
    watch.failed.clear()
    todo = []
    for shard in shards:
        failed = files.failed_runs(task.folder, shard, task.digest)
        if failed is None:
            todo.append(shard)
        else:
            watch.failed[shard.number] = failed
    watch.write(state=RUNNING, engine=engine.name)
    watch.report()
    with closing(engine.each(task, todo)) as finished:
        for done in finished:
            watch.failed[done.shard.number] = done.failed
            watch.report()
    files.merge(task.folder, shards, task.digest)


class _Watch:
    """Reports the progress: to the caller always, in the manifest from time to time."""

    def __init__(self, folder: Path, before: Manifest, progress: Progress | None) -> None:
        self.folder, self.manifest, self.progress = folder, before, progress
        self.failed: dict[int, int] = {}
        """Number of failed runs of each finished shard."""
        self.written = 0.0

    @property
    def runs(self) -> int:
        """The number of runs in finished shards."""
        total, size = self.manifest.runs, self.manifest.runs_a_shard
        last = (total - 1) // size
        return len(self.failed) * size - (last in self.failed) * ((last + 1) * size - total)

    @property
    def kept(self) -> str:
        """The finished runs, in words."""
        return f"{self.runs:,} of {self.manifest.runs:,} runs are kept; --resume continues"

    def report(self) -> None:
        if self.progress:
            self.progress(self.runs, self.manifest.runs, sum(self.failed.values()))
        if time.monotonic() - self.written > OFTEN:
            self.write()

    def write(self, **changes: Any) -> None:
        known = {"done": unbroken(self.failed), "failed": sum(self.failed.values())}
        self.manifest = replace(self.manifest, updated=now(), **(known | changes))
        manifest.write(self.folder, self.manifest)
        self.written = time.monotonic()
