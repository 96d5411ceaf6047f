"""What a notebook does to what it was given, or gave away, changes no result."""

from __future__ import annotations

import copy
import pickle
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest

import comsim
from comsim.common.copies import Copied, copied
from comsim.evidence.collection import facts
from comsim.evidence.fact import Finding, Measurement
from comsim.results.comparison import summary as summary_of_comparison
from comsim.results.run import as_record

BASE = {
    "name": "Base", "days": 30, "community": {"market": 100},
    "policy": {"ad_pressure": {"groups": {"newcomers": 2}}},
    "rules": [{"name": "r", "days": 3, "when": [{"metric": "wau", "below": 1e6}],
               "do": [{"lever": "official_posts", "set": 2}]}],
}  # fmt: skip
VARIED = {
    "name": "Ads", "scenario": "base", "outcomes": ["wau_mean"], "design": {"kind": "grid"},
    "factors": [{"path": "policy.official_posts", "kind": "lever", "values": [0, 1, 2]},
                {"path": "policy.release", "kind": "lever", "values": [0, 1]}],
    "worlds": {"number": 4}, "changes": {"policy": {"pushes": 1}},
}  # fmt: skip


def spoil(table: pd.DataFrame) -> None:
    """All that a notebook might do to a table."""
    for name in table.columns:
        for spoiled in (table[name].array, table[name].values, table[name].to_numpy()):
            with suppress(ValueError, TypeError):  # read-only, or text
                spoiled[:] = spoiled[::-1]
    table.iloc[:1, -1:] = table.iloc[-1:, -1:].to_numpy()
    table["new"] = 1
    for name in list(table.columns):
        table[name] = 0
    table.attrs["new"] = table.index.name = table.columns.name = "new"


@pytest.fixture(scope="module")
def run():
    return comsim.simulate(comsim.Scenario.from_dict(BASE), seed=1)


def saved(run):
    record = as_record(run)
    tables = [getattr(record, name).to_csv() for name in ("daily", "members", "cohorts")]
    return tables, record.summary, run.report().partition("<main")[2], run.stages, run.notes


def test_a_run(run):
    before = saved(run)
    spoil(run.daily)
    spoil(run.members)
    run.parameters.clear()
    run.rule_days["r"].clear()
    run.stages.clear()
    run.notes.append("new")
    run.scenario.to_dict()["community"]["market"] = 7
    with pytest.raises(TypeError, match="can't be changed"):
        run.scenario.policy.ad_pressure.groups["newcomers"] = 0
    for array in (run.world.daily["wau"], run.world.m.own["trust"], run.plan.lever_table,
                  run.plan.rhythm, run.world.daily_table):  # fmt: skip
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0
    assert saved(run) == before


def test_a_run_goes_on_with_closed_arrays(run):
    assert len(run.events()) and run.rule_days == {"r": [(1, 29)]}
    assert copy.deepcopy(run).daily.equals(run.daily)
    assert comsim.simulate(run.scenario, seed=1).daily.equals(run.daily)  # the plan is whole


def test_a_comparison():
    scenarios = [comsim.Scenario.from_dict(BASE | {"name": name, "policy": {"pushes": pushes}})
                 for name, pushes in (("A", 0), ("B", 1))]  # fmt: skip
    found = comsim.compare(*scenarios, worlds=4, share=0.2)

    def told():
        return str(summary_of_comparison(found)), found.report().partition("<main")[2]

    before = told()
    for name in ("verdicts", "worlds", "draws", "series", "key_drivers", "arms"):
        spoil(getattr(found, name))
    row = found.of("wau_mean")
    row["difference"] = 7
    assert told() == before
    assert pickle.loads(pickle.dumps(found)).verdicts.equals(found.verdicts)


def test_a_sweep_and_its_analysis(tmp_path):
    given = copy.deepcopy(VARIED)
    base = copy.deepcopy(BASE)
    experiment = comsim.Experiment.from_dict(given, scenarios={"base": base})
    given["factors"][0]["values"][2] = 9
    given["changes"]["policy"]["pushes"] = 0
    base["community"]["market"] = 10
    with pytest.raises(TypeError, match="can't be changed"):
        experiment.changes["days"] = 3
    with pytest.raises(TypeError, match="can't be changed"):
        experiment.bases[0].data["days"] = 3
    with pytest.raises(ValueError, match="read-only"):
        experiment.codes[:] = 0
    sweep = comsim.sweep(experiment, tmp_path / "out", engine="serial")
    assert sweep.runs["official_posts"].unique().tolist() == [0, 1, 2]
    assert sweep.manifest.identity["scenarios"]["scenarios/base"]["community"] == {"market": 100}
    identity, before = copy.deepcopy(sweep.manifest.identity), comsim.analyse(sweep)
    spoil(sweep.runs)
    spoil(sweep.design)
    sweep.manifest.identity["scenarios"].clear()
    assert sweep.manifest.identity == identity
    after = comsim.analyse(sweep)
    assert str(after) == str(before)
    tables = [answer.table.to_csv() for answer in after.answers]
    drawn = [pickle.dumps(answer.data) for answer in after.answers]
    for answer in after.answers:
        spoil(answer.table)
        for part in (answer.data or {}).values():
            if isinstance(part, pd.DataFrame):
                spoil(part)
        (answer.data or {}).clear()
    spoil(after.swept.runs)
    assert [answer.table.to_csv() for answer in after.answers] == tables
    assert [pickle.dumps(answer.data) for answer in after.answers] == drawn


def test_a_dict_that_was_given_may_be_changed():
    given = copy.deepcopy(BASE)
    scenario = comsim.Scenario.from_dict(given)
    given["policy"]["ad_pressure"]["groups"]["newcomers"] = 9
    given["rules"][0]["do"].clear()
    assert scenario == comsim.Scenario.from_dict(BASE)
    scenario.to_dict()["rules"].clear()
    assert scenario == comsim.Scenario.from_dict(BASE)


def test_findings_of_a_validation():
    fact = facts()["F5"]
    measured = Finding(fact, Measurement({"gini": 1}, {"gini": 0})).measured
    measured.figures.clear()
    measured.absent["gini"] = 3
    fact.title["en"] = "another"
    assert measured.figures == {"gini": 1} and measured.absent == {"gini": 0}
    assert facts()["F5"].title["en"] != "another"


def test_a_copy_shares_its_numbers_until_it_is_changed():
    table = pd.DataFrame({"x": np.arange(9.0), "stage": pd.Categorical(list("aabbccabc"))})
    copy = copied(table)
    assert np.shares_memory(copy["x"].to_numpy(), table["x"].to_numpy())
    copy["x"] += 1
    assert table["x"][0] == 0


def test_what_is_kept_is_made_once():
    class Thing:
        made = 0

        @Copied
        def numbers(self):
            """Some."""
            self.made += 1
            return [1]

    thing = Thing()
    thing.numbers.append(2)
    assert thing.numbers == [1] and thing.made == 1 and Thing.numbers.__doc__ == "Some."
    with pytest.raises(AttributeError, match="can't be set"):
        thing.numbers = []
