"""The simulated population as each type of source shows it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.common.machine import processors
from comsim.evidence import real
from comsim.evidence.population import Community, population
from comsim.logs.events import event_table
from comsim.run.simulation import EVENT_COLUMNS, whole_life
from comsim.scenario import plan
from comsim.scenario.worlds import drawn, parameters_in, traits_in, uncertain
from comsim.studies.comparison.runs import Progress

if TYPE_CHECKING:
    import pandas as pd

SOURCES = ("git", "mail", "chat", "stack exchange", "ratings")


def observed(
    number: int,
    seed: int,
    jobs: int | None = None,
    progress: Progress | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """One row per community and type of source, with the columns of `real.csv`, and `world` and
    `launch`; without those that do not meet the rules."""
    import pandas as pd
    from threading import Lock

    done, lock = 0, Lock()

    def one(community: Community) -> list[dict[str, Any]]:
        nonlocal done
        rows = seen(community, seed)
        with lock:
            done += 1
            if progress:
                progress(done, number)
        return rows

    pool = ThreadPoolExecutor(jobs or processors())
    try:
        results = list(pool.map(one, population(number, seed, overrides)))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return pd.DataFrame([row for rows in results for row in rows])


def seen(community: Community, seed: int) -> list[dict[str, Any]]:
    from dataclasses import replace

    numbers = uncertain(community.scenario)
    values = drawn(numbers, seed, community.world.draw)
    p = replace(plan(community.scenario), trait_value=traits_in(community.scenario, values))
    par = parameters_in(community.scenario, values)
    w = whole_life(community.scenario, p, par, community.world.seed, 1)
    n = sum(int(w.daily[name].sum()) for name in EVENT_COLUMNS)
    w = whole_life(community.scenario, p, par, community.world.seed, 1, n)
    t = w.events
    keep = np.isin(t["kind"], [2, 3])
    if keep.sum() < 100:
        return []
    day = t["day"][keep]
    day = day - day.min()
    got = real.measured(event_table(day, t["member"][keep], "post"))
    if not got:
        return []
    return [
        {"source": s, "world": community.world.number, "launch": community.launch} | got
        for s in SOURCES
    ]
