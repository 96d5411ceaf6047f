"""What an event table says about a community: every metric, with what it counts."""

from __future__ import annotations

import json

import pandas as pd

from comsim.logs.events import KINDS
from comsim.measure.metrics import METRICS, about, retention

MOST_COHORTS, MOST_MONTHS = 24, 12  # shown on a terminal

INFERRED = {
    "join": "joins: not in this log; a member joins when first seen, also as a target",
    "visit": "visits: not in this log; acts counted instead (silent readers are not seen)",
}


def describe(events: pd.DataFrame) -> pd.DataFrame:
    """Every metric of METRICS: columns metric, value (NaN: nothing to tell), unit, note.

    The note gives population and window. Limits of the log itself are in `attrs["limits"]`.
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
    """Retention by cohort: the share that visits in each 30 days after joining, the first of them
    left out; by 30-day month of joining, None where the log ends before."""
    tall = retention.visiting(events)
    wide = tall[tall["month"] > 0].pivot(index="cohort", columns="month", values="share")
    size = tall.groupby("cohort")["members"].max()
    return {
        f"days {30 * cohort} to {30 * cohort + 29}, {size[cohort]:,} joined": [
            None if pd.isna(share) else round(float(share), 3) for share in row
        ]
        for cohort, row in zip(wide.index, wide.to_numpy(), strict=True)
    }


def limits(events: pd.DataFrame) -> list[str]:
    """What the log cannot show, and what was assumed or left out, one sentence each."""
    inferred = events.attrs.get("inferred", [])
    lines = [INFERRED[kind] for kind in INFERRED if kind in inferred]
    seen = set(events["kind"].unique())
    if absent := [kind for kind in KINDS if kind not in seen]:
        lines.append(f"none in this log: {', '.join(absent)}")
    if events.attrs.get("start") is None:
        lines.append("weekdays: the date of day 0 is not known")
    return [*lines, *events.attrs.get("notes", [])]


def as_text(table: pd.DataFrame) -> str:
    """The table of `describe` for a terminal."""
    rows = [
        (row.metric, _short(row.value, row.unit), row.unit, row.note) for row in table.itertuples()
    ]
    name_width, value_width, unit_width, _ = (
        max(map(len, column)) for column in zip(*rows, strict=True)
    )
    lines = [
        f"{name:<{name_width}}  {value:>{value_width}} {unit:<{unit_width}}  {note}"
        for name, value, unit, note in rows
    ]
    triangle = table.attrs["cohorts"]
    if triangle:
        lines += ["", "retention by cohort: share visiting in the 2nd, 3rd, ... 30 days"]
        width = max(map(len, triangle))
        for name, shares in list(triangle.items())[:MOST_COHORTS]:
            cells = ["   –" if share is None else f"{share:.2f}" for share in shares[:MOST_MONTHS]]
            lines.append(f"{name:<{width}}  {' '.join(cells)}")
        lines += _left_out(triangle)
    return "\n".join([*lines, "", *(f"* {line}" for line in table.attrs["limits"])])


def _left_out(triangle: dict[str, list[float | None]]) -> list[str]:
    """A line about the part of the triangle that a terminal does not show."""
    cohorts = len(triangle) - MOST_COHORTS
    months = max(map(len, triangle.values())) - MOST_MONTHS
    parts = [f"{cohorts} later cohorts"] if cohorts > 0 else []
    parts += [f"{months} later months"] if months > 0 else []
    if not parts:
        return []
    return [f"not shown: {' and '.join(parts)}; --json or --out FILE.json has all of it"]


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
