"""`comsim describe`: the metrics of a real or simulated community's log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def describe(
    events: Annotated[Path, typer.Argument(help="The log: CSV or Parquet, a row an event.")],
    member: Annotated[str, typer.Option(help="Column of who did it.")] = "member",
    time: Annotated[
        str | None, typer.Option(help="Column of unix seconds, ISO dates or datetimes (UTC).")
    ] = None,
    day: Annotated[
        str | None, typer.Option(help="Column of days counted from 0, instead of a time.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Column of kinds of event; without, every row is a post.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="Column of whom it was aimed at.")] = None,
    start: Annotated[str | None, typer.Option(help="Date of day 0, as 2024-01-31.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write to this file: .json, .csv or .txt.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Describe a community by its event log: activity, retention, inequality, rhythm.

    Example: comsim describe messages.csv --member sender --time unix_time
    """
    if out is not None:
        _check(out, force)  # before the work
    from comsim.describe import as_json, as_text
    from comsim.describe import describe as describe_events
    from comsim.events import read_log

    table = describe_events(read_log(events, member, time, day, kind, target, start))
    if out is None:
        typer.echo(as_json(table) if json else as_text(table))
        return
    write = {".json": as_json, ".csv": lambda rows: rows.to_csv(index=False), ".txt": as_text}
    text = write[out.suffix](table)
    out.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")


def _check(out: Path, force: bool) -> None:
    from comsim.errors import InputError

    if out.suffix not in (".json", ".csv", ".txt"):
        raise InputError.at(out, "--out", repr(out.suffix), "'.json', '.csv', '.txt'")
    if not out.parent.is_dir():
        raise InputError.at(out, "--out", "no such folder", "a folder that is there")
    if out.is_dir() or (out.exists() and not force):
        raise InputError.at(out, "--out", "something there", "a new file, or --force")
