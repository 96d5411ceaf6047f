"""F10: paid incentives crowd out unpaid contributions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from comsim.evidence.world import FactWorld
from comsim.logs.events import CODE

FIRST, LAST, AFTER = 250, 310, 60  # days: paid from, to, and how long afterwards is measured
PAY = 3  # currency a post
ARMS = [{"name": "paid", "share": 0.5}, {"name": "rest", "share": 0.5}]


def twins(world: FactWorld) -> dict[str, float | None]:
    """The effect of pay on the posts of the paid arm's top tenth (by earlier posts): the
    difference, in percent, from the same people in the same world without pay, during payment and
    in the following 60 days."""
    pay = {"groups": {"arm:paid": {"during": [{"from": FIRST, "to": LAST, "value": PAY}]}}}
    paid, unpaid = (
        world.run(world.scenario("launch", arms=ARMS, policy={"contribution_reward": given}))
        for given in (pay, {"base": 0})
    )
    members = unpaid.members
    arm = members.loc[(members["arm"] == "paid"), "person"].to_numpy()
    with_pay, without = paid.events(), unpaid.events()
    busiest = top_tenth(without, arm, FIRST)
    windows = {"while_paid": (FIRST, LAST), "after": (LAST + 1, LAST + AFTER)}
    return {
        name: 100 * (posts(with_pay, busiest, *days) / posts(without, busiest, *days) - 1)
        for name, days in windows.items()
    }


def top_tenth(events: pd.DataFrame, people: np.ndarray, before: int) -> np.ndarray:
    """The tenth of these people with the most posts before a day, among those with at least one
    post."""
    early = (events["kind"].cat.codes == CODE["post"]) & (events["day"] < before)
    count = events.loc[early, "member"].value_counts(sort=True)
    count = count[count.index.isin(people)]
    return count.index[: int(np.ceil(len(count) / 10))].to_numpy()


def posts(events: pd.DataFrame, people: np.ndarray, first: int, last: int) -> int:
    """Posts of these people on days first..last, both included."""
    written = (events["kind"].cat.codes == CODE["post"]) & events["day"].between(first, last)
    return int(events.loc[written, "member"].isin(people).sum())
