"""Validate the model: which facts about real communities it reproduces."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from comsim.common import arguments
from comsim.common.copies import Copied
from comsim.common.errors import InputError
from comsim.evidence.fact import Finding
from comsim.evidence.findings import findings
from comsim.evidence.runner import FULL, QUICK
from comsim.evidence.selection import chosen
from comsim.evidence.tables import as_frame
from comsim.evidence.wording import headline
from comsim.evidence.world import SEED
from comsim.language.phrases import Words
from comsim.scenario.rows import (
    DEFAULT,
    INDEPENDENT,
    NO_SAMPLE,
    PLAUSIBLE,
    Origin,
    origin_of,
    rows_of,
)
from comsim.studies.comparison.runs import Progress

FEWEST, MOST = 2, 1_000


@dataclass(frozen=True, repr=False)
class Validation:
    """The findings for some facts, over worlds that differ only in their random seeds."""

    findings: tuple[Finding, ...]
    worlds: int
    """Worlds of each fact of kind F."""
    seed: int
    rivals: bool
    """Whether the facts were also simulated without their mechanisms."""
    seconds: float
    sample: Origin = NO_SAMPLE
    """Where the parameters come from."""

    @Copied
    def table(self) -> pd.DataFrame:
        """One row per figure of each fact (columns: `comsim.evidence.tables.as_frame`)."""
        return as_frame(self.findings, self.headline)

    @property
    def headline(self) -> str:
        """How many of the held facts hold."""
        return headline(self.findings, Words("en"))

    def __repr__(self) -> str:
        return f"<Validation in {self.worlds} worlds: {self.headline}>"


def run_validation(
    only: Sequence[str] | None = None,
    quick: bool = False,
    held: bool = False,
    worlds: int | None = None,
    seed: int = SEED,
    rivals: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
    sample: str | Path = DEFAULT,
) -> Validation:
    """Check all facts, or `only` those with these ids, kinds or levers; `quick` and `held` restrict
    the choice further. Facts of kind F are measured in 2 to 1,000 `worlds`, by default 20, or 5 if
    `quick`. `rivals`: whether to also simulate the facts without their mechanisms. `sample`: where
    parameters come from: "default", "plausible" or the path of a sample
    (`comsim.scenario.rows`). InputError for an unknown name, and if `worlds` is out of range."""
    quick = arguments.flag(quick, "validate", "quick")
    held = arguments.flag(held, "validate", "held")
    rivals = arguments.flag(rivals, "validate", "rivals")
    size = QUICK if quick else FULL
    worlds = size.worlds if worlds is None else worlds
    worlds = arguments.whole(worlds, "validate", "worlds", FEWEST, MOST)
    seed = arguments.seed(seed, "validate")
    jobs = arguments.optional(jobs, "validate", "jobs", 1)
    if sample == INDEPENDENT:
        allowed = f"{DEFAULT}, {PLAUSIBLE}, or the path of a sample"
        raise InputError.at("validate", "sample", INDEPENDENT, allowed)
    rows = rows_of(sample, "validate")
    began = time.perf_counter()
    facts = chosen(only, quick, held)
    results = findings(facts, replace(size, worlds=worlds), seed, rivals, jobs, progress, rows)
    return Validation(
        tuple(results), worlds, seed, rivals, time.perf_counter() - began, origin_of(sample, rows)
    )


def validate(
    only: Sequence[str] | None = None,
    quick: bool = False,
    held: bool = False,
    worlds: int | None = None,
    seed: int = SEED,
    rivals: bool = True,
    jobs: int | None = None,
    sample: str | Path = DEFAULT,
) -> pd.DataFrame:
    """The facts as a table: `comsim.validate(only=["E", "F6"])`.

    One row per figure: the published value, the simulated mean with its 95 % confidence interval,
    the band, the kind, the mark, the verdict and the two rivals
    (`comsim.evidence.tables.as_frame`). `attrs["headline"]` states how many held facts hold.
    InputError as in `run_validation`.
    """
    return run_validation(only, quick, held, worlds, seed, rivals, jobs, None, sample).table
