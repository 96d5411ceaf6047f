"""F8: ads slowly reduce time spent.

Time is measured in days of use: an event table has visits but no hours, and where both were
measured, they fell by about the same share (-1.9 % and -2 %). A visit counts as an hour, because a
member with full interest reads 27 items per visit, at just over two minutes each. One ad per visit
is therefore one ad per hour.
"""

from __future__ import annotations

import numpy as np

from comsim.evidence import stepping
from comsim.evidence.world import FactWorld
from comsim.model.periods import MONTH
from comsim.run.simulation import live

LOADS = {"half": 0.5, "three quarters": 0.75, "one and a half": 1.5}  # of the default, ads a visit
SHARE = 0.1  # of the people in each arm; the rest has the default
BEGIN, MONTHS = 200, 21  # the first day of the arms; how long they last
LAST = 3  # months at the end that count as the long run
WINDOWS = [(0, MONTH), ((MONTHS - LAST) * MONTH, MONTHS * MONTH)]  # days of the arms
MARKET, SEEDS = 600_000, 1500  # people; the real one had millions, and small arms say nothing


def arms(world: FactWorld) -> dict[str, float | None]:
    """The effect of one more ad per visit on time spent, in percent, among members who joined
    before the arms began. It is given for the first month and for the last three months, the latter
    with its curvature.

    Each arm is compared with the same people in the same world when everybody gets the default.
    This ratio is then compared with the ratio for the remaining members. Both comparisons remove
    stochastic variation.
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
    """Coefficients of a polynomial in the number of ads above the default, highest power first."""
    return np.polyfit(loads - 1.0, kept, degree)


def _visits(world: FactWorld, given: bool) -> np.ndarray:
    """Visits in the first month and in the last months, by arm; the remaining members come last."""
    names = [*LOADS, "rest"]
    shares = [SHARE] * len(LOADS) + [1 - SHARE * len(LOADS)]
    groups = {
        f"arm:{name}": {"steps": [{"day": BEGIN, "value": load}]} for name, load in LOADS.items()
    }
    scenario = world.scenario(
        "launch",
        community={"market": MARKET},
        days=BEGIN + MONTHS * MONTH,
        arms=[{"name": n, "share": s} for n, s in zip(names, shares, strict=True)],
        policy={
            "seed_group": SEEDS,
            "release": {"on": [{"day": d, "value": 0.4} for d in range(89, 830, 90)]},
            "ad_pressure": {"base": 1, "groups": groups if given else {}},
        },
    )
    here = stepping.start(scenario, world.seed)
    live(here, 0, BEGIN, threads=1)
    rows = int(here.now["rows"][0])
    arm = here.m.own["arm"][:rows]
    counted, end = [], BEGIN
    for first, last in WINDOWS:
        live(here, end, BEGIN + first, threads=1)
        before = here.m.own["visits"][:rows].copy()
        live(here, BEGIN + first, BEGIN + last, threads=1)
        end = BEGIN + last
        counted.append(np.bincount(arm, here.m.own["visits"][:rows] - before, len(names)))
    return np.stack(counted, axis=1)
