"""Any scenario of the documented form is read, compiled and within its ranges."""

from __future__ import annotations

import json
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comsim.common.errors import InputError
from comsim.model.catalogue import LEVERS, PARAMETERS, TRAITS
from comsim.model.kernel.decide import FALLING
from comsim.scenario import Plan, Scenario, parameter_values, plan, schema
from comsim.scenario.changes import policy_changes

from .scenarios import scenarios


def same(one: Plan, other: Plan) -> bool:
    """Whether two plans are equal to the last bit."""
    pairs = [(getattr(one, f.name), getattr(other, f.name)) for f in fields(Plan)]
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


@given(scenarios())
@settings(max_examples=100, deadline=None)
def test_a_plan_is_within_its_ranges(data):
    scenario = Scenario.from_dict(data)
    made = plan(scenario)
    segments, arms = len(data["segments"]), len(data["arms"])
    assert made.lever_table.shape == (data["days"], 2 * segments * arms, len(LEVERS))
    for number, lever in enumerate(LEVERS.values()):
        values = made.lever_table[:, :, number]
        assert (values >= lever.low).all() and (values <= lever.high).all()  # so there's no nan
        if lever.scope == "community":
            assert (values == values[:, :1]).all()
    assert made.rhythm.shape == (data["days"],)
    assert (made.rhythm >= 0).all() and (made.rhythm <= 25).all()
    assert made.season.shape == (data["days"],)
    assert set(made.season) <= set(data["calendar"]["months"])
    for number, trait in enumerate(TRAITS.values()):
        values = made.trait_value[:, number]
        assert (values >= trait.low).all() and (values <= trait.high).all()
        assert (made.trait_spread[:, number] >= 0).all()
    for bound in (made.segment_bound, made.arm_bound):
        assert (np.diff(bound, prepend=0.0) > 0).all() and bound[-1] == 1.0
    assert all(0 < day < data["days"] for day, _ in policy_changes(scenario))


@given(scenarios())
@settings(deadline=None)
def test_tables_of_rules_point_at_what_there_is(data):
    made = plan(Scenario.from_dict(data))
    assert len(made.rules) == len(made.rule_names) == len(data["rules"])
    for table in (made.conditions, made.actions):
        assert set(table["rule"].tolist()) == set(range(len(made.rules)))
    assert (made.actions["cell"] < made.lever_table.shape[1]).all()
    assert (made.actions["lever"] < len(LEVERS)).all()
    moving = made.conditions["test"] >= FALLING
    assert ((made.conditions["times"] > 0) == moving).all()
    assert (made.conditions["window"] > 0).all()


@given(scenarios(), st.integers(0, 2**63 - 1))
@settings(deadline=None)
def test_worlds_lie_in_the_ranges_that_the_file_gives(data, seed):
    values = parameter_values(Scenario.from_dict(data), seed)
    for name, parameter in PARAMETERS.items():
        given_ = data["parameters"].get(name, parameter.value)
        low, high = (given_["low"], given_["high"]) if isinstance(given_, dict) else (given_,) * 2
        assert low <= values[name] <= high
        assert isinstance(values[name], int if parameter.whole else float)


@given(scenarios())
@settings(deadline=None)
def test_what_was_said_makes_the_same_plan(data):
    scenario = Scenario.from_dict(data)
    said = json.loads(json.dumps(scenario.to_dict()))
    again = Scenario.from_dict(said)
    assert again.to_dict() == said
    assert same(plan(again), plan(scenario))


@given(scenarios(), st.data())
@settings(deadline=None)
def test_one_value_out_of_range_is_refused(data, choose):
    lever = LEVERS[choose.draw(st.sampled_from(list(LEVERS)))]
    off = choose.draw(st.sampled_from([lever.low - 1, 2 * lever.high + 1]))
    data["policy"][lever.name] = {"base": off}
    with pytest.raises(InputError, match=rf"policy\.{lever.name}\.base: found"):
        Scenario.from_dict(data)


@given(scenarios())
@settings(deadline=None)
def test_the_schema_takes_what_the_reader_takes(data):
    jsonschema = pytest.importorskip("jsonschema")
    said = json.loads(json.dumps(data, default=str))  # dates as text
    jsonschema.validate(said, schema(), jsonschema.Draft202012Validator)
