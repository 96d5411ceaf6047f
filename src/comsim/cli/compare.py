"""`comsim compare`: which policy is better, how sure, and why."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from comsim.cli.language import Language

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison

WIDTH = 100
LONGEST = 100  # bytes that scenarios' names take of a folder's


def compare(
    scenarios: Annotated[
        list[Path],
        typer.Argument(help="Scenario files; the first is what others are held against."),
    ],
    worlds: Annotated[
        int, typer.Option(help="Worlds, an even number: two lucks for each draw of parameters.")
    ] = 100,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=2**63 - 1, help="Seed; by default the first scenario's."),
    ] = None,
    fixed_world: Annotated[
        bool, typer.Option("--fixed-world", help="Parameters at their defaults: luck alone.")
    ] = False,
    equal_budget: Annotated[
        bool, typer.Option("--equal-budget", help="Scale what others spend to the first one's.")
    ] = False,
    share: Annotated[
        float | None,
        typer.Option(help="Give the other policies to this share of the members, too (an arm)."),
    ] = None,
    days: Annotated[int | None, typer.Option(help="Days, instead of the scenarios'.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; by default results/A-B-seedN.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier result.")] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=256, help="Threads; they change no number.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the report.")] = Language.en,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
) -> None:
    """Compare policies in the same worlds: verdicts, intervals, and what they hang on.

    Example: comsim compare now.toml more_posts.toml --worlds 100 --out results/posts
    """
    from comsim.cli.progress import bar
    from comsim.common.errors import InputError
    from comsim.results.run import check_folder
    from comsim.scenario import load_scenario

    if len(scenarios) < 2:
        raise InputError.at("compare", "scenarios", "one file", "two or more")
    forms = [load_scenario(path) for path in scenarios]
    if days is not None:
        forms = [form.again(form.to_dict() | {"days": days}) for form in forms]
    seed = forms[0].seed if seed is None else seed
    names = "-".join(dict.fromkeys(path.stem for path in scenarios))
    names = names.encode(errors="ignore")[:LONGEST].decode(errors="ignore")
    asked = [
        *([f"days{days}"] if days is not None else []),
        *(["fixed"] if fixed_world else []),
        *(["equal-budget"] if equal_budget else []),
        *([f"share{share:g}"] if share else []),
    ]
    folder = out or Path("results") / "-".join([names, *asked, f"seed{seed}"])
    check_folder(folder, force)  # before the work
    from comsim.results.comparison import save
    from comsim.run.ready import ready
    from comsim.studies.comparison.compare import compare as compare_scenarios

    ready(quiet)
    with bar("simulating", "runs", quiet) as progress:
        result = compare_scenarios(
            *forms, worlds=worlds, seed=seed, fixed_world=fixed_world, equal_budget=equal_budget,
            share=share, jobs=jobs, progress=progress,
        )  # fmt: skip
    save(result, folder, force, lang.value)
    if not quiet:
        typer.echo(_report(result, folder))


def _report(result: Comparison, folder: Path) -> str:
    """The verdicts, for a terminal."""
    from comsim.studies.comparison.sentences import TABLE_NOTE, arm_lines, begun, table, why

    lines = [fill(line, WIDTH) for line in result.sentence.splitlines()]
    for policy in result.policies[1:]:
        lines += ["", f"A = {result.policies[0]}   B = {policy}", *table(result, policy)]
        lines += [fill(TABLE_NOTE, WIDTH), ""]
        lines += [fill(line, WIDTH, subsequent_indent="    ") for line in begun(result, policy)]
        lines.append("")
        lines += [fill(line, WIDTH) for line in why(result, policy)]
    if len(result.arms):
        lines += ["", *arm_lines(result)]
    lines += ["", *(fill(f"* {line}", WIDTH) for line in result.cannot_say), ""]
    notes = (*(budget.words for budget in result.budget), *result.notes)
    lines += [fill(f"Note: {note}", WIDTH) for note in notes]
    lines.append(f"Tables and pictures: {folder}")
    return "\n".join([*lines, f"Report: {folder / 'report.html'}"])
