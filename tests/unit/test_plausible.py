"""Plausible worlds: the prior, the bank, mimicry, likelihoods and weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from comsim.evidence import real
from comsim.evidence.classifier import CHOSEN
from comsim.evidence.data import data
from comsim.evidence.plausible import bank, judge, likelihood, mimicry, prior, sample, weigh
from comsim.evidence.plausible.again import again
from comsim.evidence.plausible.likelihood import Emulator, Target
from comsim.model.catalogue import LEVERS, PARAMETERS, TRAITS
from comsim.scenario.worlds import NULL, REVERSED

RANGES = data("plausible/prior.toml")["ranges"]


@pytest.fixture(scope="module")
def draws() -> pd.DataFrame:
    return pd.DataFrame([prior.prior_row(draw) for draw in range(600)])


def test_the_prior_is_even_over_the_logarithm_of_its_ranges(draws):
    for name in ("clock", "bounce", "activity"):
        low, high = RANGES[name]
        x = draws[name].to_numpy()
        assert low <= x.min() and x.max() <= high
        share = (PARAMETERS | TRAITS)[name].high <= 1
        even = np.log(x / (1 - x)) if share else np.log(x)
        middle = np.mean(np.log([v / (1 - v) if share else v for v in (low, high)]))
        assert np.median(even) == pytest.approx(middle, abs=0.2)


def test_a_range_contains_the_default():
    numbers = PARAMETERS | TRAITS
    for name, (low, high) in RANGES.items():
        assert numbers[name].low <= low < numbers[name].value < high <= numbers[name].high, name


def test_an_unmeasured_lever_often_has_no_effect_and_sometimes_the_opposite(draws):
    warmth = draws["online_warmth"]
    assert (warmth == 0).mean() == pytest.approx(NULL, abs=0.06)
    assert (warmth < 0).mean() == pytest.approx(REVERSED, abs=0.03)
    assert ((draws["online_meetings"] == 0) == (warmth == 0)).all(), "all parts at once"


def test_positions_in_the_prior_can_be_undone():
    row = prior.prior_row(7)
    assert mimicry.moved_row(row, mimicry.positions(row)) == pytest.approx(row, rel=1e-3)


def test_an_interrupted_bank_goes_on_where_it_stopped(tmp_path, monkeypatch):
    made = []

    def shard(number: int, jobs: int | None = None) -> pd.DataFrame:
        made.append(number)
        return pd.DataFrame({"draw": [0, 1], "shard": number})

    monkeypatch.setattr(bank, "drawn_shard", shard)
    size = prior.settings()["shard"]
    bank.fill(tmp_path, size)
    bank.fill(tmp_path, 3 * size)
    assert made == [0, 1, 2]
    assert bank.bank(tmp_path, 3 * size)["shard"].tolist() == [0, 0, 1, 1, 2, 2]
    monkeypatch.setattr(bank, "key", lambda: "another")
    bank.fill(tmp_path, size)
    assert made == [0, 1, 2, 0]


@pytest.fixture(scope="module")
def small_bank() -> pd.DataFrame:
    small = [draw for draw in range(400) if prior.prior_row(draw)["market"] < 1000][:70]
    table = bank.lives([prior.prior_row(draw) for draw in small], 1)
    return table.assign(draw=np.array(small)[table["row"]])


def test_rows_come_closer_to_the_community_that_they_mimic(small_bank):
    known = real.communities().dropna(subset="authors")
    one = known[known["id"] == "mail-5"].reset_index(drop=True)
    first = mimicry.from_bank(one.iloc[0], small_bank)
    (pool,) = mimicry.matches(one, small_bank, 8, seed=1).values()
    assert (len(pool.rows) == 2 and len(first.rows) == mimicry.NEAREST) or len(first.rows) < 100
    assert pool.distance.mean() < first.distance[: len(pool.rows)].mean()
    assert set(pool.rows[0]) == set(prior.prior())


def pool(number: int, seed: int) -> mimicry.Pool:
    """Draws of the prior whose first feature is the position of the first number, and whose other
    features are noise; the real community is one standard deviation above."""
    draws = np.arange(number)
    rows = [prior.prior_row(int(draw)) for draw in draws]
    apart = np.random.default_rng(seed).normal(size=(number, len(CHOSEN) + 1))
    apart[:, 0] = [mimicry.positions(row)[0] - 1 for row in rows]
    scale = np.ones(len(CHOSEN) + 1)
    return mimicry.Pool(rows, draws, apart, scale).first(mimicry.NEAREST)


def test_proposals_keep_the_spread_of_numbers_that_features_do_not_show():
    near = pool(400, 1)
    made = [row for _, row in mimicry.proposals(near, 600, seed=1, stream=0)]
    places = np.array([mimicry.positions(row) for row in made])
    shown, others = places[:, 0], places[:, 1:]
    assert shown.mean() == pytest.approx(1.0, abs=0.15) and shown.std() < 0.3
    assert np.sqrt(others.var(axis=0).mean()) == pytest.approx(1.0, abs=0.12)
    assert len(np.unique(places, axis=0)) == 600, "no row is proposed twice"


def test_a_missing_feature_counts_as_apart():
    theirs = np.array([[0.0, np.nan], [1.0, 1.0]])
    found = mimicry.differences(theirs, np.array([0.0, 0.0]), np.ones(2))
    assert found.tolist() == [[0.0, mimicry.UNKNOWN], [1.0, 1.0]]
    assert not mimicry.differences(theirs, np.full(2, np.nan), np.ones(2)).any()


def test_types_of_source_and_their_communities_have_equal_shares():
    known = real.communities().dropna(subset="authors")
    quota = mimicry.quotas(known, 1000)
    by_source = pd.Series(quota).groupby(known.set_index("id")["source"]).sum()
    assert by_source["git"] == by_source["mail"] == by_source["chat"] == 250
    assert by_source["stack exchange"] + by_source["ratings"] == 250
    git = [number for id, number in quota.items() if id.startswith("git")]
    assert max(git) - min(git) <= 1


def emulator(name: str, lever: str, names: tuple[str, ...], target: float) -> Emulator:
    """One that predicts the logarithm of the first number of a lever."""
    own = likelihood.numbers_of(lever)
    names = (*likelihood.COMMUNITY, *own)
    terms = 1 + len(names) + len(own) * (len(own) + 1) // 2
    coefficients = np.zeros(terms)
    coefficients[1 + len(likelihood.COMMUNITY)] = 1.0
    return Emulator(name, name, lever, Target(target, 0.05), names, np.zeros(len(names)),
                    np.ones(len(names)), coefficients, 0.0, 1.0)  # fmt: skip


def rows(number: int) -> pd.DataFrame:
    sources = np.array(["git", "mail", "chat", "ratings"])[np.arange(number) % 4]
    table = pd.DataFrame([prior.prior_row(draw) for draw in range(number)])
    return table.assign(source=sources, mimics="a", kin="a", draw=0, distance=0.0)


def test_a_study_moves_its_lever_and_no_other():
    (first, *_) = likelihood.numbers_of("welcome_gift")
    wanted = PARAMETERS[first].value * 1.5
    scale = np.log(wanted / (1 - wanted)) if PARAMETERS[first].high <= 1 else np.log(wanted)
    found, power = weigh.weighed(rows(80), [emulator("s", "welcome_gift", (), scale)], fewest=20)
    before = pd.DataFrame([prior.prior_row(draw) for draw in range(80)])
    assert found[first].median() == pytest.approx(wanted, rel=0.1)
    assert found[first].std() < 0.5 * before[first].std()
    other = found["push_pull"]
    assert other.std() == pytest.approx(before["push_pull"].std(), rel=0.35)
    assert power == 1 and {"weight", "study: s"} <= set(found)


def test_a_prediction_is_the_sum_of_its_community_and_its_lever():
    one = emulator("s", "coupon", (), 0.5)
    rng = np.random.default_rng(1)
    one = replace(one, coefficients=rng.normal(size=len(one.coefficients)))
    some, candidates = rows(5), rows(7)
    found = weigh._in_candidates(one, some, candidates)
    names = list(likelihood.numbers_of("coupon"))
    for k in range(7):
        mixed = some.assign(**{name: candidates[name].iloc[k] for name in names})
        assert found[:, k] == pytest.approx(one.log_likelihood(one.predicted(mixed)))


def test_a_row_is_recorded_as_what_it_mimics():
    found = again("plausible", 16, seed=1)
    source = real.communities().set_index("id")["source"]
    assert (found["own"] == (found["source"] == found["mimics"].map(source))).all()
    git = found["mimics"].map(source) == "git"
    assert set(found.loc[git, "source"]) == {"git"} and "git" not in set(found.loc[~git, "source"])
    assert (found["kin"] == found["mimics"].map(real.communities().set_index("id")["kin"])).all()
    pd.testing.assert_frame_equal(again("plausible", 16, seed=1, jobs=1), found)


def test_no_row_gets_nearly_all_of_the_weight():
    evidence = np.r_[0.0, 30.0, np.zeros(398)]
    types = np.arange(400) % 4
    used = types > 0
    weight, power = weigh.tempered(evidence, types, used, 120)
    assert 0 < power < 0.2 and weigh.effective(weight[used]) >= 120
    assert [weight[types == k].sum() for k in range(4)] == pytest.approx([100] * 4)
    assert weigh.tempered(evidence, types, used, 5000)[1] > 0, "not all evidence is dropped"


def test_a_regression_predicts_what_it_was_made_from():
    table = pd.DataFrame([prior.prior_row(draw) for draw in range(200)])
    fact = next(fact for fact in map(likelihood_fact, ("dau_mau",)))
    y = 0.2 + 0.02 * np.log(table["forgetting"] / (1 - table["forgetting"])).to_numpy()
    found = likelihood.fitted(table, y, fact, fact.checks[0])
    assert found.explained > 0.9
    assert np.corrcoef(found.predicted(table), y)[0, 1] > 0.98


def likelihood_fact(id: str):
    from comsim.evidence.collection import facts

    return facts()[id]


def test_a_band_is_an_error_where_only_a_sign_is_published():
    fact = likelihood_fact("teahouse")  # 0 to 4 points
    assert likelihood.published(fact, fact.checks[0]) == pytest.approx((2.0, 2 / 1.96))


def test_the_error_of_a_size_is_that_of_the_study_and_of_its_transfer():
    fact = likelihood_fact("thanks_four_wikipedias")  # 2 points, 0.8 to 3.2; transfer 0.5
    value, error = likelihood.published(fact, fact.checks[0])
    assert value == pytest.approx(2.0)
    assert error == pytest.approx(np.hypot(2.4 / 2 / 1.96, 1.0), rel=1e-3)


def similar(number: int, shift: float, mimics: bool, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.normal(size=(number, len(CHOSEN))) + shift, columns=list(CHOSEN))
    kin = [f"k{at % 10}" for at in range(number)]
    return table.assign(authors=np.exp(rng.normal(5, 0.1, number)), kin=kin, source="mail")


@pytest.mark.long
def test_a_classifier_separates_only_what_differs():
    ours = similar(40, 0.0, False, 1)
    same = judge.classified(ours, similar(200, 0.0, True, 2))
    other = judge.classified(ours, similar(200, 1.0, True, 3))
    assert 0.35 < same.auc.value < 0.65 and other.auc.value > 0.9
    assert other.auc.low <= other.auc.value <= other.auc.high


def test_copies_of_a_community_are_not_judged_against_it():
    """A classifier would otherwise recognise the communities that it was fitted to."""
    ours = similar(40, 0.0, False, 1)
    copies = pd.concat([ours] * 3, ignore_index=True)
    assert 0.35 < judge.classified(ours, copies).auc.value < 0.65


def test_a_row_is_compared_with_its_type_of_source():
    ours, other = similar(40, 0.0, False, 1), similar(200, 0.0, True, 2).assign(source="git")
    assert judge.classified(ours, other) is None and judge.ranks(ours, other) is None


def test_ranks_are_uniform_if_the_worlds_are_right():
    ours, rows = similar(60, 0.0, False, 1), similar(600, 0.0, True, 2)
    right, wrong = judge.ranks(ours, rows), judge.ranks(ours, similar(600, 2.0, True, 3))
    assert np.mean([p < 0.05 for p in right.p.values()]) < 0.2
    assert np.mean([p < 0.05 for p in wrong.p.values()]) > 0.9
    assert right.score > wrong.score


def test_the_file_keeps_three_digits():
    x = np.array([0.123456, 1234.56, -0.5], np.float32)
    assert sample.shortened(x) == pytest.approx(x, rel=1e-3)


def test_no_lever_without_evidence_is_moved_by_a_study():
    facts = sample.experiments.used().values()
    table = pd.DataFrame([prior.prior_row(draw) for draw in range(70)])
    labels = [sample.experiments.label(f, c) for f in facts for c in sample.experiments.deciding(f)]
    figures = pd.DataFrame(np.random.default_rng(1).normal(size=(70, len(labels))), columns=labels)
    made = likelihood.emulators(table.to_dict("records"), figures)
    assert len(made) > 40
    assert all(LEVERS[one.lever].grade != "none" for one in made if one.lever)
