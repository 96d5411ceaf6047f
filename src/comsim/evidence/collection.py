"""All facts with their marks, from the files of this package.

facts.toml     kind F   the charter's facts, each with its own criterion
effects.toml   kind E   published effects of levers; kind B, base rates: a band for the mean
shapes.toml    kind V   variability and shape: a bound on the distance of two distributions
trials/        how facts of kinds E and B are run, and what the model lacks to run them
marks.toml     the mark of each fact
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from comsim.evidence.data import data
from comsim.evidence.fact import DISTANCE, Check, Effect, Fact
from comsim.evidence.trials import MISSING, SCENARIOS
from comsim.model.catalogue import LEVERS

QUICK = {
    "welcome_fr_wikipedia", "movielens_entry_work", "growth_activation", "edelweiss_newcomers",
    "garnefeld_money", "dau_mau",
}  # fmt: skip
"""Effects and base rates that `--quick` checks: one effect for each of the best-studied levers, the
held effect that has a lever, and a base rate."""
OWN_FILE = "trials/own.toml"
NOTHING = "none"  # `off` of a fact that has nothing to switch off
POINTS = {("relative", "%"): 100, ("share", "points"): 100, ("level", "share"): 1,
          ("level", "number"): 1, ("elasticity", "elasticity"): 1}  # fmt: skip
"""The factor from the unit of a published effect to the unit of its band, where they match."""
NORMAL = 1.96  # half width of a 95 % interval, in standard errors


@cache
def facts() -> dict[str, Fact]:
    """Every fact by id: kinds F, E, B and V, in the order of their files."""
    return {fact.id: fact for fact in (*_facts(), *_effects(), *_shapes())}


def _facts() -> Iterator[Fact]:
    marks = data("marks.toml")["F"]
    for id, given in data("facts.toml").items():
        needs = tuple(given.pop("needs", ()))
        if all(lever in LEVERS for lever in needs):
            given.pop("missing", None)
        checks = tuple(
            Check(**check | {key: tuple(check.get(key, ())) for key in ("published", "ratio")})
            for check in given.pop("checks", ())
        )
        yield Fact(id=id, kind="F", mark=marks[id], checks=checks, needs=needs, **given)


def _effects() -> Iterator[Fact]:
    marks, runs = data("marks.toml"), data(OWN_FILE)
    effects = data("effects.toml")
    for id, given in sorted(effects.items(), key=lambda one: one[1]["kind"] != "E"):
        kind, run = given.pop("kind"), runs.get(id, {})
        effect = Effect(**{"value": None} | _named(given.pop("published")), sign=given.pop("sign"))
        yield Fact(
            id=id,
            kind=kind,
            mark=marks[kind][id],
            checks=(_check(kind, given, effect, given["outcome"]),),
            effect=effect,
            scenario=run.get("scenario", SCENARIOS.get(id)),
            quick=id in QUICK,
            idle=kind == "E" and "off" not in run,
            off=None if run.get("off") == NOTHING else run.get("off"),
            missing=MISSING.get(id),
            **given,
        )


def _check(kind: str, given: dict[str, Any], effect: Effect, label: Mapping[str, str]) -> Check:
    """The check of a fact of kind E or B: its band and, for an effect, the side of 0."""
    unit = given.pop("band_unit", "")
    band: dict[str, Any] = {}
    if "band" in given:
        low, high = given.pop("band")
        band = {"low": low, "high": high, "side": _side(effect.sign, low, high) * (kind == "E")}
    if scale := POINTS.get((effect.unit, unit)):
        if effect.value is not None:
            band["published"] = (effect.value * scale,)
        if effect.low is not None and effect.high is not None:
            band["published_span"] = (effect.low * scale, effect.high * scale)
            band["published_error"] = scale * (effect.high - effect.low) / (2 * NORMAL)
        elif effect.range:
            band["published_span"] = (effect.range[0] * scale, effect.range[1] * scale)
    return Check("effect", dict(label), unit, **band, of_mean=True)


def _side(sign: int, low: float, high: float) -> int:
    """The side of 0 on which the whole interval of an effect must lie: that of the published sign
    if the whole band lies there. A band on both sides of 0 allows either sign. If the band lies on
    the other side, the sign belongs to another outcome of the study, and only the band counts."""
    if sign > 0 and low >= 0:
        return 1
    if sign < 0 and high <= 0:
        return -1
    return 0


def _shapes() -> Iterator[Fact]:
    marks, shapes = data("marks.toml")["V"], data("shapes.toml")
    for id, given in shapes["features"].items():
        label = given.pop("label")
        check = Check(id, label, DISTANCE, high=shapes["most"])
        yield Fact(id=id, kind="V", mark=marks[id], title=label, checks=(check,), seen="D",
                   quick=True, **given)  # fmt: skip


def _named(published: Mapping[str, Any]) -> dict[str, Any]:
    return {"value" if key == "effect" else key: value for key, value in published.items()}
