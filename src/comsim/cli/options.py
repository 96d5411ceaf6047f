"""Options that several commands share."""

from enum import StrEnum
from typing import Annotated

import typer


class Language(StrEnum):
    en = "en"
    zh = "zh"


Force = Annotated[bool, typer.Option("--force", help="Replace an existing result.")]
Lang = Annotated[Language, typer.Option(help="Language of the report.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing.")]
Threads = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=256,
        help="Number of threads; does not affect the results. [default: all cores]",
    ),
]
