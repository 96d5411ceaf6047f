"""When rules acted, told from what a run wrote down."""

from __future__ import annotations

import numpy as np

import comsim
from comsim.scenario import Scenario

RULES = {
    "name": "Rules",
    "days": 120,
    "community": {"market": 500},
    "rules": [
        {"name": "early", "when": [{"metric": "members", "above": 5}], "days": 7, "cooldown": 20,
         "do": [{"lever": "official_posts", "set": 3}]},
        {"name": "while", "when": [{"metric": "dau", "window": 7, "above": 1}], "days": 30,
         "while": [{"metric": "cost_cumulative", "below": 5000}],
         "do": [{"lever": "ad_pressure", "multiply": 0.5}]},
        {"name": "second", "when": [{"metric": "rules_acting", "above": 0.5}], "days": 5,
         "cooldown": 10, "do": [{"lever": "coupon", "set": 0.1}]},
        {"name": "never", "when": [{"metric": "members", "above": 1e6}], "days": 1,
         "do": [{"lever": "coupon", "set": 0.5}]},
    ],
}  # fmt: skip


def test_days_of_each_rule_add_up_to_what_the_run_counted():
    run = comsim.simulate(Scenario.from_dict(RULES), seed=3)
    spells = run.rule_days
    assert list(spells) == ["early", "while", "second", "never"]
    assert len(spells["early"]) == run.world.rules["fired"][0] > 1
    assert all(last - first == 6 for first, last in spells["early"][:-1])
    assert len(spells["second"]) == run.world.rules["fired"][2] > 0
    assert spells["while"] and not spells["never"]
    acting = np.zeros(120, int)
    for days in spells.values():
        for first, last in days:
            acting[first : last + 1] += 1
    assert (acting == run.daily["rules_acting"]).all()
