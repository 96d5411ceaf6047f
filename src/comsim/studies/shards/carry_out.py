"""Carry out a work: claim the folder, do what is not done, merge."""

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
"""Called with how many runs are done, how many there are, and how many of those done failed."""

OFTEN = 1.0  # seconds from one writing of the manifest to the next
ROUNDS = 3  # times that the files of finished shards may be found spoilt
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def carry_out(
    work: Work,
    folder: str | Path,
    engine: Engine | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> None:
    """Do all runs of a work and write their tables into a folder.

    runs.parquet has all rows of the table "runs", in order; further tables stay in shards, as
    NAME/000012.parquet; inputs/ has the files that the work reads. The same work gives the same
    bytes, with any engine and however often it was stopped: `resume` goes on with what is in the
    folder (and begins where there is none), `force` replaces it. InputError where the folder is
    there and neither is said, holds another work, or another process is at work in it; OSError
    where the disk is full. What is done stays; where nothing is done, nothing is left.
    """
    engine = engine or Serial()
    wanted, shards = Manifest.of(work), shards_of(work)
    folder = _may_begin(wanted, Path(folder), resume, force)
    new = force or not folder.exists()
    if not folder.exists():
        try:
            _make(folder, work, wanted, force=False)
        except InputError:
            if not folder.exists():
                raise
            _may_begin(wanted, folder, resume, force)  # says so if another process was quicker
            new = False
    elif force:
        with claimed(folder, wanted.digest):
            _make(folder, work, wanted, force=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(claimed(folder, wanted.digest))
        except OSError:
            if new:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        before = manifest.read(folder)
        manifest.refuse_to_mix(folder, before, wanted)  # another process may have been quicker
        watch = _Watch(folder, before, progress)
        try:
            failed = _finished(folder, work, before)
            for _ in range(ROUNDS):
                if failed is None:
                    _do(shards, _Task(work, folder, wanted.digest), engine, watch)
                    with suppress(*files.SPOILT):
                        failed, _ = files.merged(folder, wanted.runs, wanted.digest)
            if failed is None:
                raise OSError(errno.EIO, "files are spoilt again and again", str(folder))
            if watch.manifest.state != FINISHED:
                watch.write(state=FINISHED, failed=failed, done=[[0, shards[-1].number]])
        except BaseException as error:
            with suppress(OSError):
                files.clear(folder)  # what workers were writing when they were ended
                watch.write(state=STOPPED)
            if new and not files.begun(folder):  # a file may be there before we were told
                shutil.rmtree(folder, ignore_errors=True)  # nothing was done
            elif isinstance(error, OSError) and error.errno in NO_ROOM:
                words = f"{os.strerror(error.errno)}; {watch.kept}"
                raise OSError(error.errno, words, str(folder)) from None
            raise
        files.clear(folder, everything=True)
        if progress:
            progress(wanted.runs, wanted.runs, failed)


def may_begin(work: Work, folder: str | Path, resume: bool = False, force: bool = False) -> Path:
    """The folder, if a work may be carried out in it; InputError as `carry_out` has."""
    return _may_begin(Manifest.of(work), Path(folder), resume, force)


def _may_begin(wanted: Manifest, folder: Path, resume: bool, force: bool) -> Path:
    folder = claim(folder, True, MARK)
    if resume and force:
        raise InputError.at(folder, "--resume", "--force as well", "one of them")
    if folder.exists():
        try:
            found = manifest.read(folder)
        except Changed:  # it is a sweep's
            if force:
                return folder
            raise
        if resume:
            manifest.refuse_to_mix(folder, found, wanted)
        elif not force:
            far = progress_of(folder)
            raise InputError.at(
                folder, "output folder", f"one that is {far.state}, {far.done:,} of {far.runs:,} "
                "runs", "a new folder, --resume to go on with it, or --force to replace it",
            )  # fmt: skip
    return folder


def _make(folder: Path, work: Work, wanted: Manifest, force: bool) -> None:
    """Make the folder, whole or not at all, with the manifest and the files that are read."""
    inputs = {f"{files.INPUTS}/{name}": data for name, data in work.inputs.items()}
    sums = {name: sum_of(data) for name, data in inputs.items()}
    with whole_folder(folder, force, MARK, last=False) as part:
        manifest.write(part, replace(wanted, checksums=sums))
        for name, data in inputs.items():
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).write_bytes(data)


def _finished(folder: Path, work: Work, found: Manifest) -> int | None:
    """The number of failed runs of a finished work; None if it is not finished, or its tables have
    changed. Restores its input files if they have changed."""
    try:
        check_inputs(folder, found)
    except Changed:
        for name, data in work.inputs.items():
            with files.aside(folder, folder / files.INPUTS / name) as part:
                part.write_bytes(data)
        check_inputs(folder, found)
    if found.state == FINISHED:
        with suppress(Changed):
            return check_tables(folder, found)
    return None


@dataclass(frozen=True)
class _Task:
    """What a worker does with a shard, wherever it is."""

    work: Work
    folder: Path
    digest: str

    def __call__(self, shard: Shard) -> Done:
        self.check_folder()
        if self.digest not in _ALIKE:
            found, wanted = manifest.read(self.folder), Manifest.of(self.work)
            manifest.refuse_to_mix(self.folder, found, wanted, self.where)
            _ALIKE.add(self.digest)
        try:
            tables = self.work.stretch(shard.first, shard.stop)
        except Exception as error:
            error.add_note(f"in {shard}")
            raise
        self.check_folder()  # the work may have been given up meanwhile, and another begun
        return Done(shard, files.write(self.folder, shard, tables, self.digest))

    def check_folder(self) -> None:
        if claimed_for(self.folder) != self.digest:
            raise InputError.at(
                self.folder, self.where, "no sign of this work there",
                "a folder that all workers see, under the same path",
            )  # fmt: skip

    @property
    def where(self) -> str:
        return f"worker on {os.uname().nodename}"


_ALIKE: set[str] = set()
"""Digests of works that are the same in this process as where they were begun."""


def _do(shards: list[Shard], task: _Task, engine: Engine, watch: _Watch) -> None:
    """Do all shards that are not done, and merge."""
    files.clear(task.folder)
    watch.failed.clear()
    todo = []
    for shard in shards:
        failed = files.found(task.folder, shard, task.digest)
        if failed is None:
            todo.append(shard)
        else:
            watch.failed[shard.number] = failed
    watch.write(state=RUNNING, engine=engine.name)
    watch.tell()
    with closing(engine.each(task, todo)) as finished:
        for done in finished:
            watch.failed[done.shard.number] = done.failed
            watch.tell()
    files.merge(task.folder, shards, task.digest)


class _Watch:
    """Tells how far it is: who watches always, the manifest now and then."""

    def __init__(self, folder: Path, before: Manifest, progress: Progress | None) -> None:
        self.folder, self.manifest, self.progress = folder, before, progress
        self.failed: dict[int, int] = {}
        """Runs that failed, by number of finished shard."""
        self.written = 0.0

    @property
    def runs(self) -> int:
        """Runs of finished shards."""
        total, size = self.manifest.runs, self.manifest.runs_a_shard
        last = (total - 1) // size
        return len(self.failed) * size - (last in self.failed) * ((last + 1) * size - total)

    @property
    def kept(self) -> str:
        """What is done, in words."""
        return f"{self.runs:,} of {self.manifest.runs:,} runs are kept, --resume goes on with them"

    def tell(self) -> None:
        if self.progress:
            self.progress(self.runs, self.manifest.runs, sum(self.failed.values()))
        if time.monotonic() - self.written > OFTEN:
            self.write()

    def write(self, **changes: Any) -> None:
        known = {"done": unbroken(self.failed), "failed": sum(self.failed.values())}
        self.manifest = replace(self.manifest, updated=now(), **(known | changes))
        manifest.write(self.folder, self.manifest)
        self.written = time.monotonic()
