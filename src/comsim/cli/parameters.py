"""`comsim parameters`: parameters and traits, with ranges and sources."""

from __future__ import annotations

import shutil
from typing import Annotated, Any

import typer

NARROW, WIDE = 80, 120


def parameters(
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    grade: Annotated[
        str | None,
        typer.Option(help='Only this grade of evidence: measured, elsewhere, "sign only", none.'),
    ] = None,
) -> None:
    """List all parameters and traits: default, ranges, evidence and meaning.

    Example: comsim parameters --grade none --csv > unmeasured.csv
    """
    from comsim.common.errors import InputError, nearest
    from comsim.model.declare import GRADES
    from comsim.scenario.listing import parameter_list

    rows = parameter_list()
    columns = list(rows[0])
    if grade is not None:
        if grade not in GRADES:
            raise InputError.at("parameters", "--grade", repr(grade), nearest(grade, GRADES))
        rows = [row for row in rows if row["grade"] == grade]
    if json:
        import json as writer

        typer.echo(writer.dumps(rows, indent=1, ensure_ascii=False))
    elif csv:
        typer.echo(_csv(rows, columns), nl=False)
    else:
        typer.echo(_text(rows, min(max(shutil.get_terminal_size().columns, NARROW), WIDE)))


def _csv(rows: list[dict[str, Any]], columns: list[str]) -> str:
    from csv import DictWriter
    from io import StringIO

    from comsim.scenario.csvfile import harmless

    text = StringIO()
    writer = DictWriter(text, columns, lineterminator="\n")
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
            of = f" (effect of {row['effect']})" if row["effect"] else ""
            how = f" {row['distribution'].capitalize()}, a factor {row['factor']:g} either way{of}."
            if row["null"]:
                how += f" In {row['null']:.1%} of independent samples, the value is "
                how += f"{row['absent']:g}: the lever has no effect."
        if row["plausible_low"] is not None:
            how += f" In nine of ten plausible worlds: {row['plausible_low']:.3g} to "
            how += f"{row['plausible_high']:.3g}."
        meaning = row["meaning"][0].upper() + row["meaning"][1:]
        about = f"{meaning}. Evidence: {row['grade']}. Source: {row['source']}.{how}"
        lines.append(fill(about, width, initial_indent="    ", subsequent_indent="    "))
    lines += [
        "",
        fill(
            "Evidence is graded as measured (in online communities), elsewhere (in other "
            "populations, or fitted to real data), sign only, or none. Known parameters are facts "
            "that the operator knows, such as prices. Comparisons take all others from the "
            "plausible worlds. With --worlds independent, they draw each from its own range. "
            "Values near the default are then more likely, except for effects of levers without "
            "evidence. In a scenario file, a plain number means that the value is known, and "
            "{ low, high } is a range with a uniform distribution.",
            width,
        ),
    ]
    return "\n".join(lines)
