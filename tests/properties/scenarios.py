"""Strategies for small valid scenarios, as the dicts that a TOML file would give."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from comsim.model.catalogue import COLUMNS, LEVERS, PARAMETERS, TRAITS
from comsim.model.declare import Lever, Parameter, Trait
from comsim.model.kernel.mechanisms.shocks import KINDS

OBSERVABLE = [name for name, column in COLUMNS.items() if column.observable]
COUNTED = [name for name in OBSERVABLE if COLUMNS[name].unit != "code"]
Dict = dict[str, Any]


def sometimes(value: st.SearchStrategy) -> st.SearchStrategy:
    """A list with one value, or with none."""
    return st.lists(value, max_size=1)


def between(low: float, high: float) -> st.SearchStrategy:
    """Numbers of a range, its ends and whole numbers among them."""
    floats = st.floats(low, high, allow_nan=False)
    return floats | st.sampled_from([low, high]) | st.integers(-(-low // 1), high // 1).map(int)


def near(low: float, high: float, default: float) -> st.SearchStrategy:
    """Numbers of a range that aren't far from the default: a small run stays small."""
    return between(max(low, 0), min(high, 4 * default + 1))


@st.composite
def moments(draw, start: date, day: int) -> int | date:
    """A day as a number or as a date."""
    return start + timedelta(days=day) if draw(st.booleans()) else day


@st.composite
def stretches(draw, start: date, days: int, shortest: int = 1) -> list[tuple[Any, Any]]:
    """First and last days of up to three stretches without a common day, as moments."""
    cuts = draw(st.lists(st.integers(0, days - 1), max_size=6, unique=True).map(sorted))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [
        (draw(moments(start, first)), draw(moments(start, last)))
        for first, last in pairs
        if last - first + 1 >= shortest
    ]


@st.composite
def layers(draw, lever: Lever, start: date, days: int) -> Dict:
    """A lever over time in some of its forms, all values within the range after weekdays."""
    values = near(lever.low, lever.high, lever.default)
    layer: Dict = {}
    if draw(st.booleans()):
        layer["base"] = draw(values)
    forms = ["yearly", "during", "on"]
    if not lever.once:
        forms += ["steps", "ramps", "weekday"]
    for form in draw(st.sets(st.sampled_from(forms), max_size=3)):
        if form in ("steps", "on"):
            on = draw(st.lists(st.integers(0, days - 1), max_size=3, unique=True))
            layer[form] = [{"day": draw(moments(start, d)), "value": draw(values)} for d in on]
        elif form == "weekday":
            # Up to 1: what stands below is in the range, and 0 is in the range of every lever.
            layer[form] = draw(st.lists(between(0, 1), min_size=7, max_size=7))
        elif form == "yearly":
            first, last = (start + timedelta(days=draw(st.integers(0, 364))) for _ in "12")
            layer[form] = [{"from": f"{first:%m-%d}", "to": f"{last:%m-%d}", "value": draw(values)}]
        else:
            spans = draw(stretches(start, days, 2 if form == "ramps" else 1))
            layer[form] = [{"from": a, "to": b, "value": draw(values)} for a, b in spans]
    if "ramps" in layer:
        layer.pop("steps", None)  # they may not meet
    return layer


@st.composite
def levers(draw, lever: Lever, groups: list[str], start: date, days: int) -> float | Dict:
    """A lever as a number or as a table, for groups too where it may be."""
    values = near(lever.low, lever.high, lever.default)
    if lever.scope == "community" and lever.high >= 20:
        values |= st.integers(0, 20)  # people: more than one in a subgroup
    if draw(st.booleans()):
        return draw(values)
    schedule = draw(layers(lever, start, days))
    if lever.scope == "member":
        chosen = draw(st.sets(st.sampled_from(groups), max_size=2))
        overrides = {g: draw(values | layers(lever, start, days)) for g in chosen}
        schedule |= {"groups": overrides} if overrides else {}
    return schedule


@st.composite
def parameters(draw, parameter: Parameter) -> float | Dict:
    """A parameter as a number or as a range."""
    if parameter.whole:
        values = st.integers(int(parameter.low), int(parameter.high))
    else:
        values = between(parameter.low, parameter.high)
    if draw(st.booleans()):
        return draw(values)
    low, high = sorted([draw(values), draw(values)])
    return {"low": low, "high": high}


@st.composite
def traits(draw, trait: Trait) -> float | Dict:
    """A trait as a number or as a table."""
    value = between(trait.low, trait.high)
    widest = 5.0 if trait.shape == "lognormal" else trait.high - trait.low
    table = st.fixed_dictionaries({}, optional={"value": value, "spread": between(0, widest)})
    return draw(value | table)


@st.composite
def parts(draw, most: int) -> list[Dict]:
    """Names and shares of up to `most` parts of the market."""
    names = draw(st.lists(st.text("abc :é", min_size=1, max_size=3).filter(str.strip),
                          min_size=1, max_size=most, unique=True))  # fmt: skip
    weights = [draw(st.integers(1, 9)) for _ in names]
    return [{"name": n, "share": w / sum(weights)} for n, w in zip(names, weights, strict=True)]


@st.composite
def conditions(draw) -> Dict:
    """A condition of a rule; windows short enough for a short run."""
    metric = draw(st.sampled_from(OBSERVABLE))
    test = draw(st.sampled_from(["above", "below", "falls", "rises"]))
    value = st.integers(1, 3) if test in ("falls", "rises") else st.integers(-5, 300)
    return {"metric": metric, "window": draw(st.integers(1, 7)), test: draw(value)}


@st.composite
def actions(draw, groups: list[str]) -> Dict:
    """What a rule does. The seed group is left alone: it would come every day."""
    lever = draw(st.sampled_from([x for x in LEVERS.values() if not x.once]))
    how = draw(st.sampled_from(["set", "multiply", "add"]))
    values = {
        "set": near(lever.low, lever.high, lever.default),
        "multiply": between(0, 2),
        "add": between(-2, 2),
    }
    group = draw(st.sampled_from(["all", *groups])) if lever.scope == "member" else "all"
    return {"lever": lever.name, "group": group, how: draw(values[how])}


@st.composite
def rules(draw, groups: list[str]) -> list[Dict]:
    """Up to three rules."""
    return [
        {
            "name": name,
            "when": draw(st.lists(conditions(), min_size=1, max_size=2)),
            "while": draw(sometimes(conditions())),
            "do": draw(st.lists(actions(groups), min_size=1, max_size=2)),
            "days": draw(st.integers(1, 20)),
            "cooldown": draw(st.integers(0, 20)),
        }
        for name in draw(st.sets(st.sampled_from("abc")))
    ]


@st.composite
def owners(draw, start: date, days: int) -> Dict:
    """An owner who stops sooner or later, or never."""
    given = {
        "stop": st.booleans(),
        "budget": between(0, 3000),
        "patience": st.integers(1, 20),
        "grace": st.integers(0, 40),
        "until": moments(start, draw(st.integers(0, days - 1))),
        "since": moments(start, draw(st.integers(0, days - 1))),
    }
    return draw(st.fixed_dictionaries({}, optional=given))


@st.composite
def goals(draw, start: date, days: int) -> Dict:
    """A goal for some day of the run."""
    return {
        "metric": draw(st.sampled_from(COUNTED)),
        "day": draw(moments(start, draw(st.integers(0, days - 1)))),
        "window": draw(st.integers(1, 40)),
        draw(st.sampled_from(["at_least", "at_most"])): draw(between(-5, 300)),
    }


@st.composite
def shocks(draw, start: date, days: int) -> list[Dict]:
    """Up to three shocks, no two of a kind on one day."""
    when = st.tuples(st.sampled_from(KINDS), st.integers(0, days - 1))
    return [
        {"kind": kind, "day": draw(moments(start, day)), "severity": draw(between(0, 1)),
         "reach": draw(between(0, 1))}
        for kind, day in draw(st.lists(when, max_size=3, unique=True))
    ]  # fmt: skip


@st.composite
def scenarios(draw) -> Dict:
    """A small valid scenario: at most 60 days and 400 people, everything else anyhow."""
    days = draw(st.integers(1, 60))
    start = draw(st.dates(date(2019, 1, 1), date(2029, 12, 31)))
    segments, arms = draw(parts(3)), draw(parts(2))
    for segment in segments:
        for trait in draw(st.sets(st.sampled_from(list(TRAITS)), max_size=3)):
            segment[trait] = draw(traits(TRAITS[trait]))
    groups = [
        "newcomers",
        *(f"segment:{s['name']}" for s in segments),
        *(f"arm:{a['name']}" for a in arms),
    ]
    chosen = draw(st.sets(st.sampled_from(list(LEVERS)), max_size=5))
    named = draw(st.sets(st.sampled_from(list(PARAMETERS)), max_size=5))
    spans = draw(stretches(start, days))
    return {
        "name": "made",
        "days": days,
        "seed": draw(st.integers(0, 2**63 - 1)),
        "start": start,
        "community": {
            "market": draw(st.integers(1, 400)),
            "newcomer_days": draw(st.integers(0, 40)),
        },
        "segments": segments,
        "arms": arms,
        "calendar": {
            "weekday": draw(st.lists(between(0, 5), min_size=7, max_size=7)),
            "holidays": [{"from": a, "to": b, "factor": draw(between(0, 5))} for a, b in spans],
            "months": draw(st.lists(between(0, 5), min_size=12, max_size=12)),
        },
        "parameters": {name: draw(parameters(PARAMETERS[name])) for name in sorted(named)},
        "policy": {
            name: draw(levers(LEVERS[name], groups, start, days)) for name in sorted(chosen)
        },
        "rules": draw(rules(groups)),
        "owner": draw(owners(start, days)),
        "goals": draw(st.lists(goals(start, days), max_size=2)),
        "shocks": draw(shocks(start, days)),
    }
