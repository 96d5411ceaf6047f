"""The query of an analysis: an outcome, a condition and two factors, given or by default."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from comsim.common.errors import InputError, nearest
from comsim.language.amounts import number
from comsim.model.stages import RULE
from comsim.scenario.csvfile import A_NUMBER, as_number
from comsim.scenario.rows import DEFAULT, INDEPENDENT, PLAUSIBLE
from comsim.scenario.worlds import too_few
from comsim.studies.analysis.condition import OutcomeCondition

if TYPE_CHECKING:
    from comsim.studies.analysis.swept import FactorColumn, Outcome, Swept

FORMS = "OUTCOME exists, OUTCOME never, OUTCOME below NUMBER, OUTCOME above NUMBER"
# A default condition must separate runs: the share in which it holds (an assumption).
LEAST, MOST = 0.05, 0.95
# Ends of a community, the worst first.
SOURCES = {PLAUSIBLE: "the plausible worlds", INDEPENDENT: "independent ranges"}
ENDS = {"dormancy": "the community becomes dormant", "decline": "the community declines"}
MEANS = {
    "dormancy": f"Dormancy means weekly members below {100 * RULE.ground:.0f} % of their peak",
    "decline": f"Decline begins when weekly members fall below {100 * RULE.height:.0f} % of their "
    "peak and later halve",
}
NEVER_BORN = "; a community that never grows has neither, however small it is."
WORST = 0.25  # of runs: the default condition if none declines


@dataclass(frozen=True)
class Query:
    """An outcome, a condition, and the two factors of a map."""

    outcome: Outcome
    condition: OutcomeCondition
    across: str | None
    """None if there are fewer than two numeric factors."""
    up: str | None
    defaults: tuple[str, ...] = ()
    """Defaults that were used, one sentence each."""


def query_of(
    swept: Swept,
    outcome: str | None = None,
    condition: str | OutcomeCondition | None = None,
    across: str | None = None,
    up: str | None = None,
) -> Query:
    """The checked query, with defaults for what is not given. InputError for an outcome, a
    condition or a factor that the sweep does not have."""
    defaults = [f"Warning: {few}."] if (few := too_few(swept.worlds, swept.drawn)) else []
    if swept.sample != DEFAULT:
        source = SOURCES.get(swept.sample, swept.sample)
        defaults.append(f"Uncertain parameters that are not factors come from {source}.")
    if outcome is None:
        about = swept.outcomes[0]
        if len(swept.outcomes) > 1:
            defaults.append(
                f"The outcome is {about.label}, the first one (--outcome selects another)."
            )
    else:
        about = outcome_of(swept, outcome, "--outcome")
    edges = swept.design != "morris"  # which has no map and no boxes
    if condition is None:
        condition = _usual(swept, about)
        share = 100 * float(np.nanmean(condition.holds(swept)))
        if edges:
            defaults.append(
                f"The condition is that {condition.words(swept)}, as in {number(share)} % of runs "
                "(--condition selects another)."
            )
            if condition.outcome in ENDS:
                defaults.append(MEANS[condition.outcome] + NEVER_BORN)
    elif isinstance(condition, str):
        condition = parsed(condition, swept)
    else:
        outcome_of(swept, condition.outcome, "condition")
    numbers = [f.name for f in (*swept.levers, *swept.uncertainties) if not swept.choices(f)]
    for name in (across, up):
        if name is not None and name not in numbers:
            allowed = nearest(name, numbers) if numbers else "a numeric factor (there is none)"
            raise InputError.at("analyse", "--map", repr(name), allowed)
    if across is not None and across == up:
        raise InputError.at("analyse", "--map", f"{across} twice", "two factors")
    if across is None and up is None and len(numbers) > 1:
        across, up = numbers[:2]
        if len(numbers) > 2 and edges:
            pair = " and ".join(swept.factor(name).label for name in (across, up))
            defaults.append(f"The map shows {pair}, the first two factors (--map selects others).")
    return Query(about, condition, across, up, tuple(defaults))


def outcome_of(swept: Swept, name: str, key: str) -> Outcome:
    """An outcome by name; InputError if there is none."""
    names = [outcome.name for outcome in swept.outcomes]
    if name not in names:
        raise InputError.at("analyse", key, repr(name), nearest(name, names))
    return swept.outcome(name)


def parsed(text: str, swept: Swept) -> OutcomeCondition:
    """A condition from its text: "dormancy exists", "alive below 60". InputError for any other."""
    words = text.split()
    if len(words) not in (2, 3):
        raise InputError.at("analyse", "--condition", repr(text), FORMS)
    about = outcome_of(swept, words[0], "--condition")
    kind = words[1]
    if kind not in (("exists", "never") if len(words) == 2 else ("below", "above")):
        raise InputError.at("analyse", "--condition", repr(text), FORMS)
    if len(words) == 2:
        return OutcomeCondition(about.name, kind)
    value = as_number(words[2])
    if isnan(value):
        raise InputError.at("analyse", "--condition", repr(words[2]), A_NUMBER)
    return OutcomeCondition(about.name, kind, value)


def core_of(swept: Swept, paths: dict[str, str], name: str | None = None) -> FactorColumn | None:
    """The factor for the core of contributors: the one with this name, or the seed group; None if
    there is none. `paths` are the paths of the factors in the scenario."""
    numbers = [factor for factor in swept.factors if not swept.choices(factor)]
    if name is not None:
        known = {factor.name: factor for factor in numbers}
        if name not in known:
            raise InputError.at("analyse", "--core", repr(name), nearest(name, known))
        return known[name]
    seed = (f for f in numbers if "seed_group" in (f.name, *paths.get(f.name, "").split(".")))
    return next(seed, None)


def _usual(swept: Swept, about: Outcome) -> OutcomeCondition:
    """The default condition: the community is dormant by the last day, or declines, or the outcome
    is among the worst quarter; the first that is neither rare nor common."""
    for name, text in ENDS.items():
        ends = next((o for o in swept.outcomes if o.begins and o.name == name), None)
        if ends is None:
            continue
        condition = OutcomeCondition(name, "exists", text=f"{text} by day {swept.days:,}")
        if _separates(condition, swept):
            return condition
    values = swept.by_point(about.name)
    values = values[np.isfinite(values)]
    if not len(values):
        return OutcomeCondition(about.name, "exists")
    less = about.good >= 0
    bound = float(np.quantile(values, WORST if less else 1 - WORST))
    return OutcomeCondition(about.name, "below" if less else "above", _plain(bound))


def _separates(condition: OutcomeCondition, swept: Swept) -> bool:
    holds = condition.holds(swept)
    return bool(np.isfinite(holds).any()) and LEAST <= np.nanmean(holds) <= MOST


def _plain(value: float) -> float:
    """Two significant digits, for a bound by default."""
    if value == 0:
        return 0.0
    return round(value, 1 - int(np.floor(np.log10(abs(value)))))
