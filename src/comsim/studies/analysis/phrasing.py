"""Wording that several answers share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from comsim.language.amounts import number
from comsim.studies.analysis.swept import FactorColumn, Outcome, Swept

KINDS = {"lever": "levers", "uncertainty": "uncertain factors"}


def listed(names: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    *others, final = names
    return f"{', '.join(others)} {last} {final}" if others else final


def upper(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def amount(value: float, unit: str, sign: bool = False) -> str:
    """A number with its unit, and with its sign for differences; shares in percent, differences of
    shares in percentage points."""
    if unit == "share":
        return f"{number(100 * value, sign)} {'percentage points' if sign else '%'}"
    unit = {"day": "days", "0 to 1": ""}.get(unit, unit)
    return f"{number(value, sign)} {unit}".rstrip()


def level(value: float, unit: str) -> str:
    """A value with its unit."""
    return f"day {number(value)}" if unit == "day" else amount(value, unit)


def share(value: float) -> str:
    """A share in percent, limited to 0 to 100 %."""
    return f"{100 * min(max(value, 0.0), 1.0):.0f} %"


def between(low: float, high: float, unit: str) -> str:
    """An interval in the units of `amount`, or "no interval"."""
    if np.isnan(low):
        return "no interval"
    scale = 100 if unit == "share" else 1
    return f"[{number(scale * low)}, {number(scale * high)}]"


def setting(factor: FactorColumn, value: float | str) -> str:
    """The value of a factor, with its unit."""
    return value if isinstance(value, str) else f"{number(value)} {factor.unit}".rstrip()


def bare(value: float | str) -> str:
    """The value of a factor, without its unit."""
    return value if isinstance(value, str) else number(value)


def gaps(swept: Swept, outcome: Outcome) -> Iterator[str]:
    """Warnings about missing values of an outcome, one sentence each."""
    failed, runs = int(swept.failed.sum()), swept.failed.size
    if failed:
        yield f"{failed:,} of {runs:,} runs failed and are excluded."
    lost = int(np.isnan(swept.by_point(outcome.name)).sum()) - failed
    never = int(swept.runs.loc[swept.runs["error"].isna(), outcome.name].isna().sum()) - lost
    if never:
        yield (
            f"{upper(outcome.label)}: never in {share(never / runs)} of runs; there it counts as "
            f"day {swept.days:,}, the end of the run."
        )
        lived = swept.runs.get("lived", ())
        if not swept.stops and len(lived) and lived.max() > lived[lived > 0].min():
            yield "Runs differ in length: it had less time to begin in the shorter ones."
    if lost:
        what = "is unknown (stopped early)" if outcome.begins else "does not exist"
        yield (
            f"{upper(outcome.label)} {what} in {share(lost / runs)} of runs; the results "
            "apply to the others."
        )
