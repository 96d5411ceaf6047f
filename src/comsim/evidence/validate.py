"""Validate: which facts about real communities come out, and which do not."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comsim.common import arguments
from comsim.common.copies import Copied
from comsim.common.errors import InputError, nearest
from comsim.evidence.fact import QUICK_WORLDS, WORLDS, Fact, Finding, facts
from comsim.evidence.runner import findings
from comsim.evidence.wording import headline
from comsim.evidence.world import SEED
from comsim.language.phrases import Words
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd

FEWEST, MOST = 2, 1_000


@dataclass(frozen=True, repr=False)
class Validation:
    """What came out for some facts, over some worlds that differ in luck alone."""

    findings: tuple[Finding, ...]
    worlds: int
    seed: int
    seconds: float

    @Copied
    def table(self) -> pd.DataFrame:
        """A row for each figure of each fact, as `comsim.evidence.tables` says."""
        from comsim.evidence.tables import as_frame

        return as_frame(self)

    @property
    def headline(self) -> str:
        """How many of the facts that nothing was chosen to meet came out."""
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
    """Look for facts (`only` those, or the `quick` ones, or all) in worlds, by default 20, or 5
    where it must be quick. InputError for a fact that there is not, and for too few worlds."""
    quick = arguments.flag(quick, "validate", "quick")
    if worlds is None:
        worlds = QUICK_WORLDS if quick else WORLDS
    worlds = arguments.whole(worlds, "validate", "worlds", FEWEST, MOST)
    seed = arguments.seed(seed, "validate")
    jobs = arguments.optional(jobs, "validate", "jobs", 1)
    began = time.perf_counter()
    found = findings(chosen(only, quick), worlds, seed, jobs, progress)
    return Validation(tuple(found), worlds, seed, time.perf_counter() - began)


def chosen(only: Sequence[str] | None, quick: bool) -> list[Fact]:
    """The facts that are asked for, in the charter's order."""
    known = facts()
    asked = [id.strip().upper() for id in arguments.words(only)] if only is not None else known
    for id in asked:
        if id not in known:
            raise InputError.at("validate", "only", repr(id), nearest(id, known))
    return [fact for id, fact in known.items() if id in asked and (fact.quick or not quick)]


def validate(
    only: Sequence[str] | None = None,
    quick: bool = False,
    worlds: int | None = None,
    seed: int = SEED,
    jobs: int | None = None,
) -> pd.DataFrame:
    """The facts as a table: `comsim.validate(only=["F5", "F6"], worlds=20)`.

    A row for each figure: published, simulated mean with the 95 % confidence interval of that mean,
    what is wanted, kind and verdict (`comsim.evidence.tables`). `attrs["headline"]` counts the
    predicted facts.
    """
    return run_validation(only, quick, worlds, seed, jobs).table
