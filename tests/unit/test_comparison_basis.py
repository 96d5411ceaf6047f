"""What an answer rests on: word of mouth, and evidence on each lever."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import comsim
from comsim.common.errors import InputError
from comsim.results.comparison import load
from comsim.studies.comparison.basis.evidence import RANKED, grade, grounds
from comsim.studies.comparison.basis.tables import added_up
from comsim.studies.comparison.basis.word_of_mouth import fewer, weeks
from comsim.studies.comparison.verdicts import SHARES

from .comparisons import SPREADS, scenario

TALKATIVE = {"days": 150, "community": {"market": 3000}}


def policy(name: str = "As now", parameters=None, rules=(), **levers) -> comsim.Scenario:
    given = SPREADS | {"word_of_mouth": 3} | (parameters or {})
    levers = {"seed_group": 60, "official_posts": 0.3} | levers
    return scenario(name, policy=levers, parameters=given, rules=list(rules), **TALKATIVE)


@pytest.fixture(scope="module")
def found():
    return comsim.compare(
        policy(), policy("Referral", referral_reward=30), policy("Posts", official_posts=3),
        policy("Release", release={"on": [{"day": 60, "value": 0.5}]}),
        policy("Both", offers=0.8, official_posts=3), worlds=12, sample="independent",
    )  # fmt: skip


def test_a_referral_programme_rests_on_word_of_mouth_and_posts_do_not(found):
    rows = found.by_lot.set_index("policy")
    referral, posts = rows.loc["Referral"], rows.loc["Posts"]
    assert referral["whole_q50"] > 3 * referral["by_lot_q50"]
    assert referral["rests_on_word_of_mouth"] and not posts["rests_on_word_of_mouth"]
    # Those who were not drawn are invited, too, so that a comparison with them sees little.
    assert referral["word_of_mouth_q50"] > 0 and posts["by_lot_q50"] > 0
    assert "rests on word of mouth" in " ".join(found.grounds_of("Referral"))
    assert "rests on word of mouth" not in " ".join(found.grounds_of("Posts"))


def test_what_concerns_everybody_cannot_be_given_by_lot(found):
    row = found.by_lot.set_index("policy").loc["Release"]
    assert row["reason"] == "policy.release" and row["worlds"] == 0
    grounds_of_release = " ".join(found.grounds_of("Release"))
    assert "can't be given to a random half: policy.release" in grounds_of_release


def test_the_basis_changes_no_verdict_and_is_saved(found, tmp_path):
    plain = comsim.compare(
        policy(), policy("Referral", referral_reward=30), worlds=12, sample="independent",
        evidence=False,
    )  # fmt: skip
    mine = found.verdicts[found.verdicts["policy"] == "Referral"].reset_index(drop=True)
    parts = list(SHARES)
    pd.testing.assert_frame_equal(plain.verdicts.drop(columns=parts), mine.drop(columns=parts))
    assert plain.grounds_of() == () and not len(plain.by_lot)
    again, _ = load(found.save(tmp_path / "out"))
    assert again.grounds_of("Both", "zh") == found.grounds_of("Both", "zh")


def test_each_lever_has_its_grade_and_its_share(found):
    rows = found.grades.set_index(["policy", "lever"])
    assert rows.loc[("Referral", "referral_reward"), ["grade", "share"]].tolist() == [
        "elsewhere",
        1,
    ]
    both = rows.loc["Both"]
    assert both["share"].sum() == pytest.approx(1) and set(both.index) == {
        "offers",
        "official_posts",
    }
    assert both.loc["offers", "grade"] == "none"
    ground = found.grounds("Both")
    assert ground.unmeasured == pytest.approx(both.loc["offers", "share"])
    assert not found.grounds("Referral").unclear and found.grounds("Referral").unmeasured == 0


def test_a_test_that_agrees_and_tells_something_is_the_best_evidence():
    """Which tests those are: `test_only_a_test_that_tells_something_is_evidence`."""
    assert grade("offers") == "none" and grade("offers", {"offers"}) == "own test"
    assert grade("offers", {"greeting"}) == "none"
    assert RANKED.index("measured") < RANKED.index("varied") < RANKED.index("elsewhere")


def test_grounds_by_hand():
    def table(*rows) -> pd.DataFrame:
        table = pd.DataFrame(rows, columns=["policy", "lever", "grade", "share"])
        return table.assign(besides=["" if lever else "shocks" for lever in table["lever"]])

    mixed = table(("B", "offers", "none", 0.15), ("B", "greeting", "measured", 0.5),
                  ("B", "kol_reach", "elsewhere", 0.35))  # fmt: skip
    ground = grounds(mixed, "B")  # less than a fifth rests on offers
    assert (ground.weakest, ground.levers) == ("elsewhere", ("kol_reach",))
    assert ground.unmeasured == 0.15 and not ground.unclear
    assert grounds(table(("B", "offers", "none", 0.6), ("B", "x", "measured", 0.4)), "B").unclear
    many = grounds(table(("B", "offers", "none", np.nan), ("B", "x", "measured", np.nan)), "B")
    assert many.unclear and not many.attributed
    assert grounds(mixed, "C").weakest is None
    shocked = grounds(table(("B", "offers", "none", np.nan), ("B", "", "", np.nan)), "B")
    assert shocked.levers == ("offers",) and shocked.besides == ("shocks",)
    assert shocked.unclear and not shocked.attributed


def test_rules_are_not_attributed():
    rule = {"name": "r", "when": [{"metric": "wau", "above": 1}], "days": 100,
            "do": [{"lever": "official_posts", "set": 3}]}  # fmt: skip
    found = comsim.compare(policy(), policy("Ruled", rules=[rule], offers=0.5), worlds=4)
    assert found.grades["share"].isna().all() and found.grounds().unclear
    assert "not attributed" in found.grounds_of()[0] and "rules" in found.grounds_of()[0]


def test_what_is_no_lever_is_not_attributed_to_levers():
    shock = {"kind": "broken_promise", "day": 60, "severity": 0.5}
    shocked = policy("Shocked", offers=0.5).to_dict() | {"shocks": [shock]}
    left = policy("Left", official_posts=3).to_dict() | {"owner": {"until": 80}}
    found = comsim.compare(
        policy(), policy("Priced", parameters={"bounce": 0.9}),
        policy("Priced posts", parameters={"bounce": 0.9}, official_posts=3),
        *map(comsim.Scenario.from_dict, (shocked, left)),
        policy("Posts", official_posts=3), worlds=4,
    )  # fmt: skip
    rest = {name: found.grounds(name) for name in found.policies[1:]}
    assert rest["Priced"].besides == rest["Priced posts"].besides == ("parameters.bounce",)
    assert rest["Shocked"].besides == ("shocks",) and rest["Left"].besides == ("owner",)
    assert [name for name, ground in rest.items() if ground.attributed] == ["Posts"]
    assert rest["Shocked"].unclear and rest["Priced posts"].levers == ("official_posts",)
    assert rest["Priced"].weakest is None and np.isnan(rest["Priced"].unmeasured)
    for language, end in (("en", "sets no lever differently."), ("zh", "没有改变任何杠杆。")):
        told = {name: found.grounds_of(name, language)[0] for name in rest}
        assert "bounce" in told["Priced"] and not told["Priced"].endswith(end)
        assert "bounce" in told["Priced posts"] and "{" not in "".join(told.values())
    assert "other shocks" in found.grounds_of("Shocked")[0]
    assert "bounce" in found.report()


def test_the_test_that_would_settle_it_can_be_pasted_and_filled_in(found):
    import tomllib

    row = found.settling.set_index("policy").loc["Both"]
    assert row["lever"] == "offers" and row["value"] == 0.8 and 0 <= row["explains"] <= 1
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(row["toml"])
    lines = row["toml"].replace("effect = ", "effect = 0.1").replace("[ , ]", "[0.0, 0.2]")
    tests = tomllib.loads(lines)["tests"]
    filled = found.scenarios[0].again(found.scenarios[0].to_dict() | {"tests": tests})
    test = filled.tests[0]
    days = [filled.day_number(day) for day in (test.from_, test.until)]
    assert (test.lever, *days) == ("offers", row["from"], row["until"])
    assert "Release" not in set(found.settling["policy"])  # nobody can have a release by lot


def test_with_a_share_too():
    found = comsim.compare(policy(), policy("Posts", official_posts=3), worlds=4, share=0.2)
    assert found.by_lot["policy"].tolist() == found.grades["policy"].tolist() == ["Posts"]


def test_arms_of_ones_own_are_not_divided_again():
    arms = [{"name": "a", "share": 0.5}, {"name": "b", "share": 0.5}]
    armed = policy("Armed").to_dict() | {"arms": arms, "policy": {"ad_pressure": 3}}
    found = comsim.compare(policy(), comsim.Scenario.from_dict(armed), worlds=4)
    assert found.by_lot["reason"].tolist() == ["arms"]
    test = {"lever": "offers", "value": 0.5, "share": 0.5, "from": 20, "until": 90,
            "outcome": "wau", "effect": 0.1, "interval": [0, 0.2]}  # fmt: skip
    tested = comsim.Scenario.from_dict(armed | {"tests": [test]})
    with pytest.raises(InputError, match=r"tests\[0\]: found a test in a community with arms"):
        comsim.compare(policy(), tested, worlds=4)


def test_half_of_the_worlds_and_whole_weeks():
    assert [fewer(n) for n in (4, 20, 30, 40, 50, 100, 102)] == [4, 20, 20, 20, 24, 50, 50]
    assert weeks(0, 22) == [8, 15, 22] and weeks(21, 22) == [22] and weeks(0, 3) == [3]


def test_progress_of_several_pieces_adds_up():
    seen: list[tuple[int, int]] = []
    report = added_up(lambda done, total: seen.append((done, total)))
    for done, total in [(1, 2), (2, 2), (1, 1), (1, 3), (3, 3)]:
        report(done, total)
    assert seen == [(1, 2), (2, 2), (3, 3), (4, 6), (6, 6)]
