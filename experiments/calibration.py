"""Are verdicts calibrated? Small comparisons against the answer of a large one.

    python experiments/calibration.py [--repetitions 200] [--worlds 20] [--truth 2000] [--jobs 2]

Three policies of a small community are compared in many worlds (the answer), and again and again
in few worlds with other seeds. Printed for each outcome: how often the 95 % interval of the
difference, of the relative difference and of the probability of being better held the answer. With
200 repetitions a true 95 % shows as 92-98 % nineteen times in twenty. Where an interval is refused
(days that hardly ever differ), `given` says how often there was one. Takes about five minutes.
"""

from __future__ import annotations

import argparse

import numpy as np

import comsim

SMALL = {"days": 250, "community": {"market": 1000}}
CORE = {"seed_group": 50}  # as in scenarios/brand_launch.toml
POLICIES = {
    "as it is": {},
    "half more ads": {"ad_pressure": 1.5},
    "a gift": {"welcome_gift": 10},
}
HELD = {
    "difference": ("difference", "mean_low", "mean_high"),
    "relative": ("relative", "relative_mean_low", "relative_mean_high"),
    "better": ("better", "better_low", "better_high"),
}


def scenarios() -> list[comsim.Scenario]:
    return [
        comsim.Scenario.from_dict({"name": name, **SMALL, "policy": CORE | policy})
        for name, policy in POLICIES.items()
    ]


def coverage(repetitions: int, worlds: int, truth: int, jobs: int | None = None):
    """A row for each policy and outcome: shares of intervals that held, and that were given."""
    keys = ["policy", "outcome"]
    answer = comsim.compare(*scenarios(), worlds=truth, seed=0, jobs=jobs).verdicts.set_index(keys)
    asked = [
        comsim.compare(*scenarios(), worlds=worlds, seed=seed, jobs=jobs).verdicts.set_index(keys)
        for seed in range(1, repetitions + 1)
    ]
    table = answer[["difference"]].copy()
    for name, (value, low, high) in HELD.items():
        lows, highs = (np.stack([a[end].to_numpy(float) for a in asked]) for end in (low, high))
        given = np.isfinite(lows)
        true = answer[value].to_numpy(float)
        inside = (given & (lows <= true) & (true <= highs)).sum(axis=0)
        with np.errstate(invalid="ignore"):
            table[name] = inside / given.sum(axis=0)
        table[f"{name} given"] = given.mean(axis=0)
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repetitions", type=int, default=200)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--truth", type=int, default=2000)
    parser.add_argument("--jobs", type=int)
    found = coverage(**vars(parser.parse_args()))
    print(found.rename(columns={"difference": "held"}).round(3).to_string())
