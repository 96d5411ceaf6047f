"""A sweep published: what a stranger reads, makes again, and gives to other tools."""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest

import comsim
from comsim.common.errors import InputError
from comsim.studies.experiments.designs import Design, codes_of
from comsim.studies.experiments.experiment import Experiment
from comsim.studies.experiments.portable import portable

SCENARIO = """
name = "{name}"
days = 80
start = 2025-01-01
[community]
market = {market}
[policy]
seed_group = 30
release = {{ on = [{{ day = 2025-02-01, value = 0.5 }}] }}
[intake]
csv = "../records/joiners.csv"
"""
EXPERIMENT = """
name = "Ads | and joiners"
description = "Two towns,\\nsome ads."
outcomes = ["wau_mean", "dormancy", { name = "late", metric = "wau", day = 50 }]
changes = { days = 70 }
design = { kind = "csv", csv = "points of mine.csv" }
worlds = { number = 2, sample = "independent" }
stop = { metric = "dau", window = 7, below = 3, from = 20 }
series = { metrics = ["wau", "posts"], every = 7 }
[[factors]]
scenarios = ["../towns/small.toml", "../towns/large.toml"]
name = "town"
kind = "uncertainty"
[[factors]]
path = "policy.ad_pressure"
name = "posts"
kind = "lever"
range = [0, 16]
[[factors]]
path = "policy.release.on[0].day"
name = "when"
kind = "lever"
values = [2025-01-11, 2025-02-20]
[[factors]]
path = "days"
kind = "lever"
values = [60, 35, 70]
[[factors]]
path = "intake.csv"
name = "joiners"
kind = "uncertainty"
values = ["../records/joiners.csv", "../records/more/joiners.csv"]
"""
POINTS = """point,posts,town,days,joiners,when
0,0.1,small,60,../records/joiners.csv,2025-01-11
1,15.300000000000001,large,70,../records/more/joiners.csv,2025-02-20
2,3,small,35,../records/joiners.csv,2025-02-20
"""
ALWAYS = {
    "README.md", "experiment.toml", "design.csv", "seeds.csv", "runs.csv", "runs.parquet", "odd.md",
    "behaviorspace.csv", "provenance.json", "ro-crate-metadata.json", "sha256sums.txt",
}  # fmt: skip


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in files(folder)}


def assert_same(read: pd.DataFrame, wanted: pd.DataFrame) -> None:
    """To the last bit; a column of whole numbers may be read as such."""
    pd.testing.assert_frame_equal(read, wanted, check_exact=True, check_dtype=False)


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A sweep of everything that reads files, far from them."""
    folder = tmp_path_factory.mktemp("swept")
    for path in ("plans", "towns", "records/more"):
        (folder / path).mkdir(parents=True)
    for name, market in (("small", 200), ("large", 300)):
        (folder / f"towns/{name}.toml").write_text(SCENARIO.format(name=name, market=market))
    for path, joiners in (("joiners", 1), ("more/joiners", 3)):
        rows = "".join(f"{day},{joiners}\n" for day in range(80))
        (folder / f"records/{path}.csv").write_text(f"day,joiners\n{rows}")
    (folder / "plans/plan.toml").write_text(EXPERIMENT)
    (folder / "plans/points of mine.csv").write_text(POINTS)
    return comsim.sweep(folder / "plans/plan.toml", folder / "out", engine="serial")


@pytest.fixture(scope="module")
def published(swept):
    return comsim.export(swept, licence="CC-BY-4.0", authors=["Ada Lovelace", "Li Wei"])


def test_the_folder_lies_beside_the_sweep_and_is_stable(swept, published, tmp_path):
    assert published == swept.folder.with_name("out-published")
    more = {"series/000000.parquet", "behaviorspace_daily.csv", "scenarios/small.toml",
            "scenarios/large.toml", "scenarios/joiners.csv", "scenarios/joiners_2.csv"}  # fmt: skip
    assert files(published) == ALWAYS | more
    same = {"licence": "CC-BY-4.0", "authors": ["Ada Lovelace", "Li Wei"]}
    assert contents(comsim.export(swept.folder, tmp_path / "x", **same)) == contents(published)
    with pytest.raises(InputError, match="--force"):
        comsim.export(swept)
    with pytest.raises(InputError, match=r"--licence: found 'my own'; allowed: an SPDX identifier"):
        comsim.export(swept, tmp_path / "y", licence="my own")
    assert not (tmp_path / "y").exists()


def test_the_published_experiment_makes_the_same_bytes(published, tmp_path):
    alone = tmp_path / "received"
    published.rename(alone)  # nothing else of the sweep is near
    try:
        again = comsim.sweep(alone / "experiment.toml", tmp_path / "again", engine="serial")
    finally:
        alone.rename(published)
    for table in ("runs.parquet", "series/000000.parquet"):
        assert (again.folder / table).read_bytes() == (published / table).read_bytes()
    assert again.runs["error"].notna().tolist() == [False] * 4 + [True] * 2
    assert set(again.runs["joiners"]) == {"../records/joiners.csv", "../records/more/joiners.csv"}


def test_a_sweep_has_all_that_it_read(swept):
    """Without the files that it was made from."""
    assert swept.experiment.codes.shape == (3, 5)
    assert swept.experiment.scenario_at(swept.experiment.codes[1]).intake.csv == "joiners_2.csv"
    assert files(swept.folder / "inputs") == {
        "design.csv", "scenarios/joiners.csv", "scenarios/joiners_2.csv"
    }  # fmt: skip


def test_what_is_portable_stays_as_it_is():
    data = tomllib.loads(EXPERIMENT)
    town = {"name": "x", "start": date(2025, 1, 1), "observed": {"csv": "/far/away/joiners.csv"}}
    data["changes"] = {"intake": {"csv": "/near.csv"}, "observed.csv": "/towns/near.csv"}
    data["factors"][4]["values"] = ["/joiners.csv", "/more/joiners.csv"]
    towns = ["/far" * 20 + "/town.toml", "../town.toml"]
    data["factors"][0]["scenarios"] = towns
    data["design"], data["stop"] = {"kind": "grid"}, None
    once = portable(Experiment.from_dict(data, scenarios=dict.fromkeys(towns, town)))
    assert once.experiment["factors"][0]["labels"] == towns  # as tables call them
    assert "stop" not in once.experiment
    assert list(once.scenarios) == ["scenarios/town.toml", "scenarios/town_2.toml"]
    assert once.scenarios["scenarios/town.toml"]["observed"]["csv"] == "joiners.csv"
    assert '"/' not in json.dumps([once.experiment["changes"], once.scenarios])
    said = json.loads(json.dumps(once.experiment))
    twice = portable(Experiment.from_dict(said, scenarios=once.scenarios))
    assert (twice.experiment, twice.scenarios) == (once.experiment, once.scenarios)


def test_a_file_that_each_scenario_finds_elsewhere_is_refused():
    """Published, all scenarios would read that of the first one."""
    data = tomllib.loads(EXPERIMENT) | {"design": {"kind": "grid"}}
    towns = data["factors"][0]["scenarios"] = ["../north/town.toml", "../south/town.toml"]
    given = {town: {"name": "x"} for town in towns}
    made = Experiment.from_dict(data, "x.toml", scenarios=given)
    with pytest.raises(InputError, match=r"x\.toml: csv: found \.\./records/joiners\.csv, a dif"):
        portable(made)


def test_files_that_change_places_are_another_work(tmp_path):
    """And one of them has the name of the design's own file."""
    for name, joiners in (("design", 1), ("b", 9)):
        rows = "".join(f"{day},{joiners}\n" for day in range(20))
        (tmp_path / f"{name}.csv").write_text(f"day,joiners\n{rows}")
    data = {"name": "x", "scenario": "s", "outcomes": ["wau_mean"], "design": {"kind": "grid"},
            "factors": [{"path": "intake.csv", "kind": "uncertainty", "name": "which",
                         "values": ["design.csv", "b.csv"]}]}  # fmt: skip
    base = {"name": "x", "days": 20, "community": {"market": 100}}
    made = Experiment.from_dict(data, "x.toml", tmp_path, {"s": base})
    done = comsim.sweep(made, tmp_path / "out", engine="serial")
    assert "scenarios/design.csv" in files(comsim.export(done))
    (tmp_path / "b.csv").rename(tmp_path / "c.csv")
    (tmp_path / "design.csv").rename(tmp_path / "b.csv")
    (tmp_path / "c.csv").rename(tmp_path / "design.csv")
    with pytest.raises(InputError, match=r"a different sweep \(series\.scenarios/design\.csv was"):
        comsim.sweep(made, tmp_path / "out", engine="serial", resume=True)


def test_tables_read_back_as_they_are(swept, published):
    runs = swept.runs
    read = pd.read_csv(published / "runs.csv")
    assert_same(read, runs)
    design = pd.read_csv(published / "design.csv", index_col="point")
    assert_same(design, swept.design)
    seeds = pd.read_csv(published / "seeds.csv")
    assert seeds.equals(runs.loc[:1, ["world", "seed", "draw"]])


def test_no_text_is_a_formula_in_a_spreadsheet(tmp_path):
    labels = [
        "=1+1",
        "+20 %",
        "@SUM(1)",
        "-cmd|' /C calc'!A0",
        "'=1+1",
        "plain; =2",
        "-3",
        "\uff1d9",
    ]
    weekday = [[1, 1, 1, 1, 1, 1, place / 10] for place in range(len(labels))]
    (tmp_path / "=small.toml").write_text('name = "x"\ndays = 35\ncommunity.market = 60\n')
    said = {
        "name": "=HYPERLINK(1)", "scenario": "=small.toml", "outcomes": ["wau_mean", "profit"],
        "factors": [{"path": "calendar.weekday", "kind": "lever", "values": weekday,
                     "labels": labels}],
        "design": {"kind": "grid"}, "series": {"metrics": ["wau"], "every": 30},
    }  # fmt: skip
    made = Experiment.from_dict(said, folder=tmp_path)
    published = comsim.export(comsim.sweep(made, tmp_path / "out", engine="serial"))
    written = ["'=1+1", "'+20 %", "'@SUM(1)", "'-cmd|' /C calc'!A0", "''=1+1", "plain; =2", "-3",
               "'\uff1d9"]  # fmt: skip
    assert pd.read_csv(published / "design.csv")["weekday"].tolist() == written
    assert pd.read_csv(published / "runs.csv")["profit"].dtype == float  # numbers stay numbers
    for path in published.glob("*.csv"):
        for row in csv.reader(path.open(encoding="utf-8", newline="")):
            for cell in row:
                assert cell[:1] not in "=+-@" or not cell or float(cell) < 0
        assert '"plain; =2"' in path.read_text("utf-8") or path.name == "seeds.csv"
    again = Design(kind="csv", csv=str(published / "design.csv"))
    assert codes_of(again, made.factors, "x")[:, 0].tolist() == list(range(len(labels)))


def test_the_form_of_behaviorspace(swept, published):
    """As its users read it: six lines are left out, the seventh is the header."""
    path, runs = published / "behaviorspace.csv", swept.runs
    factors = [factor.column for factor in swept.factors]
    above = path.read_text("utf-8").splitlines()[:6]
    assert above[0] == '"BehaviorSpace results (comsim 0.1.0)","Table version 2.0"'
    assert above[2] == '"Ads | and joiners"' and above[3].endswith(':000 +0000"')
    assert above[4:] == ['"min-pxcor","max-pxcor","min-pycor","max-pycor"', '"0","0","0","0"']
    table = pd.read_csv(path, skiprows=6)
    outcomes = ["wau_mean", "dormancy", "late"]
    assert list(table) == ["[run number]", *factors, "[step]", *outcomes]
    wanted = runs[["run", *factors, "lived", *outcomes]]
    names = {"run": "[run number]", "lived": "[step]"}
    assert_same(table, wanted.rename(columns=names))
    failed = table[4:]
    assert (failed["[step]"] == 0).all() and failed[outcomes].isna().to_numpy().all()

    daily = pd.read_csv(published / "behaviorspace_daily.csv", skiprows=6)
    assert list(daily) == ["[run number]", *factors, "[step]", "wau", "daily posts"]
    assert daily["wau"].tolist() == swept.series()["wau"].tolist()
    assert daily["posts"].tolist() == runs["posts"][daily["[run number]"]].tolist()


def test_the_crate_describes_each_file(published):
    crate = json.loads((published / "ro-crate-metadata.json").read_text("utf-8"))
    assert set(crate) == {"@context", "@graph"}
    assert crate["@context"] == "https://w3id.org/ro/crate/1.2/context"
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(entities) == len(crate["@graph"]) and all("@type" in x for x in crate["@graph"])
    descriptor = entities["ro-crate-metadata.json"]
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    root = entities[descriptor["about"]["@id"]]
    assert (root["@id"], root["@type"]) == ("./", "Dataset")
    for key in ("name", "description", "datePublished", "license"):
        assert root[key]
    date.fromisoformat(root["datePublished"])

    parts = {unquote(part["@id"]) for part in root["hasPart"]}
    assert parts == files(published) - {"ro-crate-metadata.json"}
    for entity in (entities[part["@id"]] for part in root["hasPart"]):
        assert entity["@type"] == "File" and "/" in entity["encodingFormat"]
        if "contentSize" in entity:
            assert int(entity["contentSize"]) == (published / entity["name"]).stat().st_size
    referred = [x["@id"] for x in references(crate["@graph"]) if "w3id.org" not in x["@id"]]
    assert set(referred) <= set(entities)
    assert set(entities) - {"ro-crate-metadata.json"} <= set(referred)  # nothing hangs loose

    made = entities["#sweep"]
    assert made["@type"] == "CreateAction"
    assert {x["@id"] for x in made["result"]} == {"runs.parquet", "series/000000.parquet"}
    assert {"experiment.toml", "design.csv"} < {x["@id"] for x in made["object"]}
    assert entities[made["instrument"]["@id"]]["version"] == comsim.__version__
    assert [entities[x["@id"]]["name"] for x in root["author"]] == ["Ada Lovelace", "Li Wei"]


def references(value):
    """All references to entities, as {"@id": ...}."""
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from references(part)


def test_checksums_and_what_is_told(swept, published):
    sums = (published / "sha256sums.txt").read_text().splitlines()
    found = {path: hash for hash, path in (line.split("  ", 1) for line in sums)}
    assert set(found) == files(published) - {"sha256sums.txt"}
    for path, hash in found.items():
        assert hashlib.sha256((published / path).read_bytes()).hexdigest() == hash
    text = (published / "README.md").read_text("utf-8")
    assert text.startswith("# Ads | and joiners\n\nTwo towns,\nsome ads.\n\n6 runs of up to 70")
    assert "`scenarios/large.toml`, with `days = 70`; anything else" in text
    assert "2 runs failed" in text and "comsim sweep experiment.toml" in text
    assert "| `posts` | posts | lever | `policy.ad_pressure` | 0 to 16 | ads a visit |" in text
    assert swept.manifest.identity["code"] in text and "Ada Lovelace, Li Wei (20" in text
    elsewhere = str(swept.folder.parent)
    assert not any(elsewhere.encode() in data for data in contents(published).values())


def test_nothing_is_invented(swept, tmp_path):
    folder = comsim.export(swept, tmp_path / "bare")
    root = json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))["@graph"][1]
    assert "author" not in root and root["license"].startswith("No licence is stated")
    assert "No licence is stated." in (folder / "README.md").read_text("utf-8")
