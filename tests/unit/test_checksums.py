"""A result's files, each with a bit changed, cut short, taken away or swapped: all is found."""

from __future__ import annotations

import json
import random
import shutil
import warnings
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import comsim
from comsim.cli.status import status
from comsim.common.errors import InputError
from comsim.files.sums import Changed, Unchecked, sealed, unsealed
from comsim.logs.events import read_log, write_events
from comsim.publication.export import export
from comsim.results import comparison as comparisons
from comsim.results.run import load, save

SMALL = {"name": "Small", "days": 40, "community": {"market": 200},
         "observed": {"csv": "real.csv", "columns": {"wau": "wau"}}}  # fmt: skip
EXPERIMENT = """
name = "Ads"
scenario = "small.toml"
outcomes = ["wau_mean", "profit"]
series = { metrics = ["wau"] }
worlds = { number = 2 }
design = { kind = "csv", csv = "points.csv" }
[[factors]]
path = "policy.ad_pressure"
name = "ads"
kind = "lever"
range = [0, 4]
"""
SCENARIO = 'name = "Small"\ndays = 40\n[community]\nmarket = 200\n'
FLIPS = 4  # of a file, besides its ends


def flips(path: Path):
    """The file with one bit changed, at places spread over it and at its ends."""
    data = path.read_bytes()
    where, last = random.Random(path.name), len(data) - 1
    for at in {0, 4, last // 2, last - 9, last - 7, last - 1, last, *_spread(where, last)}:
        changed = bytearray(data)
        changed[at] ^= 1 << where.randrange(8)
        path.write_bytes(changed)
        yield at
    path.write_bytes(data)


def _spread(where: random.Random, last: int):
    return (where.randint(0, last) for _ in range(FLIPS))


def assert_found(path: Path, *readers):
    """Each of the readers says in one line that this file has changed, wherever that is; or that it
    is cut short, or missing."""
    data = path.read_bytes()
    for at in flips(path):
        for read in readers:
            with pytest.raises(InputError, match=path.name) as error:
                read()
            assert "\n" not in str(error.value), at
    for spoil in (lambda: path.write_bytes(data[:-5]), lambda: path.write_bytes(b""), path.unlink):
        spoil()
        for read in readers:
            with pytest.raises(InputError) as error:
                read()
            assert "\n" not in str(error.value)
    path.write_bytes(data)
    for read in readers:
        read()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    (folder / "real.csv").write_text("day,wau\n3,5\n9,8\n")
    (folder / "small.toml").write_text(SCENARIO)
    (folder / "points.csv").write_text("ads\n0\n1\n3\n")
    (folder / "ads.toml").write_text(EXPERIMENT)
    return folder


@pytest.fixture(scope="module")
def run(place):
    scenario = comsim.Scenario.from_dict(SMALL, "small.toml", place)
    return save(comsim.simulate(scenario, seed=1), place / "run", events=True)


@pytest.fixture(scope="module")
def comparison(three, place):
    return three.save(place / "comparison")


@pytest.fixture(scope="module")
def sweep(place):
    folder = comsim.sweep(place / "ads.toml", place / "sweep", engine="serial").folder
    comsim.analyse(folder).save()
    return folder


def test_of_a_run(run):
    for path in {*run.glob("*.parquet"), *run.glob("*.json")} - {run / "events.parquet"}:
        assert_found(path, lambda: load(run), lambda: status(run))


def test_of_its_events(run, tmp_path):
    events = run / "events.parquet"
    assert_found(events, lambda: status(run))
    for _ in flips(events):
        with pytest.raises(InputError, match="events"):
            read_log(events)
    alone = tmp_path / "alone.parquet"
    write_events(read_log(events), alone)
    for _ in flips(alone):
        with pytest.raises(InputError, match="alone"):
            read_log(alone)
    whole = events.read_bytes()
    write_events(read_log(events)[:-1], events)  # other events than the run's
    with pytest.raises(Changed, match="events"):
        read_log(events)
    events.write_bytes(whole)


def test_of_a_comparison(comparison):
    for path in [*comparison.glob("*.parquet"), *comparison.glob("*.json")]:
        assert_found(path, lambda: comparisons.load(comparison))
    assert comparisons.is_comparison(comparison)


def test_of_a_sweep(sweep, tmp_path):
    def loaded():
        return comsim.load_sweep(sweep)

    for name in ("manifest.json", "runs.parquet"):
        assert_found(sweep / name, loaded, lambda: status(sweep))
    assert_found(
        sweep / "series" / "000000.parquet", lambda: loaded().series(), lambda: status(sweep),
        lambda: export(sweep, tmp_path / "export", force=True),
    )  # fmt: skip
    assert_found(
        sweep / "inputs" / "design.csv", lambda: loaded().experiment, lambda: status(sweep)
    )
    analysis = sweep / "analysis"
    for path in (analysis / "answers.json", next(analysis.glob("*.csv"))):
        assert_found(
            path, lambda: status(sweep), lambda: export(sweep, tmp_path / "export", force=True)
        )


def test_of_a_published_folder(sweep, tmp_path):
    published = export(sweep, tmp_path / "published")
    for name in ("README.md", "ro-crate-metadata.json", "sha256sums.txt", "runs.csv"):
        path = published / name
        whole = path.read_bytes()
        for spoilt in (bytes([whole[0] ^ 1]) + whole[1:], whole[:-30], b""):
            path.write_bytes(spoilt)
            with pytest.raises(Changed):
                status(published)
        path.unlink()
        with pytest.raises(Changed, match=f"{name}: missing"):
            status(published)
        path.write_bytes(whole)


def test_a_report_is_not_said_to_be_checked(run, capsys):
    status(run)
    assert "report.html not checked" in capsys.readouterr().out


def test_files_of_another_result(place, run, sweep, tmp_path):
    scenario = comsim.Scenario.from_dict(SMALL, "small.toml", place)
    other = comsim.simulate(scenario, seed=2).save(tmp_path / "run")
    shutil.copy(run / "daily.parquet", other)
    with pytest.raises(Changed, match=r"run/daily\.parquet: changed since it was written"):
        load(other)

    text = (place / "ads.toml").read_text().replace("number = 2", "number = 2, seed = 2")
    (place / "other.toml").write_text(text)
    done = comsim.sweep(place / "other.toml", tmp_path / "sweep", engine="serial").folder
    shutil.copytree(sweep / "analysis", done / "analysis")
    with pytest.raises(InputError, match="found one of another sweep; allowed: an analysis of"):
        export(done)
    shutil.copy(sweep / "series" / "000000.parquet", done / "series")
    with pytest.raises(Changed, match=r"series/000000\.parquet"):
        comsim.load_sweep(done).series()
    shutil.copy(sweep / "runs.parquet", done)
    with pytest.raises(Changed, match=r"runs\.parquet"):
        comsim.load_sweep(done)


def test_resume_makes_again_what_is_spoilt(place, sweep, tmp_path):
    for name in ("runs.parquet", "series/000000.parquet", "inputs/design.csv"):
        folder = shutil.copytree(sweep, tmp_path / name.split("/")[0])
        data = bytearray((folder / name).read_bytes())
        data[6] ^= 1
        (folder / name).write_bytes(data)
        comsim.sweep(place / "ads.toml", folder, engine="serial", resume=True)
        assert (folder / name).read_bytes() == (sweep / name).read_bytes()
    with pytest.raises(Changed, match=r"manifest\.json.*--force starts again"):
        (folder / "manifest.json").write_bytes(b" " + (folder / "manifest.json").read_bytes())
        comsim.sweep(place / "ads.toml", folder, engine="serial", resume=True)
    comsim.sweep(place / "ads.toml", folder, engine="serial", force=True)


def test_what_an_earlier_version_wrote_is_read_with_a_word(run, three, comparison, sweep, tmp_path):
    old = shutil.copytree(run, tmp_path / "run")
    unseal(old / "provenance.json")
    with pytest.warns(Unchecked, match="run: written by an earlier version, without checksums"):
        pd.testing.assert_frame_equal(load(old).daily, load(run).daily)
    old = shutil.copytree(comparison, tmp_path / "comparison")
    unseal(old / "provenance.json")
    with pytest.warns(Unchecked):
        assert comparisons.load(old)[0].sentence == three.sentence
    old = shutil.copytree(sweep, tmp_path / "sweep")
    unseal(old / "manifest.json")
    runs = comsim.load_sweep(sweep).runs
    digest = comsim.load_sweep(sweep).manifest.digest
    about = {"comsim.shards": json.dumps({"work": digest})}
    table = pa.Table.from_pandas(runs, preserve_index=False).replace_schema_metadata(about)
    pq.write_table(table, old / "runs.parquet", write_page_checksum=True)
    with pytest.warns(Unchecked):
        pd.testing.assert_frame_equal(comsim.load_sweep(old).runs, runs)
    data = bytearray((old / "runs.parquet").read_bytes())
    data[40] ^= 1
    (old / "runs.parquet").write_bytes(data)
    with pytest.warns(Unchecked), pytest.raises(Changed):
        comsim.load_sweep(old)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load(run)


def unseal(mark: Path) -> None:
    """As the version before checksums wrote it."""
    said = json.loads(mark.read_text())
    del said["checksums"], said["checksum"]
    mark.write_text(json.dumps(said))


def test_a_sealed_file_is_json_and_any_bit_of_it_counts(tmp_path):
    said = {"a": 1, "b": {"c": [1.5, None, "é"]}, "checksums": {}}
    file = sealed(said)
    assert json.loads(file) | {"checksum": None} == said | {"checksum": None}
    assert unsealed(file, tmp_path) == (said, True)
    for at in range(len(file)):
        for bit in range(8):
            changed = bytearray(file)
            changed[at] ^= 1 << bit
            with pytest.raises(ValueError):
                unsealed(bytes(changed), tmp_path)
        with pytest.raises(ValueError):
            unsealed(file[:at], tmp_path)
