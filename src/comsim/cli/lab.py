"""`comsim lab`: an interactive simulation in the browser."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer


def lab(
    scenario: Annotated[
        Path | None,
        typer.Argument(help="Scenario file. [default: choose one on the page]", readable=False),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8765,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 allows access from other machines.")
    ] = "127.0.0.1",
    seed: Annotated[int | None, typer.Option(help="Random seed. [default: the scenario's]")] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Don't open the page in a browser.")
    ] = False,
) -> None:
    """Open an interactive simulation in the browser: watch a community live, and move its levers.

    Example: comsim lab scenarios/brand_launch.toml
    """
    from comsim.common.errors import InputError
    from comsim.lab.room import within_limits
    from comsim.scenario import load_scenario

    if find_spec("nicegui") is None:
        raise InputError("comsim lab needs NiceGUI: pip install 'comsim[lab]'")
    chosen = None
    if scenario is not None:
        chosen = load_scenario(scenario)
        within_limits(chosen)
        if chosen.community.today is not None:
            from comsim.today.one import with_past

            chosen, note = with_past(chosen, chosen.seed if seed is None else seed)
            seed = None  # the scenario's, which belongs to its past
            within_limits(chosen)
            typer.echo(f"Note: {note}")
    if seed is not None and not 0 <= seed < 2**63:
        raise InputError.at("comsim lab", "--seed", str(seed), "a whole number from 0 to 2^63 - 1")

    from comsim.lab.server import serve

    serve(chosen, seed, host, port, not no_browser)
