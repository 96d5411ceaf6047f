"""`comsim status`: how far a sweep is, from another terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comsim.amounts import duration, figures

if TYPE_CHECKING:
    from comsim.shards.state import State


def status(folder: Annotated[Path, typer.Argument(help="The folder of a sweep.")]) -> None:
    """Say how far a sweep is, while it goes on or after it was stopped.

    Example: comsim status results/ads_and_cadence
    """
    from comsim.shards.state import progress_of

    typer.echo(f"{folder}: {in_words(progress_of(folder))}")


def in_words(state: State) -> str:
    """How far a sweep is, in one line."""
    words = [
        f"{state.state}, {state.done:,} of {state.runs:,} runs ({state.done / state.runs:.0%})"
    ]
    if state.failed:
        words.append(f"{state.failed:,} failed")
    if state.rate is not None:
        words.append(f"{figures(state.rate)} runs a second")
    if state.left is not None:
        words.append(f"about {duration(state.left)} left")
    if state.state in ("stopped", "killed"):
        words.append("--resume goes on with it")
    return "; ".join(words)
