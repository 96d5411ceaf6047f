"""The runs of an experiment: those of `comsim.simulate`, however they are cut."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

import comsim
from comsim.common.errors import InputError
from comsim.scenario import plan
from comsim.scenario.worlds import make_worlds, uncertain
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.outcomes import BY_NAME, outcomes_of
from comsim.studies.comparison.runs import run_in
from comsim.studies.experiments import runs as module
from comsim.studies.experiments.checks import check, notes
from comsim.studies.experiments.estimate import estimate
from comsim.studies.experiments.experiment import Experiment
from comsim.studies.experiments.overlaps import undone_changes
from comsim.studies.experiments.result import load_sweep
from comsim.studies.experiments.runs import ExperimentWork
from comsim.studies.experiments.sweep import sweep

from ..calm import CALM

DAYS = 80
# It spreads by word of mouth, and ads decide whether it lasts.
BASE = {
    "name": "base",
    "days": DAYS,
    "community": {"market": 300},
    "parameters": CALM | {"word_of_mouth": 8, "invitation_rate": 0.7},
    "policy": {"seed_group": 30, "release": {"on": [{"day": 20, "value": 0.5}]}},
}
ADS = {"path": "policy.ad_pressure", "name": "ads", "kind": "lever", "values": [0, 4, 16]}
DAY = {"path": "policy.release.on[0].day", "name": "when", "kind": "lever", "values": [10, 40]}


def experiment(base=BASE, **said) -> Experiment:
    data = {
        "name": "x",
        "scenario": "base.toml",
        "outcomes": ["wau_mean", "decline", "retention_30", "profit"],
        "factors": [ADS, DAY],
        "design": {"kind": "grid"},
        "worlds": {"number": 2},
    }
    made = Experiment.from_dict(data | said, scenarios={"base.toml": base, "b.toml": base})
    check(made)
    return made


def work(base=BASE, **said) -> ExperimentWork:
    return ExperimentWork.of(experiment(base, **said))


def table(found: ExperimentWork):
    return found.stretch(0, found.runs)["runs"].to_pandas()


def written(tables: dict[str, pa.Table]) -> dict[str, bytes]:
    """Tables as bytes: NaN is itself there."""
    found = {}
    for name, content in tables.items():
        sink = pa.BufferOutputStream()
        parquet.write_table(content.combine_chunks(), sink)
        found[name] = sink.getvalue().to_pybytes()
    return found


def test_a_row_is_a_run_of_the_changed_scenario():
    mine = work(outcomes=list(BY_NAME))
    frame = table(mine)
    assert len(frame) == 12 and frame["error"].isna().all() and (frame["lived"] == DAYS).all()
    worlds = make_worlds(1, 2, fixed=True)
    for row in frame.itertuples():
        assert row.run == 2 * row.point + row.world
        data = BASE | {"policy": {
            "seed_group": 30, "ad_pressure": row.ads,
            "release": {"on": [{"day": row.when, "value": 0.5}]},
        }}  # fmt: skip
        run = comsim.simulate(comsim.Scenario.from_dict(data), worlds[row.world].seed)
        found = np.array([getattr(row, name) for name in BY_NAME])
        assert found.tobytes() == outcomes_of(run.world).tobytes()


@pytest.mark.parametrize("said", [
    {},
    {"worlds": {"number": 4, "sample": "independent"}},
    {"stop": {"metric": "wau", "window": 7, "below": 25, "from": 20},
     "series": {"metrics": ["wau", "trust_mean"], "every": 5}},
])  # fmt: skip
def test_the_same_however_it_is_cut(said):
    mine = work(**said)
    whole = mine.stretch(0, mine.runs)
    cuts = [0, 1, 5, 6, 11, mine.runs]
    there = pickle.loads(pickle.dumps(mine))  # as another process has it
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(there.stretch, cuts[:-1], cuts[1:]))
    together = {name: pa.concat_tables([part[name] for part in parts]) for name in whole}
    assert written(together) == written(whole)
    assert len(pickle.dumps(there)) < 5000  # without the points


def test_what_nobody_knows_is_drawn_as_in_a_comparison():
    mine = work(worlds={"number": 4, "sample": "independent", "seed": 7})
    frame = table(mine)
    assert frame["draw"].head(4).tolist() == [0, 0, 1, 1]
    assert frame.groupby("world")["seed"].nunique().tolist() == [1] * 4  # the same at all points
    scenario = mine.experiment.scenario_at(mine.experiment.codes[3])
    policy, numbers = Policy("x", scenario, plan(scenario)), uncertain(scenario)
    for world in make_worlds(7, 4):
        arrays = run_in(policy, numbers, world, 7)
        row = frame[(frame["point"] == 3) & (frame["world"] == world.number)].iloc[0]
        assert row["wau_mean"] == arrays.daily["wau"].mean()


def test_a_factor_wins_over_what_is_drawn():
    rate = {"path": "parameters.invitation_rate", "kind": "uncertainty", "values": [0, 1]}
    frame = table(
        work(factors=[rate], worlds={"number": 4, "sample": "independent"},
             outcomes=[{"name": "invited", "metric": "joined_invited", "take": "sum"}])
    )  # fmt: skip
    assert (frame["invited"] == 0).tolist() == [True] * 4 + [False] * 4


def test_a_stopped_run_lives_to_the_very_day():
    stop = {"metric": "wau", "window": 7, "below": 40, "from": 20}
    asked = [
        "wau_mean", "decline", "retention_30",
        {"name": "early", "metric": "posts", "to": 19, "take": "sum"},
        {"name": "thin", "metric": "wau", "window": 7, "below": 40, "from": 20},
    ]  # fmt: skip
    kept = {"metrics": ["wau"], "every": 1}
    full = work(outcomes=asked, series=kept)
    full, ended = (one.stretch(0, one.runs) for one in (
        full, work(outcomes=asked, stop=stop, series=kept)))  # fmt: skip
    runs, whole = ended["runs"].to_pandas(), full["runs"].to_pandas()
    stopped = runs["lived"] < DAYS
    assert 0 < stopped.sum() < len(runs)  # some go on to the end
    assert (runs["lived"] == (whole["thin"] + 1).fillna(DAYS)).all()
    assert runs["thin"].equals(whole["thin"]) and runs["early"].equals(whole["early"])
    assert runs.loc[stopped, ["wau_mean", "retention_30"]].isna().all(axis=None)
    assert runs[~stopped].equals(whole[~stopped])
    series = full["series"].to_pandas().merge(runs[["run", "lived"]], on="run")
    series = series[series["day"] < series.pop("lived")].reset_index(drop=True)
    assert ended["series"].to_pandas().equals(series)


@pytest.mark.parametrize("chunk", [1, 9])
def test_looking_more_often_changes_no_bit(monkeypatch, chunk):
    stop = {"metric": "revenue", "window": 12, "below": 30.0}  # money is not a whole number
    said = {"stop": stop, "outcomes": ["growth"]}
    expected = work(**said).stretch(0, 12)
    assert len(set(expected["runs"]["lived"].to_pylist())) > 2
    monkeypatch.setattr(module, "CHUNK", chunk)
    assert written(work(**said).stretch(0, 12)) == written(expected)


def test_an_impossible_combination_is_rows_with_its_error():
    length = {"path": "days", "kind": "lever", "values": [30, 80]}
    frame = table(work(factors=[length, DAY | {"values": [10, 40]}]))
    bad = frame["error"].notna()
    assert (bad == ((frame["days"] == 30) & (frame["when"] == 40))).all() and bad.sum() == 2
    said = frame["error"][bad].unique().tolist()
    assert len(said) == 1 and said[0].startswith("base.toml: policy.release.on[0].day: found 40")
    assert frame.loc[bad, ["wau_mean", "decline"]].isna().all(axis=None)
    assert (frame["lived"][bad] == 0).all()
    assert frame["wau_mean"][~bad].notna().all()


def test_a_run_that_breaks_is_a_row_with_its_error(monkeypatch):
    whole = table(work())
    live = module.whole_life

    def breaks(scenario, plan, parameters, seed, **threads):
        if seed == make_worlds(1, 2, fixed=True)[1].seed:
            raise ZeroDivisionError("of something\nby nothing")
        return live(scenario, plan, parameters, seed, **threads)

    monkeypatch.setattr(module, "whole_life", breaks)
    frame = table(work())
    assert frame["error"].dropna().unique().tolist() == [
        "ZeroDivisionError: of something by nothing"
    ]
    kept = frame["world"] == 0
    assert frame["error"].notna().equals(~kept) and frame[kept].equals(whole[kept])


def test_the_tables_have_the_same_columns_where_all_fails():
    broken = {"series": {"metrics": ["wau"]}, "factors": [DAY | {"values": [10, 40, 79]}, {
        "path": "days", "kind": "lever", "values": [30, 80]}]}  # fmt: skip
    mine = work(**broken, worlds={"number": 1})
    fails, lives = mine.stretch(2, 3), mine.stretch(3, 4)  # the fortieth day of thirty, of eighty
    assert fails["runs"]["error"].null_count == 0 and lives["runs"]["error"].null_count == 1
    for name in fails:
        assert fails[name].schema == lives[name].schema
    assert len(fails["series"]) == 0


def test_factors_lie_over_changes():
    fans = {"path": "segments.fans.share", "name": "fans", "kind": "uncertainty", "values": [0, 1]}
    shares = [{"name": "fans", "share": 0.5}, {"name": "others", "share": 0.5}]
    made = experiment(
        BASE | {"segments": shares}, factors=[fans, ADS],
        changes={"segments.others.share": 0.9, "policy.ad_pressure": {"base": 9}},
    )  # fmt: skip
    unlaid, laid = made.built({}), made.scenario_at([1, 1])
    assert [x.share for x in unlaid.segments] == pytest.approx([0.1, 0.9])
    assert [x.share for x in laid.segments] == [1, 0]
    assert (unlaid.policy.ad_pressure.base, laid.policy.ad_pressure.base) == (9, 4)
    assert notes(made) == [
        "the change of segments.others.share has no effect: segments.fans.share of factors[0].path "
        "replaces it",
        "the change of policy.ad_pressure has no effect: policy.ad_pressure of factors[1].path "
        "replaces it",
    ]


@pytest.mark.parametrize(("path", "change", "undone"), [
    ("policy.ad_pressure", {"policy.ad_pressure.weekday": [1] * 7}, True),
    ("policy.ad_pressure.base", {"policy.ad_pressure": 3}, True),
    ("policy.ad_pressure.base", {"policy.ad_pressure": {"base": 3}}, True),
    ("policy.ad_pressure.base", {"policy.ad_pressure": {"base": 3, "weekday": [1] * 7}}, False),
    ("policy.ad_pressure", {"policy.ad_pressure": 3, "policy.coupon": 0.1}, True),
    ("segments[0].activity", {"segments.all.activity.value": 0.3}, True),
    ("segments.all.activity", {"segments.all.activity.spread": 0.3}, False),
    ("parameters.wear.low", {"parameters.wear": 0.1}, False),
])  # fmt: skip
def test_a_change_of_which_factors_leave_nothing_is_told(path, change, undone):
    factor = {"path": path, "name": "f", "kind": "lever", "values": [0.01, 0.05]}
    found = undone_changes(experiment(BASE, factors=[factor], changes=change))
    assert len(found) == undone and all(path in note for note in found)


def test_a_trait_and_its_spread_do_not_overlap():
    trait = {"path": "segments.all.activity", "name": "a", "kind": "lever", "range": [0.1, 0.2]}
    spread = trait | {"path": "segments.all.activity.spread", "name": "b"}
    for factors in ([trait, spread], [spread, trait]):
        made = experiment(BASE, factors=factors, changes={})
        (segment,) = made.scenario_at([0.125, 0.125]).segments
        assert (segment.activity.value, segment.activity.spread) == (0.125, 0.125)


def test_points_that_are_repeated_are_counted():
    rows = [{"ads": 4, "when": 10}, {"ads": 0, "when": 10}, {"ads": 4.0, "when": 10}]
    (note,) = notes(experiment(design={"kind": "list", "rows": rows}))
    assert note.startswith("1 of 3 points are repeated")


def test_a_lever_that_something_lies_over_is_told():
    steps = {"base": 1, "steps": [{"day": 0, "value": 2}]}
    base = ADS | {"path": "policy.ad_pressure.base"}
    (note,) = notes(experiment(BASE | {"policy": {"ad_pressure": steps}}, factors=[base]))
    assert note.startswith("policy.ad_pressure.base has no effect: the levers are the same")
    assert notes(experiment(BASE, factors=[base])) == []
    weekday = {"path": "policy.ad_pressure.weekday", "name": "w", "kind": "lever",
               "values": [[1] * 7, [0] * 7]}  # fmt: skip
    assert notes(experiment(BASE | {"policy": {"ad_pressure": 0}}, factors=[base, weekday])) == []


def test_a_choice_of_scenarios():
    choice = {"scenarios": ["base.toml", "b.toml"], "kind": "uncertainty", "name": "community"}
    data = {"name": "x", "outcomes": ["wau_mean"], "factors": [choice, ADS],
            "changes": {"community.market": 200}, "design": {"kind": "grid"}}  # fmt: skip
    larger = BASE | {"days": 100, "community": {"market": 900}}
    made = Experiment.from_dict(data, scenarios={"base.toml": BASE, "b.toml": larger})
    check(made)
    frame = table(ExperimentWork.of(made))
    assert frame["community"].tolist() == ["base"] * 3 + ["b"] * 3
    assert frame["lived"].tolist() == [80] * 3 + [100] * 3
    assert made.scenario_at([1, 0]).community.market == 200  # changes lie over either


def test_identity_names_all_that_makes_the_work(monkeypatch):
    mine = work()
    said = json.loads(json.dumps(mine.identity, allow_nan=False))
    again = Experiment.from_dict(said["experiment"], scenarios=said["scenarios"])
    assert again.factors == mine.experiment.factors
    assert ExperimentWork.of(again).identity == mine.identity
    for other in (work(worlds={"number": 2, "seed": 2}), work(BASE | {"seed": 9}),
                  work(factors=[ADS | {"values": [0, 4, 15]}, DAY])):  # fmt: skip
        assert other.identity != mine.identity
    monkeypatch.setattr("platform.machine", lambda: "another")
    assert mine.identity != said


def test_other_points_elsewhere_are_refused(tmp_path):
    """As when the CSV was changed, or a worker has another version of what makes a design."""
    said = {"design": {"kind": "csv", "csv": "points.csv"}, "factors": [ADS], "name": "x",
            "outcomes": ["wau_mean"], "scenario": "base.toml"}  # fmt: skip
    csv = tmp_path / "points.csv"
    csv.write_text("ads\n0\n4\n")
    made = Experiment.from_dict(said, "x.toml", tmp_path, {"base.toml": BASE})
    there = pickle.dumps(ExperimentWork.of(made))
    csv.write_text("ads\n0\n16\n")
    module._codes.cache_clear()
    with pytest.raises(InputError, match=r"x\.toml: design: found other points"):
        pickle.loads(there).stretch(0, 1)


def test_a_series_that_changes_meanwhile_is_no_result(tmp_path):
    """Also one that only a factor's value names; and it is another work from then on."""
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("day,joined\n0,30\n1,5\n")
    base = BASE | {"intake": {"csv": "a.csv", "column": "joined", "day": "day"}}
    which = {"path": "intake.csv", "kind": "uncertainty", "values": ["a.csv", "b.csv"]}
    data = {"name": "x", "scenario": "base.toml", "outcomes": ["wau_mean"], "factors": [which],
            "design": {"kind": "grid"}}  # fmt: skip

    def begun() -> ExperimentWork:
        made = Experiment.from_dict(data, "x.toml", tmp_path, {"base.toml": base})
        check(made)
        return ExperimentWork.of(made)

    mine = begun()
    assert table(mine)["error"].isna().all()
    (tmp_path / "b.csv").write_text("day,joined\n0,30\n1,6\n")
    with pytest.raises(InputError, match=r"b\.csv: file: found changed content"):
        table(mine)
    assert begun().identity["series"] != mine.identity["series"]


def test_the_error_of_a_row_does_not_say_where_the_experiment_lies(tmp_path):
    base = BASE | {"intake": {"csv": "a.csv", "column": "x", "day": "day"}}
    data = {"name": "x", "scenario": "base.toml", "outcomes": ["wau_mean"], "factors": [
        {"path": "intake.csv", "kind": "lever", "values": ["a.csv", "b.csv"]},
        {"path": "intake.column", "kind": "lever", "values": ["x", "y"]},
    ], "design": {"kind": "grid"}}  # fmt: skip
    found = []
    for folder in (tmp_path / "here", tmp_path / "there"):
        folder.mkdir()
        (folder / "a.csv").write_text("day,x,y\n0,30,20\n1,5,5\n")
        (folder / "b.csv").write_text("day,x\n0,30\n1,5\n")
        made = Experiment.from_dict(data, "x.toml", folder, {"base.toml": base})
        check(made)
        found.append(table(ExperimentWork.of(made)))
    assert found[0]["error"].notna().tolist() == [False] * 3 + [True]
    assert "no such column" in found[0]["error"][3] and found[0].equals(found[1])


def test_workers_may_stand_in_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.csv").write_text("ads\n0\n4\n")
    data = {"name": "x", "scenario": "base.toml", "outcomes": ["wau_mean"], "factors": [ADS],
            "design": {"kind": "csv", "csv": "points.csv"}}  # fmt: skip
    made = Experiment.from_dict(data, scenarios={"base.toml": BASE})
    there = pickle.dumps(ExperimentWork.of(made))
    module._codes.cache_clear()
    monkeypatch.chdir("/")
    assert len(table(pickle.loads(there))) == 2


def test_an_estimate_before_the_first_run():
    found = estimate(work(series={"metrics": ["wau"], "every": 10}), jobs=2)
    assert (found.points, found.worlds, found.runs) == (6, 2, 12)
    assert 0 < found.seconds < 60 and 0 < found.bytes < 10_000 and not found.large
    assert found.sentence.startswith("12 runs (6 points in 2 worlds): about ")


def test_shards_are_whole_points_of_a_few_seconds():
    short = work(worlds={"number": 7})
    assert short.runs_a_shard % 7 == 0 and 100 < short.runs_a_shard <= 1000
    assert work(BASE | {"community": {"market": 1_000_000}}).runs_a_shard == 1


def test_a_sweep_is_read_when_asked(tmp_path):
    mine = work(series={"metrics": ["wau", "posts"], "every": 10})
    with pytest.raises(InputError, match="the folder of a sweep"):
        load_sweep(tmp_path)
    made = sweep(mine.experiment, tmp_path / "made", engine="serial")
    found = mine.stretch(0, mine.runs)
    again = load_sweep(tmp_path / "made")
    assert again.runs.equals(made.runs) and made.runs.equals(found["runs"].to_pandas())
    assert again.design.to_dict("list") == {"ads": [0, 0, 4, 4, 16, 16], "when": [10, 40] * 3}
    assert [f.column for f in again.factors] == ["ads", "when"]
    assert [o.name for o in again.outcomes] == ["wau_mean", "decline", "retention_30", "profit"]
    assert again.series().equals(found["series"].to_pandas())
    some = again.series(["posts"], runs=[3, 11])
    assert list(some.columns) == ["run", "day", "posts"] and set(some["run"]) == {3, 11}
    with pytest.raises(InputError, match="wau"):
        again.series(["waau"])
    with pytest.raises(InputError, match="--resume"):
        sweep(mine.experiment, tmp_path / "made", engine="serial")
    for lost in ("runs.parquet", "series/000000.parquet"):
        (tmp_path / "made" / lost).rename(tmp_path / "aside")
        with pytest.raises(InputError, match="missing since it was written"):
            load_sweep(tmp_path / "made")
        (tmp_path / "aside").rename(tmp_path / "made" / lost)
