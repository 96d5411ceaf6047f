"""`comsim odd`: the ODD description of the model."""

from typing import Annotated

import typer


def odd(
    levers: Annotated[
        bool, typer.Option("--levers", help="Print only the levers by group, as in the README.")
    ] = False,
) -> None:
    """Print the description of the model by the ODD protocol (Grimm et al. 2020), as Markdown.

    Example: comsim odd > odd.md
    """
    from comsim.present.odd import levers_by_group
    from comsim.present.odd import odd as document

    typer.echo(levers_by_group() + "\n" if levers else document(), nl=False)
