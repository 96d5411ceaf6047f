"""The prior distribution of communities, and a community with given numbers.

A row is a value for each number of the prior: how a community begins (`LAUNCH`), and each uncertain
parameter and trait of the model. `prior.toml` contains the ranges.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import sqrt
from typing import Any

from comsim.evidence.data import data
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.scenario import Scenario
from comsim.scenario.worlds import Uncertain, drawn, moved, shape_of, uncertain

LAUNCH = ("market", "founders", "rush")
RUSH_DAYS = 14
# Added to the seed of `prior.toml`, so that no two steps simulate with the same random seeds. The
# shards of the bank come first.
PROPOSALS, EXPERIMENTS, EFFECTS, AGAIN = 100_000, 200_000, 300_000, 400_000
# What the lives of communities depend on: parts of the package.
LIVES = (
    "model", "measure", "run", "scenario/pace.py", "scenario/worlds.py", "scenario/plan.py",
    "scenario/people.py", "scenario/policy.py", "scenario/schedule.py", "evidence/observed.py",
    "evidence/plausible/prior.py", "evidence/plausible/prior.toml",
)  # fmt: skip
MOST_FOUNDERS = 0.5  # as a share of the market


@cache
def settings() -> dict[str, Any]:
    """`prior.toml`."""
    return data("plausible/prior.toml")


@cache
def prior() -> dict[str, Uncertain]:
    """Every number of a row, by name."""
    about = settings()
    numbers = uncertain(Scenario.from_dict({"name": "any"}))
    numbers |= {name: wide(*ends, shape_of((PARAMETERS | TRAITS)[name]))
                for name, ends in about["ranges"].items()}  # fmt: skip
    return numbers | {name: wide(*about["launch"][name], "log") for name in LAUNCH}


def wide(low: float, high: float, shape: Any) -> Uncertain:
    """A number with an even distribution over the logarithm of its range, or of its odds."""
    first, last = (x / (1 - x) if shape == "odds" else x for x in (low, high))
    factor = sqrt(last / first)
    return Uncertain(low, moved(low, factor, shape), high, shape, factor, flat=True)


def prior_row(draw: int) -> dict[str, float]:
    """A row drawn from the prior, by its number."""
    return drawn(prior(), settings()["seed"], draw)


def community(row: Mapping[str, float]) -> Scenario:
    """The scenario of a row's community; its parameters and traits are not set in it."""
    about, market = settings(), round(row["market"])
    daily = row["rush"] * market / RUSH_DAYS
    rush = {"from": 0, "to": RUSH_DAYS - 1, "value": daily}
    return Scenario.from_dict(
        {
            "name": "a plausible community",
            "days": about["days"],
            "community": {"market": market},
            "calendar": about["calendar"],
            "policy": {
                "seed_group": round(min(row["founders"], MOST_FOUNDERS * market)),
                "intake": {"base": 0, "during": [rush]},
            },
        },
        "evidence/plausible/prior.toml",
    )
