"""Engines: who does the shards, and where. Each hands on what is finished as it comes.

An engine calls task(shard) for each shard and yields what it returns, in any order. It takes
shards only as it can start them, a few times the number of workers at most, and stops its workers
when its iterator is closed. A shard whose worker died is done again, three times at most.
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
AHEAD = 3  # shards sent to a cluster, for each of its threads
PATIENCE = 30  # seconds until a cluster has answered, or has a worker
ALONE = 300  # seconds that a cluster may be without workers, later on
HERE = "127.0.0.1:0"
ENGINES = ("serial", "processes", "dask")
LOOK = 1.0  # seconds between looks at what may have changed


@dataclass(frozen=True)
class Done:
    """A shard is finished: its files are in their place."""

    shard: Shard
    failed: int
    """Runs that ended with an error."""


Task = Callable[[Shard], Done]


class Engine(Protocol):
    """Does shards."""

    name: str

    def each(self, task: Task, shards: Iterable[Shard]) -> Iterator[Done]:
        """Call the task for each shard; yields its answers as they come."""
        ...


def engine_of(
    name: str | None = None, jobs: int | None = None, cluster: str | None = None
) -> Engine:
    """An engine by name: "serial", "processes" or "dask"; by default "processes" or, with
    `cluster` (a scheduler's address), "dask". InputError for what does not go together."""
    name = str(name or ("processes" if cluster is None else "dask"))
    if name not in ENGINES:
        raise InputError.at("sweep", "--engine", repr(name), ", ".join(ENGINES))
    if cluster is not None and name != "dask":
        raise InputError.at("sweep", "--engine", f"{name} with --cluster", "dask, or none")
    if jobs is not None and (cluster is not None or name == "serial"):
        found = f"{jobs} with {'--engine serial' if cluster is None else '--cluster'}"
        raise InputError.at("sweep", "--jobs", found, "one of the two")
    jobs = arguments.optional(jobs, "sweep", "--jobs", 1)
    if name == "serial":
        return Serial()
    return Dask(cluster, jobs) if name == "dask" else Processes(jobs)


class Serial:
    """One shard after the other, here."""

    name = "serial"

    def each(self, task: Task, shards: Iterable[Shard]) -> Iterator[Done]:
        for shard in shards:
            yield task(shard)


@dataclass
class Processes:
    """Processes of one thread each, on this machine (default: as many as it has processors).

    They are fresh ones, so that they share no locks with threads here, and don't import the
    script that asks for them. They end when this process does. Ctrl-C at a terminal reaches this
    process alone.
    """

    jobs: int | None = None
    name: str = field(default="processes", init=False)

    def each(self, task: Task, shards: Iterable[Shard]) -> Iterator[Done]:
        if type(getattr(task, "work", task)).__module__ == "__main__":
            raise TypeError("a work for other processes must be defined in a module")
        waiting, losses = iter(shards), Counter[Shard]()
        workers: dict[Connection, _Worker] = {}

        def start(worker: _Worker | None) -> None:
            """Give the next shard, if there is one, to a worker (None: a new one)."""
            for shard in islice(waiting, 1):
                worker = worker or _Worker(task)
                workers[worker.pipe] = worker
                worker.shard = shard
                with suppress(OSError):  # it died: seen when its answer is read
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
    """What is said when a shard is given up."""
    return ChildProcessError(
        f"{shard} lost its worker {LOSSES} times ({how}); is there enough memory? "
        "what is done stays, --resume goes on with it"
    )


class _Worker:
    """A process that does shards, and the pipe to it."""

    # Nothing of the script that runs here is imported there, unlike in multiprocessing.
    START = """
import sys
from multiprocessing.connection import Connection
pipe = Connection(int(sys.argv[1]))
try:
    sys.path[:] = pipe.recv()
    serve = pipe.recv()
except (EOFError, OSError):  # who started it is gone
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
        """End the process, if it does not end by itself so soon (seconds); returns how it did."""
        self.pipe.close()
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def serve(pipe: Connection) -> None:
    """What a worker process does: shards, until nobody asks for more."""
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
    """End this process soon after the one that started it."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)


def _sendable(error: Exception) -> Exception:
    """The error as it can be sent to another process, with where it was raised."""
    where = "".join(traceback.format_exception(error))
    try:
        error = pickle.loads(pickle.dumps(error))
    except Exception:  # it can't be made again from its arguments
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(f"In a worker process:\n{where}")
    return error


@dataclass
class Dask:
    """A Dask cluster: a scheduler's address, or (None) threads in this process.

    The workers must have this package in this version, and see the folder at the same path. Dask
    itself gives the shards of a lost worker to others.
    """

    address: str | None = None
    jobs: int | None = None
    """Threads; only without an address."""
    name: str = field(default="dask", init=False)

    def each(self, task: Task, shards: Iterable[Shard]) -> Iterator[Done]:
        try:
            import distributed  # before its log is silenced: it sets it up
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
                # Dask's web pages can't be switched off: nobody outside shall see them.
                scheduler_kwargs={"dashboard_address": HERE}, worker_dashboard_address=HERE,
            )  # fmt: skip
        found = "no scheduler that answers"
        try:
            client = Client(self.address, timeout=PATIENCE, set_as_default=False)
            found = "a scheduler without workers"
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except BaseException:
                client.close()
                raise
            return client
        except ValueError as error:  # an address of no known kind
            found = str(error).lower()
        except OSError:
            pass
        # One that was made by half closes now, and not when this process ends, where it can't.
        gc.collect()
        raise InputError.at(
            "--cluster", repr(self.address), found,
            "the address of a Dask scheduler with workers, as tcp://127.0.0.1:8786",
        )  # fmt: skip


@contextmanager
def _quiet() -> Iterator[None]:
    """What goes wrong is told in one line, not in Dask's log as well."""
    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def _answer(future: Any, threads: _Threads) -> Done:
    """A finished shard's answer. One that went with its worker is made again by the cluster, as
    long as it has another."""
    while True:
        try:
            return future.result(timeout=LOOK)
        except TimeoutError:
            if future.status == "error":  # it is the task's own
                raise
            threads.number()


class _Threads:
    """How many threads a cluster has, asked again now and then: workers come and go."""

    def __init__(self, client: Any) -> None:
        self.client, self.known = client, 1
        self.seen = self.asked = time.monotonic() - LOOK

    def number(self) -> int:
        """Threads, at least 1; ConnectionError where there have been none for long."""
        now = time.monotonic()
        if now - self.asked >= LOOK:
            self.asked = now
            with suppress(OSError):  # the scheduler is gone: the shards' answers tell
                self.known = sum(self.client.nthreads().values())
        if self.known:
            self.seen = now
        elif now - self.seen > ALONE:
            raise ConnectionError(f"the cluster has had no worker for {ALONE:.0f} seconds")
        return max(self.known, 1)
