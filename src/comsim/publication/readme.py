"""README.md: what a stranger has to know to read the tables and to make them again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from comsim.files.origin import code_hash
from comsim.publication.behaviorspace import DAILY
from comsim.publication.contents import FILES, what_is
from comsim.scenario.checks import plain
from comsim.studies.experiments.designs import Design
from comsim.studies.experiments.factors import Factor
from comsim.studies.experiments.overrides import flat
from comsim.studies.experiments.portable import EXPERIMENT
from comsim.studies.experiments.result import Sweep

SHOWN = 12  # values of a factor
BETTER = {1: "more", -1: "less", 0: ""}
DESIGNS = {
    "grid": "every combination of the values",
    "list": "points that were listed",
    "csv": "points that were given as a table",
    "latin_hypercube": "a Latin hypercube",
    "sobol": "Saltelli's extension of a Sobol' sequence",
    "morris": "Morris's trajectories",
}


def readme(
    sweep: Sweep,
    files: Sequence[str],
    answers: dict[str, Any] | None,
    licence: str | None,
    authors: Sequence[str],
) -> str:
    """The text, in Markdown. `files` are those of the folder; `answers` what an analysis said."""
    experiment = sweep.experiment
    parts = [
        f"# {_line(experiment.name)}", experiment.description.strip(), _scope(sweep),
        "## What was varied", _factors(sweep.factors), _base(sweep),
        "## What was measured", _outcomes(sweep),
        "## Design, worlds and seeds", _design(sweep),
        *(_findings(answers) if answers else []),
        "## Files", _files(files),
        "## To read it", _reading(files),
        "## To make it again", _again(sweep),
        "## To cite it", cited(sweep, authors),
        f"Licence: {licence}." if licence else "No licence is stated.",
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def cited(sweep: Sweep, authors: Sequence[str]) -> str:
    """One line to cite the results by."""
    name, version = _line(sweep.experiment.name), sweep.manifest.identity["comsim"]
    year = datetime.fromisoformat(sweep.manifest.updated).year
    head = f"{', '.join(authors)} ({year}). {name}." if authors else f"{name} ({year})."
    return f"{head} Data set, made with comsim {version}."


def _scope(sweep: Sweep) -> str:
    runs, failed = sweep.manifest.runs, sweep.manifest.failed
    text = (
        f"{runs:,} runs of comsim, an agent-based simulator of the life cycle of communities, of "
        f"up to {sweep.experiment.longest:,} days each, finished on {sweep.manifest.updated[:10]}. "
        "These are numbers of a model, not records of a real community; `odd.md` tells what the "
        "model assumes."
    )
    if failed:
        text += f" {failed:,} runs failed: their rows have an `error` and no outcomes."
    return text


def _factors(factors: Iterable[Factor]) -> str:
    heads = "column, in words, kind, where in the scenario, values, unit"
    return _table(heads, (
        (f"`{f.column}`", f.in_words, f.kind, f"`{f.path}`" if f.path else "the whole file",
         _values(f), f.measured_in)
        for f in factors
    ))  # fmt: skip


def _base(sweep: Sweep) -> str:
    said = sweep.manifest.identity
    text = f"All else is as in {', '.join(f'`{name}`' for name in said['scenarios'])}"
    if changes := flat(sweep.experiment.changes):
        text += f", with {', '.join(f'`{key} = {json.dumps(x)}`' for key, x in changes.items())}"
    return f"{text}; what that does not say, as by default (`odd.md`)."


def _values(factor: Factor) -> str:
    if factor.span:
        low, high = factor.span
        scale = ", log scale" if factor.scale == "log" else ""
        return f"{plain(low)} to {plain(high)}{', whole' if factor.in_whole else ''}{scale}"
    shown = [str(value) for value in factor.shown]
    more = f", ... ({len(shown)})" if len(shown) > SHOWN else ""
    return ", ".join(shown[:SHOWN]) + more


def _outcomes(sweep: Sweep) -> str:
    table = _table(
        "column, in words, meaning, unit, better",
        ((f"`{x.name}`", x.label, x.meaning if x.meaning != x.label else "", x.unit, BETTER[x.good])
         for x in sweep.outcomes),
    )  # fmt: skip
    text = "What does not exist is empty: a day that never came, a mean over nobody."
    if untested := [f"`{x.name}`" for x in sweep.outcomes if not x.validated]:
        text += f" No data has tested the level of {', '.join(untested)}."
    return f"{table}\n\n{text}"


def _design(sweep: Sweep) -> str:
    experiment = sweep.experiment
    design, worlds = experiment.design, experiment.worlds
    points = sweep.manifest.runs // worlds.number
    seed = f", seed {design.seed}" if _drawn(design) else ""
    many = "1 world" if worlds.number == 1 else f"{worlds.number:,} worlds"
    nobody = "drawn for each pair of worlds" if worlds.drawn else "as by default in all of them"
    text = (
        f"{points:,} points ({DESIGNS[design.kind]}{seed}; `design.csv`), each in {many}, the same "
        f"at all points (seed {worlds.seed}; `seeds.csv`). What nobody knows, and is no factor, is "
        f"{nobody}. Run number = point x {worlds.number} + world."
    )
    if stop := experiment.stop:
        side, edge = ("below", stop.below) if stop.above is None else ("above", stop.above)
        text += f" A run ends on the first day from {stop.from_} on with `{stop.metric}` {side}"
        text += f" {plain(edge)}"
        text += f" (mean over {stop.window} days)." if stop.window > 1 else "."
    if kept := experiment.series:
        text += f" Kept every {kept.every} days: {', '.join(f'`{x}`' for x in kept.metrics)}."
    return text


def _drawn(design: Design) -> bool:
    return design.kind in ("latin_hypercube", "sobol", "morris")


def _findings(answers: dict[str, Any]) -> list[str]:
    looked = f"Looked for: {answers['condition']}. Pictures: `analysis/analysis.html`."
    found = ["## Findings", looked]
    for one in answers["answers"]:
        careful = [f"*Careful: {text}*" for text in one["warnings"]]
        found.append(" ".join([f"**{one['title']}.**", one["sentence"], *careful]))
    return found


def _files(files: Sequence[str]) -> str:
    here = set(map(what_is, files))
    rows = ((f"`{path}`", what) for path, what in FILES.items() if what in here)
    return _table("file, what it is", rows)


def _reading(files: Sequence[str]) -> str:
    days = 'days = pd.read_parquet("series")\n' if DAILY in files else ""
    return f"""```python
import pandas as pd

runs = pd.read_csv("runs.csv")  # or pd.read_parquet("runs.parquet")
{days}table = pd.read_csv("behaviorspace.csv", skiprows=6)
```

```r
table <- read.csv("behaviorspace.csv", skip = 6, check.names = FALSE)
```

In `behaviorspace.csv` the run numbers are those of `runs.csv`, from 0; `[step]` is the number of
days lived, 0 for a run that failed; in `behaviorspace_daily.csv`, if there is one, the day.
In all CSV tables, text that a spreadsheet would evaluate as a formula begins with an apostrophe."""


def _again(sweep: Sweep) -> str:
    said = sweep.manifest.identity
    packages = ", ".join(f"{name} {version}" for name, version in said["packages"].items())
    text = (
        f"```\ncomsim sweep {EXPERIMENT} --out again\ncmp again/runs.parquet runs.parquet\n```\n\n"
        "The same code, packages and kind of machine give the same bytes: "
        f"comsim {said['comsim']} (code {said['code']}), {packages}, on {said['platform']}. With "
        "others the file differs: other packages and processors may change last digits, another "
        "comsim more than that."
    )
    if said["code"] != code_hash():
        text += f" `odd.md` is by other code ({code_hash()}) than the runs."
    return text


def _table(heads: str, rows: Iterable[Iterable[object]]) -> str:
    names = heads.split(", ")
    lines = [names, ["---"] * len(names), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    return _line(str(value)).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split())
