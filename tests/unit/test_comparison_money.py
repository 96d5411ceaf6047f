"""Comparisons at equal budgets."""

from __future__ import annotations

from html import unescape

import numpy as np
import pytest

from comsim import compare
from comsim.common.errors import InputError
from comsim.measure.economy import break_even
from comsim.model.catalogue import LEVERS
from comsim.studies.comparison.choices.budget import scale
from comsim.studies.comparison.choices.policies import policies_of

from .comparisons import NOW, scenario, with_policy


def test_equal_budgets_are_equal():
    rich = with_policy("Rich", official_posts=3, welcome_gift=10)
    found = compare(NOW, rich, worlds=8, equal_budget=True, jobs=2)
    budget = found.equal_budget[0]
    assert 0.1 < budget.factor < 1
    assert budget.reached == pytest.approx(budget.target, rel=0.01)
    assert budget.unscaled > 1.3 * budget.target
    assert budget.levers == ("welcome_gift", "official_posts")  # the seed group stays
    assert f"times {budget.factor:.3g}." in budget.sentence
    assert found.policies[1] == "Rich, equal budget"
    same = compare(NOW, NOW, worlds=4, equal_budget=True)
    assert same.equal_budget[0].factor == 1
    dear = scenario("Dear", parameters={"staff_cost": 5000})
    with pytest.raises(InputError, match="no change of a paid lever"):
        compare(NOW, dear, worlds=4, equal_budget=True)


def test_the_same_money_buys_no_more_of_one_lever():
    more = with_policy("More", official_posts=2)
    found = compare(NOW, more, worlds=8, equal_budget=True, jobs=2)
    assert not found.equal_budget[0].bought
    assert "does not buy it" in found.equal_budget[0].sentence
    assert set(found.verdicts["verdict"]) == {"no difference"}
    assert "买不到" in found.report("zh")


def test_what_saves_money_is_scaled_and_says_so():
    less = with_policy("Less", official_posts=0.5)
    (budget,) = compare(NOW, less, worlds=4, equal_budget=True).equal_budget
    assert budget.factor == pytest.approx(2, rel=0.01) and not budget.bought and budget.saves
    assert "saves money" in budget.sentence


def test_the_end_of_a_range_is_told():
    """Matching costs at most 40 a day, and can't make up for five posts."""
    posts = with_policy("Posts", official_posts=5)
    matched = with_policy("Matched", official_posts=0, matching=0.5)
    with pytest.raises(InputError) as error:
        compare(posts, matched, worlds=4, equal_budget=True)
    said = str(error.value)
    assert "a change of official_posts, matching, which spends" in said and "\n" not in said
    assert "official_posts is 0, so no factor changes it" in said
    assert "ranges end: matching at most 1" in said
    some = with_policy("Some", official_posts=1, matching=0.9)
    found = compare(with_policy("Two", official_posts=2.4), some, worlds=4, equal_budget=True)
    (budget,) = found.equal_budget
    assert budget.held == ("matching",) and budget.factor > 1 / 0.9
    assert "personalised matching is held at the end of its range, 1." in budget.sentence
    assert budget.sentence in unescape(found.report()).replace("</li>\n<li>", " ")


def test_a_lever_that_is_not_paid_for_is_named():
    free = r"no change of a paid lever \(ad_pressure: not paid for\)"
    with pytest.raises(InputError, match=free):
        compare(NOW, with_policy("Ads", ad_pressure=9), worlds=4, equal_budget=True)


def test_what_costs_nothing_is_scaled_to_nothing():
    free = {"parameters": dict.fromkeys(("staff_cost", "platform_cost", "recruit_cost",
                                         "post_cost"), 0)}  # fmt: skip
    alone = scenario("Free", policy={"intake": 0, "welcome_gift": 0}, **free)
    gift = scenario("Gift", policy={"intake": 0, "welcome_gift": 5}, **free)
    budget = compare(alone, gift, worlds=4, equal_budget=True).equal_budget[0]
    assert budget.target == 0 and "compared with 0," in budget.sentence


def test_scaling_keeps_to_ranges_and_reaches_rules():
    rule = {"name": "r", "when": [{"metric": "wau", "above": 5}], "days": 5,
            "do": [{"lever": "coupon", "set": 0.4}, {"lever": "ad_pressure", "set": 2},
                   {"lever": "official_posts", "multiply": 2}]}  # fmt: skip
    policy = policies_of([scenario(policy={"coupon": 0.5}, rules=[rule])])[0]
    more = scale(policy, 3.0, ("coupon", "official_posts")).plan
    assert sorted(set(more.actions["value"])) == [pytest.approx(1.2), 2.0]
    levels = {name: more.lever_table[50, 0, at] for at, name in enumerate(list(LEVERS))}
    assert levels["coupon"] == 0.9 and levels["official_posts"] == 3 and levels["ad_pressure"] == 1
    assert policy.plan.lever_table[50, 0, list(LEVERS).index("coupon")] == 0.5


def test_scaled_levers_are_told_as_they_were_written():
    rule = {"name": "r", "when": [{"metric": "wau", "above": 5}], "days": 5,
            "do": [{"lever": "welcome_gift", "set": 15}]}  # fmt: skip
    rich = scenario("Rich", policy={"official_posts": 3, "welcome_gift": 10}, rules=[rule])
    html = compare(NOW, rich, worlds=4, equal_budget=True).report()
    part = html.split('<section id="compared"')[1].split("</section>")[0]
    assert part.count("(as written; scaled to an equal budget)") == 3


def test_break_even():
    assert break_even(np.array([-5, -1, 2, -1, 3, 4])) == 4
    assert break_even(np.array([1, 2])) == 0
    assert break_even(np.array([1, -2])) is None
