"""Scenario discovery: under which values of the factors does something happen?

Bryant and Lempert (2010, Technological Forecasting and Social Change 77:34-49): a few boxes of
factor values that hold most of the runs in which a condition holds (coverage) and few others
(density). Boxes are searched on half of the points (`comsim.statistics.prim`); everything told of
them comes from the other half, and `check` tells it of any other sweep of the same factors. Where
points were chosen (a grid, a list) and worlds are many, worlds are halved instead: the search sees
all points, in half of the worlds. Where we knew the truth (63 points, 20 worlds) the intervals of
such boxes held it in 97 % (density) and 88 % (coverage) of sweeps, and noise had no box in any.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from comsim.language.amounts import number
from comsim.statistics import prim
from comsim.statistics import resampling as chance
from comsim.statistics.prim import Box
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.condition import Condition, gaps_in
from comsim.studies.analysis.effects import CHOSEN
from comsim.studies.analysis.phrasing import listed, setting, upper

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.analysis.swept import Factor, Swept

MOST_BOXES = 3
FEWEST_POINTS = 40  # of which half are searched: with fewer, boxes are guesses (an assumption)
FEWEST_EVENTS = 5  # among the points searched, counted by their shares of worlds
FEWEST_DRAWS = 8  # of worlds, to halve them instead of points (an assumption)
LIST = 12  # values, up to which a factor's own are named as bounds


@dataclass(frozen=True)
class Checked:
    """Of a box, or several: its points, density and coverage with 95 % intervals, and the event's
    share of all runs of the points looked at."""

    points: int
    density: tuple[float, float, float]
    coverage: tuple[float, float, float]
    anywhere: float


def boxes(swept: Swept, condition: Condition) -> tuple[Answer, tuple[Box, ...]]:
    """The boxes in which a condition holds, in words, and the boxes to `check` elsewhere.

    The table has a row for each restriction of each box: `box` (1, 2, ...), `factor`, `label`,
    `low`, `high` (infinite where open), `values` (of a choice), `words`, `chance` (quasi-p-value),
    and of its box `points`, `density`, `coverage` with `_low` and `_high`. All of it, and `chance`,
    from points that the search did not see.
    """
    events, says = condition.holds(swept), condition.words(swept)
    x, y, seen, unseen, told_from = _halves(swept, events)
    known, notes = np.isfinite(y), gaps_in(events, swept)
    search, rest = seen & known, ~seen & known
    if known.sum() < FEWEST_POINTS or not min(search.sum(), rest.sum()):
        few = f"{known.sum()} trials are too few to search for boxes; {FEWEST_POINTS} are needed."
        return _none(f"Too few points to say where {says}", few, notes), ()
    share = number(100 * np.nanmean(events))
    if y[search].sum() < FEWEST_EVENTS:
        return _none(f"Too rare for boxes: {says}", f"In {share} % of runs {says}: too few to say "
                     "under which values.", notes), ()  # fmt: skip
    choice = np.array([bool(swept.choices(factor)) for factor in swept.factors])
    found = _search(x, y, choice, search, rest)
    if not found:
        said = (
            f"In {share} % of runs {says}, and no box of values told "
            "them apart in runs that the search had not seen. What was varied may matter all the "
            "same, in another shape than a box, or too little for so many runs."
        )
        return _none(f"No box: {says} here and there", said, notes), ()
    import pandas as pd

    checked = [check([box], swept, condition, unseen) for box in found]
    together = check(found, swept, condition, unseen)
    table = pd.DataFrame(
        [row for k, box in enumerate(found)
         for row in _rows(k + 1, box, checked[k], swept, x[rest], y[rest])]
    )  # fmt: skip
    lines = [_sentence(box, one, swept, says) for box, one in zip(found, checked, strict=True)]
    if len(found) > 1:
        lines.append(f"Together the boxes hold {percent(together.coverage)} of such runs.")
    base = number(100 * y[rest].mean())
    lines.append(
        f"Anywhere it is {base} %. All of this is told from {told_from}, which the search "
        "did not see."
    )
    where = words(found[0], swept)
    title = f"{upper(says)}: mostly with {where}"
    if checked[0].density[0] < 0.5:
        title = f"{upper(says)}: most often with {where}"
    weak = [row for row in table.itertuples() if row.chance > prim.CHANCE]
    notes += tuple(
        f"That {row.words} matters in box {row.box} may be chance (quasi-p-value {row.chance:.2f})."
        for row in weak
    )
    data = {
        "table": table, "points": _shown(found, swept, _rate(events)),
        "ranges": _ranges(found, swept), "says": says, "anywhere": float(y[rest].mean()),
    }  # fmt: skip
    answer = Answer("boxes", title, " ".join(lines), table, notes, "boxes.boxes", data)
    return answer, tuple(found)


def check(
    found: list[Box] | tuple[Box, ...],
    swept: Swept,
    condition: Condition,
    at: np.ndarray | None = None,
) -> Checked:
    """How boxes hold in a sweep, perhaps of other points and seeds; `at`: in which of its runs,
    bool (points, worlds), all worlds of some points or all points of some draws."""
    x, events = swept.matrix(), condition.holds(swept)
    if at is not None:
        points, worlds = at.any(axis=1), at.any(axis=0)
        x, events = x[points], events[points][:, worlds]
    inside = np.any([box.inside(x) for box in found], axis=0)
    told, happened = np.isfinite(events), np.nan_to_num(events)
    worlds = chance.counts(events.shape[1], chance.WORLDS, swept.lucks)
    draws = events.shape[1] // swept.lucks
    chosen = swept.design in CHOSEN and draws > 1
    points = chance.counts(len(x), chance.POINTS)
    if chosen:
        points = np.ones_like(points)

    def both(runs: np.ndarray) -> np.ndarray:
        return ((points @ runs) * worlds).sum(axis=1)

    here, whole = happened * inside[:, None], told * inside[:, None]
    again = both(here), both(whole), both(happened)
    with np.errstate(invalid="ignore", divide="ignore"):
        density, coverage = again[0] / again[1], again[0] / again[2]
    n, k, all_events = whole.sum(), here.sum(), happened.sum()
    full = whole.any(axis=1).sum()
    return Checked(
        int(full),
        _share(k, n, density, draws if chosen else full),
        _share(k, all_events, coverage, draws if chosen else happened.any(axis=1).sum()),
        float(all_events / max(told.sum(), 1)),
    )


def words(box: Box, swept: Swept) -> str:
    """A box in words: "ads above 4.2 a visit and official posts below 1 a day"."""
    return " and ".join(_bound(box, j, swept) for j in box.restricted)


def _search(
    x: np.ndarray, y: np.ndarray, choice: np.ndarray, search: np.ndarray, rest: np.ndarray
) -> list[Box]:
    """Boxes, one after the other, each confirmed by points that the search did not see."""
    found, covered = [], np.zeros(len(y), bool)
    for _ in range(MOST_BOXES):
        left = search & ~covered
        if left.sum() < FEWEST_POINTS / 4 or y[left].sum() < FEWEST_EVENTS:
            break
        box = prim.find(x[left], y[left], choice)
        unseen = rest & ~covered
        here = y[unseen & box.inside(x)]
        if not box.restricted or not len(here):
            break
        if any((box.inside(x) >= other.inside(x)).all() for other in found):
            break  # only a wider one: it says nothing new
        events = np.floor(here.sum() + 1e-9)
        if stats.binom.sf(events - 1, len(here), y[unseen].mean()) > prim.CHANCE:
            break
        found.append(box)
        covered |= box.inside(x)
    return found


def _rows(k: int, box: Box, one: Checked, swept: Swept, x: np.ndarray, y: np.ndarray) -> list[dict]:
    rows = []
    for j in box.restricted:
        factor = swept.factors[j]
        kept = [v for at, v in enumerate(swept.choices(factor)) if at not in box.out[j]]
        rows.append(
            {
                "box": k, "factor": factor.name, "label": factor.label,
                "low": box.low[j], "high": box.high[j], "values": ", ".join(kept),
                "words": _bound(box, j, swept), "chance": prim.by_chance(box, j, x, y),
                "points": one.points,
                **dict(zip(("density", "density_low", "density_high"), one.density, strict=True)),
                **dict(zip(("coverage", "coverage_low", "coverage_high"), one.coverage,
                           strict=True)),
            }
        )  # fmt: skip
    return rows


def _bound(box: Box, j: int, swept: Swept) -> str:
    """One restriction in words; a few stated values are named themselves."""
    factor, low, high = swept.factors[j], box.low[j], box.high[j]
    if choices := swept.choices(factor):
        kept = [value for at, value in enumerate(choices) if at not in box.out[j]]
        left = [value for at, value in enumerate(choices) if at in box.out[j]]
        few = len(kept) <= len(left)
        quoted = [f'"{value}"' for value in (kept if few else left)]
        return f"{factor.label} {'' if few else 'not '}{listed(quoted, 'or')}"
    values = np.unique(swept.matrix()[:, j])
    under, over = "below", "above"
    if len(values) <= LIST:
        inside = values[(values >= low) & (values <= high)]
        under, over = "at most", "at least"
        if len(inside) == 1:
            return f"{factor.label} {setting(factor, inside[0])}"
        low, high = (end if np.isinf(end) else at for end, at in
                     ((low, inside[0]), (high, inside[-1])))  # fmt: skip
    low, high = _plain(low, swept, factor), _plain(high, swept, factor)
    if low == -np.inf:
        return f"{factor.label} {under} {setting(factor, high)}"
    if high == np.inf:
        return f"{factor.label} {over} {setting(factor, low)}"
    return f"{factor.label} from {number(low)} to {setting(factor, high)}"


def _plain(bound: float, swept: Swept, factor: Factor) -> float:
    """A bound without digits that say nothing: to a hundredth of the range, or two figures."""
    low, high = swept.ends(factor)
    if np.isinf(bound) or bound == 0 or bound in factor.values:
        return bound
    step = abs(bound) / 10 if factor.scale == "log" else (high - low) / 20
    return round(bound, -int(np.floor(np.log10(step))))


def _sentence(box: Box, one: Checked, swept: Swept, says: str) -> str:
    return (
        f"With {words(box, swept)}, in {percent(one.density)} of runs {says}; "
        f"{percent(one.coverage)} of all such runs lie there."
    )


def percent(share: tuple[float, float, float]) -> str:
    value, low, high = (f"{100 * x:.0f}" for x in share)
    return f"{value} % [{low}, {high}]"


def _share(k: float, n: float, resampled: np.ndarray, trials: float) -> tuple[float, float, float]:
    if not n:
        return np.nan, np.nan, np.nan
    return (float(k / n), *chance.wilson(k / n, resampled, max(trials, 1), n))


def _halves(
    swept: Swept, events: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, str]:
    """What is searched: the factors and the event's share of each trial, whether the search sees
    it, which runs (points, worlds) it does not see, and those in words.

    A trial is a point; or, where worlds are halved, a point in a draw.
    """
    many, worlds = events.shape
    draws = worlds // swept.lucks
    if swept.design not in CHOSEN or draws < FEWEST_DRAWS:
        seen = chance.search_half(many)
        unseen = np.repeat(~seen[:, None], worlds, axis=1)
        left = int((~seen & np.isfinite(events).any(axis=1)).sum())
        return swept.matrix(), _rate(events), seen, unseen, f"{left:,} points"
    seen = chance.search_half(draws)
    y = _rate(events.reshape(many * draws, swept.lucks))
    unseen = np.tile(np.repeat(~seen, swept.lucks), (many, 1))
    left = f"{int((~seen).sum()) * swept.lucks:,} worlds"
    return np.repeat(swept.matrix(), draws, axis=0), y, np.tile(seen, many), unseen, left


def _rate(events: np.ndarray) -> np.ndarray:
    """The share of worlds at each point; NaN where no run told."""
    told = np.isfinite(events)
    with np.errstate(invalid="ignore"):
        return np.where(told, events, 0).sum(axis=1) / told.sum(axis=1)


def _shown(found: list[Box], swept: Swept, y: np.ndarray) -> pd.DataFrame:
    """For the picture: the points in the two factors that matter most."""
    import pandas as pd

    x = swept.matrix()
    known = np.isfinite(y)
    order = dict.fromkeys(
        j for box in found
        for j in sorted(box.restricted, key=lambda j: prim.by_chance(box, j, x[known], y[known]))
    )  # fmt: skip
    shown = list(order)[:2]
    names = [swept.factors[j].name for j in shown]
    points = pd.DataFrame(x[:, shown], columns=names).assign(share=y)
    return points.groupby(names, as_index=False).mean()  # of a grid, one dot a place


def _ranges(found: list[Box], swept: Swept) -> pd.DataFrame:
    """For the picture: what was tried of each factor that any box restricts."""
    import pandas as pd

    def row(factor: Factor) -> dict:
        low, high = swept.ends(factor)
        return {"factor": factor.name, "label": factor.label, "unit": factor.unit, "low": low,
                "high": high, "scale": factor.scale, "choices": swept.choices(factor)}  # fmt: skip

    used = sorted({j for box in found for j in box.restricted})
    return pd.DataFrame([row(swept.factors[j]) for j in used])


def _none(title: str, sentence: str, notes: tuple[str, ...]) -> Answer:
    import pandas as pd

    columns = ["box", "factor", "label", "low", "high", "values", "words", "chance", "points",
               "density", "density_low", "density_high", "coverage", "coverage_low",
               "coverage_high"]  # fmt: skip
    return Answer("boxes", title, sentence, pd.DataFrame(columns=columns), notes)
