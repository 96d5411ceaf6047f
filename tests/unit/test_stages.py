"""Stages of curves made by hand, whose life cycle is known."""

from statistics import mean, median

import numba
import numpy as np
import pytest

from comsim.model.stages import (
    RULE,
    STAGES,
    _smooth,
    causal_stages,
    causal_start,
    causal_step,
    retrospective_stages,
    stage_spans,
)

READERS = pytest.mark.parametrize("read", [causal_stages, retrospective_stages])
DAYS = np.arange(400)
S_CURVE = 1000 / (1 + np.exp(-(DAYS - 60) / 8.0))
LIFE = S_CURVE * np.where(DAYS < 200, 1.0, 0.5 ** ((DAYS - 200) / 30.0))
RELAUNCH = np.concatenate([LIFE, LIFE + LIFE[-1]])
WEEK = np.where(np.arange(5000) % 7 < 5, 1.0, 0.6)


def names(codes):
    return [stage for stage, _, _ in stage_spans(codes)]


@READERS
def test_an_s_curve_that_fades_goes_through_all_five_stages_once(read):
    assert names(read(LIFE)) == list(STAGES)


def test_dates_of_a_life_are_where_the_curve_puts_them():
    begins = {stage: first for stage, first, _ in stage_spans(retrospective_stages(LIFE))}
    # the level is 80 on day 60 - 8 ln 11.5 = 40, 750 on day 69; smoothing moves edges by days
    assert begins["growth"] == pytest.approx(40, abs=4)
    assert begins["activity"] == pytest.approx(69, abs=3)
    assert begins["decline"] == pytest.approx(200 + 30 * np.log2(1 / 0.75), abs=4)
    assert begins["dormancy"] == pytest.approx(200 + 30 * np.log2(1 / 0.08), abs=4)
    late = {stage: first for stage, first, _ in stage_spans(causal_stages(LIFE))}
    assert 230 < late["decline"] < 245  # a half-life after the turn, and the mean's lag


@READERS
def test_a_relaunch_is_growth_again(read):
    found = names(read(RELAUNCH))
    assert found == [*STAGES, *STAGES[1:]]


def test_a_flat_curve_is_activity_at_once_or_once_it_has_held():
    assert names(retrospective_stages(np.full(300, 100.0))) == ["activity"]
    assert stage_spans(causal_stages(np.full(300, 100.0))) == [
        ("seeding", 0, 20),
        ("activity", 21, 299),
    ]


@READERS
@pytest.mark.parametrize("level", [0.0, 1.0, 4.0])
def test_a_community_never_born_stays_seeding(read, level):
    handful = np.random.default_rng(7).binomial(int(level), 0.7, size=500)
    assert names(read(np.full(500, level))) == ["seeding"]
    assert names(read(handful)) == ["seeding"]


@READERS
def test_one_day_at_three_times_the_usual_is_no_stage(read):
    spike = np.full(300, 100.0)
    spike[150] = 300.0
    assert names(read(spike)) == names(read(np.full(300, 100.0)))


def test_one_week_at_ten_times_the_usual_is_no_stage_in_the_report():
    spike = np.full(300, 100.0)
    spike[150:157] = 1000.0
    assert names(retrospective_stages(spike)) == ["activity"]
    # Seen from the day itself it cannot be told from a growth, nor its end from a decline.
    assert names(causal_stages(spike)) == ["seeding", "activity", "growth", "decline"]


@READERS
def test_a_closed_week_is_no_stage(read):
    closed = np.full(300, 100.0)
    closed[150:154] = 0.0
    assert names(read(closed)) == names(read(np.full(300, 100.0)))


@READERS
def test_a_rhythm_of_the_week_does_not_flicker(read):
    assert names(read(LIFE * WEEK[: len(LIFE)])) == list(STAGES)


@READERS
@pytest.mark.parametrize("seed", range(20))
def test_noise_does_not_flicker(read, seed):
    rng = np.random.default_rng(seed)
    assert names(read(rng.poisson(40.0, size=2000)))[-1] == "activity"
    assert len(stage_spans(read(rng.poisson(40.0, size=2000)))) <= 2
    # a fifth of noise on a whole life: decline crosses the ground once, not back and forth
    assert names(read(LIFE * rng.lognormal(0.0, 0.2, size=len(LIFE)))) == list(STAGES)


@pytest.mark.parametrize("days", [0, 1, 2, 14, 15, 16, 200])
@pytest.mark.parametrize("window", [1, 2, 15])
def test_smoothing_is_a_median_and_then_a_mean_of_the_window(days, window):
    def windows(series):
        for day in range(days):
            half = min(window // 2, day, days - 1 - day)
            yield series[day - half : day + half + 1]

    curve = np.random.default_rng(days).poisson(40.0, size=days).astype(float)
    expected = [mean(near) for near in windows([median(near) for near in windows(curve)])]
    assert _smooth(curve, window).tolist() == expected


@READERS
def test_size_does_not_matter_above_a_handful(read):
    rng = np.random.default_rng(1)
    curve = np.round(RELAUNCH * rng.lognormal(0.0, 0.1, size=len(RELAUNCH))) + 10.0
    assert read(curve).tolist() == read(curve * 1000.0).tolist()
    small = names(read(LIFE / 50.0))  # a community of twenty
    assert small[:4] == list(STAGES[:4])


@READERS
def test_everybody_gone_is_dormancy_even_for_the_small(read):
    assert names(read(np.concatenate([np.full(100, 8.0), np.zeros(100)])))[-1] == "dormancy"


def test_a_launch_at_full_size_never_seeds_nor_grows_in_the_report():
    launch = 100_000.0 * (1.0 + DAYS / 10.0) ** -1.0
    assert names(retrospective_stages(launch)) == ["activity", "decline", "dormancy"]
    assert names(causal_stages(launch)) == ["seeding", "decline", "dormancy"]


def test_a_single_first_day_is_no_peak():
    opening = np.concatenate([[10_000.0], np.full(100, 1000.0), np.full(100, 300.0)])
    assert "dormancy" not in names(retrospective_stages(opening))


@READERS
def test_ripples_around_the_ground_stay_dormant(read):
    ripples = 80.0 + 20.0 * np.sin(np.arange(300) / 10.0)  # 6 to 10 % of the peak
    assert names(read(np.concatenate([LIFE[:310], ripples]))) == list(STAGES)


def test_a_dip_that_recovers_or_is_not_yet_a_halving_is_no_decline():
    dip = np.full(300, 100.0)
    dip[120:160] = 60.0
    dip[280:] = 60.0
    assert names(retrospective_stages(dip)) == ["activity"]


def test_the_causal_rule_does_not_look_ahead():
    whole = causal_stages(RELAUNCH)
    for day in range(1, len(RELAUNCH), 37):
        assert causal_stages(RELAUNCH[:day]).tolist() == whole[:day].tolist()


def test_the_causal_step_gives_the_same_bits_compiled():
    compiled = numba.njit(causal_step)
    curve = RELAUNCH * np.random.default_rng(3).lognormal(0.0, 0.2, size=len(RELAUNCH))
    plain = fast = causal_start(curve[0])
    for activity in curve[1:].tolist():
        plain = causal_step(plain, activity, RULE)
        fast = compiled(fast, activity, RULE)
        assert tuple(plain) == tuple(fast)


def test_spans_cover_every_day_once():
    assert stage_spans([]) == []
    assert stage_spans([0, 0, 1, 3, 3]) == [("seeding", 0, 1), ("growth", 2, 2), ("decline", 3, 4)]


@READERS
def test_an_empty_curve_has_no_stages_and_a_bad_one_is_refused(read):
    assert read([]).tolist() == []
    for bad in ([1.0, np.nan], [-1.0], [[1.0]]):
        with pytest.raises(ValueError, match="finite numbers >= 0, one per day"):
            read(bad)
