"""Every experiment that comes with comsim can be carried out."""

from __future__ import annotations

from pathlib import Path

import pytest

from comsim.experiments.checks import load_experiment
from comsim.experiments.runs import ExperimentWork

EXPERIMENTS = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_its_first_and_last_run(path):
    work = ExperimentWork.of(load_experiment(path))
    for first in (0, work.runs - 1):
        row = work.stretch(first, first + 1)["runs"].to_pylist()[0]
        assert row["error"] is None and row["wau_mean"] > 0


def test_there_are_some():
    assert len(EXPERIMENTS) >= 3
