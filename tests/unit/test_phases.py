"""Phases of days made by hand."""

import numpy as np
import pytest

from comsim.model.catalogue import DAY_RECORD
from comsim.model.phases import PHASES, PhaseRule, criteria, lasting, phase_spans, phases

ONE = 2**30


def days(number: int = 400, **columns: object) -> np.ndarray:
    """Records of days; a column is a number for all days, or an array."""
    made = np.zeros(number, DAY_RECORD)
    for name, values in columns.items():
        made[name] = values
    return made


def since(day: int, value: int, number: int = 400) -> np.ndarray:
    return np.where(np.arange(number) >= day, value, 0)


LIFE = dict(
    joined=10, joined_invited=since(40, 10), posts=since(60, 5), official_posts=1,
    cost=1000, revenue=since(150, 1000), self_organised=since(260, ONE // 2),
)  # fmt: skip


def test_a_community_that_grows_up_goes_through_all_phases():
    # Half of all came by invitation on day 79 (40 of 80); income has covered a window's cost on
    # day 177; half of the window at 1/2 gives 1/4 on its 14th day, 273.
    assert phase_spans(days(**LIFE)) == [
        ("start-up", 0, 78), ("scaling and ecosystem", 79, 176),
        ("platform and monetisation", 177, 272), ("organisation", 273, 399),
    ]  # fmt: skip


@pytest.mark.parametrize("without,highest", [
    ({"joined_invited": 0}, "start-up"),
    ({"posts": 1}, "start-up"),
    ({"revenue": 999}, "scaling and ecosystem"),
    ({"self_organised": ONE // 5}, "platform and monetisation"),
])  # fmt: skip
def test_what_a_phase_asks_for(without, highest):
    assert phase_spans(days(**LIFE | without))[-1][0] == highest


def test_a_community_falls_back():
    fallen = LIFE | {"revenue": np.where(np.arange(400) < 330, 2000, 0)}
    codes = phases(days(**fallen))
    assert codes.max() == 3 and codes[-1] == 1
    assert [PHASES[code] for code in codes[[0, 100, 300, 399]]] == [
        "start-up", "platform and monetisation", "organisation", "scaling and ecosystem",
    ]  # fmt: skip


def test_what_does_not_last_is_no_phase():
    flicker = np.zeros(100, bool)
    flicker[20:40] = True
    assert not lasting(flicker, 28).any()
    flicker[20:48] = True
    assert lasting(flicker, 28)[20:48].all() and not lasting(flicker, 28)[48:].any()
    flicker[60:] = True  # a gap of 12 days
    assert lasting(flicker, 28)[20:].all()


def test_short_and_empty_lives():
    assert phase_spans(days(1)) == [("start-up", 0, 0)]
    assert phase_spans(days(10)) == [("start-up", 0, 9)]
    assert not criteria(days(30)).any()
    rule = PhaseRule(window=1, hold=1)
    assert phase_spans(days(3, joined=1, joined_invited=1, posts=1), rule) == [
        ("scaling and ecosystem", 0, 2)
    ]
