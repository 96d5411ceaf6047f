"""What a metric counts, stated beside its function: docstrings may be left out (`python -OO`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Metric = TypeVar("Metric", bound=Callable)
FACTS = ("Population", "Window", "Censoring", "Unit", "Source")


def counts(
    *, population: str, window: str, censoring: str, unit: str, source: str
) -> Callable[[Metric], Metric]:
    """State of a metric whom it counts, over which days, who is left out because the log ends, in
    which unit, and after whom."""

    def stated(metric: Metric) -> Metric:
        values = population, window, censoring, unit, source
        metric.facts = dict(zip(FACTS, values, strict=True))
        return metric

    return stated


def about(metric: Callable) -> dict[str, str]:
    """What a metric counts, as FACTS.

    The population of a metric that is made from a daily `series` is that series' own.
    """
    facts = getattr(metric, "func", metric).facts
    series = getattr(metric, "keywords", {}).get("series")
    return facts | ({"Population": about(series)["Population"]} if series else {})
