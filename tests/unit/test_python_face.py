"""What is there for who works in a notebook, and not at the command line."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import comsim
from comsim.cli import main
from comsim.common.errors import InputError
from comsim.common.progress import reporting
from comsim.studies.shards.engines import Dask, Processes, Serial, engine_of

BASE = {"name": "Base", "days": 30, "community": {"market": 100}}
ASKED = {
    "name": "Ads", "scenario": "base", "outcomes": ["wau_mean"], "design": {"kind": "grid"},
    "factors": [{"path": "policy.ad_pressure", "name": "ads", "kind": "lever", "values": [0, 9]}],
    "worlds": {"number": 3},
}  # fmt: skip


def experiment(base=BASE) -> comsim.Experiment:
    return comsim.Experiment.from_dict(ASKED, scenarios={"base": base})


def test_an_experiment_takes_scenarios_as_they_are(tmp_path):
    dicts = comsim.sweep(experiment(), tmp_path / "dicts", engine="serial")
    made = comsim.Scenario.from_dict(BASE)
    objects = comsim.sweep(experiment(made), tmp_path / "objects", engine="serial")
    assert objects.runs.equals(dicts.runs) and len(dicts.runs) == 6
    assert comsim.load_sweep(objects.folder).experiment.bases[0].data == made.to_dict()
    with pytest.raises(InputError, match="scenario: found 'base'; allowed: bass"):
        comsim.Experiment.from_dict(ASKED, scenarios={"bass": BASE})


def test_what_is_shown_is_what_was_said():
    assert repr(comsim.Scenario.from_dict({"name": "A", "days": 9})) == "Scenario(name='A', days=9)"
    assert "label" not in repr(experiment())


def test_progress_on_a_line_of_its_own(tmp_path, capsys):
    comsim.sweep(experiment(), tmp_path / "out", engine="serial", progress=True)
    said = capsys.readouterr()
    lines = [line.strip() for line in said.err.strip().split("\r")]
    assert (said.out, lines[0], lines[1]) == ("", "simulating", "0 of 6 runs")
    assert lines[-1] == "6 of 6 runs" and said.err.count("\n") == 1


def test_the_line_tells_failures_and_the_time_left(capsys, monkeypatch):
    clock = iter([0.0, 10.0, 20.0])
    monkeypatch.setattr("comsim.common.progress.time.monotonic", lambda: next(clock))
    with reporting(True, "runs") as tell:
        for done in (100, 200, 400):
            tell(done, 400, done // 200)
    lines = [line.strip() for line in capsys.readouterr().err.strip().split("\r")]
    assert lines[-2] == "200 of 400 runs, 1 failed, about 20 seconds left"
    assert lines[-1] == "400 of 400 runs, 2 failed"


def by_python(out, **how):
    comsim.sweep(experiment(), out, **how)


def by_command(out, engine=None, **how):
    (out.parent / "base.toml").write_text('name = "Base"\ndays = 30\n[community]\nmarket = 100\n')
    file = out.parent / "ads.toml"
    file.write_text(
        'name = "Ads"\nscenario = "base.toml"\noutcomes = ["wau_mean"]\ndesign = {kind = "grid"}\n'
        '[[factors]]\npath = "policy.ad_pressure"\nkind = "lever"\nvalues = [0, 9]\n'
    )
    main(["sweep", str(file), "--out", str(out), "--resume", "--quiet"])


@pytest.mark.parametrize("ask", [by_python, by_command])
def test_the_model_is_compiled_before_workers_begin(ask, tmp_path, monkeypatch):
    order, each = [], Serial.each
    monkeypatch.setattr("comsim.run.ready._compile", lambda _: order.append("compile"))
    monkeypatch.setattr("comsim.run.ready.is_kept", lambda: False)
    monkeypatch.setattr("comsim.run.ready.day.run_days", SimpleNamespace(signatures=[]))
    monkeypatch.setattr(Processes, "each", lambda *asked: order.append("workers") or each(*asked))
    try:
        ask(tmp_path / "out")
    except SystemExit as end:
        assert not end.code
    assert order[0] == "compile" and order.count("workers") == 1


@pytest.mark.parametrize("asked,words", [
    ({"name": "serial", "jobs": 2}, "--jobs: found 2 with --engine serial"),
    ({"jobs": 2, "cluster": "tcp://10.0.0.1:8786"}, "--jobs: found 2 with --cluster"),
    ({"name": "serial", "cluster": "tcp://10.0.0.1:8786"}, "--engine: found serial with --cluster"),
    ({"name": "magic"}, "--engine: found 'magic'; allowed: serial, processes, dask"),
    ({"jobs": 0}, "--jobs: found 0; allowed: a whole number of 1 or more"),
])  # fmt: skip
def test_what_does_not_go_together(asked, words):
    with pytest.raises(InputError, match=words):
        engine_of(**asked)


def test_engines_by_default():
    assert engine_of() == Processes() and engine_of(jobs=2) == Processes(2)
    assert engine_of(cluster="tcp://10.0.0.1:8786") == Dask("tcp://10.0.0.1:8786")
    assert engine_of("dask", 2) == Dask(None, 2)
