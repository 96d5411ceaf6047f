"""Every experiment that comes with comsim can be carried out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from comsim.studies.comparison.outcomes import OUTCOMES
from comsim.studies.experiments.checks import check, load_experiment
from comsim.studies.experiments.experiment import Experiment
from comsim.studies.experiments.runs import ExperimentWork

ROOT = Path(__file__).parents[2]
EXPERIMENTS = sorted((ROOT / "experiments").glob("*.toml"))


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_its_first_and_last_run(path):
    work = ExperimentWork.of(load_experiment(path))
    for first in (0, work.runs - 1):
        row = work.stretch(first, first + 1)["runs"].to_pylist()[0]
        assert row["error"] is None and row["wau_mean"] > 0


def test_there_are_some():
    assert len(EXPERIMENTS) >= 3


def test_what_the_documentation_says_is_an_experiment():
    page = (EXPERIMENTS[0].parents[1] / "docs" / "experiments.md").read_text("utf-8")
    whole, outcomes = (tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", page, re.S))
    for data in (whole, whole | outcomes):
        experiment = Experiment.from_dict(data, "docs", EXPERIMENTS[0].parent)
        check(experiment)
        assert experiment.runs == 100


def test_the_docs_name_every_outcome():
    told = (ROOT / "docs" / "experiments.md").read_text("utf-8")
    assert all(f"`{outcome.name}`" in told for outcome in OUTCOMES)
