"""`comsim compare`: policies in the same simulated worlds."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from comsim.cli.options import Force, Lang, Language, Quiet, Threads, Worlds, worlds_of

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison

WIDTH = 100
LONGEST = 100  # bytes of the scenarios' names in the name of a folder


def compare(
    scenarios: Annotated[
        list[Path],
        typer.Argument(
            help="Scenario files. Each is compared with the first. To compare programmes, give "
            "only one."
        ),
    ],
    programmes: Annotated[
        Path | None,
        typer.Option(help="TOML file of programmes. [default: those in the scenario]"),
    ] = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Also try each pair of programmes together.")
    ] = False,
    worlds: Worlds = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=2**63 - 1, help="Random seed. [default: the first scenario's]"),
    ] = None,
    equal_budget: Annotated[
        bool,
        typer.Option(
            "--equal-budget", help="Scale each policy's spending to that of the first one."
        ),
    ] = False,
    share: Annotated[
        float | None,
        typer.Option(
            help="Also give each policy to only this share of members, as in an A/B test."
        ),
    ] = None,
    worth: Annotated[
        float,
        typer.Option(help="Smallest relative gain that is worth having. Its chance is reported."),
    ] = 0.05,
    days: Annotated[
        int | None, typer.Option(help="Number of days. [default: the scenarios']")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Output folder. [default: results/A-B-seedN]")
    ] = None,
    force: Force = False,
    jobs: Threads = None,
    lang: Lang = Language.en,
    quiet: Quiet = False,
) -> None:
    """Compare policies in the same simulated worlds: effects with ranges, costs, and evidence.

    A world is a random seed and a parameter sample. Each policy is simulated in all worlds, by
    default 100 plausible ones.

    Examples: comsim compare now.toml more_posts.toml --worlds 100 --out results/posts;
    comsim compare now.toml --programmes programmes.toml
    """
    from comsim.cli.progress import bar
    from comsim.results.run import check_folder
    from comsim.scenario import load_scenario
    from comsim.scenario.rows import PLAUSIBLE, rows_of
    from comsim.studies.comparison.choices.programmes import chosen, programmes_of

    forms = [load_scenario(path) for path in scenarios]
    if days is not None:
        forms = [form.again(form.to_dict() | {"days": days}) for form in forms]
    given = None if programmes is None else programmes_of(programmes)
    chosen(forms, given, pairs)
    seed = forms[0].seed if seed is None else seed
    number, sample = worlds_of(worlds, "compare", 100, PLAUSIBLE)
    rows = rows_of(sample, "compare")
    options = [
        *([f"days{days}"] if days is not None else []),
        *([f"{Path(sample).stem}-{rows.hash[:6]}" if rows else sample] * (sample != PLAUSIBLE)),
        *([programmes.stem] if programmes else []),
        *(["pairs"] if pairs else []),
        *(["equal-budget"] if equal_budget else []),
        *([f"share{share:g}"] if share else []),
    ]
    folder = out or _folder(scenarios, options, seed)
    check_folder(folder, force)  # fail before the long part
    from comsim.results.comparison import save
    from comsim.run.ready import ready
    from comsim.studies.comparison.compare import compare as compare_scenarios

    ready(quiet)
    with bar("simulating", "runs", quiet) as progress:
        result = compare_scenarios(
            *forms, programmes=given, pairs=pairs, worlds=number, seed=seed, sample=sample,
            equal_budget=equal_budget, share=share, worth=worth, jobs=jobs, progress=progress,
        )  # fmt: skip
    save(result, folder, force, lang.value)
    if not quiet:
        typer.echo(_report(result, folder))


def _folder(scenarios: list[Path], options: list[str], seed: int) -> Path:
    """The default output folder."""
    names = "-".join(dict.fromkeys(path.stem for path in scenarios))
    names = names.encode(errors="ignore")[:LONGEST].decode(errors="ignore")
    return Path("results") / "-".join([names, *options, f"seed{seed}"])


def _report(result: Comparison, folder: Path) -> str:
    """Page one of the report, for a terminal; with a single policy, also the table of outcomes."""
    from comsim.cli.returns import return_lines
    from comsim.cli.verdicts import answer_lines, arm_lines, basis_lines, outcome_lines

    lines = [*answer_lines(result, WIDTH), ""]
    if result.today is not None:
        lines += [*(fill(line, WIDTH) for line in result.pasts()), ""]
    if len(result.policies) == 2:
        lines += outcome_lines(result, result.policies[1], WIDTH)
        lines += [fill(line, WIDTH) for line in result.why()]
    lines += ["", *basis_lines(result, WIDTH)]
    if len(result.returns):
        lines += ["", *return_lines(result, WIDTH)]
    if len(result.arms):
        lines += ["", *arm_lines(result)]
    lines += ["", *(fill(f"* {line}", WIDTH) for line in result.cannot_say), ""]
    notes = (*(budget.sentence for budget in result.equal_budget), *result.notes)
    lines += [fill(f"Note: {note}", WIDTH) for note in notes]
    lines.append(f"Tables and figures: {folder}")
    return "\n".join([*lines, f"Report: {folder / 'report.html'}"])
