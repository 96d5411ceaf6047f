"""Draw ten real and ten simulated communities in one figure, in random order and without labels.

    .venv/bin/python scripts/lives.py ../shared/data docs/lives.png [--seed 1]

Each panel shows the weekly posters of the first two years, as a share of the best week. DATA is the
folder described in scripts/real_communities.py. Real communities are chosen at random among those
with two years of posts. For each of them, a simulated community of the same type of source and of
similar size is drawn. The command prints which panels are real.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from real_communities import DAY, logs

from comsim.evidence.observed import SOURCES
from comsim.evidence.population import population
from comsim.logs.events import event_table
from comsim.measure.observation import counts_in, source
from comsim.measure.shape import Counts, counts, features
from comsim.scenario.worlds import uncertain
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.runs import run_in

EACH, POOL = 10, 300


def real_ones(data: Path, rng: np.random.Generator) -> list[tuple[str, Counts]]:
    """Ten real communities with two years of posts: type of source and counts."""
    found = []
    for kind, log in logs(data):
        day = (log["ts"] - log["ts"].min()) // DAY
        seen = counts(event_table(day, log["member"], "post"))
        if seen and features(seen):
            found.append((kind, seen))
    return [found[k] for k in rng.choice(len(found), EACH, replace=False)]


def simulated_ones(like: list[tuple[str, Counts]], seed: int) -> list[Counts]:
    """For each real community, a simulated one that its type of source records with the nearest
    number of authors."""
    shares = np.array([source(name).shares for name in SOURCES])
    recorded: dict[str, list[tuple[int, Counts]]] = {name: [] for name in SOURCES}
    for one in population(POOL, seed):
        policy = Policy.of(one.scenario)
        world = run_in(policy, uncertain(one.scenario), one.world, seed, shares)
        for layer, name in enumerate(SOURCES):
            seen = counts_in(world, layer)
            if seen and features(seen):
                recorded[name].append((one.world.number, seen))
    used: set[int] = set()
    chosen = []
    for kind, theirs in like:
        size = np.log(len(theirs.per_author))
        free = [(abs(np.log(len(seen.per_author)) - size), number, seen)
                for number, seen in recorded[kind] if number not in used]  # fmt: skip
        _, number, seen = min(free, key=lambda found: found[:2])
        used.add(number)
        chosen.append(seen)
    return chosen


def picture(lives: list[np.ndarray]) -> Figure:
    """Panels of weekly posters, numbered."""
    rows = [
        {"panel": panel, "week": week, "posters": value / life.max()}
        for panel, life in enumerate(lives, 1)
        for week, value in enumerate(life)
    ]
    grid = sns.relplot(
        pd.DataFrame(rows), x="week", y="posters", col="panel", col_wrap=5, kind="line",
        height=1.5, aspect=1.4, linewidth=1,
    )  # fmt: skip
    grid.set_titles("{col_name}")
    grid.set_axis_labels("week", "share of best week")
    return grid.figure


def main() -> None:
    """Draw the picture."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    ours = real_ones(given.data, rng)
    theirs = simulated_ones(ours, given.seed)
    lives = [life.posters for _, life in ours] + [life.posters for life in theirs]
    order = rng.permutation(len(lives))
    picture([lives[k].astype(float) for k in order]).savefig(given.out, dpi=80)
    print("real:", *(panel for panel, k in enumerate(order, 1) if k < EACH))


if __name__ == "__main__":
    main()
