"""Fit the defaults that are marked `fitted` to a real community, to measured effects, and to a
launch that goes through its stages.

python scripts/fit_defaults.py [--data ../shared/data/r4ds/daily.csv] [--minutes 30]

FACTS (facts_of_defaults.py) lists the targets, each with a band, a tolerance and a source. Since
the defaults are fitted to them, they are no evidence for the model. The search starts at the
current defaults, or at `--start`, and uses the random seeds SEARCHED only. The best values and the
current ones are then compared with FACTS for other seeds. `--minutes 0` evaluates the current
defaults only. The model is not changed: the best values are written to results/fit_defaults.json,
to be copied by hand.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import repeat
from math import exp, inf, log
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from facts_of_defaults import FACTS, MISSED, groups

from comsim.model.catalogue import PARAMETERS, TRAITS

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data" / "r4ds" / "daily.csv"
SEARCHED, FRESH = range(1, 5), range(2001, 2021)  # seeds
SAMPLES = 12  # parameter samples, with two random seeds each


class Knob(NamedTuple):
    """A default that the search moves, evenly in its logarithm; `x.spread` is that of a trait."""

    name: str
    low: float
    high: float
    whole: bool = False


KNOBS = [
    Knob("activity", 0.1, 1.0), Knob("activity.spread", 0.9, 1.7),
    Knob("contribution", 0.03, 0.25), Knob("contribution.spread", 1.1, 1.7),
    Knob("first_interest", 0.5, 1.0), Knob("first_expectation", 0.1, 0.6),
    Knob("forgetting", 0.02, 0.15), Knob("forgetfulness.spread", 0.5, 1.7),
    Knob("interest_half", 0.15, 0.6),
    Knob("habit_floor", 0.3, 0.95), Knob("habit_gain", 0.03, 0.1), Knob("tie_pull", 0.3, 1.5),
    Knob("attention", 8, 30, True), Knob("social_half", 0.4, 5),
    Knob("official_half", 0.3, 5), Knob("official_weight", 3, 80),
    Knob("reply_rate", 0.08, 0.4), Knob("voice_floor", 0.2, 0.9),
    Knob("learning", 0.1, 1.0), Knob("adaptation", 0.03, 0.15), Knob("comparison", 0.5, 1.0),
    Knob("wear", 0.002, 0.02), Knob("novelty_floor", 0.02, 0.6),
    Knob("inherited_novelty", 0.2, 1.0),
    Knob("ad_annoyance", 0.0001, 0.1), Knob("ad_fatigue", 0.0003, 0.02),
    Knob("ad_distrust", 0.00001, 0.02),
    Knob("mute_threshold", 0.1, 0.4), Knob("mute_rate", 0.15, 0.6),
    Knob("ad_clutter", 0.02, 1), Knob("offer_fatigue", 0.02, 0.5),
    Knob("contacts", 6, 50, True), Knob("near_contacts", 2, 40, True),
    Knob("invitation_rate", 0.1, 1), Knob("talk_of_new", 0.1, 1), Knob("word_of_mouth", 0.5, 14),
]  # fmt: skip


def current(knob: Knob) -> float:
    name, _, spread = knob.name.partition(".")
    number = PARAMETERS.get(name) or TRAITS[name]
    return number.spread if spread else number.value


def value_at(knob: Knob, u: float) -> float:
    """A knob's value between low (0) and high (1), to three digits."""
    value = exp(log(knob.low) + u * log(knob.high / knob.low))
    return round(value) if knob.whole else float(f"{value:.3g}")


def place(knob: Knob, value: float) -> float:
    """Where a value lies between low (0) and high (1)."""
    inside = min(max(value, knob.low), knob.high)
    return log(inside / knob.low) / log(knob.high / knob.low)


def loss(values: dict[str, float], data: Path, bound: float) -> float:
    """The loss of all facts. Beyond the bound, the rest is not computed and counts as missed."""
    facts, total = iter(FACTS.values()), 0.0
    for figures in groups(values, data, SEARCHED, SAMPLES // 4, map):
        total += sum(next(facts).loss(figure) for figure in figures)
        if total > bound:
            return total + MISSED * sum(1 for _ in facts)
    return total


def search(
    kept: dict[str, float], data: Path, minutes: float, jobs: int, sigma: float, best_in: Path
) -> dict[str, float]:
    """The best values of a search from these values, by CMA-ES (Hansen 2016)."""
    from cmaes import CMA

    bounds = np.tile([0.0, 1.0], (len(KNOBS), 1))
    optimiser = CMA(
        np.array([place(knob, kept[knob.name]) for knob in KNOBS]), sigma, bounds, seed=1
    )
    best, end = inf, time.time() + 60 * minutes
    proposed, tried = [], [kept]
    with ProcessPoolExecutor(jobs, get_context("fork")) as pool:
        while True:
            losses = list(pool.map(loss, tried, repeat(data), repeat(1.3 * best)))
            if min(losses) < best:
                best, kept = min(losses), tried[int(np.argmin(losses))]
                best_in.parent.mkdir(parents=True, exist_ok=True)
                best_in.write_text(json.dumps(kept, indent=1))
            if proposed:
                optimiser.tell(list(zip(proposed, losses, strict=True)))
            print(f"generation {optimiser.generation}: best loss {best:.1f}", flush=True)
            if time.time() > end:
                return kept
            proposed = [optimiser.ask() for _ in range(optimiser.population_size)]
            tried = [
                {knob.name: value_at(knob, float(u)) for knob, u in zip(KNOBS, x, strict=True)}
                for x in proposed
            ]


def table(values: dict[str, float], data: Path, jobs: int) -> pd.DataFrame:
    """One row per fact, for random seeds that the search did not use."""
    with ThreadPoolExecutor(jobs) as pool:
        simulated = [f for each in groups(values, data, FRESH, SAMPLES, pool.map) for f in each]
    rows = [
        (name, f"{fact.low:g} to {fact.high:g}", one, "yes" if fact.loss(one) == 0 else "no",
         fact.source)
        for (name, fact), one in zip(FACTS.items(), simulated, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["fact", "target", "simulated", "met", "source"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sigma", type=float, default=0.1, help="first step, of each range")
    parser.add_argument("--start", type=Path, help="values to start from, of an earlier search")
    parser.add_argument("--best", type=Path, default=ROOT / "results" / "fit_defaults.json")
    given = parser.parse_args()
    if not given.data.is_file():
        parser.exit(2, f"{given.data}: file not found; give daily.csv of R4DS as --data\n")
    sets = {"current defaults": {knob.name: current(knob) for knob in KNOBS}}
    if given.minutes:
        start = json.loads(given.start.read_text()) if given.start else {}
        start = sets["current defaults"] | start
        best = search(start, given.data, given.minutes, given.jobs, given.sigma, given.best)
        sets["best"] = best
        print(pd.DataFrame(sets).to_string())
    for name, values in sets.items():
        print(f"\n{name}, seeds {FRESH.start} to {FRESH.stop - 1}")
        print(table(values, given.data, given.jobs).round(3).to_string(index=False))
