"""How much the headline outcomes hang on each number that nobody knows, one at a time.

python experiments/sensitivity.py [SCENARIO] [--worlds 20] [--seed 1] [--csv FILE]

Each uncertain parameter and trait is set to both ends of the range that worlds draw it from
(`comsim parameters`), all others at their defaults, in the same lucks. The effect is the mean
outcome at the upper end over that at the lower one, less 1, with its 95 % interval; the largest
comes first. One at a time says nothing of interactions.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import comsim
from comsim.cli.progress import bar
from comsim.scenario import plan
from comsim.scenario.worlds import make_worlds, uncertain
from comsim.statistics.intervals import relative
from comsim.studies.comparison.outcomes import BY_NAME, OUTCOMES, outcomes_of
from comsim.studies.comparison.policies import Policy
from comsim.studies.comparison.runs import run_each

LAUNCH = Path(__file__).parent.parent / "scenarios" / "brand_launch.toml"
HEADLINES = ("wau_mean", "members", "retention_90", "trust", "revenue")


def ends(scenario: comsim.Scenario) -> list[tuple[str, list[Policy]]]:
    """Each uncertain number, with the scenario at the lower and the upper end of its range."""
    data, found = scenario.to_dict(), []
    for name, number in uncertain(scenario).items():
        arms = []
        for value in (number.low, number.high):
            if name in type(scenario.parameters).model_fields:
                changed = {"parameters": data.get("parameters", {}) | {name: value}}
            else:
                segments = data.get("segments") or [{"name": "all"}]
                changed = {"segments": [{name: value} | segment for segment in segments]}
            made = scenario.again(data | changed | {"name": f"{name} {value:.3g}"})
            arms.append(Policy(made.name, made, plan(made)))
        found.append((name, arms))
    return found


def effects(
    scenario: comsim.Scenario,
    worlds: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """A row a number: its effect on each headline outcome, with `_low` and `_high`."""
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
        for headline in HEADLINES:
            both = values[2 * number : 2 * number + 2, ..., places[headline]]
            effect = relative(*both)
            row |= {headline: effect.value, f"{headline}_low": effect.low,
                    f"{headline}_high": effect.high}  # fmt: skip
        rows.append(row)
    table = pd.DataFrame(rows)
    return table.sort_values(HEADLINES[0], key=np.abs, ascending=False, ignore_index=True)


def told(table: pd.DataFrame) -> str:
    """The table as text, an effect and its interval a cell."""
    shown = table[["number", "from", "to"]].copy()
    for name in HEADLINES:
        cells = zip(table[name], table[f"{name}_low"], table[f"{name}_high"], strict=True)
        shown[BY_NAME[name].label] = [
            f"{v:+.0%} [{low:+.0%}, {high:+.0%}]" for v, low, high in cells
        ]
    return shown.to_string(index=False)


def main() -> None:
    """Print the table, largest first."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("scenario", nargs="?", type=Path, default=LAUNCH)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args()
    with bar("simulating", "runs") as progress:
        table = effects(comsim.load_scenario(given.scenario), given.worlds, given.seed, progress)
    print(told(table))
    if given.csv:
        table.to_csv(given.csv, index=False)


if __name__ == "__main__":
    main()
