"""The folder of a comparison: tables, summary, provenance, figures and report."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from comsim.common.errors import InputError
from comsim.files.folders import read_whole, whole_folder
from comsim.files.origin import check_definitions, origin
from comsim.files.parquet import PARQUET
from comsim.files.strict import write_json
from comsim.files.sums import MARK, Kept, seal
from comsim.results.run import REPORT, series_hashes
from comsim.scenario import Scenario
from comsim.scenario.rows import Origin
from comsim.studies.comparison.basis.arms import ARM_OUTCOMES
from comsim.studies.comparison.basis.tables import BASIS
from comsim.studies.comparison.choices.budget import Budget
from comsim.studies.comparison.comparison import Comparison
from comsim.studies.comparison.finding import ahead as who_leads
from comsim.studies.comparison.outcomes import OUTCOMES
from comsim.studies.comparison.words.sentences import headline, verdict, who_is_ahead
from comsim.today.past import today_from

VERDICTS, SUMMARY = "verdict.parquet", "summary.json"
TABLES = {"verdict": "verdicts", "worlds": "worlds", "draws": "draws", "series": "series",
          "key_drivers": "key_drivers", "arms": "arms", "returns": "returns", "tests": "tests",
          "answers": "answers", "by_lot": "by_lot", "grades": "grades",
          "settling": "settling"}  # fmt: skip
# All parameters are known; no arms; no tests; not asked for.
MAY_BE_EMPTY = ("draws", "key_drivers", "arms", "tests", "answers", "by_lot", "grades",
                "settling")  # fmt: skip
SERIES = "wau"  # shown in the figures


def save(
    comparison: Comparison, folder: str | Path, force: bool = False, language: str = "en"
) -> Path:
    """Write the folder, whole or not at all; returns its path. `force` replaces a result.
    `language` is that of the report: "en" or "zh"."""
    from comsim.present.figures.style import write_png

    folder, began = Path(folder), time.perf_counter()
    html = report(comparison, language)
    with whole_folder(folder, force, MARK) as part:
        for file, name in TABLES.items():
            table = getattr(comparison, name)
            if len(table.columns):
                table.to_parquet(part / f"{file}.parquet", **PARQUET)
        write_json(part / SUMMARY, summary(comparison))
        (part / "figures").mkdir()
        for name, figure in figures(comparison):
            write_png(figure, part / "figures" / f"{name}.png")
        (part / REPORT).write_text(html, encoding="utf-8")
        made = provenance(comparison, time.perf_counter() - began)
        seal(part, MARK, made, but=[REPORT])
    return folder


def report(comparison: Comparison, language: str = "en") -> str:
    """The report as one HTML page, in English ("en") or Chinese ("zh")."""
    from comsim.present.report import comparison_report

    return comparison_report(comparison, provenance(comparison, 0.0), language)


Comparison.save, Comparison.report = save, report
Comparison.__module__ = __name__  # unpickling one attaches its methods


def report_again(folder: Path, language: str = "en") -> str:
    """The report of a saved comparison, with the provenance it was saved with."""
    from comsim.present.report import comparison_report

    return comparison_report(*load(folder), language)


def load(folder: Path) -> tuple[Comparison, dict[str, Any]]:
    """A saved comparison and its provenance; InputError if the folder holds none, or a file has
    changed since it was written. Warns (`Unchecked`) about a result of an earlier version."""
    try:
        comparison, made = read_whole(folder, MARK, _comparison)
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, KeyError | TypeError):
            found = "a comparison of an earlier version"
            allowed = "one of this version: run it again"
        else:
            found, allowed = str(error)[:100], "the folder of a comparison"
        raise InputError.at(folder, "folder", found, allowed) from None
    check_definitions(folder, made, (outcome.name for outcome in OUTCOMES))
    return comparison, made


def is_comparison(folder: Path) -> bool:
    """Whether a folder holds a saved comparison."""
    try:
        return VERDICTS in Kept(folder, MARK)
    except (OSError, ValueError):
        return False


def _comparison(kept: Kept) -> tuple[Comparison, dict[str, Any]]:
    numbers, made = kept.json(SUMMARY), kept.said
    comparison = Comparison(
        policies=tuple(numbers["policies"]),
        scenarios=tuple(Scenario.from_dict(data) for data in made["scenarios"].values()),
        number=numbers["worlds"],
        seed=numbers["seed"],
        sample=Origin(**numbers["sample"]),
        today=today_from(numbers["today"]),
        share=numbers["share"],
        worth=numbers["worth"],
        weights=tuple(numbers["weights"]),
        start=date.fromisoformat(numbers["start"]),
        days=numbers["days"],
        since=tuple(numbers["since"]),
        starts=tuple(numbers["starts"]),
        equal_budget=tuple(
            Budget(**{**budget, **{key: tuple(budget[key]) for key in ("levers", "held")}})
            for budget in numbers["equal_budget"]
        ),
        unpriced=tuple(numbers["unpriced"]),
        notes=tuple(numbers["notes"]),
        seconds=made["seconds"]["comparing"],
        **{name: _table(kept, file) for file, name in TABLES.items()},
    )
    return comparison, made


def _table(kept: Kept, name: str) -> pd.DataFrame:
    """A table as it was saved; one without columns was not saved."""
    file = f"{name}.parquet"
    return pd.DataFrame() if name in MAY_BE_EMPTY and file not in kept else kept.table(file)


def figures(comparison: Comparison) -> Iterator[tuple[str, Any]]:
    """(name, figure): "futures", "difference" and "ahead" of the second policy, then with -2 ...
    of the further ones."""
    from comsim.present.figures.fans import ahead, difference, futures

    series = comparison.series[comparison.series["metric"] == SERIES]
    by = dict(list(series.groupby(["policy", "of"], sort=False)))
    dates, words = comparison.dates, comparison.words()
    for at, finding in enumerate(comparison.findings, 1):
        after = "" if at == 1 else f"-{at}"
        names, since = (finding.first, finding.policy), finding.start
        apart = by[finding.policy, "difference"]
        fans = {name: by[name, "level"] for name in names}
        lead = who_is_ahead(who_leads(apart, finding.policy, finding.first), SERIES, words)
        yield f"futures{after}", futures(fans, dates, headline(finding, words), since)
        title = verdict(finding, words)
        yield f"difference{after}", difference(apart, dates, title, names, since)
        yield f"ahead{after}", ahead(apart, dates, lead, names, since)


def summary(comparison: Comparison) -> dict[str, Any]:
    """The numbers of a comparison, ready for JSON."""
    first, *others = comparison.policies
    return {
        "policies": comparison.policies,
        "sentence": comparison.sentence,
        "why": {policy: comparison.why(policy) for policy in others},
        "cannot_say": comparison.cannot_say,
        "notes": comparison.notes,
        "worlds": comparison.number,
        "draws": len(comparison.draws),
        "sample": comparison.sample._asdict(),
        "today": comparison.today and comparison.today.to_dict(),
        "past": comparison.pasts(),
        "share": comparison.share,
        "worth": comparison.worth,
        "weights": comparison.weights,
        "seed": comparison.seed,
        "days": comparison.days,
        "since": comparison.since,
        "starts": comparison.starts,
        "start": comparison.start.isoformat(),
        "budget": comparison.budget,
        "within_budget": {policy: comparison.within_budget(policy) for policy in others},
        "equal_budget": [vars(budget) for budget in comparison.equal_budget],
        "unpriced": comparison.unpriced,
        "verdicts": comparison.verdicts.to_dict("records"),
        "arms": comparison.arms.to_dict("records"),
        **{
            name: getattr(comparison, name).to_dict("records")
            for name in ("tests", "answers", *BASIS)
        },
        "outcomes": {outcome.name: outcome.meaning for outcome in OUTCOMES},
        "outcomes_of_arms": {outcome.name: outcome.meaning for outcome in ARM_OUTCOMES},
        "against": first,
    }


def provenance(comparison: Comparison, saving: float) -> dict[str, Any]:
    """Everything needed to repeat the comparison, with the date and the versions."""
    scenarios = comparison.scenarios
    return {
        **origin(),
        "seed": comparison.seed,
        "worlds": comparison.number,
        "sample": comparison.sample._asdict(),
        "share": comparison.share,
        "worth": comparison.worth,
        "for_a_share": comparison.shared,
        "budget": comparison.budget,
        "equal_budget": [vars(budget) for budget in comparison.equal_budget],
        "scenarios": dict(zip(comparison.policies, (s.to_dict() for s in scenarios), strict=True)),
        "series": {path: code for s in scenarios for path, code in series_hashes(s).items()},
        "seconds": {"comparing": round(comparison.seconds, 3), "saving": round(saving, 3)},
    }
