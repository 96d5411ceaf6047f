"""How long a comparison takes, and how much of that is the model's own days.

    python benchmarks/compare.py [--jobs 2]

100 worlds, two policies, 20,000 people, 730 days. The goal: under a minute on two cores.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import comsim
from comsim.run import simulation

SCENARIO = Path(__file__).parent.parent / "scenarios" / "brand_launch.toml"

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("--jobs", type=int, default=2)
jobs = parser.parse_args().jobs

one = comsim.load_scenario(SCENARIO).again(
    comsim.load_scenario(SCENARIO).to_dict() | {"days": 730, "community": {"market": 20_000}}
)
data = one.to_dict()
other = one.again(
    data | {"name": "More posts", "policy": data.get("policy", {}) | {"official_posts": 2}}
)
comsim.compare(one, other, worlds=4, jobs=jobs)  # compiled and imported

run_days, inside = simulation.run_days, []


def timed(*arguments):
    began = time.thread_time()
    run_days(*arguments)
    inside.append(time.thread_time() - began)


simulation.run_days = timed
began, used = time.perf_counter(), time.process_time()
result = comsim.compare(one, other, worlds=100, jobs=jobs)
wall, used = time.perf_counter() - began, time.process_time() - used
print(result.sentence)
print(f"100 worlds x 2 policies x 20,000 people x 730 days, {jobs} threads")
print(f"  {wall:6.1f} s in all")
print(f"  {used:6.1f} s of processor time, of which {sum(inside):.1f} s ({sum(inside) / used:.0%})")
print("         in the model's days; the rest is drawing worlds, outcomes, intervals")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"  {peak:6.0f} MB at most")
