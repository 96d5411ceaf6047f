"""One world of a running community without a history: the past that fits best."""

from __future__ import annotations

from typing import NamedTuple

from comsim.language.amounts import number
from comsim.language.phrases import Words
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.scenario import Scenario
from comsim.scenario.worlds import drawn, uncertain
from comsim.today.choose import KEYS
from comsim.today.past import Past, past_of_today


class WithPast(NamedTuple):
    """An ordinary scenario whose past is made up."""

    scenario: Scenario
    """With the parameters, the market and the random seed of one world."""
    note: str
    """A note that its past is made up, and how well it fits."""


def with_past(scenario: Scenario, seed: int, jobs: int | None = None) -> WithPast:
    """A scenario with `[community] today` as an ordinary one: the made-up past of greatest weight.
    Without a known age, the age of that world is taken as known."""
    past = past_of_today(scenario, seed, jobs=jobs)
    if past.today.age is None:
        data = scenario.to_dict()
        data["community"]["today"]["age_days"] = int(past.ages[past.weights.argmax()])
        past = past_of_today(scenario.again(data), seed, jobs=jobs)
    at = int(past.weights.argmax())
    return WithPast(_filled(past, at), _note(past, at))


def _filled(past: Past, at: int) -> Scenario:
    """The scenario of a world, with all its numbers filled in."""
    form = past.scenario
    values = drawn(uncertain(form, past.rows[at]), past.seed, at, past.rows[at])
    data = form.to_dict()
    data["community"]["market"] = int(past.markets[at])
    data["seed"] = past.seeds[at]
    data["parameters"] = {name: x for name, x in values.items() if name in PARAMETERS} | {
        name: x for name, x in data.get("parameters", {}).items() if name not in values
    }
    segments = data.get("segments", [{"name": segment.name} for segment in form.segments])
    for segment, known in zip(segments, form.segments, strict=True):
        for name in TRAITS:
            if name in values and getattr(known, name).value is None:
                segment[name] = {**segment.get(name, {}), "value": values[name]}
    if "owner" in data:  # acts from today on, and counts from then
        data["owner"] = {"since": form.past} | data["owner"]
    return form.again(data | {"segments": segments})


def _note(past: Past, at: int) -> str:
    """A note that the past is made up, with the numbers that it leads to and the known ones."""
    form, seen = past.scenario, dict(zip(KEYS.values(), past.seen[at].tolist(), strict=True))
    pairs = [f"{number(seen[x.name])} {x.name} (known: {number(x.value)})" for x in past.today.fit]
    about = f"; it leads to {', '.join(pairs)}" if pairs else ""
    today = Words("en", form.dates).date(past.today.day)
    return (
        f"the {past.today.day:,} days before {today} are "
        f"made up from one plausible world{about}; comsim compare uses many such worlds"
    )
