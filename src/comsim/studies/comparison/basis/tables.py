"""The basis of the answers of a comparison: effects by lot, grades of evidence, and the tests that
would settle them. Each takes more runs; this module plans and makes them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pandas as pd

from comsim.scenario.worlds import World
from comsim.studies.comparison.basis.evidence import grade_table
from comsim.studies.comparison.basis.own_tests import Learned
from comsim.studies.comparison.basis.settling import settling_table
from comsim.studies.comparison.basis.word_of_mouth import word_of_mouth_table
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.runs import Progress, Runs

BASIS = ("by_lot", "grades", "settling")
"""Names of the tables of `basis`."""


def basis(
    policies: Sequence[Policy],
    runs: Runs,
    worlds: Sequence[World],
    tests: Learned,
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables by_lot, grades and settling of `Comparison`. `policies` are those for everybody,
    and `runs` theirs; `tests`: the weights of the worlds after the tests."""
    lots = word_of_mouth_table(policies, runs, worlds, tests.weights, seed, jobs, progress)
    grades = grade_table(policies, runs, worlds, tests.weights, tests.levers, seed, jobs, progress)
    start = policies[0].scenario.start
    settling = settling_table(
        policies, runs, grades, worlds, tests.weights, seed, start, jobs, progress
    )
    return dict(zip(BASIS, (lots, grades, settling), strict=True))


def for_everybody(runs: Runs, places: Collection[int]) -> Runs:
    """The runs of some of the policies."""
    at = list(places)
    return replace(
        runs,
        since=tuple(runs.since[p] for p in at),
        starts=tuple(runs.starts[p] for p in at),
        **{name: getattr(runs, name)[at]
           for name in ("outcomes", "first", "series", "arms", "first_arms")},
    )  # fmt: skip


def added_up(report: Progress | None) -> Progress | None:
    """A report of progress for several pieces of work, one after the other: it adds the runs of
    those before to both numbers. In each piece, the number of runs done rises with every call."""
    if report is None:
        return None
    before = here = 0

    def add(done: int, total: int) -> None:
        nonlocal before, here
        if done <= here:  # the next piece
            before += here
        here = done
        report(before + done, before + total)

    return add
