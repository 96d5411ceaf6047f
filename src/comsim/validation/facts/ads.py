"""F8: ads cost time, slowly.

Time is days of use: the event table has visits and no hours, and where both were measured they fell
alike (-1.9 % and -2 %). A visit counts as an hour, so an ad a visit is an ad an hour: a member with
full interest takes in 24 items on a visit, at two and a half minutes each.
"""

from __future__ import annotations

import numpy as np

from comsim.events import CODE
from comsim.validation.world import World, community

LOADS = {"half": 0.5, "three quarters": 0.75, "one and a half": 1.5}  # of the default, ads a visit
SHARE = 0.1  # of the people in each arm; the rest has the default
BEGIN, MONTH, MONTHS = 200, 30, 21  # the first day of the arms; how long they last
LAST = 3  # months at the end that count as the long run


def arms(world: World) -> dict[str, float | None]:
    """What one more ad a visit does to the time of those who were members before the arms began,
    in percent: in the first month, in the last three, and how bent the latter is.

    Each arm is held against the same people in the same world with the default for all, and that
    against the same change of the rest: the community's own luck goes out twice.
    """
    loads = np.array([*LOADS.values(), 1.0])
    treated, twin = (_visits(world, given) for given in (True, False))
    kept = treated / twin
    kept = kept / kept[-1]  # against the rest
    month = _line(loads, kept[:, 0], 1)[0]
    late = kept[:, 1]
    return {
        "month_loss": -100 * month,
        "effect": 100 * _line(loads, late, 1)[0],
        "loss": -100 * _line(loads, late, 1)[0],
        "bend": 100 * _line(loads, late, 2)[0],
    }


def _line(loads: np.ndarray, kept: np.ndarray, degree: int) -> np.ndarray:
    """Coefficients, the highest first, of a polynomial in the ads above the default."""
    return np.polyfit(loads - 1.0, kept, degree)


def _visits(world: World, given: bool) -> np.ndarray:
    """Visits of each arm, the rest last: in the first month, and in the last ones."""
    names = [*LOADS, "rest"]
    shares = [SHARE] * len(LOADS) + [1 - SHARE * len(LOADS)]
    groups = {
        f"arm:{name}": {"steps": [{"day": BEGIN, "value": load}]} for name, load in LOADS.items()
    }
    run = world.run(
        community(
            "releases",
            days=BEGIN + MONTHS * MONTH,
            arms=[{"name": n, "share": s} for n, s in zip(names, shares, strict=True)],
            policy={
                "release": {"on": [{"day": d, "value": 0.4} for d in range(89, 830, 90)]},
                "ad_pressure": {"base": 1, "groups": groups if given else {}},
            },
        )
    )
    members = run.members[run.members["joined_day"] < BEGIN]
    person = members["person"].to_numpy()
    arm = members["arm"].cat.codes.to_numpy()
    arm_of = np.full(run.scenario.community.market, -1)
    arm_of[person] = arm
    events = run.events()
    visits = events[events["kind"].cat.codes == CODE["visit"]]
    of, day = arm_of[visits["member"].to_numpy()], visits["day"].to_numpy() - BEGIN
    windows = [(0, MONTH), ((MONTHS - LAST) * MONTH, MONTHS * MONTH)]
    return np.array(
        [
            [np.count_nonzero((of == k) & (day >= a) & (day < b)) for a, b in windows]
            for k in range(len(names))
        ],
        float,
    )
