"""A finished sweep, read from its folder on access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comsim.common import arguments
from comsim.common.copies import Copied
from comsim.common.errors import InputError, nearest
from comsim.files.origin import check_definitions
from comsim.files.sums import unchecked
from comsim.scenario.rows import DEFAULT, INDEPENDENT
from comsim.studies.comparison.outcomes import Outcome
from comsim.studies.experiments.checks import notes
from comsim.studies.experiments.experiment import Experiment
from comsim.studies.experiments.factors import Factor
from comsim.studies.shards import manifest
from comsim.studies.shards.check import check_inputs, check_runs, check_shards, look_for
from comsim.studies.shards.files import INPUTS, MERGED, path_of
from comsim.studies.shards.manifest import FINISHED, Manifest
from comsim.studies.shards.work import shards_of

if TYPE_CHECKING:
    import pandas as pd

SERIES = "series"


@dataclass(frozen=True, repr=False)
class Sweep:
    """The runs of an experiment: points of its design, each in the same worlds.

    Files are checked when they are read: InputError if one has changed since it was written.
    """

    folder: Path
    manifest: Manifest
    """What was run, with which code and packages, and its state."""

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment as it was run; the CSV files that it read are in the folder."""
        check_inputs(self.folder, self.manifest)
        run, inputs = self.manifest.identity, self.folder / INPUTS
        data = _renamed(run["experiment"])
        return Experiment.from_dict(data, str(self.folder), inputs, run["scenarios"])

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What varied."""
        return self.experiment.factors

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What was recorded of each run."""
        return self.experiment.judged_by

    @Copied
    def notes(self) -> list[str]:
        """Notes on settings without effect, and on ignored data in its files."""
        return notes(self.experiment)

    @Copied
    def runs(self) -> pd.DataFrame:
        """One row per run, in order: `run`, `point`, `world`, `seed` (random seed), `draw` (number
        of the parameter sample; -1 for defaults), one column per factor and per outcome (NaN if it
        does not exist), `lived` (days) and `error` (missing without an error)."""
        import pandas as pd

        check_runs(self.folder, self.manifest)
        return pd.read_parquet(self.folder / MERGED)

    @Copied
    def design(self) -> pd.DataFrame:
        """One row per point (index `point`), one column per factor."""
        columns = [factor.column for factor in self.factors]
        first = self.runs["world"] == 0
        return self.runs[first].set_index("point")[columns]

    def series(
        self, metrics: str | Sequence[str] | None = None, runs: Sequence[int] | None = None
    ) -> pd.DataFrame:
        """The stored daily series, one row per run and day: `run`, `day`, one column per metric.

        `metrics` and `runs` select what is read, by default everything. InputError for a metric
        that was not stored.
        """
        from pyarrow import dataset

        kept = self.experiment.series.metrics if self.experiment.series else ()
        metrics = arguments.words(metrics or ())
        for metric in metrics or ([] if kept else [SERIES]):
            if metric not in kept:
                allowed = nearest(metric, kept) if kept else "none (the experiment has no [series])"
                raise InputError.at(self.folder, "series", metric, allowed)
        files = dataset.dataset(self.series_files(runs))
        wanted = None if runs is None else dataset.field("run").isin(list(runs))
        return files.to_table(["run", "day", *(metrics or kept)], filter=wanted).to_pandas()

    def series_files(self, runs: Sequence[int] | None = None) -> list[Path]:
        """The checked files of the daily series in order of runs, or only those with given `runs`;
        at least one if series were stored."""
        if not self.experiment.series:
            return []
        shards = shards_of(self.manifest)
        if runs is not None:
            wanted = {int(run) // self.manifest.runs_a_shard for run in runs}
            shards = [shard for shard in shards if shard.number in wanted] or shards[:1]
        check_shards(self.folder, SERIES, shards, self.manifest)
        return [path_of(self.folder, SERIES, shard.number) for shard in shards]

    def __repr__(self) -> str:
        return f"<Sweep of {self.experiment.name!r}: {self.manifest.runs:,} runs>"


def load_sweep(folder: str | Path) -> Sweep:
    """Load a finished sweep. InputError if the folder is not one, or the table of its runs has
    changed since it was written. Warns (`Unchecked`) about a sweep of an earlier version."""
    folder = Path(folder)
    known = manifest.read(folder)
    if "experiment" not in known.identity:
        raise InputError.at(folder, "folder", "something else", "the folder of a sweep")
    if known.state != FINISHED:
        allowed = "a finished sweep (comsim sweep --resume continues it)"
        raise InputError.at(folder, "folder", f"a sweep that is {known.state}", allowed)
    outcomes = known.identity["experiment"]["outcomes"]
    names = [outcome for outcome in outcomes if isinstance(outcome, str)]
    check_definitions(folder, known.identity, names)
    if known.checksums is None:
        unchecked(folder)
    check_runs(folder, known)
    if known.identity["experiment"].get(SERIES):
        look_for(folder, SERIES, shards_of(known))
    return Sweep(folder, known)


def _renamed(experiment: dict[str, Any]) -> dict[str, Any]:
    """An experiment as it is written today: earlier versions had `drawn` instead of `sample`."""
    worlds = dict(experiment.get("worlds", {}))
    if "drawn" not in worlds:
        return experiment
    sample = INDEPENDENT if worlds.pop("drawn") else DEFAULT
    return experiment | {"worlds": worlds | {"sample": sample}}
