"""A validation as a data frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from comsim.evidence.fact import Check, Finding


def as_frame(findings: Iterable[Finding], worlds: int, headline: str) -> pd.DataFrame:
    """One row per figure of each fact, in the charter's order; one row for a fact without figures.

    - `fact`, `title`, `status`, `kind`, `counts` (whether it counts for the headline), `scenario`,
      `criterion`, and `missing` (what the model lacks to measure the fact) in words;
    - `figure`, `label`, `unit`, `published` (numbers, as text);
    - `low`, `high`: the band (infinite where it is open); `contains`: the value that the interval
      must contain; `decides`: whether the figure decides the verdict;
    - `worlds` in which the figure exists, `mean`, `mean_low`, `mean_high`: the mean over them with
      its 95 % confidence interval; `met`; and the `verdict` on the fact.
    """
    rows = []
    for one in findings:
        for check in one.fact.checks or (None,):
            rows.append(_fact(one) | (_figure(check, one, worlds) if check else {}))
    table = pd.DataFrame(rows)
    table.attrs["headline"] = headline
    return table


def _fact(one: Finding) -> dict[str, Any]:
    fact = one.fact
    return {
        "fact": fact.id,
        "title": fact.title["en"],
        "status": fact.status,
        "kind": fact.kind,
        "counts": fact.counts,
        "verdict": one.verdict,
        "scenario": fact.scenario["en"],
        "criterion": fact.criterion["en"],
        "missing": fact.missing["en"] if fact.missing else "",
    }


def _figure(check: Check, one: Finding, worlds: int) -> dict[str, Any]:
    interval = one.figures[check.figure]
    return {
        "figure": check.figure,
        "label": check.label["en"],
        "unit": check.unit,
        "published": ", ".join(f"{x:g}" for x in check.published),
        "low": check.low,
        "high": check.high,
        "contains": check.contains,
        "decides": check.decides,
        "worlds": worlds - one.absent[check.figure],
        "mean": interval.value,
        "mean_low": interval.low,
        "mean_high": interval.high,
        "met": one.met(check) if check.decides else None,
    }
