"""Sentences on how well the made-up pasts of a community lead to today's numbers."""

from __future__ import annotations

from comsim.language.phrases import Words
from comsim.today.past import Fit, Today

POOR = 0.1  # a misfit above this belongs to the answer
FEW = 50  # plausible worlds; fewer are called few
# Both are assumptions.


def sentences(today: Today, words: Words) -> list[str]:
    """The origin of the past, how well it fits, the number that fits badly, if any, and the
    effective number of plausible worlds."""
    lines = [
        words(
            "today.replayed" if today.records else "today.made_up",
            days=words.days(today.day),
            date=words.date(today.day),
            fit=words.clauses([fit_in_words(fit, words) for fit in today.fit])
            or words("today.nothing"),
        )
    ]
    if poor := misfit(today, words):
        lines.append(poor)
    number = words.number(max(round(today.effective), 1))
    lines.append(words("today.few" if today.effective < FEW else "today.effective", n=number))
    return lines


def misfit(today: Today, words: Words) -> str:
    """The number that the worlds do not reach, if one is off by over a tenth; otherwise empty."""
    if today.misfit <= POOR:
        return ""
    worst = max(today.fit, key=lambda fit: abs(fit.median / fit.value - 1))
    off = words.percent(abs(worst.median / worst.value - 1))
    way = words("today.above" if worst.median > worst.value else "today.below", share=off)
    return words("today.misfit", name=words("today." + worst.name), way=way)


def fit_in_words(fit: Fit, words: Words) -> str:
    """A known number, with its median and range in the worlds."""
    value, low, median, high = (
        words.short(x) for x in (fit.value, fit.low, fit.median, fit.high)
    )  # fmt: skip
    name = words("today." + fit.name)
    return words("today.fit", name=name, value=value, low=low, median=median, high=high)
