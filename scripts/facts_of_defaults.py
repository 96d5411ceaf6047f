"""The targets that the defaults are fitted to, and how a set of defaults meets them (used by
fit_defaults.py)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

import comsim
from comsim.evidence import world as validated
from comsim.evidence.facts import MEASURES, ads
from comsim.measure.metrics.halflife import half_life
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.model.stages import STAGES, retrospective_stages, stage_spans
from comsim.run.simulation import whole_life
from comsim.scenario import Plan, Scenario, plan
from comsim.scenario.series import with_intake
from comsim.scenario.worlds import around_default, drawn

ROOT = Path(__file__).parent.parent
CUT = 217  # days of R4DS used here, up to 2018-03-31; the rest is reserved for testing forecasts


class Fact(NamedTuple):
    """A target. The loss is zero within the band and the squared distance in tolerances outside
    it, with a linear tail."""

    low: float
    high: float
    tolerance: float
    source: str

    def loss(self, figure: float) -> float:
        miss = max(self.low - figure, figure - self.high, 0) / self.tolerance
        if np.isnan(miss):
            return WORST
        return min(miss * miss if miss < BEND else BEND * (2 * miss - BEND), WORST)


COMMUNITIES = validated.communities()
CURRENT: dict[str, dict] = {}
MEASURED_SEEDS = 2  # for facts measured as in `comsim validate`
# A smaller market with larger arms and a larger contrast: as precise, in less time.
ads.MARKET, ads.SEEDS, ads.SHARE, ads.LOADS = 60_000, 150, 0.4, {"none": 0.0, "twice": 2.0}
BEND = 3.0  # tolerances, beyond which the loss is linear (Huber 1964)
WORST, MISSED = 200.0, 20.0  # the maximum loss of a fact; the assumed loss of one not computed
DESIGN = "design: "
# In the order in which they are computed; each `yield` of `groups` is one group.
FACTS = {
    "R4DS: half-life of daily visitors, closed intake": Fact(38, 50, 2, "R4DS: 47 days"),
    "R4DS: half-life of messages, closed intake": Fact(27, 40, 4, "R4DS: 33 days"),
    "R4DS: daily over weekly visitors": Fact(0.36, 0.40, 0.02, "R4DS: 0.37"),
    "R4DS: weekly posters over weekly visitors": Fact(0.19, 0.27, 0.03, "R4DS: 0.22"),
    "R4DS: daily visitors over accounts": Fact(0.105, 0.13, 0.01, "R4DS: 0.12"),
    "R4DS: error of weekly visitors, share": Fact(0, 0.13, 0.03, "R4DS, as low as can be"),
    "launch: seeding, growth, activity, decline": Fact(
        0.95, 1, 0.1, "charter 4; share of launches"
    ),
    "launch: decline begins, mean less 1.64 sd": Fact(
        400, 730, 15, "novelty lasts about two years [003]; in 19 of 20"
    ),
    "launch: decline begins, mean plus 1.64 sd": Fact(400, 720, 15, "the same"),
    "launch: greatest weekly activity, least": Fact(600, 8000, 150, DESIGN + "it is born"),
    "launch: Gini of posts": Fact(0.65, 0.89, 0.02, "F1: 0.71 to 0.88"),
    "launch spike: slope": Fact(-1.5, -0.55, 0.05, "F18: -0.75 to -1.17"),
    "launch spike: lead of the power law": Fact(60, 2000, 150, "F18: 247 to 414, of AICc"),
    "one more ad, in percent of time": Fact(-3.0, -1.3, 0.4, "F8: -2"),
    "the same over that of a month": Fact(2.3, 3.2, 0.4, "F8: about 3"),
    "billboard: muted": Fact(0.58, 0.95, 0.03, "F20"),
    "billboard: muted with a mixed calendar": Fact(0, 0.22, 0.03, "F20"),
    "no seed group: greatest weekly activity": Fact(0, 16, 4, "core fans first [000, 003]"),
    "2 ads: mean weekly activity": Fact(0.85, 0.98, 0.04, "F8: ads cost slowly; share of 1 ad"),
    "releases: weekly activity at the end, least": Fact(
        0.80, 1, 0.03, "releases refresh interest [003]; share of the greatest"
    ),
    "no gift: mean weekly activity": Fact(0.75, 0.94, 0.03, "gifts break the cold start [000]"),
    "20 ads: mutes a joiner": Fact(0.08, 1, 0.03, "an advertising billboard is muted [000, 004]"),
    "2 official posts over none": Fact(1.08, 2.5, 0.02, "official content matters [000, 001]"),
    "16 official posts over none": Fact(0, 0.4, 0.05, "too much content drowns members [000]"),
    "rewards: posts while paid": Fact(1.3, 9, 0.05, "F10; share of the unpaid twin"),
    "rewards: posts after": Fact(0.5, 0.94, 0.02, "F10; share of the unpaid twin"),
    "drawn worlds: born": Fact(0.9, 1, 0.05, DESIGN + "share with a mean over 100"),
    "pairing, 2 ads": Fact(8, inf, 2, DESIGN + "at least fivefold, and room"),
    "pairing, releases": Fact(8, inf, 2, DESIGN + "at least fivefold, and room"),
    "pairing, no gift": Fact(8, inf, 2, DESIGN + "at least fivefold, and room"),
}
POLICIES: dict[str, dict[str, Any]] = {
    "launch": {},
    "no seed group": {"seed_group": 0},
    "2 ads": {"ad_pressure": 2},
    "20 ads": {"ad_pressure": 20},
    "releases": {"release": {"on": [{"day": day, "value": 0.4} for day in range(89, 730, 90)]}},
    "no gift": {"welcome_gift": 0},
    "no official posts": {"official_posts": 0},
    "2 official posts": {"official_posts": 2},
    "16 official posts": {"official_posts": 16},
    "rewards": {"contribution_reward": {"during": [{"from": 250, "to": 310, "value": 3}]}},
}


@cache
def launch(policy: str) -> tuple[Scenario, Plan]:
    scenario = comsim.load_scenario(ROOT / "scenarios" / "brand_launch.toml")
    data = scenario.to_dict()
    scenario = scenario.again(data | {"policy": data["policy"] | POLICIES[policy]})
    return scenario, plan(scenario)


@cache
def learning(data: Path) -> tuple[Scenario, Plan]:
    scenario = with_intake(
        comsim.load_scenario(ROOT / "scenarios" / "learning_community.toml"), data
    )
    return scenario, plan(scenario)


def live_with(values: dict, of: tuple[Scenario, Plan], seed: int, draw: int | None = None) -> Any:
    """Arrays of a run with these defaults or, given its number, a parameter sample around them."""
    scenario, compiled = of
    numbers = {n: replace(p, value=values.get(n, p.value)) for n, p in PARAMETERS.items()}
    numbers |= {n: replace(t, value=values.get(n, t.value)) for n, t in TRAITS.items()}
    known = {name: number.value for name, number in numbers.items()}
    if draw is not None:
        ranges = {name: around_default(number) for name, number in numbers.items()}
        known |= drawn({n: d for n, d in ranges.items() if d.low < d.high}, 1, draw)
    known["near_contacts"] = min(known["near_contacts"], known["contacts"])
    given = {
        name: getattr(scenario.parameters, name) for name in scenario.parameters.model_fields_set
    }
    known |= {name: (one.low + one.high) / 2 for name, one in given.items()}
    traits = np.array([[known[name] for name in TRAITS]])
    spreads = np.array([[values.get(f"{n}.spread", t.spread) for n, t in TRAITS.items()]])
    compiled = replace(compiled, trait_value=traits, trait_spread=spreads)
    return whole_life(scenario, compiled, known, seed, threads=1)


def measured(values: dict, id: str, seeds: range, figures: tuple[str, ...]) -> list[float]:
    """Figures of a fact as in `comsim validate`, but with these defaults."""
    set_defaults(values)
    each = [MEASURES[id](validated.FactWorld(0, 1, seed)) for seed in seeds]
    return [float(np.mean([np.nan if f.get(n) is None else f[n] for f in each])) for n in figures]


def set_defaults(values: dict) -> None:
    """Give the communities of `comsim validate` these defaults; one set at a time per process."""
    if values == CURRENT.get("values"):
        return
    numbers = {name: value for name, value in values.items() if name in PARAMETERS}
    numbers["near_contacts"] = min(numbers["near_contacts"], numbers["contacts"])
    traits = {
        name: {"value": values.get(name, t.value), "spread": values.get(f"{name}.spread", t.spread)}
        for name, t in TRAITS.items()
    }
    everyone = [{"name": "all", "share": 1} | traits]
    CURRENT["values"] = values
    validated._community.cache_clear()
    validated.communities = lambda: {
        name: one | {"parameters": numbers | one.get("parameters", {}), "segments": everyone}
        for name, one in COMMUNITIES.items()
    }


def gini(world: Any) -> float:
    posts = np.sort(world.m.own["posts"][: world.now["rows"][0]])
    posts = posts[posts > 0]
    rank = np.arange(1, len(posts) + 1)
    return float(2 * (rank * posts).sum() / (len(posts) * posts.sum()) - 1 - 1 / len(posts))


class Life(NamedTuple):
    """The recorded figures of a launch."""

    wau: np.ndarray
    posts: np.ndarray
    gini: float
    stages: list[str]
    decline: int
    mutes: float


def life(values: dict, policy: str, seed: int, draw: int | None = None) -> Life:
    world = live_with(values, launch(policy), seed, draw)
    wau = world.daily["wau"].astype(float)
    spans = stage_spans(retrospective_stages(wau))
    decline = min((first for stage, first, _ in spans if stage == "decline"), default=len(wau))
    posts = world.daily["posts"].astype(float)
    mutes = float(world.daily["mutes"].sum() / max(world.daily["joined"].sum(), 1))
    return Life(wau, posts, gini(world), [stage for stage, *_ in spans], decline, mutes)


def learned(values: dict, data: Path, seed: int) -> list[float]:
    """The six facts of R4DS for one random seed, up to the cut; ratios from day 90 on."""
    daily = live_with(values, learning(data), seed).daily[:CUT]
    late, real = daily[90:], pd.read_csv(data)["weekly_active_members"].to_numpy(float)[:CUT]
    return [
        half_life(daily["dau"], 14, 117) or inf,
        half_life(daily["posts"] + daily["replies"], 14, 117) or inf,
        (late["dau"] / late["wau"]).mean(),
        (late["weekly_posters"] / late["wau"]).mean(),
        (late["dau"] / late["members"]).mean(),
        np.abs(daily["wau"] - real).mean() / real.mean(),
    ]


def spread_of(values: list[float]) -> tuple[float, float]:
    """Mean and standard deviation."""
    return float(np.mean(values)), float(np.std(values, ddof=1))


def staying(wau: np.ndarray) -> float:
    """The last 15 days as a share of the highest 15 days, as in the definition of stages."""
    level = np.convolve(wau, np.full(15, 1 / 15), "valid")
    return float(level[-1] / level.max())


def groups(values: dict, data: Path, seeds: range, draws: int, run: Any) -> Iterator[list[float]]:
    """Figures for FACTS, in its order, group by group; `run` maps in parallel."""
    yield np.mean(list(run(partial(learned, values, data), seeds)), axis=0).tolist()

    def lives(policy: str) -> list[Life]:
        return list(run(partial(life, values, policy), seeds))

    def mean(policy: str) -> float:
        return float(np.mean([one.wau.mean() for one in lives(policy)]))

    base = lives("launch")
    level = float(np.mean([one.wau.mean() for one in base]))
    whole = [tuple(one.stages[:4]) == STAGES[:4] and len(one.stages) <= 5 for one in base]
    middle, spread = spread_of([one.decline for one in base])
    yield [
        float(np.mean(whole)), middle - 1.64 * spread, middle + 1.64 * spread,
        min(o.wau.max() for o in base), float(np.mean([one.gini for one in base])),
    ]  # fmt: skip
    yield measured(values, "F18", seeds[:MEASURED_SEEDS], ("slope", "lead"))
    effect, month = measured(values, "F8", seeds[:MEASURED_SEEDS], ("effect", "month_loss"))
    yield [effect, -effect / month if month else inf]
    yield measured(values, "F20", seeds[:MEASURED_SEEDS], ("billboard", "mixed"))
    yield [float(max(one.wau.max() for one in lives("no seed group")))]
    yield [mean("2 ads") / level]
    yield [
        min(staying(o.wau) for o in lives("releases")),
        mean("no gift") / level,
    ]
    yield [float(np.mean([one.mutes for one in lives("20 ads")]))]
    none = mean("no official posts")
    yield [mean("2 official posts") / none, mean("16 official posts") / none]
    paid = [
        (one.posts[250:270].sum() / calm.posts[250:270].sum(),
         one.posts[312:332].sum() / calm.posts[312:332].sum())
        for one, calm in zip(lives("rewards"), base, strict=True)
    ]  # fmt: skip
    yield np.mean(paid, axis=0).tolist()

    def level_in(policy: str, world: int) -> float:
        return float(life(values, policy, 5000 + world, world // 2).wau.mean())

    a, *others = (
        np.array(list(run(partial(level_in, policy), range(2 * draws))))
        for policy in ("launch", "2 ads", "releases", "no gift")
    )
    yield [
        float(np.mean(a > 100)),
        *((a.var() + b.var()) / (b - a).var() for b in others),
    ]
