"""`comsim run`: simulate a scenario and write its folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from comsim.cli.language import Language
from comsim.cli.progress import PATIENCE, watched

if TYPE_CHECKING:
    import pandas as pd

    from comsim.run.simulation import Run


def run(
    scenario: Annotated[Path, typer.Argument(help="The scenario file (TOML).", readable=False)],
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**63 - 1, help="Seed; by default the scenario's.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; by default results/SCENARIO-seedN.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier result.")] = False,
    events: Annotated[
        bool, typer.Option("--events", help="Write the table of all events, too.")
    ] = False,
    days: Annotated[int | None, typer.Option(help="Days, instead of the scenario's.")] = None,
    intake: Annotated[
        Path | None,
        typer.Option(
            help="CSV of joiners by day, instead of the scenario's intake.", readable=False
        ),
    ] = None,
    observed: Annotated[
        Path | None,
        typer.Option(help="CSV of what the real community did, to lay over it.", readable=False),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads; they change no number.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the report.")] = Language.en,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Simulate a scenario: tables, numbers and a picture of the community's life.

    Example: comsim run scenarios/brand_launch.toml --seed 2 --out results/second
    """
    from comsim.results.run import check_folder, save
    from comsim.run.ready import ready
    from comsim.run.simulation import simulate
    from comsim.scenario import load_scenario, plan, with_intake, with_observed
    from comsim.scenario import observed as read_observed

    form = load_scenario(scenario)
    if days is not None:
        form = form.again(form.to_dict() | {"days": days})
    if intake is not None:
        form = with_intake(form, intake)
    if observed is not None:
        form = with_observed(form, observed)
    seed = form.seed if seed is None else seed
    folder = out or Path("results") / f"{scenario.stem}-seed{seed}"
    check_folder(folder, force)  # before the work
    plan(form)  # what is wrong with the intake is told first
    real = read_observed(form)
    ready(quiet)
    result = _watched(lambda: simulate(form, seed, threads), watched(quiet))
    if not quiet:  # first the results: the picture and the report take longer than the days
        typer.echo(_report(result, real))
        sys.stdout.flush()
    save(result, folder, force, events, real, lang.value)
    if not quiet:
        typer.echo(f"Picture: {folder / 'figures' / 'lifecycle.png'}")
        typer.echo(f"Report: {folder / 'report.html'}")


def _watched(work: Callable[[], Run], seen: bool) -> Run:
    """Work in a thread, since compiled code doesn't hear Ctrl-C; tell the time after a while."""
    future: Future[Run] = Future()

    def do() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    thread = Thread(target=do, daemon=True)
    thread.start()
    began, clear = time.monotonic(), ""
    while thread.is_alive():
        thread.join(0.5)
        seconds = time.monotonic() - began
        if seen and seconds > PATIENCE:
            line = f"simulating: {seconds:.0f} s"
            clear = f"\r{' ' * len(line)}\r"
            print(f"\r{line}", end="", file=sys.stderr, flush=True)
    print(end=clear, file=sys.stderr, flush=True)
    return future.result()


def _report(result: Run, real: pd.DataFrame | None) -> str:
    """What happened, for a terminal."""
    from datetime import timedelta

    from comsim.measure.observed import errors, in_words
    from comsim.measure.summary import finding

    start = result.scenario.start
    lines = [f"{result.scenario.name}, seed {result.seed}: {finding(result)}", ""]
    for stage, first, last in result.stages:
        since = start + timedelta(days=first)
        lines.append(f"  {stage:<9} from {since} (day {first}), {last - first + 1} days")
    if real is not None:
        lines += ["", "Against the real community:"]
        lines += [f"  {in_words(*item)}" for item in errors(result.daily, real).items()]
    lines += ["", *(f"Note: {note}" for note in result.notes)]
    return "\n".join(lines)
