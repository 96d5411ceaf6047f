"""Measures every fact in every world, in parallel: means with their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import numpy as np

from comsim.common.machine import processors
from comsim.evidence.fact import Fact, Finding
from comsim.evidence.facts import MEASURES
from comsim.evidence.world import FactWorld, worlds
from comsim.statistics.intervals import Interval, mean, relative
from comsim.studies.comparison.runs import Progress

Figures = Mapping[str, float | None]


def findings(
    facts: Sequence[Fact],
    number: int,
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> list[Finding]:
    """The finding for each fact in a number of worlds. Results do not depend on `jobs`."""
    measured = [fact for fact in facts if fact.missing is None]
    figures = run_all([fact.id for fact in measured], worlds(number, seed), jobs, progress)
    return [finding(fact, figures.get(fact.id, [])) for fact in facts]


def finding(fact: Fact, figures: Iterable[Figures]) -> Finding:
    """The means of the figures in the checks of a fact, over the worlds in which they exist."""
    figures, means, absent = list(figures), {}, {}
    for check in fact.checks:
        names = check.ratio or (check.figure,)
        values = np.array([[_number(one.get(name)) for name in names] for one in figures])
        values = values.reshape(-1, len(names))
        here = np.isfinite(values).all(axis=1)
        absent[check.figure] = int((~here).sum())
        means[check.figure] = (ratio if check.ratio else interval)(values[here])
    return Finding(fact, means, absent)


def interval(values: np.ndarray) -> Interval:
    """The mean over worlds of a figure (worlds, 1), with Student's t."""
    if len(values) < 2:
        return Interval(float(values.mean()) if len(values) else np.nan, np.nan, np.nan)
    return Interval(*(float(x) for x in mean(values)))


def ratio(values: np.ndarray) -> Interval:
    """The mean of the first over the mean of the second figure (worlds, 2)."""
    if len(values) < 2:
        return Interval(np.nan, np.nan, np.nan)
    above, below = values.T
    return Interval(*(float(x) + 1 for x in relative(below[:, None], above[:, None])))


def run_all(
    ids: Sequence[str],
    in_worlds: Sequence[FactWorld],
    jobs: int | None = None,
    progress: Progress | None = None,
) -> dict[str, list[Figures]]:
    """The figures of each fact in each world, in order of worlds. Worlds are processed in parallel,
    the facts of a world one after the other, since they share its runs."""
    total, done, lock = len(ids) * len(in_worlds), 0, Lock()

    def one(world: FactWorld) -> dict[str, Figures]:
        nonlocal done
        figures = {}
        for id in ids:
            figures[id] = MEASURES[id](world)
            with lock:
                done += 1
                if progress:
                    progress(done, total)
        world.forget()
        return figures

    pool = ThreadPoolExecutor(jobs or processors())
    try:
        results = list(pool.map(one, in_worlds))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return {id: [one[id] for one in results] for id in ids}


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)
