"""Plausible worlds in use: whole rows, chosen by weight, and never instead of what is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import comsim
from comsim.common.errors import InputError
from comsim.evidence.plausible import sample
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.scenario import Scenario
from comsim.scenario.rows import NO_SAMPLE, PLAUSIBLE, SAMPLES, TALK, file_of, rows_of
from comsim.scenario.worlds import drawn, make_worlds, uncertain

ROWS = rows_of(PLAUSIBLE, "test")
TABLE = pd.read_parquet(file_of(PLAUSIBLE))


def scenario(**changes: object) -> Scenario:
    return Scenario.from_dict({"name": "a", "days": 40, "community": {"market": 300}} | changes)


def test_rows_are_chosen_by_their_weights():
    places = np.array([ROWS.place(5, draw) for draw in range(4000)])
    share = np.bincount(places, minlength=len(ROWS.values)) / 4000
    weight = np.diff(ROWS.up_to, prepend=0.0)
    assert np.abs(share - weight).max() < 0.002


def test_scenarios_use_the_rows_of_places_where_people_talk():
    talk = TABLE[TABLE["source"].isin(TALK)]
    assert len(ROWS.values) == len(talk) < len(TABLE)
    assert set(ROWS.mimics) == set(talk["mimics"])


def test_a_row_sets_every_uncertain_number_and_nothing_that_is_known():
    numbers = uncertain(scenario(), ROWS.names)
    assert set(ROWS.names) <= set(numbers), "also those whose default is known"
    row = ROWS.row(3)
    values = drawn(numbers, 1, 0, row)
    assert values == row | {name: values[name] for name in set(values) - set(row)}
    form = scenario(
        parameters={"learning": 0.3, "bounce": {"low": 0.1, "high": 0.2}},
        segments=[{"name": "all", "activity": 0.4}],
    )
    values = drawn(uncertain(form, ROWS.names), 1, 0, row)
    assert "learning" not in values and "activity" not in values
    assert 0.1 <= values["bounce"] <= 0.2


def test_worlds_come_in_pairs_with_the_same_row():
    worlds = make_worlds(1, 6, rows=ROWS)
    assert worlds[0].row is worlds[1].row and worlds[0].row != worlds[2].row
    assert make_worlds(1, 6)[0].row is None


def test_the_numbers_of_rows_are_possible():
    for row in (ROWS.row(at) for at in range(0, len(ROWS.values), 25)):
        Scenario.from_dict(
            {
                "name": "a",
                "parameters": {name: x for name, x in row.items() if name in PARAMETERS},
                "segments": [{"name": "all"} | {n: x for n, x in row.items() if n in TRAITS}],
            }
        )


def test_a_comparison_has_the_rows_and_says_so():
    found = comsim.compare(scenario(), scenario(policy={"ad_pressure": 3}), worlds=4, seed=2)
    assert found.sample == (PLAUSIBLE, ROWS.hash)
    row = ROWS.row(ROWS.place(2, 1))
    assert found.draws.set_index("draw").loc[1, "forgetting"] == row["forgetting"]
    assert "plausible worlds" in " ".join(found.cannot_say)
    other = comsim.compare(scenario(), scenario(), worlds=4, seed=2, sample="default")
    assert other.sample == NO_SAMPLE and other.fixed_world


def test_a_file_of_ones_own(tmp_path):
    path = tmp_path / "mine.parquet"
    about = {"numbers": list(ROWS.names)}
    sample.write(TABLE[TABLE["mimics"] == "mail-5"].assign(kin=""), path, about)
    mine = rows_of(path, "test")
    assert set(mine.mimics) == {"mail-5"} and mine.hash != ROWS.hash
    found = comsim.compare(scenario(), scenario(), worlds=4, sample=path)
    assert found.sample.name == str(path)


def test_what_is_no_sample(tmp_path):
    for name in ("plausibel", 3, tmp_path / "none.parquet"):
        with pytest.raises(InputError, match=r"^compare: sample: found .*; allowed: "):
            comsim.compare(scenario(), scenario(), sample=name)
    bad = tmp_path / "bad.parquet"
    bad.write_text("no Parquet")
    with pytest.raises(InputError, match=r"bad\.parquet: file: found no plausible worlds"):
        rows_of(bad, "compare")
    with pytest.raises(InputError, match="nothing: found a number that the model does not have"):
        sample.write(TABLE.head(4).assign(kin=""), tmp_path / "o", {"numbers": ["nothing"]})
        rows_of(tmp_path / "o", "compare")
    with pytest.raises(InputError, match="plausible"):
        comsim.validate(sample="independent")


def test_the_file_in_the_package_is_whole_and_small():
    assert Path(file_of(PLAUSIBLE)).stat().st_size < 600_000
    assert np.isfinite(ROWS.values).all() and (np.diff(ROWS.up_to) >= 0).all()
    assert SAMPLES[0] == PLAUSIBLE
