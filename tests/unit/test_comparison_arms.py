"""Comparisons within one community: a policy for a share of the members."""

from __future__ import annotations

import pytest

from comsim import compare
from comsim.cli.verdicts import arm_lines
from comsim.common.errors import InputError
from comsim.results.comparison import load, provenance

from .comparisons import ADS, NOW, scenario, with_policy


def test_an_arm_is_the_same_people_and_only_they_have_the_policy():
    found = compare(NOW, ADS, worlds=10, share=0.3, jobs=2, sample="independent")
    mixed = "Ads, for 30 % of members"
    assert found.policies == ("As now", mixed, "Ads")
    arms = found.arms.set_index(["policy", "arm", "effect", "outcome"])
    touched = arms.loc[(mixed, "arm", "same people", "visits")]
    others = arms.loc[(mixed, "rest", "same people", "visits")]
    assert touched["relative_mean_high"] < 0 and touched["relative"] < others["relative"]
    whole = found.of("wau_mean", mixed), found.of("wau_mean", "Ads")
    assert whole[1]["difference"] < whole[0]["difference"] < 0
    within = found.arms[found.arms["effect"] == "within"]
    assert set(within["policy"]) == {mixed}  # the others treat all alike
    lines = arm_lines(found)
    heads = [line for line in lines if line.startswith("  Ads")]
    assert ["against" in line for line in heads] == [True, False]
    table = [line for line in lines[1:] if line.startswith("    members")]
    assert len(table) == 2 and len(table[0].split(")")) == 4 and len(table[1].split(")")) == 3
    plain = compare(
        NOW, ADS, worlds=10, sample="independent"
    )  # being counted in an arm changes nothing
    assert plain.of("wau_mean")["difference"] == whole[1]["difference"]


def test_a_policy_for_a_share_is_not_told_as_one_that_all_have(tmp_path):
    found = compare(NOW, ADS, worlds=4, share=0.3)
    mixed = "Ads, for 30 % of members"
    assert found.share == 0.3 and found.shared == {mixed: "Ads"}
    made = provenance(found, 0.0)
    assert made["share"] == 0.3 and made["for_a_share"] == {mixed: "Ads"}
    assert made["scenarios"][mixed] == made["scenarios"]["Ads"] != made["scenarios"]["As now"]
    html = found.report()
    part = html.split('<section id="compared"')[1].split("</section>")[0]
    assert f'<th scope="col">{mixed}</th>' not in part
    assert f"“{mixed}” gives “Ads” to 30% of the members" in part
    again, _ = load(found.save(tmp_path / "out"))
    assert again.shared == found.shared and again.report() == html


def test_the_same_policy_in_an_arm_changes_nobody():
    found = compare(NOW, scenario("Twin"), worlds=4, share=0.2)
    same = found.arms[found.arms["effect"] == "same people"]
    assert len(same) and (same["difference"] == 0).all()
    assert set(found.verdicts["verdict"]) == {"no difference"}


def test_rules_of_two_policies_live_side_by_side_in_arms():
    def ruled(name, posts):
        rule = {"name": name, "when": [{"metric": "wau", "above": 1}], "days": 100,
                "do": [{"lever": "official_posts", "set": posts}]}  # fmt: skip
        return scenario(name, policy={"seed_group": 100}, rules=[rule])

    forms = ruled("one", 1), ruled("flood", 50)
    found = compare(*forms, worlds=6, share=0.5, sample="independent")
    arms = found.arms.set_index(["policy", "arm", "effect", "outcome"])
    row = arms.loc[("flood, for 50 % of members", "arm", "same people", "visits")]
    assert row["mean_high"] < 0


@pytest.mark.parametrize("other, key", [
    (with_policy("B", intake=3), "policy.intake"),
    (scenario("B", parameters={"learning": 0.5}), "parameters.learning"),
    (scenario("B", arms=[{"name": "x", "share": 0.5}, {"name": "y", "share": 0.5}]), "arms"),
])  # fmt: skip
def test_what_is_for_all_cannot_be_given_to_a_share(other, key):
    with pytest.raises(InputError, match=f"B.toml: {key}: "):
        compare(NOW, other, worlds=4, share=0.1)


def test_arms_of_a_scenario_are_counted_under_every_policy():
    arms = {"arms": [{"name": "test", "share": 0.5}, {"name": "control", "share": 0.5}]}
    tried = scenario("Tried", policy={"ad_pressure": {"groups": {"arm:test": 12}}}, **arms)
    found = compare(NOW, tried, worlds=12)
    table = found.arms.set_index(["policy", "arm", "effect", "outcome"])
    test = table.loc[("Tried", "test", "same people", "visits")]
    control = table.loc[("Tried", "control", "same people", "visits")]
    assert test["difference"] < control["difference"]
