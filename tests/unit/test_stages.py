"""Stages of curves made by hand, whose life cycle is known."""

from statistics import mean, median

import numba
import numpy as np
import pytest

from comsim.model.stages import (
    RULE,
    STAGES,
    causal_stages,
    causal_start,
    causal_step,
    few_of,
    retrospective_stages,
    smoothed,
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


def starts(codes):
    """The stages with their first days."""
    return [(stage, first) for stage, first, _ in stage_spans(codes)]


def wau(days, daily=20.0, again=0.7):
    """Weekly active members of a community of one size from day 0 on: the first week fills."""
    return daily * (1 - again ** np.minimum(np.arange(days) + 1, 7)) / (1 - again)


@READERS
def test_an_s_curve_that_fades_goes_through_all_five_stages_once(read):
    assert names(read(LIFE)) == list(STAGES)


def test_dates_of_a_life_are_where_the_curve_puts_them():
    begins = {stage: first for stage, first, _ in stage_spans(retrospective_stages(LIFE))}
    # the level is 50 on day 60 - 8 ln 19 = 36, 750 on day 69; smoothing moves edges by days
    assert begins["growth"] == pytest.approx(36, abs=4)
    # growth is over after its last step up of 5 %, which must end above 952: from day 84 on
    assert 69 <= begins["activity"] <= 95
    assert begins["decline"] == pytest.approx(200 + 30 * np.log2(1.5), abs=4)
    assert begins["dormancy"] == pytest.approx(200 + 30 * np.log2(1 / 0.08), abs=4)
    late = {stage: first for stage, first, _ in stage_spans(causal_stages(LIFE))}
    assert 230 < late["decline"] < 245  # a half-life after the turn, and the mean's lag


@pytest.mark.parametrize("days", [100, 300])
def test_the_filling_of_the_first_week_is_no_growth(days):
    assert names(retrospective_stages(wau(days))) == ["activity"]
    assert names(causal_stages(wau(days))) == ["seeding", "activity"]
    late = np.concatenate([np.zeros(40), wau(days)])  # a community that begins on day 40
    assert starts(retrospective_stages(late)) == [("seeding", 0), ("activity", 40)]
    assert names(causal_stages(late)) == ["seeding", "activity"]


def test_seeding_lasts_until_the_first_week_has_grown_by_half():
    rising = wau(200) * 2.0 ** (np.arange(200) / 40.0)
    begins = dict(starts(retrospective_stages(rising)))
    assert begins["growth"] == pytest.approx(6 + 40 * np.log2(1.5), abs=8)


@READERS
@pytest.mark.parametrize("seed", range(10))
def test_more_days_never_move_a_date(read, seed):
    """Stages of the days so far begin on the days on which they begin in the whole life."""
    rng = np.random.default_rng(seed)
    drift = rng.normal(0.0, 0.08, 900).cumsum() + 0.3 * rng.normal(0.0, 1.0, 900)
    curve = np.concatenate([wau(80), LIFE[80:] * rng.lognormal(0.0, 0.2, 320)])
    for life in (rng.poisson(np.exp(4.0 + drift - 0.1 * drift.max())), curve, RELAUNCH):
        whole = starts(read(life))
        for days in range(20, len(life), 31):
            so_far = starts(read(life[:days]))
            # The first days may turn out not to have been seeding.
            assert so_far == [("seeding", 0)] or so_far == whole[: len(so_far)]
            # What began more than ten weeks ago is known.
            known = [first for _, first in whole if first <= days - RULE.back - RULE.window]
            assert len(so_far) >= len(known)
            same = max(0, days - RULE.back - RULE.window)
            assert read(life[:days])[:same].tolist() == read(life)[:same].tolist()


def test_a_decline_begins_when_the_curve_falls_below_two_thirds_for_good():
    """Not at the top, however long the fall lasts. It is noticed after eight weeks."""
    slow = np.concatenate([S_CURVE[:200], 1000.0 * 0.5 ** (np.arange(700) / 300.0)])
    crossing = 200 + 300 * np.log2(1.5)
    for days in (460, 600, 900):
        begins = dict(starts(retrospective_stages(slow[:days])))
        assert begins["decline"] == pytest.approx(crossing, abs=4)
    assert "decline" not in dict(starts(retrospective_stages(slow[:430])))


def test_a_dip_of_six_weeks_is_no_decline_and_one_of_three_months_is_over_when_it_is():
    for length, told in ((42, ["activity"]), (90, ["activity", "decline", "activity"])):
        dip = np.full(500, 100.0)
        dip[150 : 150 + length] = 60.0
        assert names(retrospective_stages(dip)) == told
    begins = dict(starts(retrospective_stages(dip)))
    assert begins["decline"] == pytest.approx(150, abs=7)
    assert begins["activity"] == pytest.approx(240, abs=7)


@pytest.mark.parametrize("market,few", [(5000, 50), (1000, 50), (200, 10), (10, 1)])
def test_few_are_fifty_or_a_twentieth_of_a_small_market(market, few):
    assert few_of(market) == few
    rise = np.concatenate([np.full(60, 0.3 * few), np.linspace(0.3, 0.9, 60) * few])
    grown = np.concatenate([rise, np.full(100, 4.0 * few)])
    for read in (causal_stages, retrospective_stages):
        assert names(read(rise, few)) == ["seeding"]
        assert names(read(grown, few)) == ["seeding", "growth", "activity"]


@READERS
def test_a_relaunch_is_growth_again(read):
    found = names(read(RELAUNCH))
    assert found == [*STAGES, *STAGES[1:]]


def test_a_flat_curve_is_activity_at_once_or_once_it_has_held():
    assert names(retrospective_stages(np.full(300, 100.0))) == ["activity"]
    # a week to fill, and eight without a rise
    assert starts(causal_stages(np.full(300, 100.0))) == [("seeding", 0), ("activity", 62)]


@READERS
@pytest.mark.parametrize("level", [0.0, 1.0, 4.0, 49.0])
def test_a_community_never_born_stays_seeding(read, level):
    handful = np.random.default_rng(7).binomial(int(level), 0.7, size=500)
    assert names(read(np.full(500, level))) == ["seeding"]
    assert names(read(handful)) == ["seeding"]


@READERS
def test_one_day_at_three_times_the_usual_is_no_stage(read):
    spike = np.full(300, 100.0)
    spike[150] = 300.0
    assert names(read(spike)) == names(read(np.full(300, 100.0)))


def test_one_week_at_ten_times_the_usual_is_no_stage_in_retrospect():
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
    assert names(read(rng.poisson(80.0, size=2000)))[-1] == "activity"
    assert len(stage_spans(read(rng.poisson(80.0, size=2000)))) <= 2
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
    assert smoothed(curve, window).tolist() == expected


@READERS
def test_size_does_not_matter_above_a_handful(read):
    rng = np.random.default_rng(1)
    curve = np.round(RELAUNCH * rng.lognormal(0.0, 0.1, size=len(RELAUNCH))) + 10.0
    assert read(curve, 50.0).tolist() == read(curve * 1000.0, 50_000.0).tolist()
    small = names(read(LIFE / 50.0, few_of(40)))  # a community of twenty
    assert small[:4] == list(STAGES[:4])


@READERS
def test_everybody_gone_is_dormancy_even_for_the_small(read):
    gone = np.concatenate([np.full(100, 8.0), np.zeros(100)])
    assert names(read(gone, few_of(100)))[-1] == "dormancy"


def test_a_launch_at_full_size_never_seeds_nor_grows_in_retrospect():
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


def test_a_fall_in_the_last_weeks_is_not_yet_a_decline():
    fall = np.full(300, 100.0)
    fall[265:] = 60.0
    assert names(retrospective_stages(fall)) == ["activity"]


def test_the_causal_rule_does_not_look_ahead():
    whole = causal_stages(RELAUNCH)
    for day in range(1, len(RELAUNCH), 37):
        assert causal_stages(RELAUNCH[:day]).tolist() == whole[:day].tolist()


def test_the_causal_step_gives_the_same_bits_compiled():
    compiled = numba.njit(causal_step)
    curve = RELAUNCH * np.random.default_rng(3).lognormal(0.0, 0.2, size=len(RELAUNCH))
    plain = fast = causal_start(curve[0])
    for activity in curve[1:].tolist():
        plain = causal_step(plain, activity, 50.0, RULE)
        fast = compiled(fast, activity, 50.0, RULE)
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
