"""Tipping thresholds: the probability of an event over two factors, and along one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.common.errors import InputError
from comsim.language.amounts import number
from comsim.scenario.worlds import ENOUGH_SAMPLES
from comsim.statistics import logistic, resampling
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.condition import OutcomeCondition, gaps_in
from comsim.studies.analysis.phrasing import listed, setting, upper

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.analysis.swept import FactorColumn, Swept

NODES = 41  # of the map in each direction
FINE = 400  # steps in the search for the ends of the band
HALF = 0.5
ACROSS = ("tip", "low", "high", "back", "back_low", "back_high")
PLACES = (0.1, 0.5, 0.9)  # of the second factor's range: where the line is described
LIMIT = 0.10  # a small probability (our choice)
BINS = 12  # of distinct values, in the table along one factor
FIXED = ("grid", "list", "csv")  # designs whose points were chosen, and are not resampled
FEWEST_PLACES = 8


def tipping(swept: Swept, condition: OutcomeCondition, across: str, up: str) -> Answer:
    """The probability of an event over two numeric factors, the line at which it is one half, and
    the band in which its 95 % interval contains one half.

    Other factors are averaged over, as they vary in the design. The table has one row for each pair
    of values: the values, `runs`, `share` (observed), with Wilson's interval `low`, `high`; and
    `smooth`, `smooth_low`, `smooth_high` by local logistic regression
    (`comsim.statistics.logistic`), from which the line is computed. InputError for a factor without
    numbers, and for fewer than 8 pairs of values.
    """
    import pandas as pd
    from scipy.interpolate import interpn

    events, text = condition.holds(swept), condition.words(swept)
    pair = [_number_factor(swept, name) for name in (across, up)]
    names = [factor.name for factor in swept.factors]
    x = swept.scaled()[:, [names.index(factor.name) for factor in pair]]
    known = np.isfinite(events).any(axis=1)
    x, events, notes = x[known], events[known], gaps_in(events, swept)
    places, which = np.unique(x, axis=0, return_inverse=True)
    if len(places) < FEWEST_PLACES:
        raise InputError.at("analysis", f"{across} and {up}", f"{len(places)} pairs of values",
                            f"at least {FEWEST_PLACES}")  # fmt: skip
    nodes = np.linspace(0, 1, NODES)
    at = np.stack(np.meshgrid(nodes, nodes), axis=-1).reshape(-1, 2)
    fitted = logistic.fit(at, x, events, swept.replications)
    share, low, high = (part.reshape(NODES, NODES) for part in fitted[:3])  # [up, across]
    table = pd.DataFrame({
        **{f.name: value_at(swept, f, places[:, k]) for k, f in enumerate(pair)},
        **_own_shares(events, which.ravel(), swept.replications),
        **{name: interpn((nodes, nodes), part, places[:, ::-1].clip(0, 1)) for name, part in
           (("smooth", share), ("smooth_low", low), ("smooth_high", high))},
    })  # fmt: skip
    others = [f.label for f in swept.factors if f not in pair]
    title, sentence = _described(swept, table, (share, low, high), pair, text)
    if others:
        sentence += f" This is averaged over the other factors ({', '.join(others)})."
    if 1 < events.shape[1] // swept.replications < ENOUGH_SAMPLES:
        notes += ("There are few worlds to estimate stochastic variation, which widens the band.",)
    data = {
        "axes": [_axis(swept, factor, nodes) for factor in pair],
        "share": share, "low": low, "high": high, "cells": table,
        "nearby": fitted.nearby,
    }  # fmt: skip
    return Answer(f"tipping_{across}_{up}", title, sentence, table.assign(event=text), notes,
                  "tipping.tipping", data)  # fmt: skip


def smallest_core(
    swept: Swept, condition: OutcomeCondition, factor: str, limit: float = LIMIT
) -> Answer:
    """The smallest value of a factor from which on the probability of an event stays below a limit.

    By isotonic regression (Barlow, Bartholomew, Bremner and Brunk 1972): the probability can only
    fall with the factor. The interval is a bootstrap over worlds, and over points unless they were
    chosen (`comsim.statistics.resampling`). The table has one row per value, or per twelfth of the
    values: `from`, `to`, `runs`, `share`, `low`, `high` (observed, with Wilson's interval),
    `fitted`, `fitted_low`, `fitted_high`. InputError if no run has a value of the outcome.
    """
    import pandas as pd

    about, events = _number_factor(swept, factor), condition.holds(swept)
    notes, column = gaps_in(events, swept), swept.points[factor].to_numpy(np.float64)
    known = np.isfinite(events).any(axis=1)
    if not known.any():
        raise InputError.at("analysis", "runs", "none with such a value", "some with a value")
    column, events = column[known], events[known]
    values, which = np.unique(column, return_inverse=True)
    curve, again = _falling(swept, values, which, events)

    def first(curve: np.ndarray) -> float:
        return float(values[(curve < limit).argmax()]) if (curve < limit).any() else np.inf

    threshold = first(curve)
    low, high = np.quantile([first(one) for one in again], resampling.ENDS, method="higher")
    ends = np.quantile(again, resampling.ENDS, axis=0)
    few = len(values) <= BINS
    bins = np.arange(len(values)) if few else np.arange(len(values)) * BINS // len(values)
    number = np.arange(bins[-1] + 1)
    begin, end = np.searchsorted(bins, number), np.searchsorted(bins, number, side="right") - 1
    middle = (begin + end) // 2
    table = pd.DataFrame({
        "from": values[begin], "to": values[end],
        **_own_shares(events, bins[which], swept.replications), "fitted": curve[middle],
        "fitted_low": ends[0][middle], "fitted_high": ends[1][middle],
    })  # fmt: skip
    core = Core(about, condition.words(swept), limit, (threshold, float(low), float(high)))
    stepped = swept.design in FIXED and few
    title, sentence, falls = _core_described(core, values, table, stepped)
    curves = pd.DataFrame({"value": values, "fitted": curve, "low": ends[0], "high": ends[1]})
    data = {"table": table, "curve": curves, "label": about.label, "unit": about.unit,
            "scale": about.scale, "says": core.event, "limit": limit,
            "found": core.threshold if falls else (np.inf,) * 3}  # fmt: skip
    return Answer(f"core_{factor}", title, sentence, table, notes, "tipping.core", data)


def _falling(
    swept: Swept, values: np.ndarray, which: np.ndarray, events: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The probability at each value (values), never rising, and its bootstrap samples (resamples,
    values). Events are (points, worlds); `which` is the value of each point."""
    from scipy.optimize import isotonic_regression

    known, happened = np.isfinite(events), np.nan_to_num(events)
    many, number = events.shape
    worlds = resampling.counts(number, resampling.WORLDS, swept.replications)
    points = np.ones((len(worlds), many), np.int64)
    if swept.design not in FIXED or number == 1:
        points = resampling.counts(many, resampling.POINTS)

    def fitted(points: np.ndarray, worlds: np.ndarray) -> np.ndarray:
        curves = np.full((len(points), len(values)), np.nan)
        for curve, of_point, of_world in zip(curves, points, worlds, strict=True):
            k, n = (np.bincount(which, of_point * (runs @ of_world)) for runs in (happened, known))
            if not (seen := n > 0).any():
                continue  # only worlds without a value were drawn
            fall = isotonic_regression(k[seen] / n[seen], weights=n[seen], increasing=False)
            curve[:] = np.interp(values, values[seen], fall.x)
        return curves

    again = fitted(points, worlds)
    return fitted(np.ones((1, many)), np.ones((1, number)))[0], again[np.isfinite(again[:, 0])]


def value_at(swept: Swept, factor: FactorColumn, place: np.ndarray) -> np.ndarray:
    """Values of a factor at positions from 0 to 1 in its range, on its scale."""
    low, high = swept.ends(factor)
    if factor.scale == "log" and low > 0:
        return low * (high / low) ** place
    return low + (high - low) * place


def _number_factor(swept: Swept, name: str) -> FactorColumn:
    numbers = [f.name for f in swept.factors if not swept.choices(f)]
    if name not in numbers:
        raise InputError.at("analysis", "factor", repr(name),
                            f"one with numbers: {', '.join(numbers) or 'none'}")  # fmt: skip
    return swept.factor(name)


def _own_shares(events: np.ndarray, which: np.ndarray, replications: int) -> dict[str, np.ndarray]:
    """Runs, share and Wilson's interval of each group of points; events are (points, worlds)."""
    rows = [resampling.own_share(events[which == k], replications) for k in range(which.max() + 1)]
    names = ("runs", "share", "low", "high")
    return dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))


def _line(share: np.ndarray, low: np.ndarray, high: np.ndarray) -> pd.DataFrame:
    """For each node up, the position across where the probability first crosses one half, and the
    band around it; positions from 0 to 1, infinite beyond the range, NaN without a crossing;
    `rises`: whether the event is more likely than not beyond the crossing; and the same for the
    crossing `back`."""
    import pandas as pd

    nodes, rows = np.linspace(0, 1, NODES), []
    for p, a, b in zip(share, low, high, strict=True):
        turns = np.flatnonzero((p[1:] > HALF) != (p[:-1] > HALF))
        row = [bool(p[turns[0] + 1 if len(turns) else 0] > HALF), *[np.nan] * 6]
        for place, k in enumerate(turns[:2]):
            rises = p[k + 1] > HALF
            tip = nodes[k] + (HALF - p[k]) / (p[k + 1] - p[k]) / (NODES - 1)
            before, after = (b, a) if rises else (a, b)  # the curves that cross before and after it
            ends = _edge(before, tip, -1, rises), _edge(after, tip, 1, not rises)
            row[1 + 3 * place : 4 + 3 * place] = tip, *ends
        rows.append(row)
    table = pd.DataFrame(rows, columns=["rises", *ACROSS])
    table.insert(0, "up", nodes)
    return table


def _edge(curve: np.ndarray, tip: float, way: int, upper_end: bool) -> float:
    """From the crossing down (-1) or up (1), the position where the interval no longer contains one
    half: its upper end falls below it, or its lower end rises above it; infinite if neither
    does."""
    places = np.linspace(tip, max(way, 0), FINE)
    ends = np.interp(places, np.linspace(0, 1, NODES), curve)
    clear = ends < HALF if upper_end else ends > HALF
    return float(places[clear.argmax()]) if clear.any() else way * np.inf


def _described(
    swept: Swept, table: pd.DataFrame, surface: tuple[np.ndarray, np.ndarray, np.ndarray],
    pair: list[FactorColumn], event: str,
) -> tuple[str, str]:  # fmt: skip
    """The title and the sentences of a map, along the factor with the larger effect. `surface` is
    the probability with its interval, each [up, across]."""
    across, up = pair
    share, low, high = surface

    def place(row: pd.Series) -> str:
        return listed([f"{one.label} {setting(one, row[one.name])}" for one in pair])

    def at(row: pd.Series) -> str:
        percent = (100 * row[name] for name in ("smooth", "smooth_low", "smooth_high"))
        return "{:.0f} % [{:.0f}, {:.0f}] at ".format(*percent) + place(row)

    most, least = share.max(), share.min()
    top, foot = (table.loc[one] for one in (table["smooth"].idxmax(), table["smooth"].idxmin()))
    ends = f"Of the values tested, the probability is highest, {at(top)}, and lowest, {at(foot)}."
    if most <= HALF or least > HALF:
        where = "nowhere" if most <= HALF else "everywhere"
        return f"{upper(event)}: {where} more likely than not", (
            f"Within these ranges of {across.label} and {up.label} it is {where} more likely than "
            f"not that {event}. {ends}"
        )
    if np.ptp(share, axis=0).mean() > np.ptp(share, axis=1).mean():
        across, up, share, low, high = up, across, share.T, low.T, high.T
    line = _line(share, low, high)
    for name, factor in (("up", up), *((name, across) for name in ACROSS)):
        inside = np.isfinite(line[name])
        line.loc[inside, name] = value_at(swept, factor, line.loc[inside, name].to_numpy())
    rows = [line.iloc[round(at * (NODES - 1))] for at in PLACES]
    parts = [f"{_where(row, line, across)} at {up.label} of "
             f"{setting(up, _round(row['up'], line['up']))}" for row in rows]  # fmt: skip
    if all(np.isfinite(row.tip) and np.isinf(row.low) and np.isinf(row.high) for row in rows):
        return f"{upper(event)}: these runs can't locate the tipping threshold", (
            f"The line at which it is as likely as not that {event} can't be located: its 95 % "
            f"band is as wide as the map. The best estimate is {'; '.join(parts)}. {ends}"
        )
    known = next((row for row in (rows[1], rows[0], rows[2]) if np.isfinite(row.tip)), None)
    if known is None:
        much = (share > HALF).mean() > HALF
        where = f"in {'all but ' if much else ''}a small part of the map"
        often = f"least often with {place(foot)}" if much else f"most often with {place(top)}"
        return f"{upper(event)}: {often}", (
            f"It is more likely than not {where} that {event}. {ends}"
        )
    title = (
        f"{upper(event)}: more likely than not {_where(known, line, across, bands=False)}"
        f" ({up.label}: {setting(up, _round(known['up'], line['up']))})"
    )
    return title, f"It is more likely than not that {event}: {'; '.join(parts)}. {ends}"


def _where(row: pd.Series, line: pd.DataFrame, across: FactorColumn, bands: bool = True) -> str:
    """The values for which the event is more likely than not, with the bands."""
    if np.isnan(row.tip):
        return f"at {'any' if row.rises else 'no'} value of {across.label}"

    def beyond(side: str, tip: float, low: float, high: float) -> str:
        value = f"{side} {number(_round(tip, line.tip))}"
        if not bands or (np.isinf(low) and np.isinf(high)):
            return value
        ends = [
            number(_round(end, line.tip)) if np.isfinite(end) else word
            for end, word in ((low, "below the range"), (high, "above the range"))
        ]
        return f"{value} [{', '.join(ends)}]"

    first, back = (row[list(names)] for names in (ACROSS[:3], ACROSS[3:]))
    sides = ("above", "below") if row.rises else ("below", "above")
    words = beyond(sides[0], *first)
    if np.isfinite(row.back):
        words += f" {'and' if row.rises else 'or'} {beyond(sides[1], *back)}"
    return f"with {across.label} {words} {across.unit}".rstrip()


def _round(value: float, column: pd.Series) -> float:
    """A value rounded relative to the spread of these values."""
    known = column[np.isfinite(column)]
    span = max(float(np.ptp(known)), abs(float(known.mean())) / 5, 1e-12)
    return value if np.isinf(value) else round(value, 1 - int(np.floor(np.log10(span))))


def _axis(swept: Swept, factor: FactorColumn, nodes: np.ndarray) -> dict[str, Any]:
    return {"name": factor.name, "label": factor.label, "unit": factor.unit,
            "scale": factor.scale, "nodes": value_at(swept, factor, nodes)}  # fmt: skip


@dataclass(frozen=True)
class Core:
    """The smallest value of a factor at which an event becomes rare."""

    factor: FactorColumn
    event: str
    """In words."""
    limit: float
    threshold: tuple[float, float, float]
    """The value, with its 95 % interval; infinite beyond the range."""


def _core_described(
    core: Core, values: np.ndarray, table: pd.DataFrame, stepped: bool
) -> tuple[str, str, bool]:
    """The title and the sentence along one factor, and whether the probability falls along it."""
    about, event, (threshold, low, high) = core.factor, core.event, core.threshold
    small, name = f"{100 * core.limit:.0f} %", about.label
    first, last = table.iloc[0], table.iloc[-1]
    ends = (
        f"It is {_percent(first)} at {setting(about, first['from'])} and {_percent(last)} at "
        f"{setting(about, last['to'])}."
    )
    if first.share < last.share and first.high < last.low:
        title = "more often, not less, with higher values of"
        return (
            f"{upper(event)}: {title} {name}",
            f"The probability that {event} does not fall with {name}. {ends}", False,
        )  # fmt: skip
    above = table[table["low"] > table["fitted_high"]]
    if len(above) and (top := table.loc[above["share"].idxmax()]).share > first.share:
        where = setting(about, top["from"])
        return (
            f"{upper(event)}: most often around {name} {where}",
            f"The probability that {event} does not fall steadily with {name}: it is "
            f"{_percent(top)} around {where}. {ends}", False,
        )  # fmt: skip
    if np.isinf(threshold):
        return (
            f"{upper(event)}: in at least {small} of runs at every value of {name}",
            f"The probability that {event} is at least {small} at every tested value of {name}. "
            f"{ends}", True,
        )  # fmt: skip
    if threshold == values[0] and high == values[0]:
        return (
            f"{upper(event)}: in less than {small} of runs at every value of {name}",
            f"The probability that {event} is below {small} even at {name} "
            f"{setting(about, values[0])}. {ends}", True,
        )  # fmt: skip
    bound = f"{number(low)}, " + (number(high) if np.isfinite(high) else "beyond the range")
    steps = f" Values tested: {', '.join(map(number, values))}." if stepped else ""
    at_least = f"{name} ≥ {setting(about, threshold)}"
    return (
        f"{upper(event)}: in less than {small} of runs with {at_least}",
        f"The probability that {event} stays below {small} with {at_least} [{bound}]. "
        f"{ends}{steps}", True,
    )  # fmt: skip


def _percent(row: pd.Series) -> str:
    return f"{100 * row.share:.0f} % [{100 * row['low']:.0f}, {100 * row['high']:.0f}]"
