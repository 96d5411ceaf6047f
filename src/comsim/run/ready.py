"""Compiles the model before its first day: once, in one process with a helper process.

A lock on a file in the cache folder makes other processes wait instead of compiling as well. The
system releases it if the process dies. numba writes each file aside and renames it, so every file
in the cache is complete.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import Any

from comsim.common.machine import processors
from comsim.files.lock import waiting_for
from comsim.model.kernel import day
from comsim.model.kernel.compile import (
    FUNCTIONS,
    INHERITED,
    NOWHERE,
    cache_folder,
    cache_place,
    compile_step,
    is_complete,
    keep,
)
from comsim.run.world import Setting, make_world
from comsim.scenario import Scenario, parameter_values, plan

# About half of the work each: `read` takes as long as most of the others together.
HERE = (
    day.abandon, day.decide, day.arrive, day.walk_in, day.campaign, day.form_subgroups, day.greet,
    day.gather, day.release, day.announce, day.push, day.visit, day.give_tasks, day.publish,
    day.raffle, day.empower, day.learn, day.recognise, day.leave, day.nudge, day.shake,
    day.count_subgroups, day.observe, day.record, day.tally,
)  # fmt: skip
BY_HELPER = (day.read, day.settle)
LAST = 0.25  # share of the time for the loop over days, which is compiled last

HELPER = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from comsim.run.ready import help_out
help_out()
"""
OFTEN = 0.3  # seconds
ONE_BY_ONE = Lock()  # threads of this process


def ready(quiet: bool = False) -> None:
    """Compile the model if necessary; reports this on stderr, with the folder of compiled code."""
    with ONE_BY_ONE:
        if day.run_days.signatures or is_kept():
            return
        quiet = quiet or INHERITED in os.environ
        with _alone(quiet):
            if not is_kept():
                with _reported(quiet) as helped:
                    _compile(helped)


def is_kept() -> bool:
    """Whether the machine code of the model is in the cache."""
    folder = cache_folder()
    return folder is not None and is_complete(folder)


def inherited() -> dict[str, str]:
    """Environment variables with which a process shares compiled code with this one."""
    folder = cache_folder()
    return {INHERITED: NOWHERE if folder is None else str(folder.parent)}


@contextmanager
def _alone(quiet: bool) -> Iterator[None]:
    """Hold the lock on the cache folder, if there is one."""

    def busy() -> None:
        if not quiet:
            print("waiting for another process that is compiling the model", file=sys.stderr)

    folder = cache_folder()
    if folder is None:
        yield
        return
    with waiting_for(folder / "lock", busy):
        yield


def _compile(helped: list[int]) -> None:
    """Compile; append the helper's number of compiled functions to the list."""
    helper = _begin_helper() if cache_folder() and processors() > 1 else None
    collects = gc.isenabled()
    gc.disable()  # numba creates millions of long-lived objects
    try:
        world = _small_world()
        if helper is not None:
            for step in BY_HELPER:
                keep(step)
            Thread(target=_listen, args=(helper, helped), daemon=True).start()
            for step in HERE:
                compile_step(step, world)
            helper.wait()
        day.run_days(world, 0, 0, 1, day.WHOLE)
    finally:
        if collects:
            gc.enable()
        if helper is not None:
            helper.kill()
            helper.wait()


def _begin_helper() -> subprocess.Popen[str] | None:
    with suppress(OSError):
        return subprocess.Popen(
            [sys.executable, "-P", "-c", HELPER, json.dumps([*map(str, sys.path)])], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=os.environ | inherited(),
        )  # fmt: skip
    return None


def _listen(helper: subprocess.Popen[str], helped: list[int]) -> None:
    for line in helper.stdout or ():
        helped.append(int(line))


def help_out() -> None:
    """In the helper: compile its part into the folder of the process that started it."""
    gc.disable()
    world, parent = _small_world(), os.getppid()
    for step in BY_HELPER:
        if os.getppid() != parent:
            return
        keep(step)
        compile_step(step, world)
        print(_compiled(), flush=True)


def _compiled() -> int:
    """The number of functions of the kernel that this process has compiled."""
    return sum(bool(function.overloads) for function in FUNCTIONS)


def _small_world() -> Any:
    """Any world will do, since all have the same type."""
    scenario = Scenario.from_dict({"name": "one day", "days": 1, "community": {"market": 10}})
    setting = Setting(10, 1, scenario.community.newcomer_days, 0, parameter_values(scenario, 0))
    return make_world(setting, plan(scenario))


@contextmanager
def _reported(quiet: bool) -> Iterator[list[int]]:
    """Report the compilation on stderr: with a progress bar on a terminal, else in one line."""
    helped: list[int] = []
    if quiet:
        yield helped
        return
    print(where_kept(), file=sys.stderr, flush=True)
    if not sys.stderr.isatty():
        yield helped
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    over = Event()
    columns = (TextColumn("compiling"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=1.0)

        def look() -> None:
            while not over.wait(OFTEN):
                done = (_compiled() + max(helped, default=0)) / len(FUNCTIONS)
                progress.update(task, completed=(1.0 - LAST) * min(done, 1.0))

        looking = Thread(target=look, daemon=True)
        looking.start()
        try:
            yield helped
        finally:
            over.set()
            looking.join()


def where_kept() -> str:
    """A sentence: the model is being compiled, and where the code is kept."""
    place = cache_place()
    if place.folder is None:
        return (
            "compiling the model, about a minute at every command, since compiled code can't be "
            f"kept ({place.why}); set NUMBA_CACHE_DIR to a writable folder"
        )
    words = f"compiling the model, only once; compiled code is kept in {place.folder.parent}"
    if place.why:
        return f"{words}, since {place.why}; set NUMBA_CACHE_DIR to another folder"
    return f"{words} (NUMBA_CACHE_DIR moves it)"
