"""`comsim schema`: the JSON Schema of scenario files."""

from __future__ import annotations

import typer


def schema() -> None:
    """Print the JSON Schema of scenario files: editors complete and check them with it.

    Example: comsim schema > comsim.schema.json
    """
    import json

    from comsim.scenario import schema as scenario_schema

    typer.echo(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))
