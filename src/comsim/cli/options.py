"""Options that several commands share."""

import re
from enum import StrEnum
from typing import Annotated, Any

import typer

NUMBER = re.compile(r"-?[0-9]+")


class Language(StrEnum):
    en = "en"
    zh = "zh"


Force = Annotated[bool, typer.Option("--force", help="Replace an existing result.")]
Lang = Annotated[Language, typer.Option(help="Language of the report.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing.")]
Worlds = Annotated[
    list[str] | None,
    typer.Option(
        help="Number of worlds, or source of their parameters: plausible, independent, default, "
        "or a file. Use the option twice to give both.",
        metavar="NUMBER|NAME|FILE",
        show_default=False,
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=256,
        help="Number of threads; does not affect the results. [default: all cores]",
    ),
]


def worlds_of(given: list[str] | None, command: str, number: Any, sample: str) -> tuple[Any, str]:
    """The number of worlds and their sample, from the values of `--worlds`. InputError if one is
    given twice, or the sample is unknown."""
    from comsim.common.errors import InputError
    from comsim.scenario.rows import rows_of

    numbers = [one for one in given or () if NUMBER.fullmatch(one)]
    samples = [one for one in given or () if one not in numbers]
    if max(len(numbers), len(samples)) > 1:
        found = " and ".join(numbers if len(numbers) > 1 else samples)
        raise InputError.at(command, "--worlds", found, "one number and one sample")
    for one in samples:
        rows_of(one, command, "--worlds")
    return int(numbers[0]) if numbers else number, samples[0] if samples else sample
