"""Every lever that costs money is known to an equal budget, and no other one."""

from __future__ import annotations

import re

import pytest

from comsim.common.errors import InputError
from comsim.language.phrases import Words
from comsim.model.catalogue import COST_OF, LEVERS
from comsim.run.simulation import simulate
from comsim.scenario import Scenario
from comsim.scenario.worlds import make_worlds
from comsim.studies.comparison.choices.budget import Budget, equalised
from comsim.studies.comparison.choices.policies import policies_of

# A lively community in which members buy, join by word of mouth and take on work, so that each
# lever has takers. All costs but those of levers are constant: nothing is paid for members.
BASE = {
    "name": "base", "days": 60, "community": {"market": 300},
    "parameters": {
        "founder_days": 1, "bounce": 0, "idle_chance": 0,
        "platform_cost": 0, "toxicity": 0.05, "membership_rate": 0.5, "invitation_rate": 1,
        "kol_conversion": 0.1, "expert_posts": 1, "expert_standing": 0.1, "coordinator_replies": 1,
        "coordinator_ties": 1, "coordinator_trust": 0.3, "volunteer_trust": 0.3,
        "volunteer_share": 1, "volunteer_fatigue": 1,
    },
    "policy": {"seed_group": 60, "intake": 0, "official_posts": 1, "membership_fee": 5},
}  # fmt: skip


def with_lever(*names: str, **more: float) -> Scenario:
    """The base with some levers turned up, and others set."""
    policy = BASE["policy"] | more
    for name in names:
        value = min(LEVERS[name].high, 100 if name == "seed_group" else 20)
        policy |= {name: {"base": value} if LEVERS[name].once else value}
    name = "-".join(names)[:60]
    return Scenario.from_dict(BASE | {"name": name, "policy": policy}, f"{name}.toml")


def spend(scenario: Scenario) -> int:
    """What the operator pays, in cents, goods left out."""
    daily = simulate(scenario, seed=1, threads=1).world.daily
    return int(daily["cost"].sum() - daily["cost_goods"].sum())


def test_the_levers_that_cost_money_are_those_that_change_the_ledger():
    base = spend(Scenario.from_dict(BASE, "base.toml"))
    assert {name for name in LEVERS if spend(with_lever(name)) != base} == set(COST_OF)


def budget_of(scenario: Scenario) -> Budget:
    """How a scenario is scaled to what the base spends."""
    policies = policies_of([Scenario.from_dict(BASE, "base.toml"), scenario])
    _, (budget,) = equalised(policies, make_worlds(1, 2), 1, 1)
    assert budget.reached == pytest.approx(budget.target, rel=0.01)
    assert budget.unscaled != budget.target
    return budget


@pytest.mark.parametrize("lever", COST_OF)
def test_an_equal_budget_scales_each_of_them(lever):
    alone = budget_of(with_lever(lever))
    assert alone.levers == (lever,)
    assert Words("en").label(LEVERS, lever) in alone.sentence
    # With another paid lever and a free one, something of the change is left at an equal budget.
    other = "welcome_gift" if lever == "official_posts" else "official_posts"
    mixed = budget_of(with_lever(lever, **{other: 2}, ad_pressure=3))
    assert set(mixed.levers) == {lever, other} and mixed.bought and 0 < mixed.factor < 1


def test_an_equal_budget_scales_all_of_them_at_once():
    budget = budget_of(with_lever(*COST_OF))
    assert set(budget.levers) == set(COST_OF) and budget.bought


@pytest.mark.parametrize("lever", sorted({*COST_OF} - {"seed_group", "official_posts"}))
def test_a_lever_that_is_switched_off_is_refused_in_one_sentence(lever):
    """No factor makes nothing cost as much as the first policy."""
    policies = policies_of([with_lever(lever), Scenario.from_dict(BASE, "base.toml")])
    with pytest.raises(InputError) as error:
        equalised(policies, make_worlds(1, 2), 1, 1)
    assert re.fullmatch(
        rf"base.toml: policy: found a change of {lever}, which spends [\d,]+ as written; {lever} "
        rf"is 0, so no factor changes it; allowed: a change that can be scaled to spend [\d,]+ "
        rf"like {lever}, or leave out --equal-budget",
        str(error.value),
    )
