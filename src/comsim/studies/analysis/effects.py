"""Main effects: how far each factor moves an outcome over its range, averaged over the others.

In a grid or a list the user chose the points, so only worlds are a sample: each effect is computed
in each world, and its interval covers worlds. In other designs points are a sample too. The
variances over points and over worlds are added, which is slightly conservative, since both contain
the variation of single runs (Cameron, Gelbach and Miller 2011, Journal of Business & Economic
Statistics 29:238-249, subtract it once). A Morris design has its own measures (`indices`).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from comsim.statistics import intervals as statistics
from comsim.statistics.intervals import Interval
from comsim.statistics.least_squares import (
    Fit,
    contrast,
    estimable,
    fit,
    gained,
    omega,
    p_value,
    with_mean,
    without_rounding,
)
from comsim.statistics.variance import error_of_means
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.blocks import POINTS_A_COEFFICIENT, Block, blocks
from comsim.studies.analysis.phrasing import (
    KINDS,
    amount,
    bare,
    between,
    gaps,
    level,
    listed,
    setting,
    share,
    upper,
)
from comsim.studies.analysis.swept import Outcome, Swept

CHOSEN = ("grid", "list")  # designs whose points are not a sample
FAMILY_ERROR = 0.05  # of a whole list of tests
MANY = 3  # factors of a kind that are described
PICKED = 1.5  # half-widths of a 95 % interval: the maximum of a dozen values (Bonferroni)
BENT = 1.5  # a curve is bent if its swing exceeds the difference of its ends by this factor


@dataclass(frozen=True)
class MainFit:
    """An outcome at the points of a sweep, with a fit of the main effects."""

    swept: Swept
    outcome: Outcome
    values: np.ndarray
    """(points, worlds), for the points at which it exists in some world."""
    means: np.ndarray
    """Means over the worlds in which it exists: (points)."""
    parts: tuple[Block, ...]
    fitted: Fit
    total: float
    """Sum of squares of the means."""

    @property
    def over(self) -> str:
        """What the intervals cover."""
        if self.swept.worlds == self.swept.replications:
            return "points"
        return "worlds" if self.swept.design in CHOSEN else "points and worlds"

    @property
    def complete(self) -> bool:
        """Whether it is a full grid with several worlds at each point, so that the stochastic error
        can be estimated directly."""
        full = np.prod([float(len(part.places)) for part in self.parts])
        worlds = np.isfinite(self.values).all() and self.values.shape[1] > self.swept.replications
        return self.swept.design == "grid" and len(self.values) == full and bool(worlds)

    def noise(self, fitted: Fit) -> tuple[float, int]:
        """The error mean square and its degrees of freedom: the stochastic error if it can be
        estimated directly, otherwise the residual of the fit."""
        if self.complete:
            return error_of_means(self.values, self.swept.replications)
        return (fitted.rest / fitted.freedom if fitted.freedom > 0 else 0.0), fitted.freedom

    def peak(self, part: int) -> str:
        """The word "most" or "least" if the outcome is clearly highest or lowest inside the range
        of a factor; otherwise empty. The criterion is stricter, since the place was selected."""
        curve, inside = self.curve(part), range(1, len(self.parts[part].settings) - 1)
        if isinstance(self.parts[part].settings[0], str):
            return ""
        for word, turned in (("most", curve), ("least", -curve)):
            top, end = int(turned.argmax()), int(turned[-1] > turned[0]) * (len(curve) - 1)
            if top in inside:
                change = self.change(part, end, top)
                interval = Interval(*(without_rounding(one, self.total) for one in change))
                if abs(interval.value) > PICKED * (interval.high - interval.low) / 2:
                    return word
        return ""

    def share(self, less: Fit, more: Fit, noise: float) -> float:
        """The share of the variance between points that a larger fit explains in addition."""
        if self.swept.design != "grid":
            return gained(less, more, self.total, len(self.means))
        return omega(less.rest - more.rest, less.freedom - more.freedom, noise, self.total)

    def place(self, part: int) -> slice:
        """The positions of the coefficients of a block."""
        first = 1 + sum(block.columns.shape[1] for block in self.parts[:part])
        return slice(first, first + self.parts[part].columns.shape[1])

    def curve(self, part: int) -> np.ndarray:
        """The outcome at each place of a block, averaged over the other factors."""
        return self.fitted.beta[0] + self.parts[part].places @ self.fitted.beta[self.place(part)]

    def ends(self, part: int) -> tuple[int, int]:
        """The places between which an effect is described: low to high or, for a choice, from the
        one with the lowest outcome to that with the highest."""
        if isinstance(self.parts[part].settings[0], str):
            curve = self.curve(part)
            return int(curve.argmin()), int(curve.argmax())
        return 0, len(self.parts[part].settings) - 1

    def change(self, part: int, first: int, last: int) -> Interval:
        """The effect of a factor from one place to another, with its 95 % interval."""
        weights = np.zeros(len(self.fitted.beta))
        places = self.parts[part].places
        weights[self.place(part)] = places[last] - places[first]
        by_points = contrast(self.fitted, weights)
        if self.over == "points" or np.isnan(by_points.value):
            return by_points
        columns = with_mean([block.columns for block in self.parts])
        effects = np.full(self.values.shape[1], np.nan)
        for world, values in enumerate(self.values.T):
            known = np.isfinite(values)
            here = self.fitted if known.all() else fit(columns[known], values[known])
            if estimable(here, weights):
                effects[world] = weights @ here.inverse @ values[known]
        by_worlds = statistics.mean(effects.reshape(-1, self.swept.replications))
        if self.over == "worlds":
            return by_worlds
        value = by_points.value
        half = np.hypot(by_points.high - value, by_worlds.high - by_worlds.value)
        return Interval(value, value - half, value + half)


def main_fit(swept: Swept, name: str) -> MainFit:
    """The fit of an outcome; of a Sobol design, only independent points are used."""
    values, points = swept.by_point(name), np.arange(len(swept.points))
    if swept.design == "sobol":
        points = points[np.isin(points % swept.block, [0, swept.block - 1])]
    points = points[np.isfinite(values[points]).any(axis=1)]
    values = values[points]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        means = np.nanmean(values, axis=1)
    parts = blocks(swept, points) if len(points) else ()
    columns = with_mean([np.empty((len(points), 0)), *(part.columns for part in parts)])
    main = fit(columns, means) if len(points) else fit(np.ones((1, 1)), np.zeros(1))
    total = float(((means - means.mean()) ** 2).sum()) if len(points) else 0.0
    return MainFit(swept, swept.outcome(name), values, means, parts, main, total)


def main_effects(swept: Swept, name: str) -> Answer:
    """How far each factor moves an outcome over its range.

    The table has one row per factor, largest swing first: `factor`, `label`, `kind`, `unit` (of the
    factor), `from`, `to`, `at_from`, `at_to` (the outcome there, averaged over the other factors),
    `change` with its 95 % interval `low`, `high`; `most_at`, `least_at`, `swing` (highest minus
    lowest over the range), `share` (of the variance between points, of this factor alone), `bent`
    (the swing is much larger than the difference of the ends, and significant), `peak` ("most" or
    "least" if this is clearly inside the range) and `clear` (the interval excludes zero, or the
    effect is bent).
    """
    main = main_fit(swept, name)
    outcome, rows = main.outcome, []
    noise, others = main.noise(main.fitted)
    for part, block in enumerate(main.parts):
        (first, last), curve = main.ends(part), main.curve(part)
        change = main.change(part, first, last)
        moved = Interval(*(without_rounding(end, main.total) for end in change))
        without = [other.columns for other in main.parts if other is not block]
        less = fit(with_mean([np.empty((len(main.means), 0)), *without]), main.means)
        squares, freedom = less.rest - main.fitted.rest, less.freedom - main.fitted.freedom
        swing = without_rounding(float(np.ptp(curve)), main.total)
        bent = bool(swing > BENT * abs(curve[last] - curve[first]))
        p = p_value(squares, freedom, noise, others, main.total)
        known, apart = np.isfinite(moved.value), moved.low > 0 or moved.high < 0
        real = bool(known and p < FAMILY_ERROR / len(main.parts))
        rows.append(
            {
                "factor": block.factor.name, "label": block.factor.label,
                "kind": block.factor.kind, "unit": block.factor.unit,
                "from": block.settings[first], "to": block.settings[last],
                "at_from": curve[first] if known else np.nan,
                "at_to": curve[last] if known else np.nan,
                "change": moved.value, "low": moved.low, "high": moved.high,
                "most_at": block.settings[int(curve.argmax())],
                "least_at": block.settings[int(curve.argmin())],
                "most": curve.max(), "least": curve.min(), "swing": swing if known else np.nan,
                "share": main.share(less, main.fitted, noise) if known else np.nan,
                "bent": bent and real, "peak": "" if bent else main.peak(part),
                "clear": bool(known and (apart or (bent and real))),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    if len(table):
        table = table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
    return Answer(
        name=f"effects_{name}",
        title=_title(swept, outcome, table),
        sentence=_sentence(main, table),
        table=table,
        warnings=tuple(_warnings(main, table)),
        figure="indices.effects" if len(table) else "",
        data={"rows": table, "outcome": outcome.label, "unit": outcome.unit, "over": main.over},
    )


def _title(swept: Swept, outcome: Outcome, table: pd.DataFrame) -> str:
    label = upper(outcome.label)
    if not len(table) or not (table["swing"] > 0).any():
        return f"{label}: the same at all points"
    clear = table[table["clear"]]
    if not len(clear):
        return f"{label}: no factor has a clear effect"
    half = ((clear["high"] - clear["low"]) / 2).fillna(0.0)
    sizes, first = clear["swing"] + half, clear.iloc[0]
    tied = list(clear["label"][sizes >= first["swing"] - half.iloc[0]])
    if len(tied) == 1:
        return f"{label}: largest effect: {_effect(swept, outcome, first, interval=False)}"
    names = listed(tied if len(tied) <= MANY else [*tied[:MANY], "others"], "or")
    return f"{label}: largest effect: {names}, {amount(first['swing'], outcome.unit)}"


def _effect(swept: Swept, outcome: Outcome, row: pd.Series, interval: bool = True) -> str:
    """ads, −210 people [−240, −180] from 0 to 8."""
    factor = swept.factor(row["factor"])
    if row["bent"]:
        most, least = (
            f"{word} ({level(row[word], outcome.unit)}) at {setting(factor, row[f'{word}_at'])}"
            for word in ("most", "least")
        )
        return f"{row['label']}, {most}, {least}"
    ends = f" {between(row['low'], row['high'], outcome.unit)}" if interval else ""
    peak = ""
    if word := row["peak"]:
        at = setting(factor, row[f"{word}_at"])
        peak = f", but {word} ({level(row[word], outcome.unit)}) at {at}"
    return (
        f"{row['label']}, {amount(row['change'], outcome.unit, sign=True)}{ends} from "
        f"{bare(row['from'])} to {setting(factor, row['to'])}{peak}"
    )


def _sentence(main: MainFit, table: pd.DataFrame) -> str:
    if not len(table) or not (table["swing"] > 0).any():
        return f"{upper(main.outcome.label)}: the same at all points."
    parts = []
    for kind, words in KINDS.items():
        rows = table[table["kind"] == kind]
        if not len(rows):
            continue
        clear, vague = rows[rows["clear"]], rows[~rows["clear"]]
        effects = [_effect(main.swept, main.outcome, row) for _, row in clear.head(MANY).iterrows()]
        if len(clear) > MANY:
            effects.append(f"smaller: {listed(list(clear['label'][MANY:]))}")
        if len(vague):
            effects.append(f"not clear: {listed(list(vague['label']))}")
        parts.append(f"{upper(words)}: {'; '.join(effects)}.")
    own = _own(main)
    return (
        f"{upper(main.outcome.label)}: change over the whole range of each factor, averaged over "
        f"the others (95 % confidence intervals of the mean over {main.over}; single worlds vary "
        f"more). {' '.join(parts)} Main effects explain {share(own)} of the variance between "
        "points."
    )


def _own(main: MainFit) -> float:
    """The share of the variance between points that main effects explain (adjusted R squared)."""
    if main.fitted.freedom <= 0:
        return 1.0
    noise = main.fitted.rest / main.fitted.freedom
    return max(1 - noise / (main.total / (len(main.means) - 1)), 0.0)


def _warnings(main: MainFit, table: pd.DataFrame) -> Iterator[str]:
    yield from gaps(main.swept, main.outcome)
    varied = {block.factor.name for block in main.parts}
    if fixed := [f.label for f in main.swept.factors if f.name not in varied]:
        yield f"Not analysed, since it is the same at all points: {listed(fixed)}."
    if not len(table):
        return
    if len(lost := table[table["change"].isna()]):
        yield (
            "The points change several factors together, so the effects of "
            f"{listed(lost['label'])} can't be separated."
        )
    points, needed = len(main.means), POINTS_A_COEFFICIENT * len(main.fitted.beta)
    if main.swept.design != "grid" and points < needed:
        yield (
            f"There are {points} points for {len(main.fitted.beta)} coefficients ({needed} are "
            "recommended): curvature and interactions may be mistaken for effects."
        )
    if table["low"].isna().all() and not len(lost):
        yield "There are too few points and worlds for intervals."
