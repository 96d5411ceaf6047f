"""F9: more pushes bring visits at first, but cost visits later."""

from __future__ import annotations

import numpy as np

from comsim.evidence.world import FactWorld

FEW, MANY = 0.5, 1.5  # pushes a day
BEGIN = 200  # day from which the arms differ
WINDOWS = {"early": (1, 30), "late": (371, 400)}  # days of the arms, both included
ARMS = [{"name": "few", "share": 0.5}, {"name": "many", "share": 0.5}]


def arms(world: FactWorld) -> dict[str, float | None]:
    """The lead in visits of the arm with more pushes, in percent, relative to the lead of the same
    people when everybody gets few pushes."""
    more, alike = _visits(world, MANY), _visits(world, FEW)
    lead = more[1] / more[0] / (alike[1] / alike[0]) - 1
    return {name: 100 * float(one) for name, one in zip(WINDOWS, lead, strict=True)}


def _visits(world: FactWorld, many: float) -> np.ndarray:
    """Visits of each arm in each window: (arms, windows)."""
    given = {"arm:many": {"steps": [{"day": BEGIN, "value": many}]}}
    pushes = {"base": 0, "steps": [{"day": BEGIN, "value": FEW}], "groups": given}
    release = {"on": [{"day": day, "value": 0.4} for day in range(89, 600, 90)]}
    run = world.run(
        world.scenario(
            "launch", days=BEGIN + 401, arms=ARMS, policy={"pushes": pushes, "release": release}
        )
    )
    events = run.events()
    events = events[events["kind"] == "visit"]
    arm = np.zeros(run.scenario.community.market, np.int64)
    arm[run.members["person"]] = run.members["arm"].cat.codes
    of, day = arm[events["member"]], events["day"].to_numpy() - BEGIN
    return np.array(
        [
            [np.count_nonzero((of == which) & (first <= day) & (day <= last))
             for first, last in WINDOWS.values()]
            for which in range(len(ARMS))
        ],
        float,
    )  # fmt: skip
