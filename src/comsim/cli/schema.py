"""`comsim schema`: the JSON Schema of scenario and experiment files."""

from __future__ import annotations

from typing import Annotated

import typer


def schema(
    experiment: Annotated[
        bool, typer.Option("--experiment", help="Print the schema of experiment files instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of scenario files, which editors use to complete and validate them.

    Example: comsim schema > comsim.schema.json
    """
    import json

    from comsim.scenario import Scenario
    from comsim.scenario import schema as schema_of

    form = Scenario
    if experiment:
        from comsim.studies.experiments.experiment import Experiment as form
    typer.echo(json.dumps(schema_of(form), indent=2, ensure_ascii=False))
