"""README.md: how to read the tables and to reproduce them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from comsim.files.origin import code_hash
from comsim.publication.behaviorspace import DAILY
from comsim.publication.contents import FILES, description_of
from comsim.scenario.checks import plain
from comsim.scenario.rows import DEFAULT, INDEPENDENT, PLAUSIBLE
from comsim.studies.experiments.designs import Design
from comsim.studies.experiments.factors import Factor
from comsim.studies.experiments.overrides import flat
from comsim.studies.experiments.portable import EXPERIMENT, SAMPLE
from comsim.studies.experiments.result import Sweep

SHOWN = 12  # values of a factor
BETTER = {1: "more", -1: "less", 0: ""}
DESIGNS = {
    "grid": "every combination of the values",
    "list": "a list of points",
    "csv": "points from a CSV file",
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
    """The text in Markdown. `files` are those of the folder; `answers` is the content of
    answers.json."""
    experiment = sweep.experiment
    parts = [
        f"# {_line(experiment.name)}", experiment.description.strip(), _scope(sweep),
        "## Factors", _factors(sweep.factors), _base(sweep),
        "## Outcomes", _outcomes(sweep),
        "## Design, worlds and seeds", _design(sweep),
        *(_findings(answers) if answers else []),
        "## Files", _files(files),
        "## Reading the files", _reading(files),
        "## Reproducing the results", _again(sweep),
        "## Citation", cited(sweep, authors),
        f"Licence: {licence}." if licence else "No licence is stated.",
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part) + "\n"


def cited(sweep: Sweep, authors: Sequence[str]) -> str:
    """The citation, in one line."""
    name, version = _line(sweep.experiment.name), sweep.manifest.identity["comsim"]
    year = datetime.fromisoformat(sweep.manifest.updated).year
    head = f"{', '.join(authors)} ({year}). {name}." if authors else f"{name} ({year})."
    return f"{head} Data set, created with comsim {version}."


def _scope(sweep: Sweep) -> str:
    runs, failed = sweep.manifest.runs, sweep.manifest.failed
    text = (
        f"{runs:,} runs of up to {sweep.experiment.longest:,} days, finished on "
        f"{sweep.manifest.updated[:10]}, with comsim, an agent-based simulator of the life cycle "
        "of communities. These are results of a model, not data about a real community; `odd.md` "
        "describes its assumptions."
    )
    if failed:
        text += f" {failed:,} runs failed; their rows have an `error` and no outcomes."
    return text


def _factors(factors: Iterable[Factor]) -> str:
    heads = "column, label, kind, path in the scenario, values, unit"
    return _table(heads, (
        (f"`{f.column}`", f.in_words, f.kind, f"`{f.path}`" if f.path else "the whole file",
         _values(f), f.measured_in)
        for f in factors
    ))  # fmt: skip


def _base(sweep: Sweep) -> str:
    names = sweep.manifest.identity["scenarios"]
    text = f"All other settings are those of {', '.join(f'`{name}`' for name in names)}"
    if changes := flat(sweep.experiment.changes):
        text += f", with {', '.join(f'`{key} = {json.dumps(x)}`' for key, x in changes.items())}"
    return f"{text}; anything else has its default (`odd.md`)."


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
        "column, label, meaning, unit, better",
        ((f"`{x.name}`", x.label, x.meaning if x.meaning != x.label else "", x.unit, BETTER[x.good])
         for x in sweep.outcomes),
    )  # fmt: skip
    text = (
        "An outcome that does not exist is empty, such as a day that never came or a mean over "
        "nobody."
    )
    if untested := [f"`{x.name}`" for x in sweep.outcomes if not x.validated]:
        text += f" The level of {', '.join(untested)} is not validated with data."
    return f"{table}\n\n{text}"


SAMPLED = {
    DEFAULT: "at their defaults",
    INDEPENDENT: "sampled independently for each pair of worlds",
    PLAUSIBLE: "those of a row of comsim's plausible worlds for each pair of worlds",
}


def _design(sweep: Sweep) -> str:
    experiment = sweep.experiment
    design, worlds = experiment.design, experiment.worlds
    points = sweep.manifest.runs // worlds.number
    seed = f", seed {design.seed}" if _drawn(design) else ""
    many = "1 world" if worlds.number == 1 else f"{worlds.number:,} worlds"
    how = SAMPLED.get(worlds.sample, f"those of a row of `{SAMPLE}` for each pair of worlds")
    text = (
        f"{points:,} points ({DESIGNS[design.kind]}{seed}; `design.csv`), each in {many}, the same "
        f"at all points (seed {worlds.seed}; `seeds.csv`). Uncertain parameters that are not "
        f"factors are {how}. Run number = point x {worlds.number} + world."
    )
    if stop := experiment.stop:
        side, edge = ("below", stop.below) if stop.above is None else ("above", stop.above)
        text += f" A run ends on the first day from day {stop.from_} with `{stop.metric}` {side}"
        text += f" {plain(edge)}"
        text += f" (mean over {stop.window} days)." if stop.window > 1 else "."
    if kept := experiment.series:
        names = ", ".join(f"`{metric}`" for metric in kept.metrics)
        text += f" Daily series, every {kept.every} days: {names}."
    return text


def _drawn(design: Design) -> bool:
    return design.kind in ("latin_hypercube", "sobol", "morris")


def _findings(answers: dict[str, Any]) -> list[str]:
    condition = f"Condition: {answers['condition']}. Figures: `analysis/analysis.html`."
    parts = ["## Answers", condition]
    for one in answers["answers"]:
        warnings = [f"*Warning: {text}*" for text in one["warnings"]]
        parts.append(" ".join([f"**{one['title']}.**", one["sentence"], *warnings]))
    return parts


def _files(files: Sequence[str]) -> str:
    here = set(map(description_of, files))
    rows = ((f"`{path}`", what) for path, what in FILES.items() if what in here)
    return _table("file, content", rows)


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
simulated days, 0 for a failed run; in `behaviorspace_daily.csv`, if it exists, the day.
In all CSV tables, text that a spreadsheet would evaluate as a formula begins with an apostrophe."""


def _again(sweep: Sweep) -> str:
    identity = sweep.manifest.identity
    packages = ", ".join(f"{name} {version}" for name, version in identity["packages"].items())
    text = (
        f"```\ncomsim sweep {EXPERIMENT} --out again\ncmp again/runs.parquet runs.parquet\n```\n\n"
        "The same code, packages and kind of machine give the same bytes: "
        f"comsim {identity['comsim']} (code {identity['code']}), {packages}, on "
        f"{identity['platform']}. Otherwise the file differs: other packages and processors may "
        "change last digits, other versions of comsim more than that."
    )
    if identity["code"] != code_hash():
        text += f" `odd.md` was created with other code ({code_hash()}) than the runs."
    return text


def _table(heads: str, rows: Iterable[Iterable[object]]) -> str:
    names = heads.split(", ")
    lines = [names, ["---"] * len(names), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    return _line(str(value)).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split())
