"""`comsim odd`: the ODD description of the model."""

import typer


def odd() -> None:
    """Print the description of the model by the ODD protocol (Grimm et al. 2020), as Markdown.

    Example: comsim odd > odd.md
    """
    from comsim.present.odd import odd as document

    typer.echo(document(), nl=False)
