"""What a finished sweep left in its folder, read when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from comsim.comparison.outcomes import Outcome
from comsim.errors import InputError, nearest
from comsim.experiments.checks import notes
from comsim.experiments.factors import Factor
from comsim.experiments.form import Experiment
from comsim.shards import manifest
from comsim.shards.files import INPUTS, MERGED, merged
from comsim.shards.manifest import FINISHED, Manifest

if TYPE_CHECKING:
    import pandas as pd

SERIES = "series"


@dataclass(frozen=True, repr=False)
class Sweep:
    """The runs of an experiment: points of its design, each in the same worlds."""

    folder: Path
    manifest: Manifest
    """What was run, with what, and how far it is."""

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment as it was run; the CSV files that it read lie in the folder."""
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

    @cached_property
    def notes(self) -> list[str]:
        """What the experiment says without effect, and what its files hold and was left out."""
        return notes(self.experiment)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a run, in order: `run`, `point`, `world`, `seed` (of its luck), `draw` (of what
        nobody knows; -1 for defaults), a column a factor, a column an outcome (NaN for what does
        not exist), `lived` (days) and `error` (missing where all went well)."""
        import pandas as pd

        return pd.read_parquet(self.folder / MERGED)

    @cached_property
    def design(self) -> pd.DataFrame:
        """A row a point (index `point`), a column a factor."""
        columns = [factor.column for factor in self.factors]
        first = self.runs["world"] == 0
        return self.runs[first].set_index("point")[columns]

    def series(
        self, metrics: Sequence[str] | None = None, runs: Sequence[int] | None = None
    ) -> pd.DataFrame:
        """The daily series that were kept, a row a run and day: `run`, `day`, a column a metric.

        Only `metrics` and `runs`, where they are said, are read. InputError for a metric that was
        not kept.
        """
        from pyarrow import dataset

        kept = self.experiment.series.metrics if self.experiment.series else ()
        for metric in metrics or ([] if kept else [SERIES]):
            if metric not in kept:
                allowed = nearest(metric, kept) if kept else "none: [series] of the experiment"
                raise InputError.at(self.folder, "series", metric, allowed)
        found = dataset.dataset(sorted((self.folder / SERIES).glob("*.parquet")))
        wanted = None if runs is None else dataset.field("run").isin(list(runs))
        return found.to_table(["run", "day", *(metrics or kept)], filter=wanted).to_pandas()

    def __repr__(self) -> str:
        return f"<Sweep of {self.experiment.name!r}: {self.manifest.runs:,} runs>"


def load_sweep(folder: str | Path) -> Sweep:
    """A finished sweep; InputError where the folder is none."""
    folder = Path(folder)
    found = manifest.read(folder)
    if "experiment" not in found.identity:
        raise InputError.at(folder, "folder", "another kind of work", "the folder of a sweep")
    if found.state != FINISHED:
        allowed = "a finished one: comsim sweep --resume goes on with it"
        raise InputError.at(folder, "folder", f"a sweep that is {found.state}", allowed)
    shards = -(-found.runs // found.runs_a_shard)
    kept = shards if found.identity["experiment"].get(SERIES) else 0
    whole = merged(folder, found.runs, found.digest) is not None
    if not whole or len(list((folder / SERIES).glob("*.parquet"))) < kept:
        allowed = "all of them: comsim sweep --force makes them again"
        raise InputError.at(folder, "tables", "not all of a finished sweep", allowed)
    return Sweep(folder, found)
