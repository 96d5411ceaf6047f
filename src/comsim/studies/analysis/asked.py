"""What an analysis asks about: an outcome, a condition, two factors; said, or taken by default."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from comsim.common.errors import InputError, nearest
from comsim.language.amounts import number
from comsim.model.stages import RULE
from comsim.scenario.csvfile import A_NUMBER, as_number
from comsim.scenario.worlds import too_few
from comsim.studies.analysis.condition import Condition

if TYPE_CHECKING:
    from comsim.studies.analysis.swept import Factor, Outcome, Swept

FORMS = "OUTCOME exists, OUTCOME never, OUTCOME below NUMBER, OUTCOME above NUMBER"
# A default must tell runs apart: it holds in so many of them (an assumption).
LEAST, MOST = 0.05, 0.95
# What a community comes to, the worst first.
ENDS = {"dormancy": "the community falls asleep", "decline": "the community declines"}
MEANS = {
    "dormancy": f"Asleep means weekly members below {100 * RULE.ground:.0f} % of their best",
    "decline": f"Decline begins where weekly members fall below {100 * RULE.height:.0f} % of their "
    "best and later halve",
}
NEVER_BORN = "; a community that never grew does neither, however small it is."
WORST = 0.25  # of runs: a default where nothing came to an end


@dataclass(frozen=True)
class Asked:
    """An outcome, a condition, and two factors to draw a map over."""

    outcome: Outcome
    condition: Condition
    across: str | None
    """None where there are no two factors with numbers."""
    up: str | None
    taken: tuple[str, ...] = ()
    """What nobody asked for and was taken, a sentence each."""


def asked(
    swept: Swept,
    outcome: str | None = None,
    condition: str | Condition | None = None,
    across: str | None = None,
    up: str | None = None,
) -> Asked:
    """What is asked, checked; what is left out is taken by default. InputError for an outcome, a
    condition or a factor that the sweep does not have."""
    taken = [f"Careful: {few}."] if (few := too_few(swept.worlds, swept.drawn)) else []
    if outcome is None:
        about = swept.outcomes[0]
        if len(swept.outcomes) > 1:
            taken.append(f"The outcome is {about.label}, the first one (--outcome takes another).")
    else:
        about = outcome_of(swept, outcome, "--outcome")
    edges = swept.design != "morris"  # of which no map and no boxes are made
    if condition is None:
        condition = _usual(swept, about)
        share = 100 * float(np.nanmean(condition.holds(swept)))
        if edges:
            taken.append(
                f"What is looked for: {condition.words(swept)}, as in {number(share)} % of runs "
                "(--condition takes something else)."
            )
            if condition.outcome in ENDS:
                taken.append(MEANS[condition.outcome] + NEVER_BORN)
    elif isinstance(condition, str):
        condition = parsed(condition, swept)
    else:
        outcome_of(swept, condition.outcome, "condition")
    numbers = [f.name for f in (*swept.levers, *swept.uncertainties) if not swept.choices(f)]
    for name in (across, up):
        if name is not None and name not in numbers:
            allowed = nearest(name, numbers) if numbers else "none has numbers"
            raise InputError.at("analyse", "--map", repr(name), allowed)
    if across is not None and across == up:
        raise InputError.at("analyse", "--map", f"{across} twice", "two factors")
    if across is None and up is None and len(numbers) > 1:
        across, up = numbers[:2]
        if len(numbers) > 2 and edges:
            pair = " and ".join(swept.factor(name).label for name in (across, up))
            taken.append(f"The map is over {pair}, the first two (--map takes others).")
    return Asked(about, condition, across, up, tuple(taken))


def outcome_of(swept: Swept, name: str, key: str) -> Outcome:
    """An outcome by its name; InputError for another."""
    names = [outcome.name for outcome in swept.outcomes]
    if name not in names:
        raise InputError.at("analyse", key, repr(name), nearest(name, names))
    return swept.outcome(name)


def parsed(text: str, swept: Swept) -> Condition:
    """A condition as it is typed: "dormancy exists", "alive below 60". InputError for another."""
    words = text.split()
    if len(words) not in (2, 3):
        raise InputError.at("analyse", "--condition", repr(text), FORMS)
    about = outcome_of(swept, words[0], "--condition")
    kind = words[1]
    if kind not in (("exists", "never") if len(words) == 2 else ("below", "above")):
        raise InputError.at("analyse", "--condition", repr(text), FORMS)
    if len(words) == 2:
        return Condition(about.name, kind)
    value = as_number(words[2])
    if isnan(value):
        raise InputError.at("analyse", "--condition", repr(words[2]), A_NUMBER)
    return Condition(about.name, kind, value)


def core_of(swept: Swept, paths: dict[str, str], name: str | None = None) -> Factor | None:
    """The factor that is a community's core of contributors: the one asked for, or the seed group;
    None where there is none. `paths` says where in the scenario each factor lies."""
    numbers = [factor for factor in swept.factors if not swept.choices(factor)]
    if name is not None:
        known = {factor.name: factor for factor in numbers}
        if name not in known:
            raise InputError.at("analyse", "--core", repr(name), nearest(name, known))
        return known[name]
    seed = (f for f in numbers if "seed_group" in (f.name, *paths.get(f.name, "").split(".")))
    return next(seed, None)


def _usual(swept: Swept, about: Outcome) -> Condition:
    """That the community is dead by the last day, or declines, or else does badly: the first of
    these that is neither rare nor common."""
    for name, says in ENDS.items():
        ends = next((o for o in swept.outcomes if o.begins and o.name == name), None)
        if ends is None:
            continue
        found = Condition(name, "exists", says=f"{says} by day {swept.days:,}")
        if _tells(found, swept):
            return found
    values = swept.by_point(about.name)
    values = values[np.isfinite(values)]
    if not len(values):
        return Condition(about.name, "exists")
    less = about.good >= 0
    bound = float(np.quantile(values, WORST if less else 1 - WORST))
    return Condition(about.name, "below" if less else "above", _plain(bound))


def _tells(condition: Condition, swept: Swept) -> bool:
    holds = condition.holds(swept)
    return bool(np.isfinite(holds).any()) and LEAST <= np.nanmean(holds) <= MOST


def _plain(value: float) -> float:
    """With two figures, for a bound that nobody chose."""
    if value == 0:
        return 0.0
    return round(value, 1 - int(np.floor(np.log10(abs(value)))))
