"""`comsim describe`: the metrics of a real or simulated community's log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

UNITS = "s, ms, us, ns, min, h, days, excel or yyyymmdd"


def describe(
    events: Annotated[Path, typer.Argument(help="The log: CSV or Parquet, one event per row.")],
    member: Annotated[str, typer.Option(help="Column of the acting member.")] = "member",
    time: Annotated[
        str | None, typer.Option(help="Column of dates, datetimes or unix seconds.")
    ] = None,
    day: Annotated[
        str | None, typer.Option(help="Column of days counted from 0, instead of a time.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Column of kinds of event; without it, every row is a post.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="Column of the member addressed.")] = None,
    start: Annotated[str | None, typer.Option(help="Date of day 0, as 2024-01-31.")] = None,
    zone: Annotated[
        str | None,
        typer.Option(help="Time zone of days, and of times without a zone; UTC by default."),
    ] = None,
    dayfirst: Annotated[
        bool | None,
        typer.Option("--dayfirst/--no-dayfirst", help="Read 03/04/2024 as 3 April, or as 4 March."),
    ] = None,
    unit: Annotated[str | None, typer.Option(help=f"Unit of numeric times: {UNITS}.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of a CSV, e.g. gb18030.")] = None,
    map: Annotated[
        Path | None,
        typer.Option(help="CSV file with the header from,to: ids to replace, such as aliases."),
    ] = None,
    fold: Annotated[
        bool,
        typer.Option("--fold", help="Merge ids that differ only in case, blanks or Unicode form."),
    ] = False,
    as_written: Annotated[
        bool,
        typer.Option("--as-written", help="Accept any text as an id, even if it looks wrong."),
    ] = False,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Leave out an id, such as a bot; may be repeated."),
    ] = None,
    exclude_from: Annotated[
        Path | None, typer.Option(help="File of ids to leave out, one per line.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="First date to include.")] = None,
    until: Annotated[str | None, typer.Option(help="Last date to include.")] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out rows that cannot be read, and count them.")
    ] = False,
    define: Annotated[
        bool, typer.Option("--define", help="Also print what each metric counts.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write to this file: .json, .csv or .txt.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Describe a community by its event log: activity, retention, inequality, rhythm.

    Ambiguous data is either refused, with an error that names the option that resolves it, or
    counted in the notes below the numbers.

    Example: comsim describe messages.csv --member sender --time unix_time

    Example: comsim describe chat.csv --time date --dayfirst --zone Asia/Shanghai --skip-bad

    Example: comsim describe forum.csv --map aliases.csv --exclude welcome_bot --until 2024-06-30
    """
    if out is not None:
        _check(out, force)  # before the log is read
    from comsim.files.aside import write_text
    from comsim.logs.events import read_log
    from comsim.logs.ids import read_list
    from comsim.measure.describe import as_json, as_text
    from comsim.measure.describe import describe as describe_events

    left_out = [*(exclude or []), *(read_list(exclude_from) if exclude_from else [])]
    log = read_log(
        events, member, time, day, kind, target, start,
        zone=zone, dayfirst=dayfirst, unit=unit, encoding=encoding, map=map, fold=fold,
        as_written=as_written, exclude=left_out, since=since, until=until, skip_bad=skip_bad,
    )  # fmt: skip
    table = describe_events(log)
    if out is None:
        typer.echo(as_json(table) if json else as_text(table, define))
        return
    text = {
        ".json": lambda: as_json(table),
        ".csv": lambda: table.to_csv(index=False),
        ".txt": lambda: as_text(table, define),
    }[out.suffix]()
    write_text(out, text if text.endswith("\n") else text + "\n")
    if out.suffix == ".csv":  # a CSV has no place for the limits
        for line in table.attrs["limits"]:
            typer.echo(f"* {line}", err=True)


def _check(out: Path, force: bool) -> None:
    from comsim.common.errors import InputError
    from comsim.files.aside import may_write

    if out.suffix not in (".json", ".csv", ".txt"):
        raise InputError.at(out, "--out", repr(out.suffix), "'.json', '.csv', '.txt'")
    may_write(out, force)
