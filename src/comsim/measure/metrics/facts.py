"""What a metric counts, stated beside its function: `python -OO` strips docstrings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Metric = TypeVar("Metric", bound=Callable)
FACTS = ("Population", "Window", "Censoring", "Unit", "Source")


def counts(
    *, population: str, window: str, censoring: str, unit: str, source: str
) -> Callable[[Metric], Metric]:
    """State what a metric counts: its population, its window of days, the treatment of members cut
    off by the end of the log (censoring), its unit and its source."""

    def stated(metric: Metric) -> Metric:
        values = population, window, censoring, unit, source
        metric.facts = dict(zip(FACTS, values, strict=True))
        return metric

    return stated


def about(metric: Callable) -> dict[str, str]:
    """What a metric counts, by the names in FACTS.

    A metric computed from a daily `series` has the population of that series.
    """
    facts = getattr(metric, "func", metric).facts
    series = getattr(metric, "keywords", {}).get("series")
    return facts | ({"Population": about(series)["Population"]} if series else {})
