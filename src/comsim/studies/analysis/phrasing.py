"""Words that several answers share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from comsim.language.amounts import number
from comsim.studies.analysis.swept import Factor, Outcome, Swept

KINDS = {"lever": "what you can choose", "uncertainty": "what you can't know"}


def listed(names: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    *others, final = names
    return f"{', '.join(others)} {last} {final}" if others else final


def upper(text: str) -> str:
    """With a capital letter in front."""
    return text[:1].upper() + text[1:]


def amount(value: float, unit: str, sign: bool = False) -> str:
    """A number with its unit; with its sign, for differences; shares in percent, or in points."""
    if unit == "share":
        return f"{number(100 * value, sign)} {'points' if sign else '%'}"
    unit = {"day": "days", "0 to 1": ""}.get(unit, unit)
    return f"{number(value, sign)} {unit}".rstrip()


def level(value: float, unit: str) -> str:
    """Where something stands, with its unit."""
    return f"day {number(value)}" if unit == "day" else amount(value, unit)


def share(value: float) -> str:
    """A share in percent, 0 or 100 % where chance took it beyond."""
    return f"{100 * min(max(value, 0.0), 1.0):.0f} %"


def between(low: float, high: float, unit: str) -> str:
    """An interval, in the figures of `amount`; says so where there is none."""
    if np.isnan(low):
        return "no interval"
    scale = 100 if unit == "share" else 1
    return f"[{number(scale * low)}, {number(scale * high)}]"


def setting(factor: Factor, value: float | str) -> str:
    """What a factor is set to."""
    return value if isinstance(value, str) else f"{number(value)} {factor.unit}".rstrip()


def bare(value: float | str) -> str:
    """What a factor is set to, where its unit follows."""
    return value if isinstance(value, str) else number(value)


def gaps(swept: Swept, outcome: Outcome) -> Iterator[str]:
    """What is missing of an outcome, a sentence each."""
    failed, runs = int(swept.failed.sum()), swept.failed.size
    if failed:
        yield f"{failed:,} of {runs:,} runs failed and are left out."
    lost = int(np.isnan(swept.by_point(outcome.name)).sum()) - failed
    never = int(swept.runs.loc[swept.runs["error"].isna(), outcome.name].isna().sum()) - lost
    if never:
        yield (
            f"{upper(outcome.label)}: never in {share(never / runs)} of runs, where it counts as "
            f"day {swept.days:,}, the end."
        )
        lived = swept.runs.get("lived", ())
        if not swept.stops and len(lived) and lived.max() > lived[lived > 0].min():
            yield "Runs differ in length: the shorter ones had less time for it to come."
    if lost:
        what = "is not known, for they were stopped before," if outcome.begins else "does not exist"
        yield (
            f"{upper(outcome.label)} {what} in {share(lost / runs)} of runs, and what is said "
            "holds for the others."
        )
