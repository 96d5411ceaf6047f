"""Main effects: how far each factor moves an outcome over its range, the others averaged over.

In a grid or a list every point was chosen, so that only worlds are a sample: each effect is taken
in each world, and its interval is over worlds. Elsewhere points are a sample too, and so are
worlds, where there are several: the variances over both are added up, which is rather too much,
since the chance of single runs is in both (Cameron, Gelbach and Miller 2011, Journal of Business &
Economic Statistics 29:238-249, take it off once). A Morris design has its own answer (`indices`).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from comsim.statistics import intervals as statistics
from comsim.statistics.intervals import FAMILY_ERROR, Interval
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.fit import (
    POINTS_A_COEFFICIENT,
    Block,
    Fit,
    blocks,
    chance,
    contrast,
    estimable,
    fit,
    gained,
    luck_of_points,
    omega,
    with_mean,
    without_rounding,
)  # fmt: skip
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

CHOSEN = ("grid", "list")  # designs whose points are no sample
MANY = 3  # factors of a kind that are told
PICKED = 1.5  # half intervals at 95 % to be clear of, as of one picked of a dozen (Bonferroni)
BENT = 1.5  # how much more than its ends differ a curve must swing, to be told as bent


@dataclass(frozen=True)
class Look:
    """An outcome over the points of a sweep, with a fit of the main effects."""

    swept: Swept
    outcome: Outcome
    values: np.ndarray
    """(points, worlds), of the points where it exists in some world."""
    means: np.ndarray
    """Over the worlds in which it exists: (points)."""
    parts: tuple[Block, ...]
    main: Fit
    total: float
    """Sum of squares of the means."""

    @property
    def over(self) -> str:
        """What intervals are over."""
        if self.swept.worlds == self.swept.lucks:
            return "points"
        return "worlds" if self.swept.design in CHOSEN else "points and worlds"

    @property
    def complete(self) -> bool:
        """Whether it is a full grid, each point known in several worlds: luck is seen by itself."""
        full = np.prod([float(len(part.places)) for part in self.parts])
        worlds = np.isfinite(self.values).all() and self.values.shape[1] > self.swept.lucks
        return self.swept.design == "grid" and len(self.values) == full and bool(worlds)

    def noise(self, found: Fit) -> tuple[float, int]:
        """Mean square that a fit's sums of squares are judged by, and its degrees of freedom:
        luck's, where it is seen by itself; else what the fit leaves."""
        if self.complete:
            return luck_of_points(self.values, self.swept.lucks)
        return (found.rest / found.freedom if found.freedom > 0 else 0.0), found.freedom

    def peak(self, part: int) -> str:
        """The word "most" or "least", where the outcome is so clearly inside the range of a factor
        and not at an end of it; else nothing. More clearly than elsewhere, for it was picked."""
        curve, inside = self.curve(part), range(1, len(self.parts[part].settings) - 1)
        if isinstance(self.parts[part].settings[0], str):
            return ""
        for word, turned in (("most", curve), ("least", -curve)):
            top, end = int(turned.argmax()), int(turned[-1] > turned[0]) * (len(curve) - 1)
            if top in inside:
                change = self.change(part, end, top)
                found = Interval(*(without_rounding(one, self.total) for one in change))
                if abs(found.value) > PICKED * (found.high - found.low) / 2:
                    return word
        return ""

    def share(self, less: Fit, more: Fit, noise: float) -> float:
        """The share of the variance between points by which one fit is better than another."""
        if self.swept.design != "grid":
            return gained(less, more, self.total, len(self.means))
        return omega(less.rest - more.rest, less.freedom - more.freedom, noise, self.total)

    def place(self, part: int) -> slice:
        """Where the coefficients of a block stand."""
        first = 1 + sum(block.columns.shape[1] for block in self.parts[:part])
        return slice(first, first + self.parts[part].columns.shape[1])

    def curve(self, part: int) -> np.ndarray:
        """The outcome at each place of a block, the others averaged over."""
        return self.main.beta[0] + self.parts[part].places @ self.main.beta[self.place(part)]

    def ends(self, part: int) -> tuple[int, int]:
        """From which place to which an effect is told: low to high; of a choice, from the one with
        the least to the one with the most."""
        if isinstance(self.parts[part].settings[0], str):
            curve = self.curve(part)
            return int(curve.argmin()), int(curve.argmax())
        return 0, len(self.parts[part].settings) - 1

    def change(self, part: int, first: int, last: int) -> Interval:
        """The effect of a factor from one place to another, with its 95 % interval."""
        weights = np.zeros(len(self.main.beta))
        places = self.parts[part].places
        weights[self.place(part)] = places[last] - places[first]
        by_points = contrast(self.main, weights)
        if self.over == "points" or np.isnan(by_points.value):
            return by_points
        columns = with_mean([block.columns for block in self.parts])
        found = np.full(self.values.shape[1], np.nan)
        for world, values in enumerate(self.values.T):
            known = np.isfinite(values)
            here = self.main if known.all() else fit(columns[known], values[known])
            if estimable(here, weights):
                found[world] = weights @ here.inverse @ values[known]
        by_worlds = statistics.mean(found.reshape(-1, self.swept.lucks))
        if self.over == "worlds":
            return by_worlds
        value = by_points.value
        half = np.hypot(by_points.high - value, by_worlds.high - by_worlds.value)
        return Interval(value, value - half, value + half)


def look(swept: Swept, name: str) -> Look:
    """An outcome looked at. Of a Sobol design, only the points that were drawn by themselves."""
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
    return Look(swept, swept.outcome(name), values, means, parts, main, total)


def main_effects(swept: Swept, name: str) -> Answer:
    """How far each factor moves an outcome over its range.

    The table has a row a factor, largest swing first: `factor`, `label`, `kind`, `unit` (of the
    factor), `from`, `to`, `at_from`, `at_to` (the outcome there, the others averaged over),
    `change` with its 95 % interval `low`, `high`; `most_at`, `least_at`, `swing` (largest less
    least over the range), `share` (of the variance between points, by itself), `bent` (it swings
    by much more than its ends differ, and more than chance may), `peak` ("most" or "least" where
    that is clearly inside the range) and `clear` (the interval leaves out zero, or it is bent).
    """
    seen = look(swept, name)
    outcome, rows = seen.outcome, []
    noise, others = seen.noise(seen.main)
    for part, block in enumerate(seen.parts):
        (first, last), curve = seen.ends(part), seen.curve(part)
        change = seen.change(part, first, last)
        moved = Interval(*(without_rounding(end, seen.total) for end in change))
        without = [other.columns for other in seen.parts if other is not block]
        less = fit(with_mean([np.empty((len(seen.means), 0)), *without]), seen.means)
        squares, freedom = less.rest - seen.main.rest, less.freedom - seen.main.freedom
        swing = without_rounding(float(np.ptp(curve)), seen.total)
        bent = bool(swing > BENT * abs(curve[last] - curve[first]))
        by_chance = chance(squares, freedom, noise, others, seen.total)
        told, apart = np.isfinite(moved.value), moved.low > 0 or moved.high < 0
        real = bool(told and by_chance < FAMILY_ERROR / len(seen.parts))
        rows.append(
            {
                "factor": block.factor.name, "label": block.factor.label,
                "kind": block.factor.kind, "unit": block.factor.unit,
                "from": block.settings[first], "to": block.settings[last],
                "at_from": curve[first] if told else np.nan,
                "at_to": curve[last] if told else np.nan,
                "change": moved.value, "low": moved.low, "high": moved.high,
                "most_at": block.settings[int(curve.argmax())],
                "least_at": block.settings[int(curve.argmin())],
                "most": curve.max(), "least": curve.min(), "swing": swing if told else np.nan,
                "share": seen.share(less, seen.main, noise) if told else np.nan,
                "bent": bent and real, "peak": "" if bent else seen.peak(part),
                "clear": bool(told and (apart or (bent and real))),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    if len(table):
        table = table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)
    return Answer(
        name=f"effects_{name}",
        title=_title(swept, outcome, table),
        sentence=_sentence(seen, table),
        table=table,
        warnings=tuple(_warnings(seen, table)),
        figure="indices.effects" if len(table) else "",
        data={"rows": table, "outcome": outcome.label, "unit": outcome.unit, "over": seen.over},
    )


def _title(swept: Swept, outcome: Outcome, table: pd.DataFrame) -> str:
    label = upper(outcome.label)
    if not len(table) or not (table["swing"] > 0).any():
        return f"{label}: the same at all points"
    clear = table[table["clear"]]
    if not len(clear):
        return f"{label}: no factor moves it clearly"
    half = ((clear["high"] - clear["low"]) / 2).fillna(0.0)
    sizes, first = clear["swing"] + half, clear.iloc[0]
    tied = list(clear["label"][sizes >= first["swing"] - half.iloc[0]])
    if len(tied) == 1:
        return f"{label}: moved most by {_effect(swept, outcome, first, interval=False)}"
    names = listed(tied if len(tied) <= MANY else [*tied[:MANY], "others"], "or")
    return f"{label}: moved most by {names}, by {amount(first['swing'], outcome.unit)}"


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


def _sentence(seen: Look, table: pd.DataFrame) -> str:
    if not len(table) or not (table["swing"] > 0).any():
        return f"{upper(seen.outcome.label)}: the same at all points, whatever was varied."
    parts = []
    for kind, words in KINDS.items():
        rows = table[table["kind"] == kind]
        if not len(rows):
            continue
        clear, vague = rows[rows["clear"]], rows[~rows["clear"]]
        said = [_effect(seen.swept, seen.outcome, row) for _, row in clear.head(MANY).iterrows()]
        if len(clear) > MANY:
            said.append(f"and, less, {listed(list(clear['label'][MANY:]))}")
        if len(vague):
            said.append(f"not clear: {listed(list(vague['label']))}")
        parts.append(f"{upper(words)}: {'; '.join(said)}.")
    own = _own(seen)
    return (
        f"{upper(seen.outcome.label)}, change over the whole range of each factor, the others "
        f"averaged over (95 % confidence intervals of the mean over {seen.over}; single worlds "
        f"differ more). {' '.join(parts)} By themselves, they "
        f"make {share(own)} of what differs between points."
    )


def _own(seen: Look) -> float:
    """The share of the variance between points that main effects make (R squared, adjusted)."""
    if seen.main.freedom <= 0:
        return 1.0
    noise = seen.main.rest / seen.main.freedom
    return max(1 - noise / (seen.total / (len(seen.means) - 1)), 0.0)


def _warnings(seen: Look, table: pd.DataFrame) -> Iterator[str]:
    yield from gaps(seen.swept, seen.outcome)
    varied = {block.factor.name for block in seen.parts}
    if fixed := [f.label for f in seen.swept.factors if f.name not in varied]:
        yield f"The same at all points, and so not looked at: {listed(fixed)}."
    if not len(table):
        return
    if len(lost := table[table["change"].isna()]):
        yield (
            f"These points move several factors together and can't tell {listed(lost['label'])} "
            "apart."
        )
    points, needed = len(seen.means), POINTS_A_COEFFICIENT * len(seen.main.beta)
    if seen.swept.design != "grid" and points < needed:
        yield (
            f"{points} points for {len(seen.main.beta)} coefficients (better {needed}): what "
            "bends, or hangs on two factors together, may be taken for an effect."
        )
    if table["low"].isna().all() and not len(lost):
        yield "Too few points and worlds for intervals."
