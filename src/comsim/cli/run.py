"""`comsim run`: simulate a scenario and write its folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from comsim.scenario import Scenario
    from comsim.simulation import Run


def run(
    scenario: Annotated[Path, typer.Argument(help="The scenario file (TOML).")],
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
        Path | None, typer.Option(help="CSV of joiners by day, instead of the scenario's intake.")
    ] = None,
    observed: Annotated[
        Path | None, typer.Option(help="CSV of what the real community did, to lay over it.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads; they change no number.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Simulate a scenario: tables, numbers and a picture of the community's life.

    Example: comsim run scenarios/brand_launch.toml --seed 2 --out results/second
    """
    from comsim.results import check_folder, save
    from comsim.scenario import load_scenario, with_intake, with_observed
    from comsim.scenario import observed as read_observed
    from comsim.simulation import simulate

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
    real = read_observed(form)
    if sys.stderr.isatty() and not quiet:
        _announce(form)
    result = simulate(form, seed, threads)
    save(result, folder, force, events, real)
    if not quiet:
        typer.echo(_report(result, real, folder))


def _announce(form: Scenario) -> None:
    """Something to read while nothing else happens."""
    from comsim.kernel.compile import cache_folder

    if not any(cache_folder().glob("*.nbi")):
        print("compiling the model, this once: about a minute", file=sys.stderr)
    elif form.days * form.community.market > 1e9:
        print(f"simulating {form.days:,} days", file=sys.stderr)


def _report(result: Run, real, folder: Path) -> str:
    """What happened, for a terminal."""
    from datetime import timedelta

    from comsim.observed import errors, in_words
    from comsim.summary import finding

    start = result.scenario.start
    lines = [f"{result.scenario.name}, seed {result.seed}: {finding(result)}", ""]
    for stage, first, last in result.stages:
        since = start + timedelta(days=first)
        lines.append(f"  {stage:<9} from {since} (day {first}), {last - first + 1} days")
    if real is not None:
        lines += ["", "Against the real community:"]
        lines += [f"  {in_words(*item)}" for item in errors(result.daily, real).items()]
    lines += ["", *(f"Note: {note}" for note in result.plan.notes)]
    lines.append(f"Picture: {folder / 'figures' / 'lifecycle.png'}")
    return "\n".join(lines)
