"""`comsim run`: simulate a scenario and write its results."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer

from comsim.cli.options import Force, Lang, Language, Quiet
from comsim.cli.progress import PATIENCE, watched

if TYPE_CHECKING:
    import pandas as pd

    from comsim.run.simulation import Run


def run(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (TOML).", readable=False)],
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=2**63 - 1, help="Random seed. [default: the scenario's]"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Output folder. [default: results/SCENARIO-seedN]")
    ] = None,
    force: Force = False,
    events: Annotated[
        bool, typer.Option("--events", help="Also write a table of all events.")
    ] = False,
    days: Annotated[
        int | None, typer.Option(help="Number of days. [default: the scenario's]")
    ] = None,
    intake: Annotated[
        Path | None,
        typer.Option(
            help="CSV file with joiners per day, which replaces the scenario's intake.",
            readable=False,
        ),
    ] = None,
    observed: Annotated[
        Path | None,
        typer.Option(
            help="CSV file with the real community's numbers, to show beside the simulation.",
            readable=False,
        ),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Number of threads; does not affect the results.")
    ] = None,
    lang: Lang = Language.en,
    quiet: Quiet = False,
) -> None:
    """Simulate a scenario, and write tables, a figure and a report.

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
    check_folder(folder, force)  # fail before the long part
    notes: tuple[str, ...] = ()
    if form.community.today is not None:
        from comsim.today.one import with_past

        ready(quiet)
        form, *notes = with_past(form, seed, threads)
        seed = form.seed
    plan(form)  # reports errors of the intake first
    real = read_observed(form)
    ready(quiet)
    result = _watched(lambda: simulate(form, seed, threads, notes), watched(quiet))
    if not quiet:  # results first: figure and report take longer than the simulation
        typer.echo(_report(result, real))
        sys.stdout.flush()
    save(result, folder, force, events, real, lang.value)
    if not quiet:
        typer.echo(f"Figure: {folder / 'figures' / 'lifecycle.png'}")
        typer.echo(f"Report: {folder / 'report.html'}")


def _watched(work: Callable[[], Run], seen: bool) -> Run:
    """Do the work in a thread, since compiled code ignores Ctrl-C. If `seen`, show the elapsed
    time once PATIENCE has passed."""
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
    """The result, for a terminal."""
    from comsim.language.phrases import Words
    from comsim.measure.finding import finding
    from comsim.measure.observed import errors, in_words

    words = Words("en", result.scenario.dates)
    lines = [f"{result.scenario.name}, seed {result.seed}: {finding(result)}", ""]
    for stage, first, last in result.stages:
        since, length = words.moment(first), words.days(last - first + 1)
        lines.append(f"  {stage:<9} from {since}, {length}")
    if real is not None:
        lines += ["", "Compared with the real community:"]
        lines += [f"  {in_words(*item)}" for item in errors(result.daily, real).items()]
    lines += ["", *(f"Note: {note}" for note in result.notes)]
    return "\n".join(lines)
