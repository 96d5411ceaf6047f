"""A comparison's folder: its tables, its numbers, where they come from, and its pictures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from comsim.language.amounts import probability
from comsim.studies.comparison.arms import ARM_OUTCOMES
from comsim.studies.comparison.budget import Budget
from comsim.studies.comparison.comparison import Comparison
from comsim.studies.comparison.outcomes import OUTCOMES
from comsim.studies.comparison.sentences import WHAT, headline, ranged, why
from comsim.common.errors import InputError
from comsim.files.strict import write_json
from comsim.files.sums import MARK, Changed, Kept, seal
from comsim.files.folders import read_whole, whole_folder
from comsim.studies.comparison.finding import HEADLINE
from comsim.files.origin import origin
from comsim.files.parquet import PARQUET
from comsim.results.run import REPORT, series_hashes
from comsim.scenario import Scenario

VERDICTS, SUMMARY = "verdict.parquet", "summary.json"
TABLES = {"verdict": "verdicts", "worlds": "worlds", "draws": "draws", "series": "series",
          "hinges": "hinges", "arms": "arms"}  # fmt: skip
MAY_BE_EMPTY = ("draws", "hinges", "arms")  # all parameters are known; no arms


def save(comparison: Comparison, folder: Path, force: bool = False, language: str = "en") -> Path:
    """Write the folder, whole or not at all; returns its path. `force` replaces a result.
    `language` is that of the report: "en" or "zh"."""
    from comsim.present.figures.style import write_png

    began = time.perf_counter()
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


def _save(
    self: Comparison, folder: str | Path, force: bool = False, language: str = "en"
) -> Path:
    """Write the comparison's folder, whole or not at all; returns its path. `language` is that of
    the report: "en" or "zh"."""
    return save(self, Path(folder), force, language)


Comparison.save, Comparison.report = _save, report


def report_again(folder: Path, language: str = "en") -> str:
    """The report of a saved comparison, with the provenance it was saved with."""
    from comsim.present.report import comparison_report

    return comparison_report(*load(folder), language)


def load(folder: Path) -> tuple[Comparison, dict[str, Any]]:
    """A saved comparison and its provenance; InputError if the folder holds none, or a file has
    changed since it was written. Warns (`Unchecked`) about a result of an earlier version."""
    try:
        return read_whole(folder, MARK, _comparison)
    except Changed:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = "another version's" if isinstance(error, KeyError | TypeError) else str(error)
        raise InputError.at(folder, "folder", found[:100], "the folder of a comparison") from None


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
        fixed_world=numbers["fixed_world"],
        share=numbers["share"],
        start=date.fromisoformat(numbers["start"]),
        days=numbers["days"],
        since=tuple(numbers["since"]),
        budget=tuple(
            Budget(**{**budget, **{key: tuple(budget[key]) for key in ("levers", "held")}})
            for budget in numbers["budget"]
        ),
        notes=tuple(numbers["notes"]),
        seconds=made["seconds"]["comparing"],
        **{name: _table(kept, f"{file}.parquet") for file, name in TABLES.items()},
    )
    return comparison, made


def _table(kept: Kept, file: str) -> pd.DataFrame:
    """A table as it was; one without columns was not written."""
    empty = file.removesuffix(".parquet") in MAY_BE_EMPTY and file not in kept
    return pd.DataFrame() if empty else kept.table(file)


def figures(comparison: Comparison) -> Iterator[tuple[str, Any]]:
    """(name, picture): "futures", "difference" and "ahead" of the second policy, then with -2 ...
    of the further ones."""
    from comsim.present.figures.fans import ahead, difference, futures

    series = comparison.series[comparison.series["metric"] == "wau"]
    by = dict(list(series.groupby(["policy", "of"], sort=False)))
    first, *others = comparison.policies
    for at, policy in enumerate(others, 1):
        after = "" if at == 1 else f"-{at}"
        apart, names = by[policy, "difference"], (first, policy)
        fans = {name: by[name, "level"] for name in names}
        start = comparison.start
        row, since = comparison.of(HEADLINE, policy), comparison.since_of(policy)
        yield f"futures{after}", futures(fans, start, headline(comparison, policy), since)
        title = f"{policy}: {WHAT} {ranged(row)}"
        yield f"difference{after}", difference(apart, start, title, names, since)
        yield f"ahead{after}", ahead(apart, start, when_ahead(apart, policy), names, since)


def when_ahead(fan: Any, policy: str) -> str:
    """From when on a policy is ahead in nearly all worlds, in words."""
    share, tied = fan["ahead"].to_numpy(), fan["tied"].to_numpy()
    last = share[-1]
    if tied[-1] == 1:
        when = "on any day" if (tied == 1).all() else "on the last day"
        return f"{policy}: no difference in any world {when}"
    for sure, words in ((share >= 0.9, "ahead"), (share <= 0.1, "behind")):
        if sure[-1]:
            doubtful = (~sure).nonzero()[0]
            day = int(doubtful[-1]) + 1 if len(doubtful) else 0
            return f"{policy} is {words} in nine of ten worlds from day {day} to the end"
    half = ", ties counted half" if tied[-1] else ""
    now = probability(last, "more than ", "less than ")
    return f"{policy} is ahead in {now} of worlds on the last day{half}"


def summary(comparison: Comparison) -> dict[str, Any]:
    """The numbers of a comparison, ready for JSON."""
    first, *others = comparison.policies
    return {
        "policies": comparison.policies,
        "sentence": comparison.sentence,
        "why": {policy: why(comparison, policy) for policy in others},
        "cannot_say": comparison.cannot_say,
        "notes": comparison.notes,
        "worlds": comparison.number,
        "draws": len(comparison.draws),
        "fixed_world": comparison.fixed_world,
        "share": comparison.share,
        "seed": comparison.seed,
        "days": comparison.days,
        "since": comparison.since,
        "start": comparison.start.isoformat(),
        "budget": [vars(budget) for budget in comparison.budget],
        "verdicts": comparison.verdicts.to_dict("records"),
        "arms": comparison.arms.to_dict("records"),
        "outcomes": {outcome.name: outcome.meaning for outcome in OUTCOMES},
        "outcomes_of_arms": {outcome.name: outcome.meaning for outcome in ARM_OUTCOMES},
        "against": first,
    }


def provenance(comparison: Comparison, saving: float) -> dict[str, Any]:
    """All that is needed to make the comparison again, and when and with what it was made."""
    scenarios = comparison.scenarios
    return {
        **origin(),
        "seed": comparison.seed,
        "worlds": comparison.number,
        "fixed_world": comparison.fixed_world,
        "share": comparison.share,
        "for_a_share": comparison.shared,
        "equal_budget": bool(comparison.budget),
        "budget": [vars(budget) for budget in comparison.budget],
        "scenarios": dict(zip(comparison.policies, (s.to_dict() for s in scenarios), strict=True)),
        "series": {path: code for s in scenarios for path, code in series_hashes(s).items()},
        "seconds": {"comparing": round(comparison.seconds, 3), "saving": round(saving, 3)},
    }
