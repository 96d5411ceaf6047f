"""Rolling statistics of daily series (runs, days), each day from earlier days only.

Rising variance and autocorrelation are generic early-warning signals of a tipping point (Scheffer
et al. 2009, Nature 461:53-59; Dakos et al. 2012, PLoS ONE 7:e41010).
"""

from __future__ import annotations

import numpy as np

LEAST_VARIANCE = 0.01  # of the square root of a count; pure chance would give 1/4


def variance_and_autocorrelation(series: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Variance and lag-1 autocorrelation in a rolling window, (runs, days), of the square root of a
    count (which stabilises its variance: Bartlett 1936) after subtracting a parabola through the
    window. A straight line would leave the curvature of the decline itself."""
    result = np.full((2, *series.shape), np.nan)
    if series.shape[1] < window:
        return result[0], result[1]
    day = np.linspace(-1, 1, window)
    curve = np.linalg.qr(np.stack([day**0, day, day**2], axis=1))[0].astype(np.float32)
    root = np.sqrt(np.maximum(series, 0.0)).astype(np.float32)
    parts = np.lib.stride_tricks.sliding_window_view(root, window, axis=1)
    rest = parts - (parts @ curve) @ curve.T
    squares = (rest**2).sum(axis=2)
    together = np.einsum("rdw,rdw->rd", rest[..., 1:], rest[..., :-1])
    result[0, :, window - 1 :] = squares / (window - 3) + LEAST_VARIANCE
    with np.errstate(invalid="ignore", divide="ignore"):
        result[1, :, window - 1 :] = np.where(squares > 1e-6, together / squares, np.nan)
    return result[0], result[1]


def median_so_far(level: np.ndarray, week: int) -> np.ndarray:
    """The median of all earlier days, updated once a week."""
    usual = np.full_like(level, np.nan)
    some = level[:, ::week]
    first = int(np.isfinite(level).any(axis=0).argmax()) // week + 1
    for k in range(max(first, 1), some.shape[1]):
        past = np.sort(some[:, :k], axis=1)  # NaN last
        known = np.isfinite(past).sum(axis=1)
        at = np.maximum((known - 1) // 2, 0)
        middle = past[np.arange(len(past)), at]
        usual[:, k * week : (k + 1) * week] = middle[:, None]
    return usual


def rolling_mean(series: np.ndarray, days: int) -> np.ndarray:
    """The mean of the last days; NaN if one of them has no value."""
    result = np.full(series.shape, np.nan)
    if series.shape[1] >= days:
        parts = np.lib.stride_tricks.sliding_window_view(series, days, axis=1)
        result[:, days - 1 :] = parts.mean(axis=2)
    return result


def shifted(series: np.ndarray, days: int) -> np.ndarray:
    """The series some days earlier, NaN at the beginning."""
    result = np.full(series.shape, np.nan)
    result[:, days:] = series[:, :-days]
    return result


def ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a / b, NaN unless b is above 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(b > 0, a / b, np.nan)
