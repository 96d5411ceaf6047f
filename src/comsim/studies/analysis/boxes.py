"""Scenario discovery: under which values of the factors does something happen?

Bryant and Lempert (2010, Technological Forecasting and Social Change 77:34-49): a few boxes of
factor values that contain most of the runs in which a condition holds (coverage) and few others
(density). Boxes are searched on half of the points (`comsim.statistics.prim`), and evaluated on the
other half; `check` evaluates them on any other sweep of the same factors. If points were chosen (a
grid, a list) and there are many worlds, worlds are split instead: the search uses all points, in
half of the worlds. In tests with a known truth (63 points, 20 worlds) the intervals of such boxes
contained it in 97 % (density) and 88 % (coverage) of sweeps, and pure noise never had a box.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from comsim.language.amounts import number
from comsim.statistics import prim, resampling
from comsim.statistics.prim import Box
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.condition import OutcomeCondition, gaps_in
from comsim.studies.analysis.effects import CHOSEN
from comsim.studies.analysis.phrasing import listed, setting, upper

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.analysis.swept import FactorColumn, Swept

MOST_BOXES = 3
FEWEST_POINTS = 40  # half of which are searched (an assumption)
FEWEST_EVENTS = 5  # among the points searched, counted by their shares of worlds
FEWEST_SAMPLES = 8  # needed to split worlds instead of points (an assumption)
LIST = 12  # up to this number of values, bounds are values of the factor


@dataclass(frozen=True)
class Checked:
    """The points, density and coverage of one or several boxes, with 95 % intervals, and the share
    of all runs with the event."""

    points: int
    density: tuple[float, float, float]
    coverage: tuple[float, float, float]
    anywhere: float


def boxes(swept: Swept, condition: OutcomeCondition) -> tuple[Answer, tuple[Box, ...]]:
    """The boxes in which a condition holds, as an answer and for `check`.

    The table has one row per restriction of each box: `box` (1, 2, ...), `factor`, `label`, `low`,
    `high` (infinite if open), `values` (of a choice), `words`, `chance` (quasi-p-value), and of its
    box `points`, `density`, `coverage` with `_low` and `_high`. All of these are computed from
    points that the search did not use.
    """
    events, text = condition.holds(swept), condition.words(swept)
    x, y, seen, unseen, source = _halves(swept, events)
    known, notes = np.isfinite(y), gaps_in(events, swept)
    search, rest = seen & known, ~seen & known
    if known.sum() < FEWEST_POINTS or not min(search.sum(), rest.sum()):
        few = f"{known.sum()} trials are too few to search for boxes; {FEWEST_POINTS} are needed."
        return _none(f"Too few points to find where {text}", few, notes), ()
    share = number(100 * np.nanmean(events))
    if y[search].sum() < FEWEST_EVENTS:
        return _none(f"Too rare for boxes: {text}", f"In {share} % of runs {text}: too few to find "
                     "the conditions.", notes), ()  # fmt: skip
    choice = np.array([bool(swept.choices(factor)) for factor in swept.factors])
    selected = _search(x, y, choice, search, rest)
    if not selected:
        sentence = (
            f"In {share} % of runs {text}. No box of factor values separates these runs from the "
            "others in runs that the search did not use. The factors may still matter: in another "
            "shape than a box, or too little for this number of runs."
        )
        return _none(f"No box: {text} in no particular region", sentence, notes), ()
    import pandas as pd

    checked = [check([box], swept, condition, unseen) for box in selected]
    together = check(selected, swept, condition, unseen)
    table = pd.DataFrame(
        [row for k, box in enumerate(selected)
         for row in _rows(k + 1, box, checked[k], swept, x[rest], y[rest])]
    )  # fmt: skip
    lines = [_sentence(box, one, swept, text) for box, one in zip(selected, checked, strict=True)]
    if len(selected) > 1:
        lines.append(f"Together the boxes contain {percent(together.coverage)} of such runs.")
    base = number(100 * y[rest].mean())
    lines.append(
        f"Overall it is {base} % of runs. These figures come from {source} that the search did not "
        "use."
    )
    where = words(selected[0], swept)
    title = f"{upper(text)}: mostly with {where}"
    if checked[0].density[0] < 0.5:
        title = f"{upper(text)}: most often with {where}"
    weak = [row for row in table.itertuples() if row.chance > prim.CHANCE]
    notes += tuple(
        f"The restriction {row.words} of box {row.box} may be due to chance (quasi-p-value "
        f"{row.chance:.2f})."
        for row in weak
    )
    data = {
        "table": table, "points": _shown(selected, swept, _rate(events)),
        "ranges": _ranges(selected, swept), "says": text, "anywhere": float(y[rest].mean()),
    }  # fmt: skip
    answer = Answer("boxes", title, " ".join(lines), table, notes, "boxes.boxes", data)
    return answer, tuple(selected)


def check(
    boxes: list[Box] | tuple[Box, ...],
    swept: Swept,
    condition: OutcomeCondition,
    at: np.ndarray | None = None,
) -> Checked:
    """Evaluate boxes on a sweep, possibly with other points and seeds. `at` selects runs, bool
    (points, worlds): all worlds of some points, or all points of some parameter samples."""
    x, events = swept.matrix(), condition.holds(swept)
    if at is not None:
        points, worlds = at.any(axis=1), at.any(axis=0)
        x, events = x[points], events[points][:, worlds]
    inside = np.any([box.inside(x) for box in boxes], axis=0)
    known, happened = np.isfinite(events), np.nan_to_num(events)
    worlds = resampling.counts(events.shape[1], resampling.WORLDS, swept.replications)
    samples = events.shape[1] // swept.replications
    chosen = swept.design in CHOSEN and samples > 1
    points = resampling.counts(len(x), resampling.POINTS)
    if chosen:
        points = np.ones_like(points)

    def both(runs: np.ndarray) -> np.ndarray:
        return ((points @ runs) * worlds).sum(axis=1)

    here, whole = happened * inside[:, None], known * inside[:, None]
    again = both(here), both(whole), both(happened)
    with np.errstate(invalid="ignore", divide="ignore"):
        density, coverage = again[0] / again[1], again[0] / again[2]
    n, k, all_events = whole.sum(), here.sum(), happened.sum()
    full = whole.any(axis=1).sum()
    return Checked(
        int(full),
        _share(k, n, density, samples if chosen else full),
        _share(k, all_events, coverage, samples if chosen else happened.any(axis=1).sum()),
        float(all_events / max(known.sum(), 1)),
    )


def words(box: Box, swept: Swept) -> str:
    """A box in words: "ads above 4.2 a visit and official posts below 1 a day"."""
    return " and ".join(_bound(box, j, swept) for j in box.restricted)


def _search(
    x: np.ndarray, y: np.ndarray, choice: np.ndarray, search: np.ndarray, rest: np.ndarray
) -> list[Box]:
    """Boxes, one after the other, each confirmed by points that the search did not use."""
    boxes, covered = [], np.zeros(len(y), bool)
    for _ in range(MOST_BOXES):
        left = search & ~covered
        if left.sum() < FEWEST_POINTS / 4 or y[left].sum() < FEWEST_EVENTS:
            break
        box = prim.find(x[left], y[left], choice)
        unseen = rest & ~covered
        here = y[unseen & box.inside(x)]
        if not box.restricted or not len(here):
            break
        if any((box.inside(x) >= other.inside(x)).all() for other in boxes):
            break  # it only contains an earlier box
        events = np.floor(here.sum() + 1e-9)
        if stats.binom.sf(events - 1, len(here), y[unseen].mean()) > prim.CHANCE:
            break
        boxes.append(box)
        covered |= box.inside(x)
    return boxes


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
    """One restriction in words; bounds are values of the factor if there are few of them."""
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


def _plain(bound: float, swept: Swept, factor: FactorColumn) -> float:
    """A bound rounded to a hundredth of the range, or to two digits."""
    low, high = swept.ends(factor)
    if np.isinf(bound) or bound == 0 or bound in factor.values:
        return bound
    step = abs(bound) / 10 if factor.scale == "log" else (high - low) / 20
    return round(bound, -int(np.floor(np.log10(step))))


def _sentence(box: Box, one: Checked, swept: Swept, text: str) -> str:
    return (
        f"With {words(box, swept)}, in {percent(one.density)} of runs {text}; this box contains "
        f"{percent(one.coverage)} of all such runs."
    )


def percent(share: tuple[float, float, float]) -> str:
    value, low, high = (f"{100 * x:.0f}" for x in share)
    return f"{value} % [{low}, {high}]"


def _share(k: float, n: float, resampled: np.ndarray, trials: float) -> tuple[float, float, float]:
    if not n:
        return np.nan, np.nan, np.nan
    return (float(k / n), *resampling.wilson(k / n, resampled, max(trials, 1), n))


def _halves(
    swept: Swept, events: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, str]:
    """The factors and the event's share of each trial, whether the search uses it, which runs
    (points, worlds) it does not use, and these in words.

    A trial is a point or, if worlds are split, a point in a parameter sample.
    """
    many, worlds = events.shape
    samples = worlds // swept.replications
    if swept.design not in CHOSEN or samples < FEWEST_SAMPLES:
        seen = resampling.search_half(many)
        unseen = np.repeat(~seen[:, None], worlds, axis=1)
        left = int((~seen & np.isfinite(events).any(axis=1)).sum())
        return swept.matrix(), _rate(events), seen, unseen, f"{left:,} points"
    seen = resampling.search_half(samples)
    y = _rate(events.reshape(many * samples, swept.replications))
    unseen = np.tile(np.repeat(~seen, swept.replications), (many, 1))
    left = f"{int((~seen).sum()) * swept.replications:,} worlds"
    return np.repeat(swept.matrix(), samples, axis=0), y, np.tile(seen, many), unseen, left


def _rate(events: np.ndarray) -> np.ndarray:
    """The share of worlds at each point; NaN if it is known in none."""
    known = np.isfinite(events)
    with np.errstate(invalid="ignore"):
        return np.where(known, events, 0).sum(axis=1) / known.sum(axis=1)


def _shown(boxes: list[Box], swept: Swept, y: np.ndarray) -> pd.DataFrame:
    """For the figure: the points in the two factors that matter most."""
    import pandas as pd

    x = swept.matrix()
    known = np.isfinite(y)
    order = dict.fromkeys(
        j for box in boxes
        for j in sorted(box.restricted, key=lambda j: prim.by_chance(box, j, x[known], y[known]))
    )  # fmt: skip
    shown = list(order)[:2]
    names = [swept.factors[j].name for j in shown]
    points = pd.DataFrame(x[:, shown], columns=names).assign(share=y)
    return points.groupby(names, as_index=False).mean()  # one dot per place of a grid


def _ranges(boxes: list[Box], swept: Swept) -> pd.DataFrame:
    """For the figure: the range of each factor that a box restricts."""
    import pandas as pd

    def row(factor: FactorColumn) -> dict:
        low, high = swept.ends(factor)
        return {"factor": factor.name, "label": factor.label, "unit": factor.unit, "low": low,
                "high": high, "scale": factor.scale, "choices": swept.choices(factor)}  # fmt: skip

    used = sorted({j for box in boxes for j in box.restricted})
    return pd.DataFrame([row(swept.factors[j]) for j in used])


def _none(title: str, sentence: str, notes: tuple[str, ...]) -> Answer:
    import pandas as pd

    columns = ["box", "factor", "label", "low", "high", "values", "words", "chance", "points",
               "density", "density_low", "density_high", "coverage", "coverage_low",
               "coverage_high"]  # fmt: skip
    return Answer("boxes", title, sentence, pd.DataFrame(columns=columns), notes)
