"""Where it tips: an event's probability over two factors, and along one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.common.errors import InputError
from comsim.language.amounts import number
from comsim.scenario.worlds import ENOUGH_SAMPLES
from comsim.statistics import logistic as surface
from comsim.statistics import resampling as chance
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.condition import Condition, gaps_in
from comsim.studies.analysis.phrasing import listed, setting, upper

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.analysis.swept import Factor, Swept

NODES = 41  # of the map, each way
FINE = 400  # steps in which the ends of the band are looked for
HALF = 0.5
ACROSS = ("tip", "low", "high", "back", "back_low", "back_high")
TOLD_AT = (0.1, 0.5, 0.9)  # of the second factor's range: where the line is told in words
LIMIT = 0.10  # probability of the event that is thought small (the task's choice)
BINS = 12  # of values that are all different, in the table along one factor
FIXED = ("grid", "list", "csv")  # designs whose points were chosen, and are not drawn anew
FEWEST_PLACES = 8


def tipping(swept: Swept, condition: Condition, across: str, up: str) -> Answer:
    """The map of an event's probability over two factors (numbers), and the line where it is one
    half, with the band in which the 95 % interval holds one half.

    What else was varied is averaged over, as it was varied. The table has a row for each pair of
    values that was run: the two, `runs`, `share` (its own), with Wilson's interval `low`, `high`;
    and `smooth`, `smooth_low`, `smooth_high`, by local logistic regression
    (`comsim.statistics.logistic`), of which the line is made.
    """
    import pandas as pd
    from scipy.interpolate import interpn

    events, says = condition.holds(swept), condition.words(swept)
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
    fitted = surface.fit(at, x, events, swept.lucks)
    share, low, high = (part.reshape(NODES, NODES) for part in fitted[:3])  # [up, across]
    table = pd.DataFrame({
        **{f.name: value_at(swept, f, places[:, k]) for k, f in enumerate(pair)},
        **_own_shares(events, which.ravel(), swept.lucks),
        **{name: interpn((nodes, nodes), part, places[:, ::-1].clip(0, 1)) for name, part in
           (("smooth", share), ("smooth_low", low), ("smooth_high", high))},
    })  # fmt: skip
    others = [f.label for f in swept.factors if f not in pair]
    title, sentence = _told(swept, table, share, low, high, pair, says)
    if others:
        sentence += f" Averaged over what else was varied ({', '.join(others)})."
    if 1 < events.shape[1] // swept.lucks < ENOUGH_SAMPLES:
        notes += ("So few worlds tell little of luck, and the band is wide for it.",)
    data = {
        "axes": [_axis(swept, factor, nodes) for factor in pair],
        "share": share, "low": low, "high": high, "cells": table,
        "nearby": fitted.nearby,
    }  # fmt: skip
    return Answer(f"tipping_{across}_{up}", title, sentence, table.assign(event=says), notes,
                  "tipping.tipping", data)  # fmt: skip


def smallest_core(swept: Swept, condition: Condition, factor: str, limit: float = LIMIT) -> Answer:
    """The smallest value of a factor from which on an event's probability stays below a limit.

    By isotonic regression (Barlow, Bartholomew, Bremner and Brunk 1972): the probability can only
    fall with the factor. The interval by the bootstrap over worlds, and over points unless they
    were chosen (`comsim.statistics.resampling`). The table has a row a value, or a twelfth of them:
    `from`, `to`, `runs`, `share`, `low`, `high` (own, Wilson's), `fitted`, `fitted_low`,
    `fitted_high`.
    """
    import pandas as pd
    from scipy.optimize import isotonic_regression

    about, says = _number_factor(swept, factor), condition.words(swept)
    events = condition.holds(swept)
    notes, column = gaps_in(events, swept), swept.points[factor].to_numpy(np.float64)
    known = np.isfinite(events).any(axis=1)
    if not known.any():
        raise InputError.at("analysis", "runs", "none with such a value", "some that have one")
    column, events = column[known], events[known]
    values, which = np.unique(column, return_inverse=True)
    told, happened = np.isfinite(events), np.nan_to_num(events)
    worlds = chance.counts(events.shape[1], chance.WORLDS, swept.lucks)
    points = np.ones((len(worlds), len(column)), np.int64)
    if swept.design not in FIXED or events.shape[1] == 1:
        points = chance.counts(len(column), chance.POINTS)
    once = np.ones((1, len(column))), np.ones((1, events.shape[1]))

    def fitted(points: np.ndarray, worlds: np.ndarray) -> np.ndarray:
        """(resamples, values), falling."""
        curves = np.full((len(points), len(values)), np.nan)
        for curve, of_point, of_world in zip(curves, points, worlds, strict=True):
            k, n = (np.bincount(which, of_point * (runs @ of_world)) for runs in (happened, told))
            if not (seen := n > 0).any():
                continue  # only worlds without a value were drawn
            fall = isotonic_regression(k[seen] / n[seen], weights=n[seen], increasing=False)
            curve[:] = np.interp(values, values[seen], fall.x)
        return curves

    def first(curve: np.ndarray) -> float:
        return float(values[(curve < limit).argmax()]) if (curve < limit).any() else np.inf

    curve, again = fitted(*once)[0], fitted(points, worlds)
    again = again[np.isfinite(again[:, 0])]
    found = first(curve)
    low, high = np.quantile([first(one) for one in again], chance.ENDS, method="higher")
    few = len(values) <= BINS
    bins = np.arange(len(values)) if few else np.arange(len(values)) * BINS // len(values)
    own = _own_shares(events, bins[which], swept.lucks)
    bounds = np.searchsorted(bins, np.arange(bins[-1] + 1)), np.searchsorted(
        bins, np.arange(bins[-1] + 1), side="right") - 1  # fmt: skip
    ends = np.quantile(again, chance.ENDS, axis=0)
    middle = (bounds[0] + bounds[1]) // 2
    table = pd.DataFrame({
        "from": values[bounds[0]], "to": values[bounds[1]], **own, "fitted": curve[middle],
        "fitted_low": ends[0][middle], "fitted_high": ends[1][middle],
    })  # fmt: skip
    title, sentence, falls = _core_told(
        about, says, limit, found, low, high, values, table, swept.design in FIXED and few
    )
    curves = pd.DataFrame({"value": values, "fitted": curve, "low": ends[0], "high": ends[1]})
    data = {"table": table, "curve": curves, "label": about.label, "unit": about.unit,
            "scale": about.scale, "says": says, "limit": limit,
            "found": (found, float(low), float(high)) if falls else (np.inf,) * 3}  # fmt: skip
    return Answer(f"core_{factor}", title, sentence, table, notes, "tipping.core", data)


def value_at(swept: Swept, factor: Factor, place: np.ndarray) -> np.ndarray:
    """Values of a factor at places of its range from 0 to 1, on its scale."""
    low, high = swept.ends(factor)
    if factor.scale == "log" and low > 0:
        return low * (high / low) ** place
    return low + (high - low) * place


def _number_factor(swept: Swept, name: str) -> Factor:
    numbers = [f.name for f in swept.factors if not swept.choices(f)]
    if name not in numbers:
        raise InputError.at("analysis", "factor", repr(name),
                            f"one with numbers: {', '.join(numbers) or 'none'}")  # fmt: skip
    return swept.factor(name)


def _own_shares(events: np.ndarray, which: np.ndarray, lucks: int) -> dict[str, np.ndarray]:
    """Runs, share and Wilson's interval of each group of points; events (points, worlds)."""
    rows = [chance.own_share(events[which == k], lucks) for k in range(which.max() + 1)]
    names = ("runs", "share", "low", "high")
    return dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))


def _line(share: np.ndarray, low: np.ndarray, high: np.ndarray) -> pd.DataFrame:
    """For each node up, where across the probability first crosses one half, and the band about
    it; places from 0 to 1, infinite beyond the range, NaN where it never crosses; `rises`: whether
    it is likelier than not beyond the crossing; and the same where it crosses `back`."""
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
    """From the tip down (-1) or up (1), where the interval ceases to hold one half: its upper end
    comes below, or its lower end above; infinite where it never does."""
    places = np.linspace(tip, max(way, 0), FINE)
    ends = np.interp(places, np.linspace(0, 1, NODES), curve)
    clear = ends < HALF if upper_end else ends > HALF
    return float(places[clear.argmax()]) if clear.any() else way * np.inf


def _told(
    swept: Swept, table: pd.DataFrame, share: np.ndarray, low: np.ndarray, high: np.ndarray,
    pair: list[Factor], says: str,
) -> tuple[str, str]:  # fmt: skip
    """The title and the sentences of a map: along the factor that matters more."""
    across, up = pair

    def place(row: pd.Series) -> str:
        return listed([f"{one.label} {setting(one, row[one.name])}" for one in pair])

    def at(row: pd.Series) -> str:
        told = (100 * row[name] for name in ("smooth", "smooth_low", "smooth_high"))
        return "{:.0f} % [{:.0f}, {:.0f}], at ".format(*told) + place(row)

    most, least = share.max(), share.min()
    top, foot = (table.loc[one] for one in (table["smooth"].idxmax(), table["smooth"].idxmin()))
    ends = f"Of what was run it is likeliest, {at(top)}; and least likely, {at(foot)}."
    if most <= HALF or least > HALF:
        said = "nowhere" if most <= HALF else "everywhere"
        return f"{upper(says)}: {said} likelier than not", (
            f"Within these ranges of {across.label} and {up.label} it is {said} likelier than not "
            f"that {says}. {ends}"
        )
    if np.ptp(share, axis=0).mean() > np.ptp(share, axis=1).mean():
        across, up, share, low, high = up, across, share.T, low.T, high.T
    line = _line(share, low, high)
    for name, factor in (("up", up), *((name, across) for name in ACROSS)):
        inside = np.isfinite(line[name])
        line.loc[inside, name] = value_at(swept, factor, line.loc[inside, name].to_numpy())
    rows = [line.iloc[round(at * (NODES - 1))] for at in TOLD_AT]
    parts = [f"{_where(row, line, across)} at {up.label} of "
             f"{setting(up, _round(row['up'], line['up']))}" for row in rows]  # fmt: skip
    if all(np.isfinite(row.tip) and np.isinf(row.low) and np.isinf(row.high) for row in rows):
        return f"{upper(says)}: where it tips, these runs can't tell", (
            f"The line at which it is as likely as not that {says} can't be told: the 95 % band is "
            f"as wide as the map. Drawn is where it seems to lie: {'; '.join(parts)}. {ends}"
        )
    told = next((row for row in (rows[1], rows[0], rows[2]) if np.isfinite(row.tip)), None)
    if told is None:
        much = (share > HALF).mean() > HALF
        where = f"in {'all but ' if much else ''}a small part of the map"
        often = f"least often with {place(foot)}" if much else f"most often with {place(top)}"
        return f"{upper(says)}: {often}", f"It is likelier than not {where} that {says}. {ends}"
    title = (
        f"{upper(says)}: likelier than not {_where(told, line, across, bands=False)}"
        f" ({up.label}: {setting(up, _round(told['up'], line['up']))})"
    )
    return title, f"It is likelier than not that {says}: {'; '.join(parts)}. {ends}"


def _where(row: pd.Series, line: pd.DataFrame, across: Factor, bands: bool = True) -> str:
    """Beyond which value, or between which, it is likelier than not, with the bands."""
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
    """To a place that matters among these values."""
    known = column[np.isfinite(column)]
    span = max(float(np.ptp(known)), abs(float(known.mean())) / 5, 1e-12)
    return value if np.isinf(value) else round(value, 1 - int(np.floor(np.log10(span))))


def _axis(swept: Swept, factor: Factor, nodes: np.ndarray) -> dict[str, Any]:
    return {"name": factor.name, "label": factor.label, "unit": factor.unit,
            "scale": factor.scale, "nodes": value_at(swept, factor, nodes)}  # fmt: skip


def _core_told(
    about: Factor, says: str, limit: float, found: float, low: float, high: float,
    values: np.ndarray, table: pd.DataFrame, stepped: bool,
) -> tuple[str, str, bool]:  # fmt: skip
    """The title and the sentence along one factor, and whether the probability falls along it."""
    small, name = f"{100 * limit:.0f} %", about.label
    first, last = table.iloc[0], table.iloc[-1]
    ends = (
        f"It is {_percent(first)} at {setting(about, first['from'])} and {_percent(last)} at "
        f"{setting(about, last['to'])}."
    )
    if first.share < last.share and first.high < last.low:
        return (
            f"{upper(says)}: more often, not less, with more {name}",
            (f"The probability that {says} does not fall with {name}. {ends}"),
            False,
        )
    above = table[table["low"] > table["fitted_high"]]
    if len(above) and (top := table.loc[above["share"].idxmax()]).share > first.share:
        return (
            f"{upper(says)}: most often around {name} {setting(about, top['from'])}",
            (
                f"The probability that {says} does not simply fall with {name}: it is "
                f"{_percent(top)} around {setting(about, top['from'])}. {ends}"
            ),
            False,
        )
    if np.isinf(found):
        return (
            f"{upper(says)}: in {small} of runs or more at every value of {name}",
            (
                f"At no value of {name} that was run does the probability that {says} stay below "
                f"{small}. {ends}"
            ),
            True,
        )
    if found == values[0] and high == values[0]:
        return (
            f"{upper(says)}: in less than {small} of runs at every value of {name}",
            (
                f"The probability that {says} is below {small} even at {name} "
                f"{setting(about, values[0])}. {ends}"
            ),
            True,
        )
    bound = f"{number(low)}, " + (number(high) if np.isfinite(high) else "beyond the range")
    steps = f" Of the values run: {', '.join(map(number, values))}." if stepped else ""
    once = f"once {name} reaches {setting(about, found)}"
    return (
        f"{upper(says)}: in less than {small} of runs {once}",
        (
            f"The smallest {name} at which the probability that {says} stays below {small} is "
            f"{setting(about, found)} [{bound}]. {ends}{steps}"
        ),
        True,
    )


def _percent(row: pd.Series) -> str:
    return f"{100 * row.share:.0f} % [{100 * row['low']:.0f}, {100 * row['high']:.0f}]"
