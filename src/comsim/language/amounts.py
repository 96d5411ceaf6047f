"""Times, sizes and numbers in words, rounded."""

from __future__ import annotations

from math import floor, isfinite, isinf, isnan, log10

SURE = 0.95


def duration(seconds: float) -> str:
    """A time in words, such as "3 minutes"."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    whole = max(round(seconds), 1)
    return f"{whole} second{'s' if whole > 1 else ''}"


def size(bytes: int) -> str:
    """A size on disk, such as "1.5 GB"."""
    for unit, length in (("GB", 1e9), ("MB", 1e6)):
        if bytes >= length:
            return f"{bytes / length:.1f} {unit}"
    return f"{max(bytes / 1e3, 1):.0f} kB"


def figures(number: float) -> str:
    """Three figures, whole from a hundred on."""
    return f"{number:,.0f}" if number >= 99.5 else f"{number:.3g}"


def number(value: float, sign: bool = False) -> str:
    """A number with three significant digits, or whole from a hundred on. It has a true minus sign,
    and a plus sign if `sign`; "–" for NaN, "∞" for infinity."""
    if isnan(value):
        return "–"
    if isinf(value):
        return "∞"
    if value == 0:
        return "0"
    plus = "+" if sign else ""
    text = f"{value:{plus},.0f}" if abs(value) >= 99.95 else f"{value:{plus}.3g}"
    return text.replace("-", "−")


def rounded(*values: float, sign: bool = False) -> list[str]:
    """Numbers shown together, rounded to two significant digits of the largest.

    A smaller number keeps one digit of its own, unless it is below a hundredth of that precision or
    would need more than two decimals: beside +3.3 %, −0.003 % is 0. Numbers have separators, a true
    minus sign, and a plus sign if `sign`; "–" for NaN, "∞" for infinity.
    """
    sizes = [abs(float(f"{value:.1e}")) for value in values if isfinite(value) and value]
    common = 1 - floor(log10(max(sizes))) if sizes else 0
    places = [common] * len(values)
    for at, value in enumerate(values):
        if isfinite(value) and value and not round(value, common):
            places[at] = min(-floor(log10(abs(value))), common + 2, max(common, 2))
    if all(not isfinite(v) or round(v, n) == round(v) for v, n in zip(values, places, strict=True)):
        places = [min(n, 0) for n in places]
    return [_written(value, n, sign) for value, n in zip(values, places, strict=True)]


def probability(share: float, above: str = ">", below: str = "<") -> str:
    """A share of worlds as a probability, limited to 5 to 95 %. `above` and `below` stand for "more
    than" and "less than"."""
    if not isfinite(share):
        return "–"
    if share > SURE:
        return f"{above}{SURE:.0%}"
    return f"{below}{1 - SURE:.0%}" if 1 - share > SURE else f"{share:.0%}"


def _written(value: float, places: int, sign: bool) -> str:
    if not isfinite(value):
        return ("−∞" if value < 0 else "∞") if isinf(value) else "–"
    value = round(float(value), places)
    if value == 0:
        return "0"
    return f"{value:{'+' if sign else ''},.{max(places, 0)}f}".replace("-", "−")
