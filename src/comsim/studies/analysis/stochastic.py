"""How much of an outcome is luck: what differs between runs of the same point.

Worlds are the same at every point, so runs are crossed, points by worlds (two-way analysis of
variance with random effects, without replication; Searle, Casella and McCulloch 1992, chapter 4):

    y[point, world] = mean + point + world + point x world

    own     s2 of point x world = its mean square            luck that depends on the point
    shared  s2 of worlds        = (mean square of worlds - own) / points         luck of all points
    points  s2 of points        = (mean square of points - own) / worlds         what was varied
    share of luck = (own + shared) / (own + shared + points)

own + shared is the mean over points of the variance within a point. The estimates are unbiased;
where one comes out below zero, it counts as zero. Sums of mean squares have the modified
large-sample interval (Graybill and Wang 1980, JASA 75:869-873), and the logarithm of their ratio is
put together from theirs (Zou and Donner 2008, Statistics in Medicine 27:1693-1702).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special, stats

from comsim.statistics.intervals import LEVEL, Interval
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.fit import luck_of_points
from comsim.studies.analysis.phrasing import gaps, listed, share, upper
from comsim.studies.analysis.swept import Swept

MUCH = 0.5  # of the variance


class Luck(NamedTuple):
    """Luck's share of an outcome's variance over all runs; NaN where it can't be told."""

    share: Interval
    shared: float
    """The part of it that is the same at all points."""
    kept: float
    """The share that luck still has in the variance of points' means over worlds."""


def luck_of(values: np.ndarray, lucks: int = 1) -> Luck:
    """Luck's share of (points, worlds) without NaN. `lucks` worlds share a draw each: only draws
    are independent witnesses."""
    points, worlds = values.shape
    nothing = Luck(Interval(np.nan, np.nan, np.nan), np.nan, np.nan)
    if points < 2 or worlds < 2:
        return nothing
    by_point, by_world = values.mean(axis=1), values.mean(axis=0)
    left = values - by_point[:, None] - by_world + values.mean()
    draws = max(worlds // lucks, 2)
    freedom = np.array([points - 1, draws - 1, (points - 1) * (draws - 1)], np.float64)
    squares = np.array([
        worlds * by_point.var(ddof=1),
        points * by_world.var(ddof=1),
        (left**2).sum() / ((points - 1) * (worlds - 1)),
    ])  # fmt: skip
    of_points, of_worlds, own = squares
    within = np.array([0.0, of_worlds / points, own * (points - 1) / points])
    between = np.array([of_points / worlds, 0.0, -own / worlds])
    noise, signal = float(within.sum()), max(float(between.sum()), 0.0)
    if noise + signal <= 0:
        return nothing
    shared = max((of_worlds - own) / points, 0.0)
    ends = _ends(within, between, freedom)
    part = noise / (noise + signal)
    means, kept = float(by_point.var(ddof=1)), np.nan
    if means > 0 and worlds > lucks:
        kept = min(luck_of_points(values, lucks)[0] / means, 1.0)
    return Luck(
        Interval(part, min(ends[0], part), max(ends[1], part)),
        min(shared / (noise + signal), part),
        kept,
    )


def _ends(within: np.ndarray, between: np.ndarray, freedom: np.ndarray) -> tuple[float, float]:
    """The interval of luck's share, of the mean squares that add up to luck and to points."""
    noise, signal = _added(within, freedom), _added(between, freedom)
    if noise.value == 0:
        return 0.0, 0.0
    if noise.low <= 0 or signal.value <= 0:
        return float(max(noise.low, 0.0) / (max(noise.low, 0.0) + signal.high)), 1.0
    down = np.hypot(np.log(noise.value / noise.low), np.log(signal.high / signal.value))
    up = np.inf
    if signal.low > 0:
        up = np.hypot(np.log(noise.high / noise.value), np.log(signal.value / signal.low))
    odds = np.log(noise.value / signal.value)
    low, high = special.expit([odds - down, odds + up])
    return float(low), float(high)


def _added(squares: np.ndarray, freedom: np.ndarray) -> Interval:
    """A sum of independent mean squares, some of them taken off."""
    tails = [(1 + LEVEL) / 2, (1 - LEVEL) / 2]
    least, most = (freedom / stats.chi2.ppf(tail, freedom) * squares - squares for tail in tails)
    value = float(squares.sum())
    down, up = np.where(squares > 0, least, most), np.where(squares > 0, most, least)
    return Interval(value, value - np.sqrt((down**2).sum()), value + np.sqrt((up**2).sum()))


def luck(swept: Swept) -> Answer:
    """How much of what differs between runs is only luck, for each outcome.

    The table has a row an outcome, most luck first: `outcome`, `label`, `share` of luck in the
    variance over all runs with its 95 % interval `low`, `high`; `shared` (the part of it that is
    the same at all points, and cancels between them), `kept` (the share that luck still has in
    what differs between points' means over worlds) and `points` it was taken from. Points without
    a value in some world are left out. NaN with one world.
    """
    rows = []
    for outcome in swept.outcomes:
        values = swept.by_point(outcome.name)
        values = values[np.isfinite(values).all(axis=1)]
        found = luck_of(values, swept.lucks)
        rows.append(
            {
                "outcome": outcome.name, "label": outcome.label, "share": found.share.value,
                "low": found.share.low, "high": found.share.high, "shared": found.shared,
                "kept": found.kept, "points": len(values),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows).sort_values(
        "share", ascending=False, kind="stable", ignore_index=True
    )
    known = table[table["share"].notna()]
    drawn = swept.drawn and swept.worlds > swept.lucks  # else there is one draw
    what = "luck, and what nobody knows," if drawn else "luck alone"
    if not len(known):
        title = "How much is luck, these runs can't tell"
        sentence = f"{title}: it takes two worlds or more at each point, and outcomes that differ."
    else:
        most = known.iloc[0]
        title = f"{upper(what)} makes {share(most['share'])} of what differs in {most['label']}"
        if len(known) > 1:
            title += f", {share(known.iloc[-1]['share'])} in {known.iloc[-1]['label']}"
        each = [
            f"{row.label} {share(row.share)} [{share(row.low)}, {share(row.high)}]"
            for row in known.itertuples()
        ]
        sentence = (
            f"Of what differs between runs, {what} makes: {', '.join(each)}. The rest is what was "
            "varied."
        )
        if np.isfinite(most_kept := known["kept"].max()):
            sentence += (
                f" Means over {swept.worlds} worlds keep less of it: {share(most_kept)} at most of "
                "what differs between points."
            )
    return Answer(
        name="luck",
        title=title,
        sentence=sentence,
        table=table,
        warnings=tuple(_warnings(swept, table)),
        figure="indices.luck" if len(known) else "",
        data={"rows": known, "drawn": drawn},
    )


def _warnings(swept: Swept, table: pd.DataFrame) -> Iterator[str]:
    if swept.worlds < 2:
        yield "One world a point: luck and what was varied can't be told apart."
        return
    for outcome in swept.outcomes:
        yield from (text for text in gaps(swept, outcome) if not text.endswith("left out."))
    if loud := list(table.loc[table["kept"] > MUCH, "label"]):
        yield f"More than half of what differs between points is still luck: {listed(loud)}."
