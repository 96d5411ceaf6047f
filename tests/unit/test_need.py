"""Need for the product, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from comsim import Scenario, simulate
from comsim.model.kernel.mechanisms.need import need_left
from comsim.reference.mechanisms.need import need, renew_needs, use_up


def buyer(wear=0.1, renewal=0.0, day=0):
    p = SimpleNamespace(need_wear=wear, need_renewal=renewal, release_need=0.5)
    return SimpleNamespace(model=SimpleNamespace(p=p, day=day), need_used=0.0, need_day=0)


def test_each_order_uses_up_a_share_of_what_is_left():
    member = buyer(wear=0.1)
    for left in (0.9, 0.81, 0.729):
        use_up(member)
        assert need(member) == pytest.approx(left)


def test_it_comes_back_with_time():
    member = buyer(wear=0.5, renewal=np.log(2) / 100)
    use_up(member)
    member.model.day = 100  # half of the half that was used up
    assert need(member) == pytest.approx(0.75)
    use_up(member)
    assert member.need_used == pytest.approx(1 - 0.75 * 0.5) and member.need_day == 100


def test_the_kernel_says_the_same():
    # 1 - 0.5 exp(-0.3) = 0.62959
    assert need_left.py_func(buyer(renewal=0.01).model.p, 0.5, 20, 50) == pytest.approx(
        0.62959, abs=1e-5
    )


def test_a_release_renews_part_of_it():
    member = buyer()
    member.need_used = 0.8
    community = SimpleNamespace(
        p=member.model.p, levers=[SimpleNamespace(release=0.5)], agents=[member], each=list
    )
    renew_needs(community)  # half of half of it
    assert member.need_used == pytest.approx(0.6)


def test_without_wear_there_is_always_need():
    member = buyer(wear=0.0)
    use_up(member)
    assert need(member) == 1.0 and member.need_used == 0.0


def test_a_keen_buyer_runs_dry_in_about_two_years():
    """One order in three weeks at first, with the value that the parameter recommends."""
    left = 1.0
    for _ in range(730):
        left -= 0.1 * left * (left / 21)  # orders are as likely as there is need
    assert 0.15 < left < 0.3


def test_repurchases_are_orders_after_the_first():
    run = simulate(Scenario.from_dict({
        "name": "buyers", "days": 60, "community": {"market": 30},
        "policy": {"seed_group": 30}, "parameters": {"order_rate": 1, "need_wear": 0.1},
    }), 1)  # fmt: skip
    ordered = run.members["ordered"]
    assert run.daily["orders"].sum() == ordered.sum() > 20
    assert run.daily["repurchases"].sum() == (ordered - 1).clip(lower=0).sum() > 10
