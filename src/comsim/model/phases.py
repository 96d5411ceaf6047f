"""The four operating phases: how mature the operation of a community is.

    start-up -> scaling and ecosystem -> platform and monetisation -> organisation

Textbooks of community operation name them ("from individual to organisation"). Here they are
determined in retrospect from a run's records, never from a timer. Each phase also requires what
the earlier phases require, so a community may climb step by step, and fall back:

- scaling and ecosystem: most members came by word of mouth ("a stable channel of users"), and
  members write more than the operator ("a first ecosystem");
- platform and monetisation: income covers all costs ("value creation becomes a business");
- organisation: volunteers do a good part of the operator's work ("can run on its own").

The phases and the quoted words are from the textbook [002]; the thresholds are assumptions.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comsim.model.kernel.basics import ONE
from comsim.model.periods import FOUR_WEEKS
from comsim.model.stages import stage_spans

PHASES = ("start-up", "scaling and ecosystem", "platform and monetisation", "organisation")
START_UP, SCALING, PLATFORM, ORGANISATION = range(4)


class PhaseRule(NamedTuple):
    """Thresholds; all are assumptions."""

    window: int = FOUR_WEEKS  # days over which counts are summed
    hold: int = FOUR_WEEKS  # days that a phase must last to count
    invited: float = 0.5  # least share of all who ever joined that came by word of mouth
    own_posts: float = 1.0  # members' posts for each official post, more than this
    coverage: float = 1.0  # income over costs, at least
    self_organised: float = 0.25  # least share of the staff's work that volunteers do


RULE = PhaseRule()


def criteria(daily: Any, rule: PhaseRule = RULE) -> NDArray[np.bool_]:
    """Whether the requirements of each phase after the start-up are met, day by day: bool, shape
    (days, 3). `daily` is a run's record of days (DAY_RECORD)."""

    def lately(name: str) -> NDArray[np.int64]:
        total = np.cumsum(daily[name].astype(np.int64))
        before = np.concatenate([np.zeros(rule.window, np.int64), total[: -rule.window]])
        return total - before[: len(total)]

    joined, invited = np.cumsum(daily["joined"]), np.cumsum(daily["joined_invited"])
    days = np.minimum(np.arange(len(joined)) + 1, rule.window)
    grown = (invited >= rule.invited * joined) & (invited > 0)
    ecosystem = lately("posts") > rule.own_posts * lately("official_posts")
    paying = (lately("revenue") >= rule.coverage * lately("cost")) & (lately("revenue") > 0)
    helping = lately("self_organised") >= rule.self_organised * ONE * days
    return np.stack([grown & ecosystem, paying, helping], axis=1)


def lasting(holds: NDArray[np.bool_], days: int) -> NDArray[np.bool_]:
    """`holds` without changes that last for fewer days; it starts as False."""
    edges = [0, *(np.flatnonzero(np.diff(holds)) + 1).tolist(), len(holds)]
    settled, now = np.zeros(len(holds), bool), False
    for first, stop in pairwise(edges):
        if stop - first >= days:
            now = bool(holds[first])
        settled[first:stop] = now
    return settled


def phases(daily: Any, rule: PhaseRule = RULE) -> NDArray[np.int64]:
    """The phase of each day, as an index in PHASES."""
    all_so_far = np.logical_and.accumulate(criteria(daily, rule), axis=1)
    return sum(lasting(reached, rule.hold).astype(np.int64) for reached in all_so_far.T)


def phase_spans(daily: Any, rule: PhaseRule = RULE) -> list[tuple[str, int, int]]:
    """Runs of one phase in time order: (phase, first day, last day), both days included."""
    return stage_spans(phases(daily, rule), PHASES)
