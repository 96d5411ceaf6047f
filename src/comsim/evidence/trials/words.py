"""Trials described in one sentence, in each language."""

from __future__ import annotations

from comsim.evidence.trials.spec import NEWCOMERS, Days, Subset, Trial
from comsim.language.phrases import LANGUAGES, Words
from comsim.model.catalogue import LEVERS


def sentences(trial: Trial) -> dict[str, str]:
    """The people, the treatment and the outcome of a trial, in each language."""
    return {language: _sentence(trial, Words(language)) for language in LANGUAGES}


def _sentence(trial: Trial, words: Words) -> str:
    treatment = trial.treatment
    levers = [f"{words.label(LEVERS, name)} {level:g}" for name, level in treatment.levers.items()]
    return words(
        "trial.lot" if trial.by_lot else "trial.everybody",
        community=trial.community.title[words.language],
        who=_who(trial, words) if trial.by_lot else "",
        what=treatment.title[words.language] if treatment.title else words.listed(levers),
        days=_days(treatment.days, words),
        outcome=_outcome(trial, words),
    )


def _who(trial: Trial, words: Words) -> str:
    since = trial.treatment.days[0]
    days = _days(NEWCOMERS if trial.who == "newcomers" else (since, since), words)
    who = words(f"trial.{trial.who}", days=days)
    return words("trial.joined", who=who, days=_days(trial.joined, words)) if trial.joined else who


def _outcome(trial: Trial, words: Words) -> str:
    done, base = (words.name("trial_outcome", name) for name in (trial.outcome, trial.per))
    way = "total" if trial.who == "community" else "per" if trial.per else "a_head"
    key = "trial.share" if trial.share else f"trial.{way}"
    text = words(key, done=done, base=base, days=_counted(trial, trial.days, words))
    for key, subset in (("trial.of", trial.of), ("trial.less", trial.less)):
        if subset:
            text = words(key, outcome=text, people=_people(trial, subset, words))
    return text


def _people(trial: Trial, subset: Subset, words: Words) -> str:
    return words(
        f"trial.{'top' if subset.top else 'bottom' if subset.bottom else 'least'}",
        share=f"{100 * (subset.top or subset.bottom):g}",
        done=words.name("trial_outcome", subset.outcome),
        days=_counted(trial, subset.days, words),
    )


def _counted(trial: Trial, days: Days, words: Words) -> str:
    """The days on which something is counted, as days of membership or of the run."""
    if trial.who == "newcomers":
        return words("trial.membership", days=_days(days, words))
    since = trial.treatment.days[0]
    return _days((since + days[0], since + days[1]), words)


def _days(days: Days, words: Words) -> str:
    first, last = days
    return words("trial.day" if first == last else "trial.days", first=first, last=last)
