"""The findings of a comparison as sentences, in English or Chinese.

The terminal, the report, the figures, summary.json and Python all use these sentences.
`comsim.studies.comparison.finding` makes the decisions, and `comsim.language` has the phrases.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import TYPE_CHECKING

from comsim.language.amounts import probability, rounded
from comsim.language.phrases import Words
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.scenario.rows import DEFAULT, INDEPENDENT
from comsim.studies.comparison.finding import (
    AFFORDABLE,
    MOST_DRIVERS,
    Ahead,
    Driver,
    PolicyFinding,
    Reasons,
    advice,
    ends,
    too_costly,
)
from comsim.studies.comparison.words.differences import ends_in_units, range_in_words

if TYPE_CHECKING:
    import pandas as pd


THREE = 3  # limits on page one
SAMPLES = {DEFAULT: "fixed", INDEPENDENT: "ranges"}


def verdict(finding: PolicyFinding, words: Words) -> str:
    """The effect of a policy on mean weekly members, without a full stop."""
    text = words(
        f"verdict.sentence_{finding.kind}",
        first=finding.first,
        policy=finding.policy,
        n=words.number(finding.row["worlds"]),
        effect=effect(finding, words),
    )
    if finding.untested and finding.kind.endswith(("better", "worse")):
        text = words("verdict.untested") + text
    return words("verdict.rough") + text if finding.rough else text


def effect(finding: PolicyFinding, words: Words) -> str:
    """The difference in mean weekly members, and the chance that it is worth having."""
    row = finding.row
    parts = [words("verdict.outcome_of_sentence") + " " + range_in_words(row, words)]
    if finding.kind != "hardly" and isfinite(row.get("gains", nan)):
        key = "verdict.loses" if row["q50"] < 0 else "verdict.gains"
        gains, loses = probability(row["gains"]), probability(row["loses"])
        worth = words.percent(finding.worth)
        parts.append(words(key, worth=worth, gains=gains, loses=loses))
    return words.joined(parts)


def headline(finding: PolicyFinding, words: Words) -> str:
    """The verdict, and profit if it clearly changes in the opposite direction; without a full
    stop."""
    parts = [verdict(finding, words)]
    if finding.profit_conflicts:
        parts.append(_profit(finding, words))
    return words.clauses(parts)


def sentence(finding: PolicyFinding, words: Words) -> str:
    """The verdict, the days that are measured, and profit if its difference is clear."""
    parts = [words.joined([verdict(finding, words), measured(finding, words)])]
    if finding.profit_clear:
        parts.append(_profit(finding, words))
    return words.stop(words.clauses(parts))


def _profit(finding: PolicyFinding, words: Words) -> str:
    key = "verdict.profit_but" if finding.profit_conflicts else "verdict.profit"
    return words(key, change=range_in_words(finding.profit, words))


def measured(finding: PolicyFinding, words: Words) -> str:
    """From which day the effects of a policy are measured."""
    since = finding.since
    if not since:
        return words("verdict.whole_run")
    key = "verdict.since" if finding.start <= since else "verdict.since_all"
    return words(key, when=words.moment(since))


def title(findings: Sequence[PolicyFinding], words: Words) -> str:
    """The advice of the comparison, with the range of the effect, without a full stop."""
    kind, best = advice(findings)
    rough = words("verdict.rough") if best.rough else ""
    within = kind in ("none", "small") and too_costly(findings)
    return rough + words(
        f"advice.{kind}_within" if within else f"advice.{kind}",
        budget=words.short(best.budget),
        sure=words.percent(AFFORDABLE),
        policy=best.policy,
        first=best.first,
        effect=words("advice.effect", change=range_in_words(best.row, words)),
        n=words.number(best.row["worlds"]),
        worth=words.percent(best.worth),
    )


def left_for_budget(findings: Sequence[PolicyFinding], words: Words) -> str:
    """The policies that are better, but not advised because of the budget; empty if there are
    none."""
    if not (costly := too_costly(findings)):
        return ""
    named = [
        words("advice.costly_policy", policy=one.policy, share=probability(one.within))
        for one in costly
    ]
    return words(
        "advice.costly",
        budget=words.short(costly[0].budget),
        policies=words.listed(named),
    )


def pays(findings: Sequence[PolicyFinding], words: Words) -> str:
    """What the advised policy does to profit; empty if that is not clear or nothing is advised."""
    kind, best = advice(findings)
    if kind not in ("do", "probably", "small", "test") or not best.profit_clear:
        return ""
    return words("advice.pays", change=range_in_words(best.profit, words))


def why(finding: PolicyFinding, words: Words) -> tuple[str, ...]:
    """The basis of a verdict: variance, key drivers, number of worlds; one sentence each."""
    if finding.row["verdict"] == "no difference":
        return ()
    reasons, lines = finding.reasons, []
    if reasons.unknown:
        unknown, low, high = map(words.percent, reasons.unknown)
        lines.append(words("verdict.why", unknown=unknown, low=low, high=high))
    lines.append(drivers(finding, words))
    lines += filter(None, [how_sure_the_ends(finding, words)])
    if reasons.shares:
        lines.append(variance(finding, words))
    lines += _numbers_of_worlds(reasons, finding.first, words)
    return tuple(words.stop(line) for line in lines)


def how_sure_the_ends(finding: PolicyFinding, words: Words) -> str:
    """How precisely the ends of the range are known, without a full stop; empty if too few worlds
    tell that."""
    if not all(map(isfinite, ends(finding.row))):
        return ""
    names = ("low_from", "low_to", "high_from", "high_to")
    values = dict(zip(names, ends_in_units(finding.row), strict=True))
    return words("verdict.ends", n=words.number(finding.worlds), **values)


def _numbers_of_worlds(reasons: Reasons, first: str, words: Words) -> list[str]:
    lines = []
    if reasons.pairing:
        lines.append(words("verdict.pairing", pairing=rounded(reasons.pairing)[0]))
    if reasons.to_tell:
        lines.append(words("verdict.to_tell", worlds=rounded(reasons.to_tell)[0]))
    if reasons.to_measure:
        number = rounded(reasons.to_measure)[0]
        lines.append(words("verdict.to_measure", worlds=number, first=first))
    return lines


def variance(finding: PolicyFinding, words: Words) -> str:
    """Where the variance of mean weekly members comes from, without a full stop."""
    policy, parameters, luck = map(words.percent, finding.reasons.shares)
    key = "variance.title_fixed" if finding.fixed_world else "variance.title"
    return words(key, policy=policy, parameters=parameters, luck=luck)


def drivers(finding: PolicyFinding, words: Words, numbers: bool = True) -> str:
    """The key drivers of the difference, without a full stop; `numbers` adds correlations."""
    if finding.drivers is None:
        return words("drivers.none")
    if not finding.drivers:
        return words("drivers.no_clear")
    named = [
        _driver(one, words) if numbers else parameter_name(one.parameter, words)
        for one in finding.drivers[:MOST_DRIVERS]
    ]
    return words("drivers.most", drivers=words.listed(named))


def _driver(driver: Driver, words: Words) -> str:
    value, low, high = rounded(driver.value, driver.low, driver.high, sign=True)
    parameter = parameter_name(driver.parameter, words)
    return words("drivers.driver", parameter=parameter, value=value, low=low, high=high)


def parameter_name(parameter: str, words: Words) -> str:
    """The displayed name of a parameter (or of a trait, "segment.trait")."""
    return words.label(PARAMETERS | TRAITS, parameter.rpartition(".")[2])


def who_is_ahead(ahead: Ahead, metric: str, words: Words) -> str:
    """Which policy is ahead in a daily series at the end, without a full stop."""
    tied = ahead.kind == "last" and ahead.tied
    return words(
        f"fan.ahead_{ahead.kind}" + ("_tied" if tied else ""),
        metric=words.name("metric", metric),
        policy=ahead.policy,
        other=ahead.other,
        when=words.moment(ahead.day),
        share=words.percent(ahead.share),
        low=words.percent(ahead.low),
        high=words.percent(ahead.high),
    )


def three_limits(best: PolicyFinding, sample: str, words: Words, today: bool = False) -> list[str]:
    """The three limits that matter most for the answer. `sample`: of the worlds; `today`: whether
    they resemble a running community, so that more worlds might not help."""
    lines = []
    if best.rough and not today:
        lines.append(words("limits.ends", n=words.number(best.worlds)))
    if best.untested:
        lines.append(words("limits.untested", policy=best.policy))
    lines.append(words(f"limits.short_{SAMPLES.get(sample, 'plausible')}"))
    lines += [words(f"limits.{key}") for key in ("model", "money", "real")]
    return lines[:THREE]


def limits(
    verdicts: pd.DataFrame, finding: PolicyFinding, sample: str, words: Words
) -> tuple[str, ...]:
    """What such a comparison cannot show, one sentence each; `finding`: about any policy."""
    keys = ["trust", "money", SAMPLES.get(sample, "plausible"), "model", "real"]
    lines = [words(f"limits.{key}") for key in keys]
    if finding.rough:
        lines.append(words("limits.ends", n=words.number(finding.worlds)))
    silent = verdicts[verdicts["mean_low"].isna() & (verdicts["verdict"] == "not clear")]
    if len(silent):
        labels = dict(zip(silent["outcome"], silent["label"], strict=True))
        names = [words.name("outcome", name, label) for name, label in labels.items()]
        lines.append(words("limits.silent", outcomes=words.listed(names)))
    return tuple(lines)
