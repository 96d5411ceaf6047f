"""Tables of a run: one row per day, one row per member. Counts and sums become units and means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.model.catalogue import COLUMNS, FIELDS
from comsim.model.kernel.basics import ONE
from comsim.model.stages import FEW, STAGES, few_of, retrospective_stages
from comsim.run.world import member_field

if TYPE_CHECKING:
    import pandas as pd

MEANS = {name: column.mean for name, column in COLUMNS.items() if column.mean}
SUMS = {mean: total for total, mean in MEANS.items()}
STATUS = ("active", "muted", "left")


def daily_frame(daily: np.ndarray, start: Any = None, market: int | None = None) -> pd.DataFrame:
    """One row per day, from the records (DAY_RECORD) of a run; `start` is the date of day 0, and
    `market` the number of people in the market (None: 1,000 or more).

    Sums of states become means (`mean_state`); money is in currency; `stage` is determined in
    retrospect (`comsim.model.stages`), `stage_seen` is the stage as seen that day.
    """
    import pandas as pd

    frame = pd.DataFrame({"day": np.arange(len(daily))})
    if start is not None:
        frame["date"] = pd.date_range(start, periods=len(daily), freq="D")
    for name, column in COLUMNS.items():
        values = daily[name]
        if name in MEANS:
            frame[MEANS[name]] = mean_state(daily, MEANS[name])
        elif name == "stage_seen":
            frame[name] = pd.Categorical.from_codes(values, STAGES, ordered=True)
        else:
            frame[name] = values / column.scale if column.scale != 1.0 else values
    stages = retrospective_stages(daily["wau"], FEW if market is None else few_of(market))
    frame["stage"] = pd.Categorical.from_codes(stages, STAGES, ordered=True)
    return frame


def mean_state(daily: np.ndarray, name: str) -> np.ndarray:
    """Mean of a state on each day, float64 from 0 to 1, from records (DAY_RECORD) of a run from its
    first day on.

    `interest_mean` is the mean over the day's members. `interest_visitors` and `trust_mean` are
    means over the visits of the last seven days, each with the visitor's interest or trust of that
    evening. NaN where there are none.
    """
    column = COLUMNS[SUMS[name]]
    total, over = (_lately(daily[which], column.days) for which in (column.name, column.over))
    return np.divide(total / ONE, over, out=np.full(over.shape, np.nan), where=over > 0)


def _lately(counts: np.ndarray, days: int) -> np.ndarray:
    """Sums of counts over the last days up to each day."""
    so_far = np.cumsum(counts)
    so_far[days:] -= so_far[:-days].copy()
    return so_far


def member_frame(
    members: Any, rows: int, segments: Sequence[str], arms: Sequence[str]
) -> pd.DataFrame:
    """One row per member, in order of joining: traits, state and history on the last day."""
    import pandas as pd

    frame = pd.DataFrame(
        {name: member_field(members, name)[:rows] for name, field in FIELDS.items() if field.public}
    )
    frame["segment"] = pd.Categorical.from_codes(frame["segment"], list(segments))
    frame["arm"] = pd.Categorical.from_codes(frame["arm"], list(arms))
    frame["status"] = pd.Categorical.from_codes(frame["status"], STATUS)
    return frame
