"""Describe a community by its event table: every metric, with what it counts."""

from __future__ import annotations

import json

import pandas as pd

from comsim.logs.events import KINDS
from comsim.measure.metrics import METRICS, about, retention
from comsim.measure.retention import days_of

MOST_COHORTS, MOST_MONTHS = 24, 12  # shown on a terminal

INFERRED = {
    "join": (
        "joins: not in this log; a member joins on first appearance, as a member or as a target"
    ),
    "visit": "visits: not in this log; acts are counted instead, so silent readers are not seen",
}


def describe(events: pd.DataFrame) -> pd.DataFrame:
    """Every metric of METRICS: columns metric, value (NaN if undefined), unit, note.

    The note gives population and window. `attrs["limits"]` lists the limits of the log, and
    `attrs["cohorts"]` has the retention of each cohort.
    """
    seen_by_acts = "visit" in events.attrs.get("inferred", [])
    rows = []
    for name, metric in METRICS.items():
        facts = about(metric)
        note = f"{facts['Population']}; {facts['Window']}"
        if seen_by_acts and "visit" in note:
            note += " (visits are acts here)"
        rows.append((name, metric(events), facts["Unit"], note))
    table = pd.DataFrame(rows, columns=["metric", "value", "unit", "note"])
    table = table.astype({"value": "float64"})
    table.attrs["limits"] = limits(events)
    table.attrs["cohorts"] = cohorts(events)
    return table


def cohorts(events: pd.DataFrame) -> dict[str, list[float | None]]:
    """Retention by cohort (`comsim.measure.retention`): the share that visits in months 1, 2, ...
    after joining; None where the log ends before."""
    tall = retention.visiting(events)
    wide = tall[tall["month"] > 0].pivot(index="cohort", columns="month", values="share")
    size = tall.groupby("cohort")["members"].max()
    return {
        "days {} to {}, {:,} joined".format(*days_of(cohort), size[cohort]): [
            None if pd.isna(share) else round(float(share), 3) for share in row
        ]
        for cohort, row in zip(wide.index, wide.to_numpy(), strict=True)
    }


def limits(events: pd.DataFrame) -> list[str]:
    """What the log cannot show, and what was assumed or left out: one sentence each."""
    inferred = events.attrs.get("inferred", [])
    lines = [INFERRED[kind] for kind in INFERRED if kind in inferred]
    seen = set(events["kind"].unique())
    if absent := [kind for kind in KINDS if kind not in seen]:
        lines.append(f"none in this log: {', '.join(absent)}")
    if events.attrs.get("start") is None:
        lines.append("weekdays: the date of day 0 is not known")
    return [*lines, *events.attrs.get("notes", [])]


def as_text(table: pd.DataFrame, define: bool = False) -> str:
    """The table of `describe` for a terminal: numbers, cohorts, limits and, if asked for, what
    each metric counts."""
    rows = [(row.metric, _short(row.value, row.unit), row.unit) for row in table.itertuples()]
    name_width, value_width, _ = (max(map(len, column)) for column in zip(*rows, strict=True))
    lines = [f"{name:<{name_width}}  {value:>{value_width}} {unit}" for name, value, unit in rows]
    triangle = table.attrs["cohorts"]
    if triangle:
        lines += ["", "retention by cohort: share visiting in months 1, 2, ... after joining"]
        width = max(map(len, triangle))
        for name, shares in list(triangle.items())[:MOST_COHORTS]:
            cells = ["   –" if share is None else f"{share:.2f}" for share in shares[:MOST_MONTHS]]
            lines.append(f"{name:<{width}}  {' '.join(cells)}")
        lines += _left_out(triangle)
    if limits := table.attrs["limits"]:
        lines += ["", *(f"* {line}" for line in limits)]
    if define:
        notes = zip(table["metric"], table["note"], strict=True)
        lines += ["", "what each metric counts: population; window of days"]
        lines += [f"{name:<{name_width}}  {note}" for name, note in notes]
    return "\n".join(lines)


def _left_out(triangle: dict[str, list[float | None]]) -> list[str]:
    """A line about the part of the cohorts that is not shown."""
    cohorts = len(triangle) - MOST_COHORTS
    months = max(map(len, triangle.values())) - MOST_MONTHS
    parts = [f"{cohorts} later cohorts"] if cohorts > 0 else []
    parts += [f"{months} later months"] if months > 0 else []
    if not parts:
        return []
    return [f"not shown: {' and '.join(parts)}; use --json or --out FILE.json for all"]


def as_json(table: pd.DataFrame) -> str:
    """The table of `describe` for programs: `metrics` (one object each) and `limits`."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return json.dumps({"metrics": rows, **table.attrs}, indent=1)


def _short(value: float, unit: str) -> str:
    """Shares and ratios to three digits, whole counts in full, other counts to one digit."""
    if pd.isna(value):
        return "–"
    if unit in ("share", "ratio", "coefficient"):
        return f"{value:.3f}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
