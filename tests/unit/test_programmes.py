"""Programmes: levers for some days, with their costs, compared with doing nothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import comsim
from comsim import Scenario, compare
from comsim.common.errors import InputError
from comsim.model.catalogue import LEVERS
from comsim.scenario.schema import schema
from comsim.scenario.worlds import make_worlds
from comsim.studies.comparison.choices.policies import policies_of
from comsim.studies.comparison.choices.programmes import choices_of, chosen
from comsim.studies.comparison.choices.returns import OTHERS, return_table
from comsim.studies.comparison.outcomes import OUTCOMES
from comsim.studies.comparison.runs import Runs, run_all

from .comparisons import NOW

GREETER = {"name": "greeter", "levers": {"greeting": 0.9}, "fixed": 310, "unit_cost": 0}
REFERRAL = {"name": "referral", "levers": {"referral_reward": 10}, "from": 60}
POSTS = {"name": "posts", "levers": {"official_posts": 2}, "from": 40, "until": 69}
ADS = {"name": "ads", "levers": {"ad_pressure": 3}, "from": 60}


def file_of(*programmes: dict, **more) -> dict:
    return {"programmes": list(programmes), **more}


def policies(now: Scenario, *programmes: dict, **more) -> list:
    """The policies of a comparison, compiled."""
    choices = choices_of(now, file_of(*programmes, **more))
    return choices.policies(policies_of(choices.scenarios()))


def lever(policy, name: str, cell: int = 0) -> np.ndarray:
    return policy.plan.lever_table[:, cell, list(LEVERS).index(name)]


def outcome(comparison, name: str, policy: str) -> np.ndarray:
    """An outcome in each world."""
    table = comparison.worlds
    return table[table["policy"] == policy].sort_values("world")[name].to_numpy()


def test_a_programme_holds_on_its_days_and_then_the_policy_holds_again():
    schedule = {"base": 1, "steps": [{"day": 20, "value": 3}, {"day": 60, "value": 4}],
                "during": [{"from": 35, "to": 45, "value": 5}], "on": [{"day": 50, "value": 9}],
                "groups": {"newcomers": 6}}  # fmt: skip
    now = NOW.again(NOW.to_dict() | {"policy": {"official_posts": 1, "welcome_gift": schedule}})
    gift = {"name": "gift", "levers": {"welcome_gift": 8}, "from": 40, "until": 69}
    before, after = policies(now, gift)
    for cell, was in ((0, lever(before, "welcome_gift")), (1, np.full(120, 6.0))):
        then = lever(after, "welcome_gift", cell)
        assert (then[40:70] == 8).all()
        assert np.array_equal(np.delete(then, range(40, 70)), np.delete(was, range(40, 70)))
    assert np.array_equal(lever(before, "official_posts"), lever(after, "official_posts"))


def test_steps_groups_and_single_days_of_a_programme():
    use = {"base": 2, "steps": [{"day": 50, "value": 3}], "on": [{"day": 60, "value": 9}],
           "groups": {"newcomers": 4}}  # fmt: skip
    part = {"name": "gift", "levers": {"welcome_gift": use}, "from": 40, "until": date(2024, 3, 10)}
    _, after = policies(NOW, part)
    all_, newcomers = lever(after, "welcome_gift"), lever(after, "welcome_gift", 1)
    assert (all_[40:50] == 2).all() and (all_[50:60] == 3).all() and all_[60] == 9
    assert (all_[61:70] == 3).all() and not all_[:40].any() and not all_[70:].any()
    assert (newcomers[40:70] == 4).all() and not newcomers[70:].any()


def test_acts_take_place_besides_those_of_the_scenario():
    held = {"on": [{"day": 50, "value": 0.5}, {"day": 70, "value": 0.5}]}
    now = NOW.again(NOW.to_dict() | {"policy": {"online_event": held}})
    monthly = {"name": "monthly", "levers": {"online_event": {"base": 0.2, "every": 30}},
               "from": 40}  # fmt: skip
    once = {"name": "once", "levers": {"online_event": 0.3}, "from": 50, "until": 60}
    _, *after = policies(now, monthly, once)
    days = [dict(zip(at := np.flatnonzero(x), x[at], strict=True))
            for x in (lever(policy, "online_event") for policy in after)]  # fmt: skip
    assert days == [{40: 0.2, 50: 0.5, 70: 0.2, 100: 0.2}, {50: 0.3, 70: 0.5}]


def test_nothing_happens_before_the_first_day():
    found = compare(NOW, programmes=file_of(REFERRAL, ADS | {"from": 90}), worlds=4)
    assert found.policies == ("as now", "referral", "ads")
    assert found.since == (0, 60, 90)  # whatever else is in the file
    apart = found.series[(found.series["of"] == "difference") & (found.series["metric"] != "trust")]
    for name, day in (("referral", 60), ("ads", 90)):
        mine = apart[apart["policy"] == name]
        early = mine["day"] < day
        assert not mine[early][["q05", "q50", "q95"]].to_numpy().any()
        assert mine[~early][["q05", "q95"]].to_numpy().any()


def test_a_fixed_cost_is_paid_by_the_calendar_month():
    part = GREETER | {"from": date(2024, 1, 22), "until": 69,
                      "fixed": {"base": 310, "steps": [{"day": 31, "value": 29}]}}  # fmt: skip
    _, policy = policies(NOW, part)
    a_day = policy.costs.fixed
    assert a_day[20] == 0 and (a_day[21:31] == 10).all()  # January
    assert np.allclose(a_day[31:60], 1) and np.allclose(a_day[60:70], 29 / 31)
    assert not a_day[70:].any()
    found = compare(NOW, programmes=file_of(part), worlds=4)
    spent = outcome(found, "spending", "greeter") - outcome(found, "spending", "as now")
    platform = 0.002 * 400 * 99  # at most: that of all people, as members
    assert spent == pytest.approx(100 + 29 + 10 * 29 / 31, abs=platform)
    assert found.since == (0, 21)


def test_the_units_that_a_programme_adds_have_its_price():
    """One post a day becomes two, for 30 days; the second costs 40, or 10, or nothing."""
    costs = {"posts": None, "cheap": 10, "free": 0}
    parts = [POSTS | {"name": name} | ({} if cost is None else {"unit_cost": cost})
             for name, cost in costs.items()]  # fmt: skip
    found = compare(NOW, programmes=file_of(*parts), worlds=4)
    spent = {name: outcome(found, "spending", name) for name in found.policies}
    assert np.allclose(spent["posts"] - spent["cheap"], 30 * 30)
    assert np.allclose(spent["cheap"] - spent["free"], 30 * 10)
    assert spent["free"] - spent["as now"] == pytest.approx(0, abs=60)  # a platform for more people
    for name in costs:
        gain = outcome(found, "revenue", name) - outcome(found, "cost", name)
        assert np.allclose(gain, outcome(found, "profit", name))


def test_return_is_the_gain_in_margin_less_spending_over_spending():
    found = compare(NOW, programmes=file_of(POSTS | {"fixed": 600}, ADS | {"from": 40}), worlds=4)
    table = found.returns[found.returns["against"] == "as now"]
    rows = {(row.policy, row.figure): row for row in table.itertuples()}
    one, other = (
        {name: outcome(found, name, policy) for name in ("revenue", "cost", "spending", "profit")}
        for policy in ("as now", "posts")
    )
    spent = other["spending"] - one["spending"]
    margin = [x["revenue"] - x["cost"] + x["spending"] for x in (one, other)]
    expected = (margin[1] - margin[0] - spent) / spent
    ends = [getattr(rows["posts", "return"], q) for q in ("q05", "q50", "q95")]
    assert ends == pytest.approx(np.quantile(expected, (0.05, 0.5, 0.95)))
    mean = (other["profit"] - one["profit"]).mean() / spent.mean()
    assert rows["posts", "return"].mean == pytest.approx(mean)
    # Ads have no price: what they bring in is no return, and a note says so.
    assert np.isnan([rows["ads", "return"].q50, rows["ads", "return"].mean]).all()
    assert any("“ads” changes ad_pressure, without a price" in note for note in found.notes)
    assert found.unpriced == ("ads",)
    assert not any("posts" in note for note in found.notes)


def test_programmes_are_compared_with_one_another():
    found = compare(NOW, programmes=file_of(POSTS, ADS | {"from": 40}), worlds=4)
    table = found.returns.set_index(["policy", "against", "figure"])
    apart = outcome(found, "profit", "posts") - outcome(found, "profit", "ads")
    row = table.loc["posts", "ads", "profit"]
    assert row["q50"] == pytest.approx(np.median(apart)) and row["ahead"] == (apart > 0).mean()
    leads = found.returns[(found.returns["against"] == OTHERS)].groupby("figure")["ahead"].sum()
    assert leads.to_dict() == pytest.approx({"wau_mean": 1, "profit": 1})


def test_a_combination_sets_the_levers_and_has_the_costs_of_its_programmes():
    together = [{"programmes": ["greeter", "referral"]},
                {"name": "all", "programmes": ["greeter", "referral", "ads"]}]  # fmt: skip
    found = policies(NOW, GREETER, REFERRAL, ADS, combinations=together)
    assert [x.name for x in found[4:]] == ["greeter + referral", "all"]
    for name, alone in (("greeting", 1), ("referral_reward", 2), ("ad_pressure", 3)):
        assert np.array_equal(lever(found[5], name), lever(found[alone], name))
    assert np.array_equal(found[5].costs.fixed, found[1].costs.fixed)
    assert len(found[5].costs.prices) == 1
    pairs = choices_of(NOW, file_of(GREETER, REFERRAL, ADS), pairs=True).choices
    assert [x.name for x in pairs[3:]] == ["greeter + referral", "greeter + ads", "referral + ads"]
    more = choices_of(NOW, file_of(ADS, ADS | {"name": "more ads"}), pairs=True).choices
    assert len(more) == 2  # both set the same lever


def test_programmes_in_the_scenario_itself():
    data = NOW.to_dict() | file_of(POSTS, combinations=[])
    now = Scenario.from_dict(data, "now.toml")
    assert Scenario.from_dict(now.to_dict(), "now.toml") == now
    alone, other = chosen([now]).scenarios()
    assert not alone.programmes and other.name == other.programmes[0].name == "posts"
    assert chosen([now, NOW]) is None  # two scenarios are compared without their programmes
    assert comsim.simulate(now).daily.equals(comsim.simulate(NOW).daily)
    properties = schema()["properties"]
    assert {"programmes", "combinations"} <= set(properties)


def test_a_past_before_the_first_day_moves_the_costs_too():
    """As with a past that leads to the community as it is today."""
    choices = choices_of(NOW, file_of(POSTS | {"fixed": 310, "unit_cost": 10}))
    earlier = [
        x.again(x.to_dict() | {"start": "2023-12-22", "days": 130, "policy": moved})
        for x, moved in zip(choices.scenarios(), ({}, {"official_posts": 2}), strict=True)
    ]
    _, after = choices.policies(policies_of(earlier))
    assert np.flatnonzero(after.costs.fixed).tolist() == list(range(50, 80))
    assert np.flatnonzero(after.costs.prices[0].share).tolist() == list(range(50, 80))


def test_worlds_may_have_weights():
    found = policies(NOW, POSTS, ADS)
    runs = run_all(found, make_worlds(1, 4), 1)
    weighted = return_table(found, runs, np.array([0.0, 0.0, 0.5, 0.5]))
    series = runs.series[:, :, 2:]
    one = Runs(
        runs.since,
        runs.outcomes[:, 2:],
        runs.first[:, 2:],
        *[series] * 3,
        starts=runs.starts,
        first_day=runs.first_day,
    )
    alone = return_table(found, one)
    columns = ["q05", "q50", "q95", "mean", "ahead"]
    assert np.allclose(weighted[columns], alone[columns], equal_nan=True)


def test_nobody_pays_once_the_owner_has_stopped():
    owned = NOW.again(NOW.to_dict() | {"owner": {"until": 90}})
    found = compare(owned, programmes=file_of(GREETER | {"from": 60}), worlds=4)
    spent = outcome(found, "spending", "greeter") - outcome(found, "spending", "as now")
    assert spent == pytest.approx(310 * 30 / 31, abs=60)  # 30 days of March


def test_a_saved_comparison_has_what_its_programmes_cost(tmp_path):
    from comsim.results.comparison import load

    found = compare(NOW, programmes=file_of(GREETER, POSTS), worlds=4)
    again, made = load(found.save(tmp_path / "out"))
    assert again.returns.equals(found.returns)
    kept = made["scenarios"]["greeter"]["programmes"][0]
    assert made["scenarios"]["posts"]["programmes"][0]["until"] == "2024-03-10"
    assert (kept["fixed"], kept["unit_cost"]) == ({"base": 310.0}, {"greeting": 0.0})
    assert "programmes" not in made["scenarios"]["as now"]


@pytest.mark.parametrize("programmes,said", [
    ([GREETER | {"levers": {"greting": 1}}],
     "programmes[0].levers.greting: found an unknown key; allowed: greeting (the nearest)"),
    ([GREETER | {"levers": {"greeting": 2}}],
     "programmes[0].levers.greeting: found 2; allowed: a number from 0 to 1"),
    ([GREETER | {"levers": {}, "unit_cost": {}}],
     "programmes[0].levers: found an empty table; allowed: lever = value"),
    ([GREETER | {"fixed": -1}], "programmes[0].fixed: found -1; allowed: a number from 0"),
    ([GREETER | {"form": 3}], "programmes[0].form: found an unknown key; allowed: from (the nea"),
    ([GREETER | {"from": 500}], "programmes[0].from: found 500; allowed: days 0 to 119"),
    ([GREETER | {"from": 50, "until": 40}], "programmes[0].until: found 40, before the first day"),
    ([REFERRAL | {"unit_cost": 4}],
     "unit_cost.referral_reward: found a lever paid at its value for each recruit; allowed: fixed"),
    ([ADS | {"unit_cost": 4}], "unit_cost.ad_pressure: found a lever without units in the ledger"),
    ([GREETER | {"unit_cost": {"official_posts": 4}}],
     "unit_cost.official_posts: found a lever that it does not set; allowed: greeting"),
    ([GREETER | {"levers": {"greeting": 1, "ad_pressure": 2}}],
     "unit_cost: found 0; allowed: a table of lever = cost"),
    ([GREETER | {"levers": {"greeting": {"base": 1, "every": 30}}}],
     "every: found a lever that holds until it is changed; allowed: an act"),
    ([GREETER | {"levers": {"greeting": {"steps": [{"day": 30, "value": 1}]}}, "from": 40}],
     "levers.greeting.steps[0].day: found 30; allowed: a day of the programme, 40 to 119"),
    ([GREETER | {"levers": {"greeting": {"groups": {"newcomer": 1}}}}],
     "groups.newcomer: found group 'newcomer'; allowed: newcomers (the nearest)"),
    ([GREETER, GREETER], "programmes[1].name: found 'greeter' twice; allowed: a unique name"),
    ([GREETER | {"name": "as now"}], "programmes[0].name: found the name of doing nothing"),
    ([{"name": "meet", "levers": {"offline_event": 0.2, "online_event": 0.2},
       "unit_cost": {"offline_event": 9}}],
     "unit_cost.offline_event: found a cost of offline_event, whose units the ledger counts with "
     "those of online_event"),
])  # fmt: skip
def test_one_line_says_what_is_wrong(programmes, said):
    with pytest.raises(InputError) as error:
        policies(NOW, *programmes)
    line = str(error.value)
    assert line.startswith("programmes: ") and said in line and "\n" not in line


@pytest.mark.parametrize("together,said", [
    (["greeter", "greter"], "combinations[0].programmes[1]: found 'greter'; allowed: greeter (the"),
    (["greeter"], "combinations[0].programmes: found 1 items; allowed: at least 2"),
    (["greeter", "greeter"], "found 'greeter' twice; allowed: each programme once"),
    (["ads", "more ads"], "found ad_pressure in both 'ads' and 'more ads' on the same days"),
])  # fmt: skip
def test_a_combination_that_is_none(together, said):
    parts = GREETER, ADS, ADS | {"name": "more ads"}
    with pytest.raises(InputError, match="combinations") as error:
        policies(NOW, *parts, combinations=[{"programmes": together}])
    assert said in str(error.value)


def test_what_cannot_be_compared():
    with pytest.raises(InputError, match="found one without programmes; allowed: two or more"):
        compare(NOW)
    with pytest.raises(InputError, match="found 2 scenarios; allowed: one scenario"):
        compare(NOW, NOW, programmes=file_of(ADS))
    with pytest.raises(InputError, match="found programmes; allowed: scenarios only"):
        compare(NOW, programmes=file_of(ADS), equal_budget=True)
    free = NOW.again(NOW.to_dict() | {"parameters": {"greeting_cost": 0}})
    with pytest.raises(InputError, match="are not counted as greeting_cost is 0"):
        policies(free, GREETER)


def test_two_scenarios_have_their_spending_too():
    richer = NOW.again(NOW.to_dict() | {"name": "Posts", "policy": {"official_posts": 2}})
    found = compare(NOW, richer, worlds=4)
    row = found.of("spending")
    assert row["q50"] == pytest.approx(40 * 120, abs=60) and not row["validated"]
    assert "spending" in [outcome.name for outcome in OUTCOMES]
