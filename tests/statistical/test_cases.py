"""Named communities: whether their known figures come out, under three seeds each.

The figures are the goals of the scenario files, and stand in the sources that these name. What is
missed under our assumptions is listed here and told in the file; it is no success.
"""

from pathlib import Path

import pytest

import comsim
from comsim.economy import goals

CASES = Path(__file__).parents[2] / "scenarios" / "cases"
SEEDS = (1, 2, 3)
# Goals that are not attained, by number. The second sale of Luogic takes a third of what it took.
MISSED = {"luogic": [1]}


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["bamanshe", "luogic", "qiuye_ppt", "xiaomi"])
def test_the_known_figures_of_a_case_come_out(name, seed):
    run = comsim.simulate(CASES / f"{name}.toml", seed=seed)
    found = goals(run.scenario, run.daily)
    missed = [number for number, goal in enumerate(found) if not goal["attained"]]
    assert missed == MISSED.get(name, []), found
