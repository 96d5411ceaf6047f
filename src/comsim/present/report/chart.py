"""Charts over days as plain numbers: the templates draw them as SVG that follows the page's width.

Marks (lines, areas, bars) lie in a box of `WIDTH` x 10 units a pixel, which the browser stretches
to the width there is; text is placed outside this box, at shares of the width, and keeps its size.
One chart therefore works on a phone, on a wide screen and on paper, and its text remains text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10
from typing import Any

import numpy as np

from comsim.language.phrases import Words
from comsim.present.series import month_starts, spread

WIDTH = 10_000
MOST_POINTS = 1_000  # a line; a wide screen shows no more
LINE = 17  # pixels from one label to the next


@dataclass(frozen=True)
class Series:
    """A line over days (float, shape (days,), NaN where unknown), or an area above `lower`."""

    name: str
    values: np.ndarray
    colour: str
    kind: str = "line"  # line, area, band, inner (of a band), dots, bars
    lower: np.ndarray | None = None
    bins: Sequence[tuple[int, int]] = ()
    """Of bars: (first day, last day); values are the same on all days of one."""
    end: str | None = None
    """The label at its right end; by default its name, "" for none."""
    named: bool = True
    """Whether the readout and the legend name it."""


@dataclass(frozen=True)
class Mark:
    """A point of a chart with a label."""

    day: int
    value: float
    text: str
    colour: str
    side: str = ""
    """Where the label is: "start" (right of it), "end" (left of it); by default, inwards."""


@dataclass(frozen=True)
class Panel:
    """One chart over days, as a template draws it. Heights in pixels, x in percent."""

    title: str
    unit: str
    height: int
    paths: list[dict[str, str]]
    y_ticks: list[tuple[float, str]]
    level: float | None
    """Height of the horizontal line, as at zero."""
    ends: list[tuple[float, str, str]]
    legend: list[tuple[str, str, str]]
    marks: list[dict[str, Any]]
    readout: list[dict[str, Any]]
    today: float | None = None
    """Where the past ends, in percent."""
    unvalidated: bool = False
    keyed: bool = False
    """Whether the legend is needed even where there is room for names at the ends."""


@dataclass(frozen=True)
class TextTable:
    """Rows of text under columns; `numeric` marks the columns of numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool]
    kind: str = "table"
    unvalidated: Sequence[int] = ()
    """Columns that no data has tested."""
    rows_unvalidated: Sequence[int] = ()


@dataclass(frozen=True)
class Multiples:
    """Small charts side by side, on the same scales."""

    charts: Sequence[TimeChart]
    kind: str = "multiples"


@dataclass(frozen=True)
class TimeChart:
    """Panels one above the other over the same days, and the table behind them."""

    panels: Sequence[Panel]
    x_ticks: Sequence[tuple[float, str, str, bool]]
    """(percent, date, text below the date, whether it is left out on a narrow page)."""
    stages: Sequence[dict[str, Any]] = ()
    stage_strip: bool = False
    """Whether the stages are named above the panels."""
    changes: Sequence[dict[str, Any]] = ()
    """Changes: number, what, row of the strip, spells as (percent from, percent wide)."""
    table: TextTable | None = None
    kind: str = "time"

    @property
    def rows(self) -> int:
        return max((change["row"] + 1 for change in self.changes), default=0)


class Days:
    """The days of a run on the page, from day `first` on: which of them are shown, and where."""

    def __init__(self, words: Words, days: int, first: int = 0, ticks: int = 9) -> None:
        self.words, self.count, self.first, self.most = words, days, first, ticks
        step = ceil((days - first) / MOST_POINTS)
        self.shown = np.unique(np.r_[np.arange(first, days, step), days - 1])

    def x(self, day: float | np.ndarray) -> Any:
        """Share of the width, 0 to 1."""
        return (np.asarray(day, float) - self.first) / max(self.count - 1 - self.first, 1)

    def percent(self, day: float) -> float:
        return round(100 * float(self.x(day)), 3)

    def ticks(self) -> list[tuple[float, str, str, bool]]:
        """(percent, date, text below the date, whether it is left out on a narrow page). The text
        is "today", or the number of the day unless readers know the dates."""
        ticks = self._months() if self.count - self.first > 100 else self._weeks()
        keep = max(1, ceil(len(ticks) / 4))
        marks = [
            (self.percent(day), name, self.words.counted(day), place % keep != 0)
            for place, (day, name) in enumerate(ticks)
        ]
        if self.today is not None:
            marks.append((self.today, "", self.words("page.today"), False))
        return marks

    @property
    def today(self) -> float | None:
        """The position of today, in percent; None without a past, or if today is not shown."""
        day = self.words.dates.today
        return self.percent(day) if day and self.first <= day < self.count else None

    def script(self) -> dict[str, Any]:
        """The data from which the script of the page names the day under the pointer."""
        return {
            "start": self.words.dates.start.isoformat(),
            "day": self.shown.tolist(),
            "word": self.words.counted("{n}"),
        }

    def _months(self) -> list[tuple[int, str]]:
        firsts = month_starts(self.words.dates.of(self.first), self.count - self.first, self.most)
        return [(self.first + day, self.words.month(first)) for day, first in firsts]

    def _weeks(self) -> list[tuple[int, str]]:
        days = self.count - self.first
        step = max(1, ceil(days / 8 / 7) * 7 if days > 14 else 2)
        return [(day, self.words.date(day)) for day in range(self.first, self.count, step)]

    def readout(self, values: np.ndarray) -> list[float | None]:
        """The values of the shown days, with the digits that matter."""
        return [None if not np.isfinite(v) else float(f"{v:.4g}") for v in values[self.shown]]


@dataclass(frozen=True)
class Scale:
    """The vertical scale of a chart."""

    low: float | None = 0.0
    """Its lower end; None for the lowest value, at most 0."""
    high: float | None = None
    """Its upper end; None for a little more than the highest value."""
    level: float = 0.0
    """Height of the horizontal line."""
    show: Callable[[float], str] | None = None
    """How ticks are written; by default as `Words.tick` does."""

    def ends(self, series: Sequence[Series]) -> tuple[float, float]:
        """The ends for some series."""
        edges = [v for s in series for v in (s.values, s.lower) if v is not None]
        known = np.concatenate([v[np.isfinite(v)] for v in edges] or [np.zeros(1)])
        low = min(float(known.min(initial=0.0)), 0.0) if self.low is None else self.low
        high = max(float(known.max(initial=low)), low) * 1.06 if self.high is None else self.high
        return low, high if high > low else low + 1.0


def panel(
    days: Days,
    title: str,
    unit: str,
    series: Sequence[Series],
    height: int = 120,
    scale: Scale = Scale(),
    marks: Sequence[Mark] = (),
    unvalidated: bool = False,
) -> Panel:
    """Lay out a chart of some series, `height` pixels high."""
    show = scale.show or days.words.tick
    low, high = scale.ends([_from(s, days.first) for s in series])
    ticks = nice_ticks(low, high, 4 if height > 150 else 2)
    if low < 0:
        low *= 1.06

    def y(value: Any) -> Any:
        return height * (1 - (np.asarray(value, float) - low) / (high - low))

    named = [s for s in series if s.named]
    return Panel(
        title=title,
        unit=unit,
        height=height,
        paths=[_path(days, s, y) for s in series],
        y_ticks=[(round(float(y(tick)), 1), show(tick)) for tick in ticks],
        level=round(float(y(scale.level)), 1) if low < scale.level < high else None,
        ends=_labels(series, y, height),
        legend=[(s.name, s.colour, s.kind) for s in named],
        marks=[
            {
                "x": days.percent(m.day),
                "y": round(float(y(m.value)), 1),
                "text": m.text,
                "colour": m.colour,
                "side": m.side or ("end" if days.x(m.day) > 0.5 else "start"),
            }
            for m in marks
        ],
        readout=[
            {"name": s.name, "colour": s.colour, "values": days.readout(_own(s))} for s in named
        ],
        today=days.today,
        unvalidated=unvalidated,
        keyed=any(s.end == "" for s in named),
    )


def _from(series: Series, first: int) -> Series:
    """The shown days of a series."""
    lower = series.lower if series.lower is None else series.lower[first:]
    return replace(series, values=series.values[first:], lower=lower)


def _labels(
    series: Sequence[Series], y: Callable[[Any], Any], height: int
) -> list[tuple[float, str, str]]:
    """Labels at the right ends of series, moved apart: (pixels from the top, text, colour)."""
    ends = [
        (float(y(s.values[-1] if s.lower is None else (s.values[-1] + s.lower[-1]) / 2)),
         s.name if s.end is None else s.end, s.colour)
        for s in series
        if s.end != "" and np.isfinite(s.values[-1])
    ]  # fmt: skip
    places = spread([-at for at, _, _ in ends], LINE)
    sink = min(max(-(height + 4) - min(places, default=0.0), 0.0), height)
    return [
        (round(-(place + sink), 1), text, colour)
        for place, (_, text, colour) in zip(places, ends, strict=True)
    ]


def _own(series: Series) -> np.ndarray:
    """The height of an area above its lower edge."""
    return series.values if series.lower is None else series.values - series.lower


def _path(days: Days, series: Series, y: Callable[[Any], Any]) -> dict[str, str]:
    """The `d` of an SVG path, and its classes."""
    shown = np.arange(days.first, days.count) if series.kind == "dots" else days.shown
    at = np.round(WIDTH * days.x(shown)).astype(int)
    upper = series.values[shown]
    top = np.round(10 * y(np.nan_to_num(upper))).astype(int)
    known = np.isfinite(upper)
    if series.kind == "dots":
        d = "".join(f"M{x},{v}h0" for x, v in zip(at[known], top[known], strict=True))
    elif series.kind == "bars":
        d = "".join(_bar(days, series, y, first, last) for first, last in series.bins)
    elif series.kind != "line":
        bottom = 0.0 if series.lower is None else series.lower[shown]
        bottom = np.round(10 * y(np.nan_to_num(bottom) + np.zeros(len(shown)))).astype(int)
        d = "".join(
            polyline(np.r_[at[part], at[part][::-1]], np.r_[top[part], bottom[part][::-1]]) + "z"
            for part in _runs(known)
        )
    else:
        d = "".join(polyline(at[part], top[part]) for part in _runs(known))
    return {"d": d, "classes": f"{series.kind} {series.colour}"}


def _bar(days: Days, series: Series, y: Callable[[Any], Any], first: int, last: int) -> str:
    """A rectangle over days first..last, a tenth narrower than these days."""
    gap = 0.05 * (last - first + 1)
    left, right = (
        round(WIDTH * min(max(float(days.x(edge)), 0.0), 1.0))
        for edge in (first - 0.5 + gap, last + 0.5 - gap)
    )
    top, bottom = (round(10 * float(y(v[first]))) for v in (series.values, series.lower))
    return f"M{left},{top}H{right}V{bottom}H{left}z" if top != bottom else ""


def _runs(known: np.ndarray) -> list[slice]:
    """Periods without a gap."""
    edges = np.flatnonzero(np.diff(np.r_[False, known, False].astype(int))).reshape(-1, 2)
    return [slice(a, b) for a, b in edges]


def polyline(x: np.ndarray, y: np.ndarray) -> str:
    """A path through whole-numbered points, in steps, which are shorter to write."""
    steps = zip(np.diff(x).tolist(), np.diff(y).tolist(), strict=True)
    return f"M{x[0]},{y[0]}l" + (" ".join(f"{dx},{dy}" for dx, dy in steps) or "0,0")


def nice_ticks(low: float, high: float, about: int) -> list[float]:
    """About this many round numbers (1, 2 or 5 times a power of ten) from low to high."""
    raw = (high - low) / about
    power = 10.0 ** floor(log10(raw))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= raw * 0.7)
    return [step * k for k in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def stage_bands(days: Days, stages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stages as parts of the width: start and width (percent), stage, name."""
    bands = []
    for stage in stages:
        first, last = stage["day"], stage["day"] + stage["days"] - 1
        start, stop = (
            min(max(days.percent(edge), 0.0), 100.0) for edge in (first - 0.5, last + 0.5)
        )
        bands.append(
            {
                "x": start,
                "wide": round(stop - start, 3),
                "stage": stage["stage"],
                "name": days.words.name("stage", stage["stage"]),
            }
        )
    return bands
