"""Scenario discovery against boxes that were put there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from comsim.statistics import prim
from comsim.studies.analysis.boxes import boxes, check
from comsim.studies.analysis.condition import OutcomeCondition
from comsim.studies.analysis.swept import FactorColumn

from .sweeps import generator, swept

ADS = FactorColumn("ads", "ads", "a visit", low=0, high=8)
POSTS = FactorColumn("posts", "official posts", "a day", low=0, high=4)
WEAR = FactorColumn("wear", "wear", kind="uncertainty", low=0, high=1)
OPENING = FactorColumn("opening", "opening", values=("enclose", "product", "both"))
DEAD = OutcomeCondition("wau", "below", 1, "the community is dead by day 730")


def points(many: int, seed: int = 1) -> pd.DataFrame:
    u = generator(seed).random((many, 3))
    return pd.DataFrame({"ads": 8 * u[:, 0], "posts": 4 * u[:, 1], "wear": u[:, 2]})


def dead(where: np.ndarray, noise: np.ndarray, inside=0.95, outside=0.03) -> np.ndarray:
    """0 (dead) with these probabilities, else 100."""
    from scipy.special import ndtr

    return np.where(ndtr(noise) < np.where(where, inside, outside)[:, None], 0.0, 100.0)


def corner(p: pd.DataFrame, noise: np.ndarray, luck: np.ndarray) -> np.ndarray:
    return dead((p.ads > 4.2) & (p.posts < 1), noise)


def test_a_box_that_was_put_there_is_found_and_told():
    sweep = swept(points(600), (ADS, POSTS, WEAR), corner)
    answer, found = boxes(sweep, DEAD)
    assert len(found) == 1
    rows = answer.table.set_index("factor")
    assert list(rows.index) == ["ads", "posts"]  # wear, which does nothing, is not named
    assert abs(rows.low["ads"] - 4.2) < 0.3 and rows.high["ads"] == np.inf
    assert abs(rows.high["posts"] - 1) < 0.15 and rows.low["posts"] == -np.inf
    # The truth of such a box: it has all but a strip of the one that was put there.
    share = (8 - rows.low["ads"]) / 8 * min(rows.high["posts"], 1) / 4
    events = 0.95 * 3.8 / 8 / 4 + 0.03 * (1 - 3.8 / 8 / 4)
    assert rows.density_low.iloc[0] <= 0.95 <= rows.density_high.iloc[0]
    assert rows.coverage_low.iloc[0] <= 0.95 * share / events <= rows.coverage_high.iloc[0]
    assert (rows.chance < 1e-3).all()
    assert "ads above 4." in answer.sentence and "official posts below" in answer.sentence
    assert "the community is dead by day 730" in answer.sentence


def test_pure_noise_has_no_box_and_says_so():
    for seed in range(5):
        sweep = swept(points(300, seed), (ADS, POSTS, WEAR),
                      lambda p, noise, luck: dead(p.ads < 0, noise, outside=0.3),
                      worlds=3, seed=seed)  # fmt: skip
        answer, found = boxes(sweep, DEAD)
        assert found == () and len(answer.table) == 0
        assert answer.title.startswith("No box")


def test_what_is_told_comes_from_points_not_searched():
    """A sweep in which only the points searched have a box: nothing is told of it."""
    from comsim.statistics.resampling import search_half

    seen = search_half(400)

    def value(p, noise, luck):
        return dead((p.ads > 4.2) & (p.posts < 1) & seen, noise, outside=0.1)

    sweep = swept(points(400), (ADS, POSTS, WEAR), value)
    assert boxes(sweep, DEAD)[1] == ()


def test_boxes_are_checked_on_fresh_seeds():
    sweep = swept(points(600), (ADS, POSTS, WEAR), corner)
    found = boxes(sweep, DEAD)[1]
    fresh = swept(points(400, seed=7), (ADS, POSTS, WEAR), corner, seed=8)
    now = check(found, fresh, DEAD)
    share = 3.8 / (8 - found[0].low[0]) / max(found[0].high[1], 1)  # that lies in the corner
    truth = 0.95 * share + 0.03 * (1 - share)
    assert now.density[1] < truth < now.density[2] and now.density[0] > 0.8
    other = swept(points(400, seed=7), (ADS, POSTS, WEAR),
                  lambda p, noise, luck: dead(p.wear > 0.9, noise), seed=8)  # fmt: skip
    elsewhere = check(found, other, DEAD)
    assert elsewhere.density[2] < 0.4 and elsewhere.coverage[2] < 0.5


def test_a_choice_is_told_by_its_words():
    many = 450
    table = points(many).assign(opening=np.array(OPENING.values)[np.arange(many) % 3])
    sweep = swept(
        table,
        (ADS, OPENING, WEAR),
        lambda p, noise, luck: dead((p.opening == "product") & (p.ads > 3), noise),
    )
    answer, found = boxes(sweep, DEAD)
    rows = answer.table.set_index("factor")
    assert len(found) == 1 and rows["values"]["opening"] == "product"
    assert 'opening "product"' in answer.sentence
    twice = swept(table, (ADS, OPENING, WEAR),
                  lambda p, noise, luck: dead(p.opening != "product", noise))  # fmt: skip
    assert 'opening not "product"' in boxes(twice, DEAD)[0].sentence


def test_a_grid_is_told_by_its_values():
    ads, posts = (v.ravel() for v in np.meshgrid([0, 1, 2, 4, 8], np.arange(20) / 10))
    table = pd.DataFrame({"ads": ads, "posts": posts})
    sweep = swept(table, (FactorColumn("ads", "ads", "a visit", values=(0, 1, 2, 4, 8)), POSTS),
                  lambda p, noise, luck: dead(p.ads >= 4, noise), design="grid")  # fmt: skip
    answer, _ = boxes(sweep, DEAD)
    assert "ads at least 4 a visit" in answer.sentence


def coarse(value, worlds: int, seed: int = 1):
    """A grid of few points in many worlds that differ in luck."""
    ads, posts = (v.ravel() for v in np.meshgrid(np.arange(7.0), np.arange(5.0)))
    factors = (FactorColumn("ads", "ads", values=tuple(range(7))),
               FactorColumn("posts", "posts", values=tuple(range(5))))  # fmt: skip
    table = pd.DataFrame({"ads": ads, "posts": posts})
    return swept(table, factors, value, worlds=worlds, design="grid", seed=seed)


def test_in_a_grid_worlds_are_halved():
    """35 points would be too few to halve; in 40 worlds they show where it happens."""
    from scipy.special import ndtr

    def likely(p, noise, luck):
        rate = ndtr(p.ads.to_numpy()[:, None] - 5 + luck)
        return np.where(ndtr(noise) < rate, 0.0, 100.0)

    answer, found = boxes(coarse(likely, 40), DEAD)
    assert len(found) == 1 and list(answer.table["factor"]) == ["ads"]
    assert "ads at least 5" in answer.sentence or "ads at least 4" in answer.sentence
    assert "worlds that the search did not use" in answer.sentence
    inside = np.arange(7) > found[0].low[0]
    luck = generator(9).normal(size=50_000)
    truth = np.array([ndtr(k - 5 + luck).mean() for k in np.arange(7)[inside]]).mean()
    assert answer.table["density_low"][0] <= truth <= answer.table["density_high"][0]
    for seed in range(5):
        noise = coarse(lambda p, noise, luck: dead(p.ads < 0, noise + luck, outside=0.3), 24, seed)
        assert boxes(noise, DEAD)[1] == ()


def test_a_wider_box_says_nothing_new():
    sweep = coarse(lambda p, noise, luck: dead(p.ads >= 5, noise, 0.7, 0.1), 40)
    found = boxes(sweep, DEAD)[1]
    x = sweep.matrix()
    held = [box.inside(x) for box in found]
    assert all(not (b >= a).all() for k, a in enumerate(held) for b in held[k + 1 :])


def test_two_corners_are_two_boxes():
    sweep = swept(points(1000), (ADS, POSTS, WEAR), lambda p, noise, luck: dead(
        ((p.ads > 6) & (p.posts < 1.5)) | ((p.ads < 2) & (p.posts > 2.5)), noise))  # fmt: skip
    answer, found = boxes(sweep, DEAD)
    assert len(found) == 2
    assert "Together the boxes contain" in answer.sentence


def test_too_few_points_and_rare_events_are_said():
    answer, found = boxes(swept(points(20), (ADS, POSTS, WEAR), corner), DEAD)
    assert found == () and "too few" in answer.sentence
    never = swept(points(200), (ADS, POSTS, WEAR), lambda p, noise, luck: noise + 100)
    assert "Too rare" in boxes(never, DEAD)[0].title


def test_runs_that_failed_are_left_out():
    sweep = swept(points(600), (ADS, POSTS, WEAR), corner)
    hit = sweep.runs["ads"].to_numpy() < 1  # all worlds of some points
    sweep.runs.loc[hit, "error"] = "no members"
    sweep.runs.loc[hit, "wau"] = np.nan
    answer, found = boxes(sweep, DEAD)
    assert len(found) == 1 and "failed" in answer.warnings[0]


def test_a_shared_luck_widens_the_interval():
    """Where all points share the luck of few worlds, density is known from few worlds only."""

    def lucky(p, noise, luck):
        inside = (p.ads > 4.2).to_numpy()[:, None] & (luck > -0.3)
        return np.where(inside, 0.0, 100.0)

    sweep = swept(points(400), (ADS, POSTS, WEAR), lucky, worlds=12, seed=3)
    found = boxes(sweep, DEAD)[1]
    low, high = check(found, sweep, DEAD).density[1:]
    assert high - low > 0.25


def test_prim_by_hand():
    x = np.repeat(np.arange(10.0), 10)[:, None]
    y = (x[:, 0] >= 7).astype(float)
    box = prim.find(x, y, np.array([False]))
    assert box.low == (6.5,) and box.high == (np.inf,)
    # 30 of 30 where the wider box has 30 of 100
    assert prim.by_chance(box, 0, x, y) == 0.3**30


def test_halves_and_resamples_are_the_same_each_time():
    from comsim.statistics.resampling import counts, search_half

    assert (search_half(50) == search_half(500)[:50]).all()
    assert 200 < search_half(500).sum() < 300
    drawn = counts(12, 3, replications=2)
    assert (drawn == counts(12, 3, replications=2)).all() and (drawn.sum(axis=1) == 12).all()
    assert (drawn[:, ::2] == drawn[:, 1::2]).all()  # two lucks of a draw come together
