"""Plausible worlds in use: whole rows, chosen by weight, and never instead of what is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import comsim
from comsim.cli.options import worlds_of
from comsim.common.errors import InputError
from comsim.evidence.plausible import middle, sample
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
    alone = make_worlds(1, 3, rows=ROWS, replications=1)
    assert [world.row for world in alone] == [world.row for world in worlds[::2]]
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
    for changed, said in (
        ({"weight": 0.0}, "file: found no rows with a weight"),
        ({"source": "git"}, "file: found no rows with a weight"),
        ({"forgetting": 2.0}, "forgetting: found a value out of range; allowed: 0 to 1"),
    ):
        sample.write(TABLE.assign(kin="", **changed), bad, {"numbers": list(ROWS.names)})
        with pytest.raises(InputError, match=said):
            rows_of(bad, "compare")
    with pytest.raises(InputError, match="distance: found a number that the model does not have"):
        sample.write(TABLE.assign(kin=""), bad, {"numbers": ["distance"]})
        rows_of(bad, "compare")
    TABLE.to_parquet(bad)
    with pytest.raises(InputError, match=r"bad\.parquet: file: found no plausible worlds"):
        rows_of(bad, "compare")


def test_a_sample_that_has_been_replaced_is_read_again(tmp_path):
    path = tmp_path / "mine.parquet"
    about = {"numbers": list(ROWS.names)}
    sample.write(TABLE.assign(kin=""), path, about)
    first = rows_of(path, "test")
    sample.write(TABLE[TABLE["source"] == "mail"].assign(kin=""), path, about)
    again = rows_of(path, "test")
    assert first.hash != again.hash and len(again.values) < len(first.values)


def test_worlds_of_the_command_line():
    assert worlds_of(None, "compare", 100, PLAUSIBLE) == (100, PLAUSIBLE)
    assert worlds_of(["independent", "40"], "compare", 100, PLAUSIBLE) == (40, "independent")
    for given, said in (
        (["4", "6"], "compare: --worlds: found 4 and 6; allowed: one number and one sample"),
        (["defalt"], "compare: --worlds: found 'defalt'; allowed: default .the nearest."),
        (["--5"], "compare: --worlds: found '--5'"),
        (["²"], "compare: --worlds: found '²'"),
        (["x" * 300], "compare: --worlds: found 'xxx"),
    ):
        with pytest.raises(InputError, match=said):
            worlds_of(given, "compare", 100, PLAUSIBLE)


def experiment(folder: Path, name: str) -> Path:
    (folder / "a.toml").write_text('name = "a"\ndays = 30\n[community]\nmarket = 200\n')
    path = folder / "e.toml"
    path.write_text(
        'name = "e"\nscenario = "a.toml"\noutcomes = ["wau_mean"]\n'
        '[[factors]]\npath = "policy.ad_pressure"\nkind = "lever"\nvalues = [1, 5]\n'
        f'[design]\nkind = "grid"\n[worlds]\nnumber = 4\nseed = 2\nsample = "{name}"\n'
    )
    return path


def test_a_sweep_begins_with_the_first_world_of_a_comparison(tmp_path):
    done = comsim.sweep(experiment(tmp_path, PLAUSIBLE), tmp_path / "out", engine="serial")
    form = comsim.load_scenario(tmp_path / "a.toml")
    pair = comsim.compare(form, form, worlds=4, seed=2, evidence=False)
    first = pair.worlds.groupby("world")["wau_mean"].first()[0]
    assert done.runs.loc[done.runs["ad_pressure"] == 1, "wau_mean"].iloc[0] == first


def test_a_sweep_keeps_its_sample_and_refuses_another(tmp_path):
    about = {"numbers": list(ROWS.names)}
    sample.write(TABLE.assign(kin=""), tmp_path / "mine.parquet", about)
    path = experiment(tmp_path, "mine.parquet")
    done = comsim.sweep(path, tmp_path / "out", engine="serial")
    assert done.experiment.rows.hash == rows_of(tmp_path / "mine.parquet", "test").hash
    assert done.manifest.identity["sample"] == done.experiment.rows.hash
    sample.write(TABLE.head(900).assign(kin=""), tmp_path / "mine.parquet", about)
    with pytest.raises(InputError):
        comsim.sweep(path, tmp_path / "out", resume=True, engine="serial")
    path.write_text(path.read_text().replace("mine.parquet", "mien"))
    with pytest.raises(InputError, match=r"worlds\.sample: found "):
        comsim.load_experiment(path)
    with pytest.raises(InputError, match="plausible"):
        comsim.validate(sample="independent")


def test_the_file_in_the_package_is_whole_and_small():
    assert Path(file_of(PLAUSIBLE)).stat().st_size < 600_000
    assert np.isfinite(ROWS.values).all() and (np.diff(ROWS.up_to) >= 0).all()
    assert SAMPLES[0] == PLAUSIBLE


def test_the_defaults_are_nearer_to_the_middle_than_any_row():
    default, nearest = middle.distances()
    assert default < nearest


def test_a_published_sweep_contains_its_sample(tmp_path):
    about = {"numbers": list(ROWS.names)}
    sample.write(TABLE.assign(kin=""), tmp_path / "mine.parquet", about)
    done = comsim.sweep(experiment(tmp_path, "mine.parquet"), tmp_path / "out", engine="serial")
    comsim.export(done, tmp_path / "public")
    assert "a row of `worlds.parquet`" in (tmp_path / "public" / "README.md").read_text()
    again = comsim.sweep(tmp_path / "public" / "experiment.toml", tmp_path / "2", engine="serial")
    assert again.runs.equals(done.runs)


def test_an_analysis_names_the_sample(tmp_path):
    done = comsim.sweep(experiment(tmp_path, PLAUSIBLE), tmp_path / "out", engine="serial")
    (line,) = [x for x in comsim.analyse(done).query.defaults if "come from" in x]
    assert line == "Uncertain parameters that are not factors come from the plausible worlds."
