"""`comsim parameters`: what the model takes for granted, and how far each number may be off."""

from __future__ import annotations

import shutil
from typing import Annotated, Any

import typer

NARROW, WIDE = 80, 120


def parameters(
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Print every parameter and trait: default, range that worlds draw from, source, meaning.

    Example: comsim parameters --csv > parameters.csv
    """
    from comsim.scenario.listing import parameter_list

    rows = parameter_list()
    if json:
        import json as writer

        typer.echo(writer.dumps(rows, indent=1, ensure_ascii=False))
    elif csv:
        typer.echo(_csv(rows), nl=False)
    else:
        typer.echo(_text(rows, min(max(shutil.get_terminal_size().columns, NARROW), WIDE)))


def _csv(rows: list[dict[str, Any]]) -> str:
    from csv import DictWriter
    from io import StringIO

    from comsim.scenario.csvfile import harmless

    text = StringIO()
    writer = DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: harmless(x) if isinstance(x, str) else x for key, x in row.items()} for row in rows
    )
    return text.getvalue()


def _text(rows: list[dict[str, Any]], width: int) -> str:
    from textwrap import fill

    lines = []
    for row in rows:
        name, value = row["name"], f"{row['value']:g}"
        span = "known"
        if row["distribution"] != "known":
            span = f"{row['low']:.3g} to {row['high']:.3g}"
        lines.append(f"{name:<22} {value:>8}   {span:<18} {row['unit']}"[:width])
        how = ""
        if span != "known":
            of = " (a lever's effect)" if row["effect"] else ""
            how = f" {row['distribution'].capitalize()}, a factor {row['factor']:g} either way{of}."
        meaning = row["meaning"][0].upper() + row["meaning"][1:]
        about = f"{meaning}. Source: {row['source']}.{how}"
        lines.append(fill(about, width, initial_indent="    ", subsequent_indent="    "))
    lines += [
        "",
        fill(
            "Known numbers are the operator's own, or in their books. A world of a comparison "
            "draws each of the others from its range, most probably near the default, apart from "
            "one another. In a scenario file a plain number is known, and { low, high } is a range "
            "with all values equally probable.",
            width,
        ),
    ]
    return "\n".join(lines)
