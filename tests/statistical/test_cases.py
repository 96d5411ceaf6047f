"""Named communities: whether their known figures come out, under three seeds each.

The figures are the goals of the scenario files, and stand in the sources that these name.
"""

from pathlib import Path

import pytest

import comsim
from comsim.economy import goals

CASES = Path(__file__).parents[2] / "scenarios" / "cases"
SEEDS = (1, 2, 3)


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["bamanshe", "luogic", "qiuye_ppt", "xiaomi"])
def test_the_known_figures_of_a_case_come_out(name, seed):
    run = comsim.simulate(CASES / f"{name}.toml", seed=seed)
    found = goals(run.scenario, run.daily)
    assert found
    assert [goal for goal in found if not goal["attained"]] == []
