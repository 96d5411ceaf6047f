"""`mesa.batch_run` of communities."""

import subprocess
import sys

import mesa
import pytest

from comsim.mesa_model import Community
from comsim.run.simulation import simulate

SCENARIO_FILE = "small.toml"


class Collected(Community):
    """As one writes it for `mesa.batch_run`."""

    def __init__(self, scenario, seed=None):
        super().__init__(scenario, seed)
        self.datacollector = mesa.DataCollector(
            model_reporters={"dau": [self.count, ["dau"]], "seed used": "seed"}
        )

    def step(self):
        super().step()
        self.datacollector.collect(self)


def batch(iterations, **parameters):
    return mesa.batch_run(
        Collected, {"scenario": SCENARIO_FILE, **parameters}, iterations=iterations, max_steps=9,
        data_collection_period=1, number_processes=1, display_progress=False,
    )  # fmt: skip


def test_without_a_seed_iterations_are_different_worlds_and_say_which(tmp_path, monkeypatch):
    (tmp_path / "small.toml").write_text("name = 'small'\ndays = 60\n[community]\nmarket = 400\n")
    monkeypatch.chdir(tmp_path)
    rows = batch(3)
    lives = {}
    for row in rows:
        lives.setdefault(row["seed used"], []).append(row["dau"])
    assert len(lives) == len({tuple(life) for life in lives.values()}) == 3
    seed, life = lives.popitem()
    again = [row["dau"] for row in batch(1, seed=seed)]
    assert again == life == simulate(SCENARIO_FILE, seed).daily["dau"][: len(life)].tolist()
    assert seed == int(float(seed))  # as it would stand in a column of floats


SPREAD = """
import mesa
from comsim.mesa_model import Community
from comsim.scenario import Scenario

class Collected(Community):
    def __init__(self, days, seed=None):
        super().__init__(Scenario.from_dict({"name": "two", "days": days}), seed)
        self.datacollector = mesa.DataCollector({"inside": lambda model: len(model.agents)})

    def step(self):
        super().step()
        self.datacollector.collect(self)

if __name__ == "__main__":
    Collected(5).run_model()
    runs = mesa.batch_run(Collected, {"days": 5, "seed": [1, 2]}, number_processes=2)
    assert sorted((run["seed"], run["inside"] > 0) for run in runs) == [(1, True), (2, True)]
"""


@pytest.mark.long
def test_batch_run_in_two_processes(tmp_path):
    script = tmp_path / "spread.py"
    script.write_text(SPREAD)
    subprocess.run([sys.executable, script], check=True)
