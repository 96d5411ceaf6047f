"""Policies over futures, against values made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from comsim.common.errors import InputError
from comsim.studies.analysis.robust import robust
from comsim.studies.analysis.swept import FactorColumn, Outcome

from .sweeps import DECLINE, generator, swept

POLICY = FactorColumn("policy", "policy", values=("calm", "bold", "bad"))
WEAR = FactorColumn("wear", "wear", kind="uncertainty", values=(0.1, 0.2, 0.3, 0.4))
NAMES = ("calm", "bold", "bad")


def grid(*uncertain: float) -> pd.DataFrame:
    rows = [(policy, wear) for wear in uncertain for policy in NAMES]
    return pd.DataFrame(rows, columns=["policy", "wear"])


def gamble(p, noise, luck):
    """calm brings 100 whatever comes; bold 150, but 30 with much wear; bad 50."""
    bold = np.where(p.wear > 0.25, 30.0, 150.0)
    value = np.select([p.policy == "calm", p.policy == "bold"], [100.0, bold], 50.0)
    return value[:, None] + 5 * luck + noise


def rows(answer):
    return answer.table.set_index("policy")


def test_measures_by_hand():
    """Ten worlds with values 1 to 10, and a policy that has 3 everywhere: exact measures."""
    points = pd.DataFrame({"policy": ["calm", "bold"]})

    def value(p, noise, luck):
        return np.array([[3.0] * 10, np.arange(1.0, 11)])

    policy = FactorColumn("policy", "policy", values=("calm", "bold"))
    table = rows(robust(swept(points, (policy,), value, 10, design="list"), "wau"))
    assert list(table.index) == ["bold", "calm"]
    assert list(table.expected) == [5.5, 3]
    assert list(table.worst) == pytest.approx([1, 3])  # a tenth of ten futures is the worst one
    assert list(table.regret) == pytest.approx([(2 + 1) / 10, sum(range(1, 8)) / 10])
    assert list(table.regret_most) == [2, 7]
    assert list(table.wins) == pytest.approx([7.5 / 10, 2.5 / 10])  # a tie is shared
    assert list(table.behind) == [0, 2.5] and list(table.front) == [True, True]


def test_the_worst_tenth_may_end_within_a_future():
    """Of 15 futures the worst 1.5 count: the worst one, and half of the next."""
    points = pd.DataFrame({"policy": ["calm", "bold"]})

    def value(p, noise, luck):
        return np.array([np.zeros(15), np.arange(15.0)])

    policy = FactorColumn("policy", "policy", values=("calm", "bold"))
    table = rows(robust(swept(points, (policy,), value, 15, design="list"), "wau"))
    assert table.worst["bold"] == pytest.approx((0 + 1 / 2) / 1.5)


def test_average_and_worst_may_disagree_and_the_split_says_where():
    sweep = swept(grid(0.1, 0.2, 0.21, 0.3), (POLICY, WEAR), gamble, 20, design="grid")
    answer = robust(sweep, "wau")
    assert answer.title == "Bold is best on average, calm in the worst futures"
    assert "depends on how much risk is acceptable (no policy beats bold and calm in both)" in (
        answer.sentence
    )
    assert "Bold is better if wear is 0.21 or less, calm if it is 0.3 or more" in (answer.sentence)
    table = rows(answer)
    # bold: 150, 150, 150, 30; calm: 100. Knowing the side is worth (100 - 30) / 4.
    assert table.expected["bold"] == pytest.approx(120, abs=4)
    assert table.behind["calm"] == pytest.approx(20, abs=1.5)
    assert table.regret["calm"] == pytest.approx(150 / 4, abs=1.5)
    assert table.wins["bold"] == pytest.approx(0.75) and not table.front["bad"]
    assert "is worth 17" in answer.sentence


def test_luck_shared_by_policies_does_not_blur_their_difference():
    table = rows(robust(swept(grid(0.1, 0.3), (POLICY, WEAR), gamble, 30, design="grid"), "wau"))
    assert table.expected_high["calm"] - table.expected_low["calm"] > 2
    assert table.behind_high["bad"] - table.behind_low["bad"] < 1


def test_policies_that_are_alike_are_not_ranked():
    sweep = swept(grid(0.1, 0.3), (POLICY, WEAR), lambda p, noise, luck: 100 + 10 * noise, 10)
    answer = robust(sweep, "wau")
    assert "not clearly" in answer.title and "do not separate it from" in answer.sentence
    assert "No single uncertain factor" in answer.sentence


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """Expected, and the worst tenth, of a policy worth N(0, 1) a world, over 60 sweeps."""
    points = pd.DataFrame({"policy": ["calm", "bold"]})
    policy = FactorColumn("policy", "policy", values=("calm", "bold"))
    held = np.zeros(2)
    for seed in range(60):
        sweep = swept(points, (policy,), lambda p, noise, luck: np.stack([luck, luck - 5]), 100,
                      seed=seed, design="list")  # fmt: skip
        one = rows(robust(sweep, "wau")).loc["calm"]
        held += [one.expected_low < 0 < one.expected_high, one.worst_low < -1.755 < one.worst_high]
    assert (held >= 0.85 * 60).all(), held


def test_less_may_be_better_and_never_counts_as_the_horizon():
    late = Outcome("decline", "decline begins", "day", good=1, begins=True)
    points = pd.DataFrame({"policy": ["calm", "bold"]})
    policy = FactorColumn("policy", "policy", values=("calm", "bold"))

    def value(p, noise, luck):
        return np.array([[np.nan] * 4, [300.0] * 4])

    table = rows(robust(swept(points, (policy,), value, 4, late, design="list"), "decline"))
    assert table.expected["calm"] == 730 and table.wins["calm"] == 1
    cost = Outcome("cost", "cost", "euros", good=-1)
    answer = robust(swept(points, (policy,), lambda p, n, luck: np.array([[5.0, 9], [2, 3]]), 2,
                          cost, design="list"), "cost")  # fmt: skip
    table = rows(answer)
    assert table.index[0] == "bold" and list(table.worst) == pytest.approx([3, 9])
    assert "more" in answer.sentence


def test_futures_that_one_policy_lacks_are_left_out():
    sweep = swept(grid(0.1, 0.3), (POLICY, WEAR), gamble, 10, design="grid")
    sweep.runs.loc[0, "error"] = "broken"
    answer = robust(sweep, "wau")
    assert answer.table.futures[0] == 19
    assert any("1 of 20 futures" in note for note in answer.warnings)


def test_what_cannot_be_answered_is_an_error():
    scattered = pd.DataFrame({"policy": NAMES * 10, "wear": generator(1).random(30)})
    with pytest.raises(InputError, match="same futures"):
        robust(swept(scattered, (POLICY, WEAR), gamble, 3), "wau")
    with pytest.raises(InputError, match="neither good nor bad"):
        robust(swept(grid(0.1), (POLICY, WEAR), gamble, 3, DECLINE), "decline")
    with pytest.raises(InputError, match="no lever"):
        only = swept(grid(0.1, 0.2)[["wear"]], (WEAR,), lambda p, n, luck: n, 3)
        robust(only, "wau")


def test_of_policies_that_cannot_be_told_apart_the_one_that_pays_best_is_named():
    policy = FactorColumn("policy", "policy", values=("calm", "bold", "bad"))
    points = pd.DataFrame({"policy": ["calm", "bold", "bad"]})

    def value(p, noise, luck):
        return np.array([[100.0], [100.5], [20.0]]) + noise

    sweep = swept(points, (policy,), value, 20, design="list")
    profit = Outcome("profit", "profit", "euros", good=1)
    sweep.runs["profit"] = sweep.runs["policy"].map({"calm": 5.0, "bold": -900.0, "bad": 70.0})
    answer = robust(replace(sweep, outcomes=(*sweep.outcomes, profit)), "wau")
    assert "Among these, calm has the highest profit: 5 euros on average, compared with −900" in (
        answer.sentence
    )
    luck = generator(2).normal(1000, 5, len(sweep.runs))
    sweep.runs["profit"] = luck  # what is best is best by chance
    answer = robust(replace(sweep, outcomes=(*sweep.outcomes, profit)), "wau")
    assert "Among these" not in answer.sentence
