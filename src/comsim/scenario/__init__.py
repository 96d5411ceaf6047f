"""Scenario files: what a community is and how it is run.

    scenario = load_scenario("scenarios/brand_launch.toml")
    plan(scenario)                      arrays for a run
    parameter_values(scenario, seed=1)  the parameter values of one world

Modules, each importing only those before it: checks, files, csvfile, table, policy,
programme and people, scenario, groups, schedule, outside, rules, series, shocks and changes, plan;
pace, reading, schema, worlds and listing.
"""

from comsim.scenario.plan import Plan, plan
from comsim.scenario.reading import load_scenario
from comsim.scenario.scenario import Scenario
from comsim.scenario.schema import schema
from comsim.scenario.series import observed, with_intake, with_observed
from comsim.scenario.worlds import parameter_values

__all__ = [
    "Plan",
    "Scenario",
    "load_scenario",
    "observed",
    "parameter_values",
    "plan",
    "schema",
    "with_intake",
    "with_observed",
]
