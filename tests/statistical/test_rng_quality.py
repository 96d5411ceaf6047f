"""Are the keyed draws random on the keys that comsim uses?

Philox4x32-7 passes BigCrush as a stream of consecutive counters (Salmon et al. 2011). Here
it is walked the way the model walks it: along members, days, k, purposes and seeds, and across
streams that differ in one part of the key. Each check takes a generator and gives p-values, of
which the least counts, adjusted for their number; each also has to reject generators known to be
bad, so that a pass means something: with six rounds, streams that differ in one part of the key
are related. Nothing is left to chance: the keys are fixed.

Sources: Marsaglia (1985), "A current view of random number generators" (birthday spacings);
Knuth, The Art of Computer Programming, vol. 2, section 3.3.2 (serial and collision tests);
L'Ecuyer and Simard (2007), "TestU01" (the Poisson approximations).
"""

from collections.abc import Callable, Iterator
from itertools import combinations, pairwise

import numba
import numpy as np
import pytest
from scipy import stats

from comsim.model.kernel.random import philox4x32
from comsim.model.rng import KEY_STEPS, MULTIPLIERS, Purpose

pytestmark = pytest.mark.long

ALPHA = 1e-3
MOST = 100_000  # p-values of a check
SIZE = 2**20  # draws of a walk
SMALL = 2**18  # draws of a stream that is compared with another
SEED = 2026

# (seed, purpose, day, member, k), arrays or numbers, to four words: shape (4, draws).
Generator = Callable[..., np.ndarray]
BASE = {"seed": SEED, "purpose": int(Purpose.DAY), "day": 17, "member": 4242, "k": 0}
BITS = {"seed": 64, "purpose": 32, "day": 32, "member": 32, "k": 32}


@numba.njit
def fill(seed, purpose, day, member, k, out):
    for i in range(seed.size):
        k0, k1 = np.uint32(seed[i]), np.uint32(seed[i] >> np.uint64(32))
        out[0, i], out[1, i], out[2, i], out[3, i] = philox4x32(
            np.uint32(member[i]), np.uint32(k[i]), np.uint32(day[i]), np.uint32(purpose[i]), k0, k1
        )


def philox(**key) -> np.ndarray:
    """What is under test: the kernel's generator on comsim's layout of keys."""
    parts = np.broadcast_arrays(*(np.asarray(key[name], np.uint64) for name in BASE))
    out = np.empty((4, parts[0].size), np.uint32)
    names = dict(zip(BASE, map(np.ascontiguousarray, parts), strict=True))
    fill(*(names[name] for name in ("seed", "purpose", "day", "member", "k")), out)
    return out


# Generators that are known to be bad.


def mix32(x: np.ndarray) -> np.ndarray:
    """The finaliser of MurmurHash3: a good mix of 32 bits, and one to one."""
    x = np.asarray(x, np.uint64) & 0xFFFFFFFF
    x = (x ^ (x >> 16)) * 0x85EBCA6B & 0xFFFFFFFF
    x = (x ^ (x >> 13)) * 0xC2B2AE35 & 0xFFFFFFFF
    return x ^ (x >> 16)


def xor_hash(**key) -> np.ndarray:
    """The key's hash xor the index, mixed: every key permutes the same set of numbers."""
    parts = {name: np.asarray(part, np.uint64) for name, part in key.items()}
    seed = mix32(parts["seed"]) ^ mix32(mix32(parts["seed"] >> 32) + 1)
    hashed = mix32(seed ^ mix32(parts["purpose"] << 16 ^ parts["day"]))
    index = parts["member"] ^ parts["k"]
    return np.stack([mix32(index ^ hashed ^ 0x9E3779B9 * w) for w in range(4)]).astype(np.uint32)


def lcg(**key) -> np.ndarray:
    """One step of a linear congruential generator from a weighted sum of the key."""
    weights = {"seed": 69069, "purpose": 1013904223, "day": 22695477, "member": 1664525, "k": 31}
    parts = {name: np.atleast_1d(np.asarray(part, np.uint64)) for name, part in key.items()}
    parts["seed"] = parts["seed"] ^ parts["seed"] >> 32
    total = sum(parts[name] * weight for name, weight in weights.items())
    return np.stack([total * 214013 + 2531011 * w for w in range(4)]).astype(np.uint32)


def few_rounds(rounds: int, **key) -> np.ndarray:
    """Philox stopped after some of its seven rounds."""
    low = 0xFFFFFFFF
    parts = np.broadcast_arrays(
        *(np.asarray(key[name], np.uint64) for name in ("member", "k", "day", "purpose", "seed"))
    )
    c0, c1, c2, c3, seed = parts
    k0, k1 = seed & low, seed >> 32
    for _ in range(rounds):
        p0, p1 = c0 * MULTIPLIERS[0], c2 * MULTIPLIERS[1]
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & low, (p0 >> 32) ^ c3 ^ k1, p0 & low
        k0, k1 = (k0 + KEY_STEPS[0]) & low, (k1 + KEY_STEPS[1]) & low
    return np.stack([c0, c1, c2, c3]).astype(np.uint32)


def three_rounds(**key) -> np.ndarray:
    return few_rounds(3, **key)


def six_rounds(**key) -> np.ndarray:
    return few_rounds(6, **key)


# The ways through the keys.


def walks() -> Iterator[dict[str, int | np.ndarray]]:
    """Long walks along each part of the key, and along two at once."""
    steps = np.arange(SIZE)
    for part in ("member", "day", "k", "seed"):
        yield BASE | {part: steps}
    yield BASE | {"seed": steps.astype(np.uint64) << np.uint64(32)}
    purposes = np.array(Purpose)
    yield BASE | {"member": steps // purposes.size, "purpose": purposes[steps % purposes.size]}
    yield BASE | {"member": steps // 1024, "day": steps % 1024}
    yield BASE | {"member": steps // 1024, "k": steps % 1024, "purpose": int(Purpose.CONTACT)}


def neighbours() -> Iterator[tuple[dict, dict]]:
    """Pairs of streams along the members that differ in one part of the key."""
    here = BASE | {"member": np.arange(SMALL)}
    for change in (
        {"seed": SEED + 1},
        {"seed": SEED + 2**32},
        {"day": 18},
        {"day": 24},
        {"k": 1},
        {"seed": BASE["day"], "day": SEED},
        {"day": BASE["purpose"], "purpose": BASE["day"]},
    ):
        yield here, here | change
    for one, other in pairwise(Purpose):
        yield here | {"purpose": int(one)}, here | {"purpose": int(other)}


def two_sided(below: float, above: float) -> float:
    """Too little is as suspicious as too much."""
    return min(1.0, 2 * min(below, above))


def chi_square_p(counts: np.ndarray, expected: float) -> float:
    chi_square, freedom = ((counts - expected) ** 2 / expected).sum(), counts.size - 1
    return two_sided(stats.chi2.cdf(chi_square, freedom), stats.chi2.sf(chi_square, freedom))


def poisson_p(count: int, mean: float) -> float:
    return two_sided(stats.poisson.cdf(count, mean), stats.poisson.sf(count - 1, mean))


def distinct(row: np.ndarray) -> int:
    """How many different values; np.unique is ten times slower here."""
    return np.count_nonzero(np.diff(np.sort(row))) + 1


def association_p(one: np.ndarray, other: np.ndarray) -> list[float]:
    """Are two rows of words related? By their correlation, and on a grid of 64 by 64 cells."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return [0.0]  # a constant has no correlation, and is not random
    z = np.corrcoef(one, other)[0, 1] * np.sqrt(one.size)
    cells = (one >> 26 << 6) | (other >> 26)
    counts = np.bincount(cells, minlength=4096)
    return [2 * stats.norm.sf(abs(z)), chi_square_p(counts, one.size / 4096)]


def likeness_p(one: np.ndarray, other: np.ndarray) -> list[float]:
    """Do two rows of words differ in half their bits, and share as many values as by chance?"""
    differing = np.bitwise_count(one ^ other).sum(dtype=np.int64)
    z = (differing - 16 * one.size) / np.sqrt(8 * one.size)
    shared = distinct(one) + distinct(other) - distinct(np.concatenate([one, other]))
    return [2 * stats.norm.sf(abs(z)), poisson_p(shared, one.size * other.size / 2**32)]


# The checks.


def uniformity(generate: Generator) -> Iterator[float]:
    """Each word is uniform, in its high bits, in its low bits, and as a whole."""
    for walk in walks():
        for row in generate(**walk):
            for byte in (row >> 24, row & 255):
                yield chi_square_p(np.bincount(byte, minlength=256), SIZE / 256)
            yield stats.kstest((row + 0.5) * 2.0**-32, "uniform").pvalue


def serial_correlation(generate: Generator) -> Iterator[float]:
    """A draw says nothing about those after it on the walk, nor a word about its fellows."""
    for walk in walks():
        rows = generate(**walk)
        for row in rows:
            for lag in (1, 2, 7, 13, 1024):  # 7: a week; 13, 1024: the grids' other direction
                yield from association_p(row[:-lag], row[lag:])
        for one, other in combinations(rows, 2):
            yield from association_p(one, other)


def days_in_a_row(generate: Generator) -> Iterator[float]:
    """The words of draws that each serve four days, one after another in the life of a member."""
    for member in (0, 1, 99_999):
        key = {"purpose": int(Purpose.VISIT), "member": member, "day": np.arange(SIZE)}
        life = generate(**BASE | key).T.ravel()
        yield chi_square_p(np.bincount(life >> 24, minlength=256), life.size / 256)
        for lag in (1, 2, 3, 4, 7, 28):
            yield from association_p(life[:-lag], life[lag:])


def independence_of_streams(generate: Generator) -> Iterator[float]:
    """Streams that differ in one part of the key have nothing to do with each other."""
    for here, there in neighbours():
        for one, other in zip(generate(**here), generate(**there), strict=True):
            yield from association_p(one, other) + likeness_p(one, other)


def pair_draws(generate: Generator) -> Iterator[float]:
    """The draw of (i, j) has nothing to do with that of (j, i)."""
    i, j = np.triu_indices(1024, 1)
    key = BASE | {"purpose": int(Purpose.INVITER)}
    there, back = generate(**key | {"member": i, "k": j}), generate(**key | {"member": j, "k": i})
    for one, other in zip(there, back, strict=True):
        yield from association_p(one, other) + likeness_p(one, other)


def avalanche(generate: Generator) -> Iterator[float]:
    """Each bit of the key flips each bit of the words half of the time."""
    size = 2**14
    rng = np.random.default_rng(1)
    random_keys = {
        name: rng.integers(0, 2**bits, size, dtype=np.uint64) for name, bits in BITS.items()
    }
    usual_keys = BASE | {"member": np.arange(size), "day": np.arange(size) % 730}
    for keys in (random_keys, usual_keys):
        before = generate(**keys)
        for name, bits in BITS.items():
            for bit in range(bits):
                flipped = np.asarray(keys[name], np.uint64) ^ np.uint64(1 << bit)
                changed = (before ^ generate(**keys | {name: flipped})).view(np.uint8)
                changed = np.unpackbits(changed.reshape(4, size, 4), axis=2)
                z = (changed.sum(axis=1, dtype=np.int64) - size / 2) / np.sqrt(size / 4)
                yield from 2 * stats.norm.sf(np.abs(z)).ravel()


def birthday_spacings(generate: Generator) -> Iterator[float]:
    """Sorted draws leave as many equal gaps as birthdays by chance do (4 in each year)."""
    birthdays, years = 4096, SIZE // 4096
    mean = birthdays**3 / (4 * 2**32) * years
    for walk in walks():
        for row in generate(**walk):
            gaps = np.sort(np.diff(np.sort(row.reshape(years, birthdays), axis=1), axis=1), axis=1)
            yield poisson_p((np.diff(gaps, axis=1) == 0).sum(), mean)


def collisions(generate: Generator) -> Iterator[float]:
    """As many draws equal an earlier one as balls fall into taken urns (128 of a million)."""
    mean = SIZE**2 / 2 / 2**32
    for walk in walks():
        for row in generate(**walk):
            yield poisson_p(SIZE - distinct(row), mean)


# Each check, and the bad generators that it has to find out.
CHECKS = {
    uniformity: (lcg,),
    serial_correlation: (lcg, three_rounds, six_rounds),
    days_in_a_row: (lcg, three_rounds),
    independence_of_streams: (lcg, xor_hash, six_rounds),
    pair_draws: (xor_hash,),
    avalanche: (lcg, xor_hash, three_rounds, six_rounds),
    birthday_spacings: (lcg,),
    collisions: (lcg, xor_hash),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_philox_passes(check):
    p_values = list(check(philox))
    assert len(p_values) <= MOST
    assert np.min(p_values) * len(p_values) > ALPHA  # Bonferroni's, for so many


@pytest.mark.parametrize(
    ("check", "bad"),
    [(check, bad) for check, generators in CHECKS.items() for bad in generators],
    ids=lambda function: function.__name__,
)
def test_a_bad_generator_is_found_out(check, bad):
    """By its first p-value that is too small for as many as any check has."""
    assert any(p * MOST < ALPHA for p in check(bad))
