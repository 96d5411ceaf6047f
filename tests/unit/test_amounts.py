"""Numbers in words: two significant digits, and no probability surer than 95 %."""

from __future__ import annotations

import numpy as np
import pytest

from comsim.language.amounts import probability, rounded


@pytest.mark.parametrize("values, texts", [
    ((17432,), ["17,000"]),
    ((8.31, 27.2), ["8", "27"]),
    ((-0.0000001, 12.4), ["0", "12"]),
    ((-0.31, 12.4), ["−0.3", "12"]),
    ((-0.003, 3.34), ["0", "3.3"]),
    ((0.04, 17.4), ["0.04", "17"]),
    ((0.0473,), ["0.047"]),
    ((9.96,), ["10"]),
    ((99.6, 100.4), ["100", "100"]),
    ((2.0, 0.0, 4.0), ["2", "0", "4"]),
    ((0.5, 0.61), ["0.50", "0.61"]),
    ((-1234567.0, 2960.0), ["−1,200,000", "3,000"]),
    ((np.nan, 3.0), ["–", "3"]),
    ((np.inf, -np.inf), ["∞", "−∞"]),
])  # fmt: skip
def test_numbers_that_are_read_together_have_one_precision(values, texts):
    assert rounded(*values) == texts


def test_differences_have_a_sign_and_nothing_has_none():
    assert rounded(-3.1, 0.0, 27.4, sign=True) == ["−3", "0", "+27"]
    assert rounded(True, 3, sign=True) == ["+1", "+3"]


def test_a_probability_is_never_surer_than_95_percent():
    assert [probability(share) for share in (0, 0.049, 0.05, 0.5, 0.95, 0.951, 1)] == [
        "<5%", "<5%", "5%", "50%", "95%", ">95%", ">95%",
    ]  # fmt: skip
    assert probability(1, "more than ") == "more than 95%"
    assert probability(np.nan) == "–"
