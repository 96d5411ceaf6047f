"""The bank of communities: its prior, and that it continues where it stopped."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from comsim.evidence import bank
from comsim.evidence.data import data
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.scenario import Scenario
from comsim.scenario.worlds import drawn

SCENARIO = Scenario.from_dict({"name": "any", "parameters": {"walk_in_rate": 0.0004}})


def test_the_prior_is_even_over_the_logarithm_of_its_ranges():
    numbers = bank.prior(SCENARIO)
    ranges = data("bank.toml")["ranges"]
    assert set(ranges) <= set(PARAMETERS | TRAITS)
    samples = pd.DataFrame([drawn(numbers, 1, draw) for draw in range(500)])
    for name in ("clock", "bounce", "activity"):
        low, high = ranges[name]
        x = samples[name].to_numpy()
        assert low <= x.min() and x.max() <= high
        share = PARAMETERS.get(name, TRAITS.get(name)).high <= 1
        even = np.log(x / (1 - x)) if share else np.log(x)
        middle = np.mean(np.log([v / (1 - v) if share else v for v in (low, high)]))
        assert np.median(even) == pytest.approx(middle, abs=0.2)


def test_what_a_launch_sets_is_known():
    assert "walk_in_rate" not in bank.prior(SCENARIO)


def test_a_range_holds_the_default():
    numbers = PARAMETERS | TRAITS
    for name, (low, high) in data("bank.toml")["ranges"].items():
        assert numbers[name].low <= low < numbers[name].value < high <= numbers[name].high, name


def test_an_interrupted_bank_goes_on_where_it_stopped(tmp_path, monkeypatch):
    made = []

    def shard(number: int, jobs: int | None = None) -> pd.DataFrame:
        made.append(number)
        return pd.DataFrame({"world": [0, 1], "shard": number})

    monkeypatch.setattr(bank, "drawn_shard", shard)
    size = data("bank.toml")["shard"]
    bank.fill(tmp_path, size)
    bank.fill(tmp_path, 3 * size)
    assert made == [0, 1, 2]
    assert bank.bank(tmp_path, 3 * size)["shard"].tolist() == [0, 0, 1, 1, 2, 2]
    monkeypatch.setattr(bank, "code_hash", lambda *rooms: "another version")
    bank.fill(tmp_path, size)
    assert made == [0, 1, 2, 0]
