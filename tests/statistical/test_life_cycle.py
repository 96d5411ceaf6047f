"""The life cycle comes out of the members: the default brand launch, over twenty seeds."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

import comsim
from comsim.model.catalogue import LEVERS

SEEDS = range(1, 21)
LAUNCH = Path(__file__).parents[2] / "scenarios" / "brand_launch.toml"
RELEASES = {"on": [{"day": day, "value": 0.4} for day in range(89, 730, 90)]}
# Nobody walks in, and a member who invites every acquaintance persuades most of the forty.
TOLD_FAR = {"walk_in_rate": 0, "word_of_mouth": 40, "contacts": 40, "invitation_rate": 0.8}


def launch(seed: int, days: int = 730, parameters: dict | None = None, **policy) -> comsim.Run:
    """The brand launch under one seed, with parameters and levers changed."""
    scenario = comsim.load_scenario(LAUNCH)
    said = scenario.to_dict()
    said |= {"days": days, "parameters": parameters or {}, "policy": said["policy"] | policy}
    return comsim.simulate(scenario.again(said), seed=seed)


@cache
def as_it_is(seed: int) -> comsim.Run:
    """The brand launch under one seed, which many tests ask for."""
    return launch(seed)


@cache
def wau(seed: int, **policy) -> np.ndarray:
    """Weekly active members, day by day."""
    return (launch(seed, **policy) if policy else as_it_is(seed)).daily["wau"].to_numpy()


def mean_wau(**policy) -> float:
    """Mean weekly active members over two years and six seeds."""
    return sum(wau(seed, **policy).mean() for seed in range(1, 7)) / 6


def stages(run: comsim.Run) -> list[str]:
    """The stages that a community has lived through."""
    return [stage for stage, *_ in run.stages]


def month(series: np.ndarray) -> np.ndarray:
    """Means over 28 days."""
    return np.convolve(series, np.ones(28) / 28, "valid")


def test_a_launch_is_seeded_grows_over_months_and_flourishes():
    lived = [stages(as_it_is(seed)) for seed in SEEDS]
    assert sum(life[:3] == ["seeding", "growth", "activity"] for life in lived) >= 18
    grown = [month(wau(seed)) for seed in SEEDS]
    assert sum(series.argmax() >= 90 for series in grown) >= 18
    assert sum(series[180] > 1.5 * series[28] for series in grown) >= 18


def test_growth_is_over_after_two_years():
    halves = [wau(seed)[365:547].mean() / wau(seed)[547:].mean() for seed in SEEDS]
    assert sum(half > 0.85 for half in halves) >= 17


def test_within_five_years_most_launches_decline():
    declined, fell = 0, 0
    for seed in range(1, 7):
        run = launch(seed, days=1825)
        years = run.daily["wau"].to_numpy().reshape(5, 365).mean(axis=1)
        declined += "decline" in stages(run)
        fell += years[4] < 0.9 * years.max()
    assert declined >= 4 and fell >= 4


def test_a_story_told_far_carries_a_community_and_the_usual_one_does_not():
    """Without walk-ins, word of mouth has to bring more than one member for each who is lost."""
    far = [launch(seed, 1095, TOLD_FAR) for seed in range(1, 9)]
    whole = ["seeding", "growth", "activity", "decline"]
    large = [run for run in far if run.daily["wau"].max() > 500]
    assert len(large) >= 5  # under some seeds it dies early
    assert all(stages(run)[:4] == whole for run in large)
    for seed in range(1, 6):
        usual = launch(seed, parameters={"walk_in_rate": 0})
        assert usual.daily["wau"].max() < 50
        assert stages(usual) == ["seeding"]
        # Without a seed group, nobody hears of it.
        assert launch(seed, 365, TOLD_FAR, seed_group=0).daily["joined"].sum() == 0


def muted(run) -> float:
    """Mutes a joiner."""
    return run.daily["mutes"].sum() / run.daily["joined"].sum()


def test_a_billboard_is_muted_and_nobody_writes():
    """Twenty ads a visit: an advertising billboard is muted and forgotten [000, 004]. Where there
    is one ad a visit, hardly anybody mutes."""
    for seed in range(1, 6):
        billboard, usual = launch(seed, ad_pressure=20), as_it_is(seed)
        assert billboard.daily["wau"].mean() < 0.7 * usual.daily["wau"].mean()
        assert billboard.daily["posts"].sum() < 0.4 * usual.daily["posts"].sum()
        assert muted(billboard) > 0.003 > 10 * muted(usual)


def test_releases_bring_some_more_members():
    """A release each quarter: some per cent more weekly members, and no rescue."""
    gains = [
        launch(seed, release=RELEASES).daily["wau"].mean() / wau(seed).mean() for seed in SEEDS
    ]
    assert sum(gain > 1 for gain in gains) >= 19
    assert 1.02 < sum(gains) / len(gains) < 1.12


def test_without_a_seed_group_it_is_silent_at_first_and_later_the_same():
    none = {seed: launch(seed, seed_group=0).daily for seed in SEEDS}
    both = [(none[seed], as_it_is(seed).daily) for seed in SEEDS]
    assert (
        sum(less["posts"][:90].sum() < 0.75 * more["posts"][:90].sum() for less, more in both) >= 19
    )
    assert sum(less["wau"][60] < more["wau"][60] for less, more in both) >= 19
    later = [less["wau"][365:].mean() / more["wau"][365:].mean() for less, more in both]
    assert 0.95 < sum(later) / len(later) < 1.02


def test_no_number_of_the_scenario_names_a_day():
    """The stages are not scheduled: every lever is the same on every day after the first."""
    table = as_it_is(1).plan.lever_table
    assert (table[1:] == table[1]).all()


def test_ads_cost_slowly_and_at_last_dearly():
    """35 million listeners: one more ad an hour takes 2 % of hours."""
    one = as_it_is(1).plan.lever_table[..., list(LEVERS).index("ad_pressure")]
    assert (one == 1).all()
    level = [mean_wau(), *(mean_wau(ad_pressure=ads) for ads in (2, 4, 8, 16))]
    assert 0.96 < level[1] / level[0] < 0.995
    assert all(less < 0.99 * more for more, less in pairwise(level))
    assert level[2] > 0.9 * level[0] and level[4] < 0.8 * level[0]


def test_content_helps_until_it_is_too_much():
    none, some, flood = (mean_wau(official_posts=posts) for posts in (0.0, 2.0, 16.0))
    assert some > 1.05 * none
    assert flood < 0.75 * none


def test_when_rewards_end_members_post_less_than_without_them():
    """Garnefeld et al. 2012: pay lifts contribution at once, and afterwards it falls below."""
    while_paid, after = [], []
    for seed in range(1, 11):
        unpaid = as_it_is(seed).daily["posts"]
        reward = {"during": [{"from": 250, "to": 310, "value": 3}]}
        paid = launch(seed, days=332, contribution_reward=reward).daily["posts"]
        while_paid.append(paid[250:270].sum() / unpaid[250:270].sum())
        after.append(paid[312:332].sum() / unpaid[312:332].sum())
    assert sum(while_paid) / 10 > 1.2
    assert sum(after) / 10 < 0.97


def test_gifts_and_referral_rewards_bring_members_and_cost_money():
    """A referral reward brings many more by word of mouth, a gift a few."""
    plain, gifts, referrals = as_it_is(1), launch(1, welcome_gift=20), launch(1, referral_reward=20)
    for run, more in ((gifts, 1.005), (referrals, 1.3)):
        assert run.daily["joined_invited"].sum() > more * plain.daily["joined_invited"].sum()
    assert gifts.daily["cost_gifts"].sum() == 20 * gifts.daily["gifts"].sum() > 0
    paid = referrals.daily["cost_recruitment"].sum()
    # Inviters who have left by then get nothing.
    assert paid >= 0.95 * 20 * referrals.daily["joined_invited"].sum() > 0
