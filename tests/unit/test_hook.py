"""The hook of the first visit, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from comsim import Scenario, simulate
from comsim.model.kernel.basics import FOUNDER, NOBODY
from comsim.model.kernel.mechanisms.hook import chance_of_hook
from comsim.reference.mechanisms.hook import lost_by_bounce

from ..calm import CALM

HOOK = {
    "bounce": 0.8, "hook_chance": 0.5, "hook_half": 0.25, "hook_reply": 0.4,
    "staff_reply_weight": 0.5,
}  # fmt: skip


class Newcomer(SimpleNamespace):
    """A member who can be a key, as in `helped`."""

    __hash__ = object.__hash__


def newcomer(
    u: float, founder: bool = False, joined: int = 3, solved: float = 0.0, **parameters: float
) -> Newcomer:
    """A member on day 3 with a random number u, and with answers by the staff."""
    p, market = SimpleNamespace(**(HOOK | parameters)), SimpleNamespace(uniforms=lambda *_: [u])
    model = SimpleNamespace(p=p, day=3, helped={}, market=market)
    member = Newcomer(model=model, joined_day=joined, founder=founder, person=0)
    model.helped[member] = solved
    return member


@pytest.mark.parametrize("gained,joy,solved,chance", [
    (0.0, 0.0, 0.0, 0.0),
    (0.25, 0.0, 0.0, 0.25),  # half of 0.5
    (0.0, 0.5, 0.0, 0.2),  # one reply to one post
    (0.0, 0.0, 0.5, 0.1),  # one answer by the staff
    (0.0, 0.5, 0.5, 0.2),  # the greater of the two
    (0.75, 0.5, 0.0, 1 - (1 - 0.375) * (1 - 0.2)),
])  # fmt: skip
def test_value_and_answers_hook_independently(gained, joy, solved, chance):
    p = SimpleNamespace(**HOOK)
    assert chance_of_hook.py_func(p, gained, joy, solved) == pytest.approx(chance)
    if chance > 0:
        assert lost_by_bounce(newcomer(chance - 1e-6, solved=solved), gained, joy) == 0.0
    assert lost_by_bounce(newcomer(chance + 1e-6, solved=solved), gained, joy) == 0.8


def test_only_newcomers_bounce_and_no_founders():
    assert lost_by_bounce(newcomer(0.99), 0.2, 0.0) == 0.8
    assert lost_by_bounce(newcomer(0.99, founder=True), 0.2, 0.0) == 0.0
    assert lost_by_bounce(newcomer(0.99, joined=2), 0.2, 0.0) == 0.0
    assert lost_by_bounce(newcomer(0.99, bounce=0.0), 0.2, 0.0) == 0.0


def first_evening(**parameters: float) -> tuple[np.ndarray, np.ndarray]:
    """Interest of 10 founders and of 990 others on the evening of the day of joining."""
    run = simulate(Scenario.from_dict({
        "name": "first evening", "days": 1, "community": {"market": 1000},
        "policy": {"seed_group": 10, "intake": 990}, "parameters": CALM | parameters,
    }), 1, threads=1)  # fmt: skip
    inviter = run.world.m.own["inviter"][:1000]
    assert (inviter[:10] == FOUNDER).all() and (inviter[10:] == NOBODY).all()
    return run.members["interest"].to_numpy()[:10], run.members["interest"].to_numpy()[10:]


def test_the_interest_of_who_is_not_hooked_falls_by_the_bounce():
    """Nothing else on that day changes, since all have read and replied before."""
    (founders, others), (as_before, without) = first_evening(**HOOK), first_evening()
    np.testing.assert_array_equal(founders, as_before)
    hooked = others == without
    np.testing.assert_allclose(others[~hooked], 0.2 * without[~hooked], rtol=1e-6)
    assert 0.1 < hooked.mean() < 0.5


def test_most_who_come_once_do_not_come_back():
    """About half of the authors of real communities post only once; a weak hook can make it so."""

    def life(**parameters: float) -> np.ndarray:
        run = simulate(Scenario.from_dict({
            "name": "once", "days": 365, "community": {"market": 3000},
            "policy": {"seed_group": 30, "intake": 3},
            "parameters": CALM | {"invitation_rate": 0} | parameters,
        }), 1, threads=1)  # fmt: skip
        early = run.members[run.members["joined_day"] < 300]
        return (early["visits"] == 1).mean()

    assert life() < 0.3 and life(bounce=0.95, hook_chance=0.3, hook_reply=0.3) > 0.5
