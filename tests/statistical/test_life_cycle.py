"""The life cycle comes out of the members: the default brand launch, over twenty seeds."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import comsim
from comsim.model.catalogue import LEVERS

SEEDS = range(1, 21)
LAUNCH = Path(__file__).parents[2] / "scenarios" / "brand_launch.toml"
RELEASES = [{"day": day, "value": 0.4} for day in range(89, 730, 90)]


POLICIES = {"releases": {"release": {"on": RELEASES}}, "no seed group": {"seed_group": 0}}


def launch(seed: int, days: int = 730, **policy) -> comsim.Run:
    """The brand launch under one seed, with levers changed."""
    scenario = comsim.load_scenario(LAUNCH)
    said = scenario.to_dict()
    said |= {"days": days, "policy": said["policy"] | policy}
    return comsim.simulate(scenario.again(said), seed=seed)


@cache
def as_it_is(seed: int) -> comsim.Run:
    """The brand launch under one seed, which many tests ask for."""
    return launch(seed)


@cache
def runs(policy: str = "as it is") -> list[comsim.Run]:
    """The brand launch under twenty seeds, with its policy changed."""
    if policy == "as it is":
        return [as_it_is(seed) for seed in SEEDS]
    return [launch(seed, **POLICIES[policy]) for seed in SEEDS]


def mean_wau(**policy) -> float:
    """Mean weekly active members over two years and six seeds."""
    lives = [launch(seed, **policy) if policy else as_it_is(seed) for seed in range(1, 7)]
    return sum(run.daily["wau"].mean() for run in lives) / 6


def decline(run: comsim.Run) -> int:
    """Day on which the decline begins, or the number of days if it does not."""
    return min((first for stage, first, _ in run.stages if stage == "decline"), default=730)


def test_a_launch_is_seeded_grows_flourishes_and_declines():
    whole = ["seeding", "growth", "activity", "decline"]
    lived = [[stage for stage, *_ in run.stages] for run in runs()]
    assert sum(stages[:4] == whole for stages in lived) >= 18
    assert all(set(stages[4:]) <= {"dormancy"} for stages in lived if stages[:4] == whole)


def muted(run) -> float:
    """Mutes a joiner."""
    return run.daily["mutes"].sum() / run.daily["joined"].sum()


def test_a_billboard_is_muted_and_never_born():
    """Twenty ads a visit: an advertising billboard is muted and forgotten [000, 004]; forgotten by
    most, muted by one joiner in twenty or more, where with one ad a visit hardly anybody does."""
    billboards = {seed: launch(seed, ad_pressure=20) for seed in range(1, 6)}
    for seed, run in billboards.items():
        usual = as_it_is(seed)
        assert run.daily["wau"].max() < 0.2 * usual.daily["wau"].max()
        assert muted(run) > 0.01 > muted(usual)
    assert sum(map(muted, billboards.values())) / len(billboards) > 0.05


def test_releases_keep_it_alive():
    alive = [run.stages[-1][0] in ("growth", "activity") for run in runs("releases")]
    assert sum(alive) >= 19
    assert sum(decline(run) < 730 for run in runs()) >= 18


def test_without_a_seed_group_it_is_not_born():
    unborn = [run.daily["wau"].max() for run in runs("no seed group")]
    born = [run.daily["wau"].max() for run in runs()]
    assert max(unborn) < 30 < 10 * 30 < min(born)


def test_no_number_of_the_scenario_names_a_day():
    """The stages are not scheduled: every lever is the same on every day after the first."""
    table = as_it_is(1).plan.lever_table
    assert (table[1:] == table[1]).all()


def test_ads_cost_slowly_and_at_last_dearly():
    """35 million listeners: one more ad an hour takes 2 % of hours."""
    one = as_it_is(1).plan.lever_table[..., list(LEVERS).index("ad_pressure")]
    assert (one == 1).all()
    level = [mean_wau(), *(mean_wau(ad_pressure=ads) for ads in (2, 4, 8, 16))]
    assert 0.85 < level[1] / level[0] < 1
    assert all(less < 0.97 * more for more, less in pairwise(level[1:]))
    assert level[2] > 0.6 * level[0] and level[4] < 0.25 * level[0]


def test_content_helps_until_it_is_too_much():
    none, some, flood = (mean_wau(official_posts=posts) for posts in (0.0, 2.0, 16.0))
    assert some > 1.05 * none
    assert flood < 0.5 * none


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
    plain, gifts, referrals = as_it_is(1), launch(1, welcome_gift=20), launch(1, referral_reward=20)
    for run in (gifts, referrals):
        assert run.daily["joined_invited"].sum() > 1.1 * plain.daily["joined_invited"].sum()
    assert gifts.daily["cost_gifts"].sum() == 20 * gifts.daily["gifts"].sum() > 0
    paid = referrals.daily["cost_recruitment"].sum()
    assert paid >= 20 * referrals.daily["joined_invited"].sum() > 0
