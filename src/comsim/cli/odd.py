"""`comsim odd`: the model, described by the ODD protocol."""

import typer


def odd() -> None:
    """Print the ODD document of the model as Markdown.

    Example: comsim odd > odd.md
    """
    from comsim.present.odd import odd as document

    typer.echo(document(), nl=False)
