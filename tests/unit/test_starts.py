"""Programmes with several starts, compared over the same days."""

from __future__ import annotations

from datetime import date

import pytest

from comsim import compare
from comsim.common.errors import InputError
from comsim.scenario.programme import Programme
from comsim.studies.comparison.choices.programmes import choices_of
from comsim.studies.comparison.words.answer import answer_rows, best_of
from comsim.studies.comparison.words.starts import best_starts, in_words

from .comparisons import scenario

NOW = scenario(start="2024-01-01")
TWO = [date(2024, 2, 10), 80]  # days 40 and 80
POSTS = {"name": "posts", "levers": {"official_posts": 3}, "fixed": 310, "from": TWO}
ADS = {"name": "ads", "levers": {"ad_pressure": 3}, "from": 60}
STARTS = ["posts from 10 Feb 2024", "posts from 21 Mar 2024"]


def names(*programmes: dict, pairs: bool = False, **more) -> list[str]:
    """The policies except "as now"."""
    given = {"programmes": list(programmes), **more}
    return [choice.name for choice in choices_of(NOW, given, pairs).choices]


def test_there_is_a_policy_for_each_start_and_combination():
    assert names(POSTS, ADS) == [*STARTS, "ads"]
    together = [{"programmes": ["posts", "ads"]}, {"name": "all", "programmes": ["ads", "posts"]}]
    assert names(POSTS, ADS, combinations=together)[3:] == [
        *(f"{start} + ads" for start in STARTS),
        *(f"all ({start})" for start in STARTS),
    ]
    assert names(POSTS, ADS, pairs=True)[3:] == [f"{start} + ads" for start in STARTS]
    assert names(POSTS | {"from": [80]}) == STARTS[1:]
    days = choices_of(scenario(), {"programmes": [POSTS]}).choices  # without dates
    assert [choice.name for choice in days] == ["posts from day 40", "posts from day 80"]


def test_starts_are_compared_over_the_same_days():
    """There is no difference before a policy begins, so its mean over more days is smaller."""
    given = {"programmes": [POSTS, ADS]}
    found = compare(NOW, programmes=given, worlds=4, evidence=False)
    late = {"programmes": [POSTS | {"from": 80}]}
    alone = compare(NOW, programmes=late, worlds=4, evidence=False)
    assert found.starts == (0, 40, 80, 60) and found.since == (0, 40, 40, 40)
    assert alone.starts == alone.since == (0, 80)
    mine, own = found.of("wau_mean", STARTS[1]), alone.of("wau_mean")
    assert mine["difference"] * (120 - 40) == pytest.approx(own["difference"] * (120 - 80))
    assert mine["difference"] != 0
    spent = [one.of("spending", name)["difference"]
             for one, name in ((found, STARTS[1]), (alone, "posts"))]  # fmt: skip
    assert spent[0] == pytest.approx(spent[1])
    page = found.report()
    assert "All effects are measured from 10 Feb 2024, the first start" in page
    ahead = found.returns.set_index(["policy", "against", "figure"])["ahead"]
    shares = {a: ahead[a, b, "wau_mean"] for a, b in (STARTS, STARTS[::-1])}
    best, other = sorted(STARTS, key=shares.get, reverse=True)
    (said,) = best_starts(found, found.words())
    best, other = best.removeprefix("posts from "), other.removeprefix("posts from ")
    assert said.startswith(f"Weekly members are higher if “posts” starts on {best} than if it ")
    assert f"starts on {other} (in" in said
    assert said in page
    columns, rows = answer_rows(found, best_of(found), found.words())
    begins = {row[0]: row[columns.index("from")] for row in rows}
    assert begins["ads"] == "1 Mar 2024" and begins[STARTS[1]] == "21 Mar 2024"


def test_starts_are_named_in_the_language_of_the_report(tmp_path):
    from comsim.results.comparison import load

    found = compare(NOW, programmes={"programmes": [POSTS]}, worlds=4, evidence=False)
    again, _ = load(found.save(tmp_path / "out"))
    assert again.policies == ("as now", *STARTS) and again.starts == found.starts
    chinese = in_words(again, again.words("zh"))
    assert chinese.policies == ("as now", "posts（2024年2月10日起）", "posts（2024年3月21日起）")
    row, same = chinese.of("spending", chinese.policies[2]), again.of("spending", STARTS[1])
    assert row["q50"] == same["q50"] and set(chinese.returns["policy"]) == {*chinese.policies}
    assert in_words(again, again.words()) is again
    # A saved policy is compared under the same name again.
    kept = again.scenarios[2].programmes[0]
    assert kept.starts == (date(2024, 3, 21),)
    assert names(kept.model_dump(by_alias=True, exclude_unset=True)) == STARTS[1:]


def test_a_programme_without_effect_moves_no_day_and_has_no_best_start():
    """As many posts as now: this policy never differs from doing nothing."""
    same = {"name": "same", "levers": {"official_posts": 1}, "from": TWO}
    found = compare(NOW, programmes={"programmes": [POSTS, same]}, worlds=4, evidence=False)
    assert found.since[1:] == (40,) * 4
    assert not [line for line in best_starts(found, found.words()) if "same" in line]
    alone = compare(NOW, programmes={"programmes": [same]}, worlds=4, evidence=False)
    assert not best_starts(alone, alone.words())


def test_names_that_contain_one_another(tmp_path):
    one, two = (POSTS | {"name": name, "from": [4]} for name in ("x", "team x"))
    two = two | {"from": [40], "levers": {"ad_pressure": 2}}
    file = {"programmes": [one, two], "combinations": [{"programmes": ["x", "team x"]}]}
    found = compare(scenario(), programmes=file, worlds=4, evidence=False)
    assert found.policies[3] == "x from day 4 + team x from day 40"
    chinese = in_words(found, found.words("zh"))
    assert "from" not in " ".join(chinese.policies) and chinese.policies[3].count("x") == 2


def test_dates_stay_dates_in_a_file():
    form = Programme.model_validate(POSTS)
    assert form.model_dump(mode="json", by_alias=True)["from"] == ["2024-02-10", 80]


@pytest.mark.parametrize("more,said", [
    ({"from": []}, "programmes[0].from: found 0 days; allowed: 1 to 16 days"),
    ({"from": [40, 40]}, "programmes[0].from: found 40 twice; allowed: 1 to 16 days"),
    ({"from": [40, "x"]}, "programmes[0].from: found 'x'; allowed: a day from 0, or a date"),
    ({"from": [40, 500]}, "programmes[0].from: found 500; allowed: days 0 to 119"),
    ({"until": 60}, "programmes[0].until: found 60, before the first day, 80"),
    ({"from": [40, date(2024, 2, 10)]}, "found 'posts from 10 Feb 2024' twice; allowed: differ"),
])  # fmt: skip
def test_invalid_starts_are_errors(more, said):
    with pytest.raises(InputError) as error:
        names(POSTS | more)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_several_starts_that_cannot_be_compared():
    many = POSTS | {"from": list(range(40, 48))}
    with pytest.raises(InputError, match=r"found 9; allowed: at most 8, .* each start of a prog"):
        compare(NOW, programmes={"programmes": [many]})
    with pytest.raises(InputError, match="a share and a programme with several starts"):
        compare(NOW, programmes={"programmes": [POSTS]}, share=0.5)
    both = {"programmes": ["posts", "more"]}
    parts = POSTS, POSTS | {"name": "more", "from": 70}
    with pytest.raises(InputError, match="official_posts in both 'posts from 10 Feb 2024' and"):
        names(*parts, combinations=[both])
