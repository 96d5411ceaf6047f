"""What a finished sweep left in its folder, read when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from comsim.common import arguments
from comsim.common.copies import Copied
from comsim.common.errors import InputError, nearest
from comsim.files.sums import unchecked
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
    """What was run, with what, and how far it is."""

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment as it was run; the CSV files that it read lie in the folder."""
        check_inputs(self.folder, self.manifest)
        said, inputs = self.manifest.identity, self.folder / INPUTS
        return Experiment.from_dict(said["experiment"], str(self.folder), inputs, said["scenarios"])

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What was varied."""
        return self.experiment.factors

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What each run was asked."""
        return self.experiment.judged_by

    @Copied
    def notes(self) -> list[str]:
        """Notes on settings without effect, and on data in its files that was left out."""
        return notes(self.experiment)

    @Copied
    def runs(self) -> pd.DataFrame:
        """A row a run, in order: `run`, `point`, `world`, `seed` (of its luck), `draw` (of what
        nobody knows; -1 for defaults), a column a factor, a column an outcome (NaN for what does
        not exist), `lived` (days) and `error` (missing where all went well)."""
        import pandas as pd

        check_runs(self.folder, self.manifest)
        return pd.read_parquet(self.folder / MERGED)

    @Copied
    def design(self) -> pd.DataFrame:
        """A row a point (index `point`), a column a factor."""
        columns = [factor.column for factor in self.factors]
        first = self.runs["world"] == 0
        return self.runs[first].set_index("point")[columns]

    def series(
        self, metrics: str | Sequence[str] | None = None, runs: Sequence[int] | None = None
    ) -> pd.DataFrame:
        """The daily series that were kept, a row a run and day: `run`, `day`, a column a metric.

        Only `metrics` and `runs`, where they are said, are read. InputError for a metric that was
        not kept.
        """
        from pyarrow import dataset

        kept = self.experiment.series.metrics if self.experiment.series else ()
        metrics = arguments.words(metrics or ())
        for metric in metrics or ([] if kept else [SERIES]):
            if metric not in kept:
                allowed = nearest(metric, kept) if kept else "none: [series] of the experiment"
                raise InputError.at(self.folder, "series", metric, allowed)
        found = dataset.dataset(self.series_files(runs))
        wanted = None if runs is None else dataset.field("run").isin(list(runs))
        return found.to_table(["run", "day", *(metrics or kept)], filter=wanted).to_pandas()

    def series_files(self, runs: Sequence[int] | None = None) -> list[Path]:
        """The checked files of the daily series in order of runs, or only those with given `runs`;
        at least one, if series were kept."""
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
    """A finished sweep; InputError if the folder is not one, or the table of its runs has changed
    since it was written. Warns (`Unchecked`) about a sweep of an earlier version."""
    folder = Path(folder)
    found = manifest.read(folder)
    if "experiment" not in found.identity:
        raise InputError.at(folder, "folder", "another kind of work", "the folder of a sweep")
    if found.state != FINISHED:
        allowed = "a finished one: comsim sweep --resume goes on with it"
        raise InputError.at(folder, "folder", f"a sweep that is {found.state}", allowed)
    if found.checksums is None:
        unchecked(folder)
    check_runs(folder, found)
    if found.identity["experiment"].get(SERIES):
        look_for(folder, SERIES, shards_of(found))
    return Sweep(folder, found)
