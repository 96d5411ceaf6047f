"""How much the main outcomes depend on each uncertain parameter and trait, one at a time.

    python -m comsim.evidence.sensitivity [SCENARIO] [--worlds 20] [--seed 1] [--csv FILE]

Each uncertain parameter and trait is set to both ends of the range from which parameter samples are
drawn (`comsim parameters`). All others keep their defaults, and both runs have the same random
seed. The effect is the mean outcome at the upper end divided by that at the lower end, minus 1,
with its 95 % interval. The largest effect comes first. This method does not show interactions. The
default scenario is the brand launch.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from comsim.common.errors import InputError
from comsim.common.progress import reporting
from comsim.evidence.world import community
from comsim.scenario import Scenario, load_scenario
from comsim.scenario.worlds import make_worlds, uncertain
from comsim.statistics.intervals import relative
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.outcomes import BY_NAME, OUTCOMES, outcomes_of
from comsim.studies.comparison.runs import run_each

MAIN_OUTCOMES = ("wau_mean", "members", "retention_90", "trust", "revenue")


def ends(scenario: Scenario) -> list[tuple[str, list[Policy]]]:
    """Each uncertain number with the scenario at the lower and the upper end of its range."""
    data, pairs = scenario.to_dict(), []
    for name, number in uncertain(scenario).items():
        arms = []
        for value in (number.low, number.high):
            if name in type(scenario.parameters).model_fields:
                changed = {"parameters": data.get("parameters", {}) | {name: value}}
            else:
                segments = data.get("segments") or [{"name": "all"}]
                changed = {"segments": [{name: value} | segment for segment in segments]}
            made = scenario.again(data | changed | {"name": f"{name} {value:.3g}"})
            arms.append(Policy.of(made))
        pairs.append((name, arms))
    return pairs


def effects(
    scenario: Scenario,
    worlds: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """One row per number: its effect on each main outcome, with `_low` and `_high`."""
    pairs = ends(scenario)
    policies = [policy for _, arms in pairs for policy in arms]
    values = np.empty((len(policies), worlds, 1, len(OUTCOMES)))

    def keep(policy: int, world: int, arrays: Any) -> None:
        values[policy, world, 0] = outcomes_of(arrays)

    run_each(policies, make_worlds(seed, worlds, fixed=True), seed, keep, None, progress)
    places = {outcome.name: at for at, outcome in enumerate(OUTCOMES)}
    rows = []
    for number, (name, arms) in enumerate(pairs):
        row = {"number": name, "from": arms[0].name.split()[1], "to": arms[1].name.split()[1]}
        for outcome in MAIN_OUTCOMES:
            both = values[2 * number : 2 * number + 2, ..., places[outcome]]
            effect = relative(*both)
            row |= {outcome: effect.value, f"{outcome}_low": effect.low,
                    f"{outcome}_high": effect.high}  # fmt: skip
        rows.append(row)
    table = pd.DataFrame(rows)
    return table.sort_values(MAIN_OUTCOMES[0], key=np.abs, ascending=False, ignore_index=True)


def as_text(table: pd.DataFrame) -> str:
    """The table as text, with an effect and its interval in each cell."""
    shown = table[["number", "from", "to"]].copy()
    for name in MAIN_OUTCOMES:
        cells = zip(table[name], table[f"{name}_low"], table[f"{name}_high"], strict=True)
        shown[BY_NAME[name].label] = [
            f"{value:+.0%} [{low:+.0%}, {high:+.0%}]" for value, low, high in cells
        ]
    return shown.to_string(index=False)


def main() -> None:
    """Print the table, largest effect first."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("scenario", nargs="?", type=Path)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args()
    try:
        scenario = load_scenario(given.scenario) if given.scenario else community("launch")
    except InputError as error:
        parser.exit(2, f"{error}\n")
    with reporting(sys.stderr.isatty() or None, "runs", "simulating") as progress:
        table = effects(scenario, given.worlds, given.seed, progress)
    print(as_text(table))
    if given.csv:
        table.to_csv(given.csv, index=False)


if __name__ == "__main__":
    main()
