"""Do the ranges of a comparison hold what happens in a community that nobody has seen?

    python -m comsim.evidence.coverage FOLDER [--of code|claim] [--communities 40] [--seed 1]

A hidden community lives in one plausible world up to today. An operator knows its members, weekly
members, posts a day and age, and compares some policies from today on, as `comsim compare` does
with `[community] today`. The true effect is that in the hidden community itself. Counted is how
often the 5-95 % range of mean weekly members holds it. The plausible world of the hidden community
is never among those that the operator's worlds are made from.

- `code`: the hidden community is one of the model's own. Ranges should hold 85 to 95 %.
- `claim`: the operator's worlds are made without any world that mimics the same real community.
  What is seen of the hidden community, before and after today, is multiplied by a slow error, and
  the law of trust (every second time: of word of mouth) is another one (ALTERED). Ranges should
  hold at least 80 %.

Both thresholds were set before any hidden community was looked at. Each community is written to a
file of its own in the folder, so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comsim.common.errors import InputError
from comsim.files.strict import write_json
from comsim.model.catalogue import PARAMETERS
from comsim.model.rng import Purpose, uniforms
from comsim.scenario import Scenario
from comsim.scenario.rows import PLAUSIBLE, Rows, quantiles, rows_of
from comsim.scenario.worlds import World, uncertain
from comsim.studies.comparison.choices.policies import Policy, policies_of
from comsim.studies.comparison.runs import run_all, run_in
from comsim.today.extend import extended
from comsim.today.lives import seen
from comsim.today.past import Past, past_of_today

DAYS = 182  # from today on
WORLDS = 100
ENDS = (0.05, 0.95)
MARKETS, AGES = (600, 6_000), (180, 540)  # of hidden communities, even in their logarithms
SMALLEST = 30  # weekly members; smaller communities are nobody's question
KEY = 12  # of the random numbers of hidden communities
ERROR, MEMORY = 0.15, 90.0  # of the slow error: standard deviation of its logarithm, days
# Other laws: factors of parameters. Trust is gained three times as fast, and lost at a third of the
# rate; or members invite twice as many people, whether or not they trust.
ALTERED = {
    "trust": dict.fromkeys(("value_trust", "reply_trust", "answer_trust"), 3.0)
    | dict.fromkeys(("disappointment", "silence", "ad_distrust"), 1 / 3),
    "word of mouth": {"word_of_mouth": 2.0, "trust_invitations": 0.0},
}
# The policies, as differences from nothing: one each of welcome, recruitment, content and ads.
POLICIES: dict[str, dict[str, Any]] = {
    "greeter": {"greeting": 1.0},
    "referral": {"referral_reward": 10.0},
    "posts": {"official_posts": 2.0},
    "ads": {"ad_pressure": 3.0},
}
# All of these numbers are assumptions.


def scenario(name: str, today: dict[str, float], policy: dict[str, Any]) -> Scenario:
    """A policy in the community as the operator knows it."""
    data = {"name": name, "days": DAYS, "community": {"today": today}, "policy": policy}
    return Scenario.from_dict(data, name)


def hidden(of: str, seed: int, at: int) -> dict[str, Any] | None:
    """A hidden community: what is seen of it today, and the effect of each policy. None if it is
    too small."""
    rows, us = rows_of(PLAUSIBLE, "coverage"), uniforms(seed, Purpose.WORLD, at, range(4), KEY)
    place = int(np.searchsorted(rows.up_to, us[0]))
    market, age = (int(low * (high / low) ** u)
                   for (low, high), u in zip((MARKETS, AGES), us[1:3], strict=True))  # fmt: skip
    row, law = rows.row(place), ""
    if of == "claim":
        law = list(ALTERED)[at % 2]
        for name, factor in ALTERED[law].items():
            row[name] = min(row.get(name, PARAMETERS[name].value) * factor, PARAMETERS[name].high)
    plain = {"age_days": age}
    forms = [
        extended(scenario(name, plain, policy), age, market)
        for name, policy in {"now": {}, **POLICIES}.items()
    ]
    policies = policies_of(forms)
    world = World(0, 0, int(us[3] * 2**53), row, market, 0, age)
    error = slow_error(seed, at, age + DAYS) if of == "claim" else np.ones(age + DAYS)
    lives = [_life(policy, world, seed, row) for policy in policies]
    members, weekly, posts = (x * error[age - 1] for x in seen(lives[0][:age]))
    if weekly < SMALLEST or weekly > members:
        return None
    wau = [(life["wau"] * error)[age:].mean() for life in lives]
    return {
        "row": place, "mimics": rows.mimics[place], "law": law, "market": market,
        "today": {"members": members, "weekly": weekly, "posts_a_day": max(posts, 0.01),
                  "age_days": age},
        "effects": {name: w / wau[0] - 1 for name, w in zip(POLICIES, wau[1:], strict=True)},
    }  # fmt: skip


def _life(policy: Policy, world: World, seed: int, row: dict[str, float]) -> np.ndarray:
    """The daily records of a policy in a world."""
    return run_in(policy, uncertain(policy.scenario, row), world, seed).daily.copy()


def slow_error(seed: int, at: int, days: int) -> NDArray[np.float64]:
    """A factor for each day, around 1: the exponential of a first-order autoregressive process."""
    us = uniforms(seed, Purpose.WORLD, at, range(12 * days), KEY + 1).reshape(days, 12)
    shocks = us.sum(axis=1) - 6  # nearly normal
    keep = np.exp(-1 / MEMORY)
    path = np.empty(days)
    path[0] = shocks[0]
    for day in range(1, days):
        path[day] = keep * path[day - 1] + np.sqrt(1 - keep**2) * shocks[day]
    return np.exp(ERROR * path)


def without(rows: Rows, found: dict[str, Any], of: str) -> Rows:
    """The plausible worlds without that of the hidden community or, for the claim, without any that
    mimics the same real community."""
    out = np.arange(len(rows.weights)) == found["row"]
    if of == "claim":
        out |= np.array(rows.mimics) == found["mimics"]
    up_to = np.cumsum(np.where(out, 0.0, rows.weights))
    return replace(rows, up_to=up_to / up_to[-1])


def forecast(found: dict[str, Any], of: str, seed: int, jobs: int | None) -> dict[str, Any]:
    """The range of each effect, as an operator gets it."""
    rows = without(rows_of(PLAUSIBLE, "coverage"), found, of)
    forms = [scenario(name, found["today"], p) for name, p in {"now": {}, **POLICIES}.items()]
    past: Past = past_of_today(forms[0], seed, jobs=jobs, rows=rows)
    policies = policies_of([past.like(form) for form in forms])
    worlds, weights = past.worlds(WORLDS)
    runs = run_all(policies, worlds, seed, jobs)
    ranges = {}
    for p, name in enumerate(POLICIES, 1):
        effects = runs.outcomes[p, :, 0] / runs.first[p, :, 0] - 1
        ranges[name] = quantiles(effects, weights, ENDS).tolist()
    today = past.today
    return {"ranges": ranges, "misfit": today.misfit, "effective": today.effective}


def one(folder: Path, of: str, seed: int, at: int, jobs: int | None) -> dict[str, Any]:
    """A hidden community and the operator's ranges, from its file or computed."""
    file = folder / f"{of}-{seed}-{at:04}.json"
    if file.exists():
        return json.loads(file.read_text("utf-8"))
    found = hidden(of, seed, at) or {}
    if found:
        try:
            found |= forecast(found, of, seed, jobs)
        except InputError as error:
            found["refused"] = str(error)
    write_json(file, found)
    return found


def table(found: list[dict[str, Any]]) -> str:
    """How often ranges hold the true effect, by policy, and the misses."""
    there = [one for one in found if "ranges" in one]
    lines, misses, all_held = [], [], []
    for name in POLICIES:
        held = []
        for one_ in there:
            (low, high), effect = one_["ranges"][name], one_["effects"][name]
            held.append(low <= effect <= high)
            if not held[-1]:
                misses.append(
                    f"  {name}: {effect:+.1%}, not in {low:+.1%} to {high:+.1%}; like "
                    f"{one_['mimics']}, {one_['today']['weekly']:.0f} weekly"
                    f"{', another law of ' + one_['law'] if one_['law'] else ''}"
                )
        all_held += held
        lines.append(f"{name}: {np.mean(held):.0%} of {len(held)}")
    refused = sum("refused" in one_ for one_ in found)
    lines.append(f"all: {np.mean(all_held):.1%} of {len(all_held)}; {refused} refused")
    by_one = [np.mean([o["ranges"][n][0] <= o["effects"][n] <= o["ranges"][n][1]
                       for n in POLICIES]) for o in there]  # fmt: skip
    error = np.std(by_one, ddof=1) / np.sqrt(len(by_one)) if len(by_one) > 1 else np.nan
    lines.append(f"standard error over communities: {error:.1%}")
    return "\n".join([*lines, "misses:", *misses])


def main() -> None:
    about = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    about.add_argument("folder", type=Path)
    about.add_argument("--of", choices=("code", "claim"), default="code")
    about.add_argument("--communities", type=int, default=40)
    about.add_argument("--seed", type=int, default=1)
    about.add_argument("--jobs", type=int)
    given = about.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    found, at = [], 0
    while sum("ranges" in one_ for one_ in found) < given.communities:
        found.append(one(given.folder, given.of, given.seed, at, given.jobs))
        at += 1
        print(at, found[-1].get("ranges", found[-1].get("refused", "too small")), file=sys.stderr)
    print(table(found))


if __name__ == "__main__":
    main()
