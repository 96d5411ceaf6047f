"""Are verdicts calibrated? Small comparisons are checked against a large one.

    python -m comsim.evidence.calibration [--repetitions 200] [--worlds 20] [--truth 2000] [--jobs
    2]

Three policies of a small community are compared in many worlds (the truth), and repeatedly in few
worlds with other random seeds. The table shows for each outcome how often the 95 % interval of the
difference, of the relative difference and of the probability of being better contained the truth.
With 200 repetitions, 19 of 20 estimates of a true coverage of 95 % lie between 92 and 98 %. If an
interval is not always given (days that hardly ever differ), `given` shows how often it was. The
command takes about five minutes.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from comsim.scenario import Scenario
from comsim.studies.comparison.compare import compare

SMALL = {"days": 250, "community": {"market": 1000}}
CORE = {"seed_group": 50}  # as in scenarios/brand_launch.toml
POLICIES = {
    "unchanged": {},
    "half more ads": {"ad_pressure": 1.5},
    "a gift": {"welcome_gift": 10},
}
INTERVALS = {
    "difference": ("difference", "mean_low", "mean_high"),
    "relative": ("relative", "relative_mean_low", "relative_mean_high"),
    "better": ("better", "better_low", "better_high"),
}


def scenarios() -> list[Scenario]:
    return [
        Scenario.from_dict({"name": name, **SMALL, "policy": CORE | policy})
        for name, policy in POLICIES.items()
    ]


def coverage(repetitions: int, worlds: int, truth: int, jobs: int | None = None) -> pd.DataFrame:
    """One row per policy and outcome: the share of intervals that contained the truth, and the
    share of repetitions with an interval."""
    keys = ["policy", "outcome"]
    answer = compare(
        *scenarios(), worlds=truth, seed=0, jobs=jobs, evidence=False
    ).verdicts.set_index(keys)
    repeated = [
        compare(
            *scenarios(), worlds=worlds, seed=seed, jobs=jobs, evidence=False
        ).verdicts.set_index(keys)
        for seed in range(1, repetitions + 1)
    ]
    table = answer[["difference"]].copy()
    for name, (value, low, high) in INTERVALS.items():
        lows, highs = (np.stack([one[end].to_numpy(float) for one in repeated])
                       for end in (low, high))  # fmt: skip
        given = np.isfinite(lows)
        true = answer[value].to_numpy(float)
        inside = (given & (lows <= true) & (true <= highs)).sum(axis=0)
        with np.errstate(invalid="ignore"):
            table[name] = inside / given.sum(axis=0)
        table[f"{name} given"] = given.mean(axis=0)
    return table


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--truth", type=int, default=2000)
    parser.add_argument("--jobs", type=int)
    table = coverage(**vars(parser.parse_args()))
    print(table.rename(columns={"difference": "contained"}).round(3).to_string())


if __name__ == "__main__":
    main()
