"""The budget for programmes: the chance to stay within it, and advice that respects it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from comsim import Scenario, compare
from comsim.common.errors import InputError
from comsim.language.phrases import Words
from comsim.scenario.schema import schema
from comsim.studies.comparison.choices.spending import share_within
from comsim.studies.comparison.finding import advice, ranked
from comsim.studies.comparison.words.answer import answer_rows, best_of
from comsim.studies.comparison.words.return_rows import cost_rows
from comsim.studies.comparison.words.sentences import left_for_budget, title

from .comparisons import NOW

POSTS = {"name": "posts", "levers": {"official_posts": 2}}  # 40 a day, for 120 days
SALARY = {"name": "salary", "levers": {"greeting": 0.9}, "fixed": 310, "unit_cost": 0}
RICH = NOW.again(NOW.to_dict() | {"budget": 1e6})


@pytest.fixture(scope="module")
def found():
    given = {"programmes": [POSTS, SALARY], "budget": 2000}
    return compare(RICH, programmes=given, worlds=4, evidence=False)


def test_the_chance_to_stay_within_the_budget(found, tmp_path):
    from comsim.results.comparison import load, summary

    assert found.budget == 2000  # that of the programmes' file, not the scenario's
    assert [found.within_budget(x) for x in found.policies[1:]] == [0, 1]
    assert found.within_budget("posts", 10_000) == 1
    words = found.words()
    columns, rows = answer_rows(found, best_of(found), words)
    at = columns.index("within 2,000")
    assert {row[0]: row[at] for row in rows} == {"as now": "", "posts": "<5%", "salary": ">95%"}
    columns, rows = cost_rows(found, words)
    assert [row[columns.index("within 2,000")] for row in rows] == ["<5%", ">95%"]
    again, _ = load(found.save(tmp_path / "out"))
    assert again.budget == 2000 and again.within_budget("salary") == 1
    assert summary(again)["within_budget"] == {"posts": 0, "salary": 1}


def test_a_budget_changes_no_simulation(found):
    without = compare(NOW, programmes={"programmes": [POSTS, SALARY]}, worlds=4, evidence=False)
    assert without.budget is None and without.within_budget("posts") is None
    assert without.worlds.equals(found.worlds) and without.verdicts.equals(found.verdicts)
    assert "within" not in " ".join(cost_rows(without, Words("en")).columns)


def test_the_first_scenario_has_the_budget_of_all():
    more = NOW.again(NOW.to_dict() | {"name": "More", "policy": {"official_posts": 2}})
    given = compare(NOW.again(NOW.to_dict() | {"budget": 6000}), more, worlds=4, evidence=False)
    assert given.within_budget() == 1 and given.within_budget(budget=4000) == 0
    other = compare(NOW, more.again(more.to_dict() | {"budget": 9}), worlds=4, evidence=False)
    assert other.budget is None and any("budget is that of" in note for note in other.notes)


def test_worlds_count_by_their_weights():
    spending = np.array([1.0, 3.0, 5.0, 7.0])
    assert share_within(spending, 3, [0.25] * 4) == 0.5
    assert share_within(spending, 5, [0.4, 0.4, 0.1, 0.1]) == pytest.approx(0.9)


def findings(found, **within: float | None) -> list:
    """Findings about better policies, the first with the largest gain, and their chances."""
    gain = {"verdict": "better", "q50": 30.0}
    return [
        replace(found.finding("posts"), policy=name, budget=2000, within=share, untested=False,
                row=found.finding("posts").row.to_dict() | gain | {"gains": 0.9 - 0.1 * at})
        for at, (name, share) in enumerate(within.items())
    ]  # fmt: skip


def test_advice_stays_within_the_budget(found):
    some = findings(found, large=0.4, middle=0.8, small=1.0)
    assert advice(some) == ("do", some[1]) and [x.policy for x in ranked(some)][-1] == "large"
    said = left_for_budget(some, Words("en"))
    assert said == "May exceed the budget of 2,000: “large” (stays within it in 40% of worlds)."
    assert "large" in left_for_budget(some, Words("zh"))
    assert not left_for_budget(findings(found, one=None, other=0.9), Words("en"))
    everything = findings(found, large=0.4, middle=0.5)
    assert advice(everything)[0] == "over"
    line = title(everything, Words("en"))
    assert "No policy stays within the budget of 2,000 in at least 80% of worlds" in line
    worse = [some[0], replace(some[1], row=some[1].row | {"verdict": "not clear"})]
    assert "No policy within the budget of 2,000 is probably better" in title(worse, Words("en"))
    little = [some[0], replace(some[1], row=some[1].row | {"gains": 0.1})]
    assert "“middle” is best within the budget" in title(little, Words("en"))


def test_the_owners_budget_is_separate():
    owned = NOW.again(NOW.to_dict() | {"owner": {"budget": 1e5}})
    programmes = {"programmes": [SALARY]}
    said = "budget of As now.toml is the loss at which the owner stops"
    assert any(said in x for x in compare(owned, programmes=programmes, worlds=4).notes)
    both = programmes | {"budget": 2000}
    assert not any("owner" in x for x in compare(owned, programmes=both, worlds=4).notes)


def test_a_budget_in_a_file():
    assert "budget" in schema()["properties"]
    assert Scenario.from_dict({"name": "x", "budget": 15_000}).to_dict()["budget"] == 15_000
    with pytest.raises(InputError, match="budget: found -1; allowed: a number from 0"):
        Scenario.from_dict({"name": "x", "budget": -1})
    with pytest.raises(InputError, match="programmes: budget: found '5k'; allowed: a number"):
        compare(NOW, programmes={"programmes": [POSTS], "budget": "5k"})
