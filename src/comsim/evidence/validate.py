"""Validate: which facts about real communities the model reproduces."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from comsim.common import arguments
from comsim.common.copies import Copied
from comsim.common.errors import InputError, nearest
from comsim.evidence.fact import QUICK_WORLDS, WORLDS, Fact, Finding, facts
from comsim.evidence.runner import findings
from comsim.evidence.tables import as_frame
from comsim.evidence.wording import headline
from comsim.evidence.world import SEED
from comsim.language.phrases import Words
from comsim.studies.comparison.runs import Progress

FEWEST, MOST = 2, 1_000


@dataclass(frozen=True, repr=False)
class Validation:
    """The findings for some facts, over worlds that differ in their random seeds only."""

    findings: tuple[Finding, ...]
    worlds: int
    seed: int
    seconds: float

    @Copied
    def table(self) -> pd.DataFrame:
        """One row per figure of each fact (columns: `comsim.evidence.tables.as_frame`)."""
        return as_frame(self.findings, self.worlds, self.headline)

    @property
    def headline(self) -> str:
        """How many of the predicted facts hold."""
        return headline(self.findings, Words("en"))

    def __repr__(self) -> str:
        return f"<Validation in {self.worlds} worlds: {self.headline}>"


def run_validation(
    only: Sequence[str] | None = None,
    quick: bool = False,
    worlds: int | None = None,
    seed: int = SEED,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Validation:
    """Check facts (`only` these, the `quick` ones, or all) in 2 to 1,000 worlds, by default 20, or
    5 if `quick`. InputError for an unknown fact and for too few worlds."""
    quick = arguments.flag(quick, "validate", "quick")
    if worlds is None:
        worlds = QUICK_WORLDS if quick else WORLDS
    worlds = arguments.whole(worlds, "validate", "worlds", FEWEST, MOST)
    seed = arguments.seed(seed, "validate")
    jobs = arguments.optional(jobs, "validate", "jobs", 1)
    began = time.perf_counter()
    results = findings(chosen(only, quick), worlds, seed, jobs, progress)
    return Validation(tuple(results), worlds, seed, time.perf_counter() - began)


def chosen(only: Sequence[str] | None, quick: bool) -> list[Fact]:
    """The selected facts, in the charter's order; InputError for an unknown one."""
    known = facts()
    ids = [id.strip().upper() for id in arguments.words(only)] if only is not None else known
    for id in ids:
        if id not in known:
            raise InputError.at("validate", "only", repr(id), nearest(id, known))
    return [fact for id, fact in known.items() if id in ids and (fact.quick or not quick)]


def validate(
    only: Sequence[str] | None = None,
    quick: bool = False,
    worlds: int | None = None,
    seed: int = SEED,
    jobs: int | None = None,
) -> pd.DataFrame:
    """The facts as a table: `comsim.validate(only=["F5", "F6"], worlds=20)`.

    One row per figure: the published value, the simulated mean with its 95 % confidence interval,
    the required band, the kind and the verdict (`comsim.evidence.tables.as_frame`).
    `attrs["headline"]` states how many predicted facts hold. InputError as in `run_validation`.
    """
    return run_validation(only, quick, worlds, seed, jobs).table
