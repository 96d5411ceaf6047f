"""The effect of each lever in the model: on a random half of a community, and on the whole.

    python -m comsim.evidence.levers [LEVER ...] [--worlds 16] [--seed 1] [--write]

Each lever in `levers.toml` is tested by itself for the first year of a launch. In one run, a random
half of the people in the market get it. This arm is compared with the rest of the same community,
relative to the same comparison in a twin without the lever (`trials.effects.by_lot`). In another
run, everybody gets the lever, and the community is compared with its twin. This second effect
includes indirect effects: members who stay longer recruit more people, and so on. `--write`
rewrites levers.csv, which is shown in docs/evidence.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from comsim.common.errors import InputError, nearest
from comsim.common.progress import reporting
from comsim.common.threads import in_threads
from comsim.evidence.data import data
from comsim.evidence.trials.effects import by_lot, difference
from comsim.evidence.trials.runs import ARMS
from comsim.evidence.world import FactWorld, worlds
from comsim.files.aside import write_text
from comsim.model.catalogue import LEVERS
from comsim.run.simulation import whole_life
from comsim.scenario import Plan, Scenario, parameter_values
from comsim.statistics.intervals import mean, relative
from comsim.studies.comparison.basis.lots import mixed
from comsim.studies.comparison.choices.policies import Policy

TABLE = Path(__file__).with_name("levers.csv")
COMMUNITY = "levers"  # of scenarios.toml
WORLDS = 16  # in the stored table
BY_LOT = ("visits", "posts", "recruits", "orders", "joined")
FIGURES = (*BY_LOT, "rest", "whole")
"""Effects in percent. On the arm: visits, posts, recruits and orders per member, and the number of
joiners. `rest`: visits per member of the rest. `whole`: weekly members, mean over the year."""


def effects(lever: str, world: FactWorld) -> dict[str, float]:
    """The effects of a lever in a world, by the names in FIGURES. NaN where a figure is 0 without
    the lever. For a lever that cannot differ between members, all but `whole` are NaN."""
    given = data("levers.toml")[lever]
    changes: dict[str, Any] = {"arms": ARMS} | given.get("changes", {})
    twin, before = _twin(json.dumps(changes), world)
    levers = changes.get("policy", {}) | {lever: given["level"]}
    treated = Policy.of(world.scenario(COMMUNITY, **changes | {"policy": levers}))
    after = _life(treated.scenario, treated.plan, world.seed)
    figures = {"whole": difference(before["wau"], after["wau"], "%")}
    if LEVERS[lever].scope == "member":
        lot = _life(treated.scenario, mixed(twin, treated, ARMS[0]["name"]), world.seed)
        for name in BY_LOT:
            effect, rest = by_lot(before[name], lot[name], "%", 1.0)
            figures |= {name: effect} | ({"rest": rest} if name == "visits" else {})
    return {name: figures.get(name, np.nan) for name in FIGURES}


def table(
    levers: Sequence[str],
    number: int = WORLDS,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """One row per lever: its level, and each effect with its 95 % confidence interval over worlds
    (columns `visits`, `visits_low`, `visits_high`, ...); and `times`, the effect on the whole
    divided by that on visits in the random half. NaN where an effect does not exist in all worlds,
    or that on visits is not clearly above 0."""
    runs = [(lever, world) for world in worlds(number, seed) for lever in levers]
    results = in_threads(lambda one: effects(*one), runs, progress=progress)
    rows = []
    for at, lever in enumerate(levers):
        mine = pd.DataFrame(results[at :: len(levers)])
        row: dict[str, Any] = {"lever": lever, "level": _level(data("levers.toml")[lever]["level"])}
        for name in FIGURES:
            ends = [float(x) for x in mean(mine[[name]].to_numpy())]
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
        times = [
            float(x) + 1 for x in relative(mine[["visits"]].to_numpy(), mine[["whole"]].to_numpy())
        ]
        if not row["visits_low"] > 0:
            times = [np.nan] * 3
        row |= dict(zip(("times", "times_low", "times_high"), times, strict=True))
        rows.append(row)
    return pd.DataFrame(rows)


def stored() -> pd.DataFrame:
    """The stored table, with the lever as index."""
    return pd.read_csv(TABLE, index_col="lever")


@lru_cache(maxsize=4)
def _twin(changes: str, world: FactWorld) -> tuple[Policy, dict[str, Any]]:
    """The community without the lever, and its figures; most levers share it."""
    twin = Policy.of(world.scenario(COMMUNITY, **json.loads(changes)))
    return twin, _life(twin.scenario, twin.plan, world.seed)


def _life(scenario: Scenario, compiled: Plan, seed: int) -> dict[str, Any]:
    """Figures of each arm of a run, followed by those of everybody, float64 (arms + 1); and the
    mean WAU."""
    here = whole_life(scenario, compiled, parameter_values(scenario, seed), seed, threads=1)
    rows = int(here.now["rows"][0])
    own = here.m.own[:rows]

    def total(values: np.ndarray | None = None) -> np.ndarray:
        by_arm = np.bincount(own["arm"], values, len(ARMS))
        return np.append(by_arm, by_arm.sum())

    joined = total()
    return {
        "joined": joined,
        **{name: total(own[name]) / joined for name in ("visits", "posts", "recruits")},
        "orders": total(here.m.ordered[:rows]) / joined,
        "wau": float(here.daily["wau"].mean()),
    }


def _level(level: Any) -> str:
    """A level in words; a schedule by its value and its days."""
    if not isinstance(level, dict):
        return f"{level:g}"
    if "on" in level:
        days = [one["day"] for one in level["on"]]
        return f"{level['on'][0]['value']:g} on {len(days)} day{'s' if len(days) > 1 else ''}"
    span = level["during"][0]
    return f"{span['value']:g} on days {span['from']}–{span['to']}"


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("levers", nargs="*", metavar="LEVER")
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"rewrite {TABLE.name}")
    options = parser.parse_args()
    known = list(data("levers.toml"))
    try:
        for lever in options.levers:
            if lever not in known:
                raise InputError.at("levers", "LEVER", repr(lever), nearest(lever, known))
    except InputError as error:
        sys.exit(f"{error}")
    with reporting(sys.stderr.isatty() or None, "trials of levers", "simulating") as progress:
        rows = table(options.levers or known, options.worlds, options.seed, progress)
    if options.write:
        write_text(TABLE, rows.round(3).to_csv(index=False))
    else:
        print(rows[["lever", "level", *FIGURES]].round(1).to_string(index=False))


if __name__ == "__main__":
    main()
