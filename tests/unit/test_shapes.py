"""Real and simulated communities side by side: matching, distances, the classifier."""

import re

import numpy as np
import pandas as pd
import pytest

from comsim.evidence import classifier, observed, real, shapes
from comsim.evidence.population import Community, design, population
from comsim.logs.events import event_table
from comsim.measure.observation import observed as source_view
from comsim.run.simulation import simulate
from comsim.scenario.worlds import World

REAL = real.communities()
TWICE = pd.concat([REAL.drop(columns="kin")] * 2, ignore_index=True).rename_axis("world")
TWICE = TWICE.reset_index()


def test_the_table_of_real_communities_has_no_names():
    assert tuple(REAL.columns) == real.COLUMNS
    for source, ids in REAL.groupby("source")["id"]:
        assert list(ids) == [f"{source.replace(' ', '-')}-{n}" for n in range(1, len(ids) + 1)]
    assert set(REAL["source"]) == {source for sources in shapes.TOGETHER for source in sources}
    assert (REAL["authors"].notna() | REAL["joiners"].notna()).all()
    assert all(len(re.sub(r"e.*|\D", "", f"{x:g}").lstrip("0")) <= 5 for x in REAL["disp"])


def test_posting_again_by_hand():
    # 50 people post on day 0: 20 of them again on day 30, 10 of these on day 90. Later ones are
    # watched for too short a time to count.
    day = np.repeat([0, 30, 90, 150, 200], [50, 20, 10, 5, 1])
    member = np.concatenate([np.arange(n) for n in (50, 20, 10)] + [np.arange(90, 95), [99]])
    found = real.posting_again(event_table(day, member, "post"))
    assert found == {"joiners": 50, "f5_m1": pytest.approx(0.4), "f5_m3_of_m1": pytest.approx(0.5)}
    few = real.posting_again(event_table(day[member > 0], member[member > 0], "post"))
    assert all(np.isnan(x) for x in few.values())


def test_success_by_hand():
    """Two who stay, one who comes late and one who is there once."""
    day = np.array([0, 0, 0, 1, 300, 300, 700, 728])
    member = np.array([0, 1, 3, 0, 0, 1, 2, 2])
    posts = event_table(day, member, "post")
    found = real.success(posts, real.counts(posts))
    assert found == {"retention": pytest.approx(2 / 3), "survival": 707, "activity": 1.0}


def test_the_nearest_two_within_a_factor_of_two():
    # 100 takes 90 and 110; 65 takes 120 and no second; 10 has none near.
    kept, used = shapes.nearest(np.array([10, 65, 100]), np.array([90, 120, 110, 900]))
    assert (sorted(kept), sorted(used)) == ([1, 2], [0, 1, 2])
    kept, used = shapes.nearest(np.array([10, 100]), np.array([101, 99, 100]))
    assert (kept, sorted(used)) == ([1], [0, 2])


def test_only_the_same_source_is_matched():
    theirs = TWICE.assign(source=TWICE["source"].replace({"git": "forum"}))
    ours, found = shapes.matched(REAL, theirs, "authors")
    assert "git" not in set(ours["source"]) | set(found["source"])
    assert set(ours["source"]) == set(REAL["source"]) - {"git"}


def test_a_simulated_community_is_matched_once():
    ours = pd.DataFrame({"source": ["git", "mail"], "authors": [100.0, 100.0]})
    seen = {"source": ["git", "mail", "mail"], "world": [0, 0, 1], "authors": [100.0, 100.0, 150.0]}
    _, found = shapes.matched(ours, pd.DataFrame(seen), "authors")
    assert found[["source", "world"]].to_numpy().tolist() == [["git", 0], ["mail", 1]]


def test_a_row_is_not_matched_with_the_kin_of_what_it_mimics():
    ours = pd.DataFrame({"source": "mail", "authors": [100.0, 400.0], "kin": ["a", "b"]})
    seen = {"source": "mail", "world": [0, 1], "authors": [100.0, 110.0], "kin": ["a", "b"]}
    kept, found = shapes.matched(ours, pd.DataFrame(seen), "authors")
    assert kept["kin"].tolist() == ["a"] and found["world"].tolist() == [1]


def test_real_communities_are_like_themselves_and_unlike_others():
    same = shapes.compared(REAL, TWICE)
    assert set(same) == {*real.FEATURES, "F5.m1", "F5.m3_of_m1"}
    assert all(one.distance.high < 0.35 for one in same.values())
    other = shapes.compared(REAL, TWICE.assign(gini=1.0, f5_m1=0.9))
    assert other["gini"].distance == pytest.approx((1, 1, 1))
    assert other["F5.m1"].coverage.medians[1] == 0.9
    assert other["gini"].distance.high > 0.35 > other["cv"].distance.high


def test_nothing_in_common_fails():
    found = shapes.compared(REAL, TWICE.assign(authors=1.0, joiners=1.0))["gini"]
    assert np.isnan(found.distance.high)
    assert found.coverage.matched["mail"] == (0, 10) and not found.coverage.enough


def test_coverage_counts_real_communities_with_a_match():
    whole = shapes.compared(REAL, TWICE)["gini"].coverage
    assert whole.matched["git"] == (25, 25) and whole.enough
    assert whole.total == (REAL["gini"].notna().sum(),) * 2
    assert whole.simulated == 2 * whole.total[0]
    assert whole.medians[0] == whole.medians[1]


def test_a_distance_over_few_communities_is_not_enough():
    def enough(theirs):
        return shapes.compared(REAL, theirs)["gini"].coverage.enough

    source = TWICE["source"]
    assert enough(TWICE[source != "ratings"])  # with Stack Exchange, it is one group
    assert not enough(TWICE[~source.isin(["stack exchange", "ratings"])])  # a whole group
    assert not enough(TWICE.assign(gini=TWICE["gini"].where(source != "chat")))  # no figure
    git = TWICE.index[source == "git"]
    assert enough(TWICE.drop(git[:12])) and not enough(TWICE.drop(git[4:]))  # 25 of 46 are Git


def test_the_population_is_the_design():
    made = population(50, 3)
    launches = pd.Series([one.launch for one in made]).value_counts()
    assert launches.to_dict() == {launch["name"]: 10 for launch in design()["launches"]}
    markets = np.array([one.scenario.community.market for one in made])
    low, high = design()["market"]
    assert low <= markets.min() < 100 < 30_000 < markets.max() <= high
    assert len({one.world.seed for one in made}) == len({one.world.draw for one in made}) == 50
    assert [one.scenario for one in population(50, 3)] == [one.scenario for one in made]


def test_overrides_reach_every_community():
    off = {"parameters": {"invitation_rate": 0}, "policy": {"ad_pressure": 0}}
    for one in population(5, 3, off):
        assert one.scenario.parameters.invitation_rate.high == 0
        assert one.scenario.policy.ad_pressure.base == 0


def test_the_area_under_the_curve_by_hand():
    real_ones = np.array([True, True, False, False])
    assert classifier.area(np.array([4.0, 3, 2, 1]), real_ones) == 1
    assert classifier.area(np.array([4.0, 1, 2, 3]), real_ones) == 0.5
    assert classifier.area(np.array([1.0, 1, 1, 1]), real_ones) == 0.5


def test_the_classifier_separates_what_differs_and_nothing_else():
    rng = np.random.default_rng(2)
    both, groups = np.repeat([True, False], 40), np.arange(80)
    noise = rng.normal(size=(80, 4))
    assert 0.35 < classifier.cross_validated(noise, both, groups, 4) < 0.65
    moved = noise + both[:, None] * [2, 0, 0, 0]
    assert classifier.cross_validated(moved, both, groups, 4) > 0.85
    # A difference in spread alone: the ends of the ranks.
    wide = noise * np.where(both, 5, 1)[:, None]
    assert classifier.cross_validated(wide, both, groups, 4) > 0.85


def test_a_group_stays_in_one_fold():
    group = np.arange(30) // 3
    for train, test in classifier._folds(group, 2):
        assert not set(group[train]) & set(group[test])


@pytest.mark.parametrize("name", ["git", "mail", "ratings"])
def test_the_tally_of_a_community_is_that_of_its_log(name):
    scenario = population(10, 3)[8].scenario  # large enough for each source
    community = Community("any", scenario, World(0, None, 8))
    tallied = {row["source"]: row for row in observed.rows(community, 1)}[name]
    log = source_view(simulate(scenario, 8).events(), name, 8)
    log = log[log["kind"].isin(["post", "reply"])]
    posts = event_table(log["day"] - log["day"].min(), log["member"], "post")
    expected = real.measured(posts)
    for column in ("authors", *real.FEATURES, "joiners", *real.MONTHS):
        assert tallied[column] == pytest.approx(expected[column], nan_ok=True), column


def test_the_table_does_not_depend_on_the_number_of_threads():
    one, two = (observed.observed(6, 4, jobs) for jobs in (1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert set(one["source"]) <= {source for sources in shapes.TOGETHER for source in sources}
