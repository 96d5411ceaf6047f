"""F13 and F14: effects of size."""

from __future__ import annotations

import numpy as np

from comsim.evidence.world import FactWorld
from comsim.measure.metrics import activity
from comsim.measure.metrics.growth import log_slope, wau_on_accounts
from comsim.model.stages import retrospective_stages, stage_spans

FIRST, LAST = 158, 307  # days of R4DS from February to June 2018

SIZES = (20, 63, 200, 632, 2000)  # members who join on day 0, even steps of the logarithm
SETTLED, WATCHED = 28, 84  # days: before joiners and leavers are counted, and for how long


def accounts(world: FactWorld) -> dict[str, float | None]:
    """The slope of log WAU on log accounts under a steady intake, until dormancy."""
    events = world.events("steady_intake")
    spans = stage_spans(retrospective_stages(activity.wau(events)))
    ends = next((first - 1 for stage, first, _ in spans if stage == "dormancy"), LAST)
    return {"slope": wau_on_accounts(events, FIRST, min(ends, LAST))}


def size(world: FactWorld) -> dict[str, float | None]:
    """How the number of joiners per week and the share of members who leave per week depend on
    size. Communities differ only in the number of people who join on day 0. Both figures are slopes
    on the logarithm of size: that of the logarithm of joiners, and that of the share who leave, in
    percentage points."""
    joiners, loss = [], []
    for members in SIZES:
        intake = {"base": 0.1, "on": [{"day": 0, "value": members}]}
        here = world.scenario(
            "launch", days=SETTLED + WATCHED, policy={"seed_group": 0, "intake": intake}
        )
        events = world.run(here).events()
        days = slice(SETTLED, SETTLED + WATCHED)
        weeks = WATCHED / 7
        joiners.append(activity.joined(events)[days].sum() / weeks)
        loss.append(
            activity.left(events)[days].sum() / weeks / activity.members(events)[days].mean()
        )
    sizes = np.array(SIZES, float)
    return {
        "joiners": log_slope(sizes, np.array(joiners) + 0.0),
        "loss": 100 * float(np.polyfit(np.log10(sizes), loss, 1)[0]),
    }
