"""Keyed random numbers: known answers, and the compiled twin equals the plain one."""

import numba
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comsim.model.kernel.random import mixed, philox4x32, uniform, uniform32
from comsim.model.rng import (
    MASK32,
    Purpose,
    philox,
    uniform32_from,
    uniform_from,
    uniforms,
    words,
)

# The vectors for philox4x32 of seven rounds, which is used here, and of ten that the authors of
# Random123 publish (their kat_vectors): rounds, counter, key, answer.
KNOWN_ANSWERS = [
    (7, "00000000 00000000 00000000 00000000", "00000000 00000000",
     "5f6fb709 0d893f64 4f121f81 4f730a48"),
    (7, "ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
     "5207ddc2 45165e59 4d8ee751 8c52f662"),
    (7, "243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
     "4dfccaba 190a87f0 c47362ba b6b5242a"),
    (10, "00000000 00000000 00000000 00000000", "00000000 00000000",
     "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    (10, "ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff",
     "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (10, "243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0",
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
]  # fmt: skip

word = st.integers(0, MASK32)
extremes = [0, 1, 2**31 - 1, 2**31, MASK32 - 1, MASK32]


def parse(text: str) -> list[int]:
    return [int(part, 16) for part in text.split()]


# As Python may call them.
four_words, in_the_interval = numba.njit(philox4x32.py_func), numba.njit(uniform.py_func)
after_rounds, in_single = numba.njit(mixed.py_func), numba.njit(uniform32.py_func)


def compiled(*parts: int, rounds: int | None = None) -> tuple[int, ...]:
    key = [np.uint32(part) for part in parts]
    found = four_words(*key) if rounds is None else after_rounds(*key, rounds)
    return tuple(map(int, found))


@numba.njit
def fill(members, k, day, purpose, k0, k1, out):
    """A plain loop, which becomes vector instructions."""
    for i in range(members.size):
        out[0, i], out[1, i], out[2, i], out[3, i] = philox4x32(members[i], k, day, purpose, k0, k1)


@numba.njit
def fill_uniform(values, out):
    for i in range(values.size):
        out[i] = uniform(values[i])


@pytest.mark.parametrize(("rounds", "counter", "key", "answer"), KNOWN_ANSWERS)
@pytest.mark.parametrize("generate", [philox, compiled])
def test_known_answers(generate, rounds, counter, key, answer):
    key = *parse(counter), *parse(key)
    assert generate(*key, rounds=rounds) == tuple(parse(answer))
    if rounds == 7:
        assert generate(*key) == tuple(parse(answer))


@given(st.tuples(word, word, word, word, word, word))
@example((MASK32, 0, MASK32, 0, MASK32, 0))
@example((2**31, 2**31, 2**31, 2**31, 2**31, 2**31))
def test_twins_agree(parts):
    assert compiled(*parts) == philox(*parts)


@pytest.mark.boundscheck
@pytest.mark.parametrize("size", [1, 7, 1000])  # whole vectors, and what is left over
def test_twins_agree_in_a_loop_over_members(size):
    rng = np.random.default_rng(1)
    members = rng.integers(0, 2**32, size, dtype=np.uint32)
    members[: len(extremes)] = extremes[:size]
    out = np.empty((4, size), np.uint32)
    rest = 3, 700, int(Purpose.DAY), 2**32 - 5, 77
    fill(members, *(np.uint32(part) for part in rest), out)
    assert [tuple(column) for column in out.T.tolist()] == [
        philox(member, *rest) for member in members.tolist()
    ]


@given(
    seed=st.integers(0, 2**64 - 1),
    purpose=st.sampled_from(Purpose),
    day=word,
    member=word,
    k=word,
)
def test_a_key_is_laid_out_as_stated(seed, purpose, day, member, k):
    expected = philox(member, k, day, int(purpose), seed % 2**32, seed // 2**32)
    assert words(seed, purpose, day, member, k) == expected


def test_a_key_may_be_made_of_numpy_integers():
    assert words(np.uint64(2**64 - 1), 1, np.int16(5), np.int32(2**31 - 1)) == words(
        2**64 - 1, 1, 5, 2**31 - 1
    )


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_that_does_not_fit_is_refused(seed):
    with pytest.raises(ValueError, match="seed"):
        words(seed, Purpose.DAY, 0, 0)


@pytest.mark.parametrize("part", ["purpose", "day", "member", "k"])
@pytest.mark.parametrize("value", [-1, 2**32])
def test_a_part_that_does_not_fit_is_refused(part, value):
    key = {"seed": 1, "purpose": 1, "day": 1, "member": 1, "k": 1} | {part: value}
    with pytest.raises(ValueError, match=part):
        words(**key)


def test_no_two_purposes_share_a_number():
    # An enum takes a repeated number as a second name for the first, without a word.
    assert len(Purpose.__members__) == len(Purpose)


def test_uniform_lies_in_the_open_interval():
    assert uniform_from(0) == 2.0**-33
    assert uniform_from(MASK32) == 1 - 2.0**-33
    assert uniform_from(2**31) == 0.5 + 2.0**-33


@given(word)
def test_uniform_is_exact(value):
    # Exact: the word can be had back, and neighbours stay apart.
    assert uniform_from(value) * 2.0**32 - 0.5 == value
    assert in_the_interval(np.uint32(value)) == uniform_from(value)


@given(word)
@example(0)
@example(MASK32)
def test_a_uniform_in_single_precision_lies_within_half_a_cell(value):
    found = uniform32_from(value)
    assert found.dtype == np.float32 and 0 < found <= 1
    assert abs(float(found) - (value // 256 + 0.5) / 2**24) <= 2**-25
    assert in_single(np.uint32(value)) == found


@pytest.mark.boundscheck
def test_uniform_twins_agree_in_a_loop():
    values = np.random.default_rng(2).integers(0, 2**32, 1001, dtype=np.uint32)
    values[: len(extremes)] = extremes
    out = np.empty(values.size)
    fill_uniform(values, out)
    assert out.tolist() == [uniform_from(value) for value in values.tolist()]


@given(st.integers(0, 2**64 - 1), word, word, st.lists(word))
def test_uniforms_of_many_are_those_of_each(seed, day, k, members):
    one_by_one = [uniform_from(words(seed, Purpose.WORLD, day, m, k)[0]) for m in members]
    assert uniforms(seed, Purpose.WORLD, day, members, k).tolist() == one_by_one


@pytest.mark.parametrize("key", [(2**64, 1, [1]), (1, -1, [1]), (1, 1, [1, 2**32])])
def test_many_keys_of_which_one_does_not_fit_are_refused(key):
    seed, day, members = key
    with pytest.raises(ValueError, match="must lie in"):
        uniforms(seed, Purpose.DAY, day, members)
