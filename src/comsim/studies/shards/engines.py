"""Engines run shards: one after the other, in processes, or on a Dask cluster.

An engine calls task(shard) for each shard and yields the results as they come, in any order. It
takes shards only when it can start them (at most a few times the number of workers), and stops its
workers when its iterator is closed. A shard whose worker died is done again, at most three times.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from comsim.common import arguments
from comsim.common.errors import InputError
from comsim.common.machine import processors
from comsim.run.ready import inherited
from comsim.studies.shards.work import Shard

LOSSES = 3  # workers that a shard may lose
AHEAD = 3  # shards sent to a cluster per thread
PATIENCE = 30  # seconds to wait for a cluster, or for its first worker
ALONE = 300  # seconds that a cluster may be without workers later
HERE = "127.0.0.1:0"
ENGINES = ("serial", "processes", "dask")
LOOK = 1.0  # seconds between checks


@dataclass(frozen=True)
class Done:
    """A finished shard, whose files are in place."""

    shard: Shard
    failed: int
    """Number of runs with an error."""


Task = Callable[[Shard], Done]


class Engine(Protocol):
    """Runs shards."""

    name: str

    def each(self, task: Task, shards: Iterable[Shard]) -> Iterator[Done]:
        """Call the task for each shard; yields the results as they come."""
        ...


def engine_of(
    name: str | None = None, jobs: int | None = None, cluster: str | None = None
) -> Engine:
    """An engine by name: "serial", "processes" or "dask"; by default "processes" or, with
    `cluster` (the address of a scheduler), "dask". InputError for a contradiction."""
    name = str(name or ("processes" if cluster is None else "dask"))
    if name not in ENGINES:
        raise InputError.at("sweep", "--engine", repr(name), ", ".join(ENGINES))
    if cluster is not None and name != "dask":
        raise InputError.at("sweep", "--engine", f"{name} with --cluster", "dask, or none")
    if jobs is not None and (cluster is not None or name == "serial"):
        both = f"{jobs} with {'--engine serial' if cluster is None else '--cluster'}"
        raise InputError.at("sweep", "--jobs", both, "one of the two")
    jobs = arguments.optional(jobs, "sweep", "--jobs", 1)
    if name == "serial":
        return Serial()
    return Dask(cluster, jobs) if name == "dask" else Processes(jobs)


class Serial:
    """One shard after the other, in this process."""

    name = "serial"

    def each(self, task: Task, shards: Iterable[Shard]) -> Iterator[Done]:
        for shard in shards:
            yield task(shard)


@dataclass
class Processes:
    """Processes with one thread each, on this machine (default: one per processor).

    They are new interpreters, so they share no locks with threads of this process, and don't import
    the calling script. They end when this process ends. Ctrl-C at a terminal reaches this process
    only.
    """

    jobs: int | None = None
    name: str = field(default="processes", init=False)

    def each(self, task: Task, shards: Iterable[Shard]) -> Iterator[Done]:
        if type(getattr(task, "work", task)).__module__ == "__main__":
            raise TypeError("work for other processes must be defined in a module")
        waiting, losses = iter(shards), Counter[Shard]()
        workers: dict[Connection, _Worker] = {}

        def start(worker: _Worker | None) -> None:
            """Give the next shard, if any, to a worker (None: a new one)."""
            for shard in islice(waiting, 1):
                worker = worker or _Worker(task)
                workers[worker.pipe] = worker
                worker.shard = shard
                with suppress(OSError):  # it died, which is detected when its answer is read
                    worker.pipe.send(shard)

        try:
            for _ in range(self.jobs or processors()):
                start(None)
            while busy := [pipe for pipe, worker in workers.items() if worker.shard is not None]:
                for pipe in wait(busy):
                    worker = workers[pipe]
                    try:
                        answer = pipe.recv()
                    except (EOFError, OSError):
                        del workers[pipe]
                        shard, how = worker.shard, worker.stop(LOOK)
                        losses[shard] += 1
                        if losses[shard] == LOSSES:
                            raise lost(shard, how) from None
                        waiting = chain([shard], waiting)
                        start(None)
                        continue
                    worker.shard = None
                    if isinstance(answer, BaseException):
                        raise answer
                    start(worker)
                    yield answer
        finally:
            for worker in workers.values():
                worker.stop()


def lost(shard: Shard, how: str) -> ChildProcessError:
    """The error when a shard is given up."""
    return ChildProcessError(
        f"{shard} lost its worker {LOSSES} times ({how}); is there enough memory? "
        "finished runs are kept, --resume continues"
    )


class _Worker:
    """A process that runs shards, and the pipe to it."""

    # Unlike with multiprocessing, the calling script is not imported there.
    START = """
import sys
from multiprocessing.connection import Connection
pipe = Connection(int(sys.argv[1]))
try:
    sys.path[:] = pipe.recv()
    serve = pipe.recv()
except (EOFError, OSError):  # the parent is gone
    sys.exit(1)
serve(pipe)
"""

    def __init__(self, task: Task) -> None:
        self.pipe, theirs = Pipe()
        self.shard: Shard | None = None
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", self.START, str(theirs.fileno())],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True,
                env=os.environ | inherited() | {"NUMBA_NUM_THREADS": "1"},
            )  # fmt: skip
        with suppress(OSError):
            for message in (sys.path, serve, os.getpid(), task):
                self.pipe.send(message)

    def stop(self, patience: float = 0.0) -> str:
        """End the process if it does not end by itself within `patience` seconds; returns how it
        ended."""
        self.pipe.close()
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def serve(pipe: Connection) -> None:
    """The loop of a worker process: runs shards until there are no more."""
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        threading.Thread(target=_end_with, args=(pipe.recv(),), daemon=True).start()
        try:
            task = pipe.recv()
        except (ImportError, AttributeError) as error:
            pipe.send(_sendable(error))
            return
        while True:
            shard = pipe.recv()
            try:
                answer = task(shard)
            except Exception as error:
                answer = _sendable(error)
            pipe.send(answer)


def _end_with(parent: int) -> None:
    """End this process soon after its parent."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)


def _sendable(error: Exception) -> Exception:
    """The error in a form that can be sent to another process, with its traceback."""
    where = "".join(traceback.format_exception(error))
    try:
        error = pickle.loads(pickle.dumps(error))
    except Exception:  # it can't be reconstructed from its arguments
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(f"In a worker process:\n{where}")
    return error


@dataclass
class Dask:
    """A Dask cluster: the address of a scheduler, or (None) threads in this process.

    The workers must have this version of this package, and see the folder under the same path. Dask
    itself reassigns the shards of a lost worker.
    """

    address: str | None = None
    jobs: int | None = None
    """Threads; only without an address."""
    name: str = field(default="dask", init=False)

    def each(self, task: Task, shards: Iterable[Shard]) -> Iterator[Done]:
        try:
            import distributed  # before its log, which it configures, is silenced
        except ImportError:
            raise InputError.at(
                "--engine", "dask", "no package distributed", "pip install 'comsim[cluster]'"
            ) from None
        with _quiet():
            yield from self._each(task, shards, distributed)

    def _each(self, task: Task, shards: Iterable[Shard], distributed: Any) -> Iterator[Done]:
        client = self._client(distributed.Client)
        try:
            waiting, under_way, finished = iter(shards), {}, SimpleQueue()
            threads = _Threads(client)

            def start() -> None:
                for shard in islice(waiting, max(AHEAD * threads.number() - len(under_way), 0)):
                    future = client.submit(task, shard, pure=False)
                    under_way[future] = shard
                    future.add_done_callback(finished.put)

            start()
            while under_way:
                try:
                    future = finished.get(timeout=LOOK)
                except Empty:
                    threads.number()
                    continue
                shard = under_way.pop(future)
                try:
                    answer = _answer(future, threads)
                except distributed.KilledWorker:
                    raise lost(shard, "on the cluster") from None
                except CancelledError:
                    raise ConnectionError(f"{self.address}: the scheduler is gone") from None
                start()
                yield answer
        finally:
            client.close()

    def _client(self, Client: type) -> Any:
        if self.address is None:
            return Client(
                processes=False, n_workers=1, threads_per_worker=self.jobs or processors(),
                set_as_default=False, dashboard_address=None, memory_limit=0,
                # Dask's web pages can't be disabled, but should not be visible from outside.
                scheduler_kwargs={"dashboard_address": HERE}, worker_dashboard_address=HERE,
            )  # fmt: skip
        problem = "no answer from a scheduler"
        try:
            client = Client(self.address, timeout=PATIENCE, set_as_default=False)
            problem = "a scheduler without workers"
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except BaseException:
                client.close()
                raise
            return client
        except ValueError as error:  # an address of an unknown kind
            problem = str(error).lower()
        except OSError:
            pass
        # A partly created client must close now; it can't when this process ends.
        gc.collect()
        raise InputError.at(
            "--cluster", repr(self.address), problem,
            "the address of a Dask scheduler with workers, such as tcp://127.0.0.1:8786",
        )  # fmt: skip


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Dask's log, since errors are reported in one line."""
    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def _answer(future: Any, threads: _Threads) -> Done:
    """The result of a finished shard. If it was lost with its worker, the cluster computes it
    again, as long as it has another worker."""
    while True:
        try:
            return future.result(timeout=LOOK)
        except TimeoutError:
            if future.status == "error":  # raised by the task itself
                raise
            threads.number()


class _Threads:
    """The number of threads of a cluster, updated from time to time, since workers come and go."""

    def __init__(self, client: Any) -> None:
        self.client, self.known = client, 1
        self.seen = self.updated = time.monotonic() - LOOK

    def number(self) -> int:
        """The number of threads, at least 1; ConnectionError if there have been none for too
        long."""
        now = time.monotonic()
        if now - self.updated >= LOOK:
            self.updated = now
            with suppress(OSError):  # the scheduler is gone, which the results of shards will show
                self.known = sum(self.client.nthreads().values())
        if self.known:
            self.seen = now
        elif now - self.seen > ALONE:
            raise ConnectionError(f"the cluster has had no worker for {ALONE:.0f} seconds")
        return max(self.known, 1)
