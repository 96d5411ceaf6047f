"""What a metric counts, stated beside its function (docstrings are lost under `python -OO`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from comsim.measure.retention import days_of

Metric = TypeVar("Metric", bound=Callable)
FACTS = ("Population", "Window", "Censoring", "Unit", "Source")


def counts(
    *, population: str, window: str, censoring: str, unit: str, source: str
) -> Callable[[Metric], Metric]:
    """State what a metric counts: its population, its window of days, the treatment of members cut
    off by the end of the log (censoring), its unit and its source.

    The window of a metric of the k-th month has `{first}` and `{last}` for its days (`about`).
    """

    def stated(metric: Metric) -> Metric:
        values = population, window, censoring, unit, source
        metric.facts = dict(zip(FACTS, values, strict=True))
        return metric

    return stated


def about(metric: Callable) -> dict[str, str]:
    """What a metric counts, by the names in FACTS.

    A metric computed from a daily `series` has the population of that series. The window of a
    metric of one `month` gives its days.
    """
    facts = getattr(metric, "func", metric).facts
    keywords = getattr(metric, "keywords", {})
    series, month = keywords.get("series"), keywords.get("month")
    first, last = ("30k", "30k + 29") if month is None else days_of(month)
    window = facts["Window"].format(first=first, last=last)
    population = about(series)["Population"] if series else facts["Population"]
    return facts | {"Population": population, "Window": window}
