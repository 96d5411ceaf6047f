"""Every broken experiment file gives one line: file, key, what was found, what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from comsim.common.errors import InputError
from comsim.studies.experiments.checks import load_experiment

from .bad_experiments import CASES, Case, materialise


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_line_says_what_is_wrong(case: Case, tmp_path: Path):
    path = materialise(case, tmp_path)
    with pytest.raises(InputError) as caught:
        load_experiment(path)
    message = str(caught.value)
    assert message.isprintable() and len(message) < 1000
    file, rest = message.split(": ", 1)
    assert Path(file).name == (case.named if case.name != "csv_missing" else "none.csv")
    assert ("found " in rest and "; allowed: " in rest) or rest.startswith("file not found; ")
    for part in case.said:
        assert part in rest


def test_there_are_enough_and_the_parts_alone_are_good(tmp_path: Path):
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 40
    experiment = load_experiment(materialise(Case("good", ()), tmp_path))
    assert (experiment.points, experiment.runs) == (6, 12)
