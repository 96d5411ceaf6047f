"""A function whose indices are known, taken through all that an experiment goes through."""

from __future__ import annotations

import numpy as np

import comsim
from comsim.studies.experiments.checks import load_experiment
from comsim.studies.shards.carry_out import carry_out

from ..works import IshigamiPoints

FILE = """
name = "Ishigami"
outcomes = ["wau"]
scenario = "scenario.toml"
factors = [
  { path = "policy.ad_pressure", kind = "lever", range = [0, 8] },
  { path = "parameters.wear", kind = "uncertainty", range = [0.1, 0.3] },
  { path = "policy.content_quality", kind = "lever", range = [0.2, 0.8] },
]
design = { kind = "sobol", points = 1024 }
"""


def test_the_known_indices_lie_in_the_intervals_of_the_answer(tmp_path):
    (tmp_path / "scenario.toml").write_text('name = "Any"\n')
    (tmp_path / "ishigami.toml").write_text(FILE)
    work = IshigamiPoints.of(load_experiment(tmp_path / "ishigami.toml"))
    carry_out(work, tmp_path / "out")
    sweep = comsim.load_sweep(tmp_path / "out")
    assert len(sweep.runs) == 5 * 1024 and len(sweep.design) == 5 * 1024

    table = comsim.analyse(sweep)["sobol_wau"].table.set_index("factor")
    one, two = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 7**2 / 8  # parts of the variance
    both = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
    known = {
        "ad_pressure": (one, one + both), "wear": (two, two), "content_quality": (0.0, both)
    }  # fmt: skip
    for factor, parts in known.items():
        for column, part in zip(("first", "total"), parts, strict=True):
            low, high = table[f"{column}_low"][factor], table[f"{column}_high"][factor]
            assert low <= part / (one + two + both) <= high and high - low < 0.2
