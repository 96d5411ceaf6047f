"""Sentences on what the answers of a comparison rest on, in English or Chinese.

The tables are those of `Comparison`; the phrases are in `comsim.language`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from comsim.language.amounts import probability, rounded
from comsim.language.phrases import Words
from comsim.model.catalogue import LEVERS, PARAMETERS
from comsim.studies.comparison.basis.evidence import grounds
from comsim.studies.comparison.basis.own_tests import kept_before

TELLING = 0.1  # share explained below which a test tells hardly anything (an assumption)
MINOR = 0.01  # shares of an effect below this are not named


def lot_sentences(row: Mapping[str, Any], words: Words) -> list[str]:
    """A row of `Comparison.by_lot`: the effect on half of the people, on the whole, and what
    members add."""
    policy = row["policy"]
    if row["reason"]:
        key = "by_lot.own_arms" if row["reason"] == "arms" else "by_lot.not_given"
        return [words.stop(words(key, policy=policy, which=row["reason"]))]
    if not row["worlds"]:
        return []
    lot, whole, added = (range_in_percent(row, f"{name}_", words)
                         for name in ("by_lot", "whole", "word_of_mouth"))  # fmt: skip
    few = words("by_lot.few", n=words.number(row["worlds"]))
    first = words.clauses(
        [words("by_lot.lot", policy=policy, lot=lot), words("by_lot.whole", whole=whole)]
    )
    lines = [first, words.joined([words("by_lot.adds", added=added), few])]
    if row["rests_on_word_of_mouth"]:
        lines.append(words("by_lot.rests", policy=policy))
    return [words.stop(line) for line in lines]


def grade_name(grade: str, words: Words) -> str:
    """A grade of evidence in words."""
    return words.name("evidence", grade.replace(" ", "_"), grade)


def ground_sentences(grades: pd.DataFrame, policy: str, words: Words) -> list[str]:
    """What the effect of a policy rests on, from `Comparison.grades`."""
    if not len(grades.columns):
        return []
    ground, rows = grounds(grades, policy), grades[grades["policy"] == policy]
    others = words.listed([besides_name(key, words) for key in ground.besides])
    rows = rows[rows["lever"] != ""]
    if not len(rows):
        key = "only_besides" if others else "nothing"
        return [words.stop(words(f"grounds.{key}", policy=policy, besides=others))]
    parts = [
        {
            "lever": words.label(LEVERS, row["lever"]),
            "share": words.percent(row["share"]),
            "grade": grade_name(row["grade"], words),
        }
        for row in rows.to_dict("records")
        if not row["share"] < MINOR
    ]
    if not ground.attributed:
        levers = words.listed([words("grounds.lever_open", **part) for part in parts])
        key = "besides" if others else "open"
        lines = [words(f"grounds.{key}", policy=policy, levers=levers, besides=others)]
    elif len(parts) == 1:
        lines = [words("grounds.one", policy=policy, **parts[0])]
    else:
        levers = words.clauses([words("grounds.lever", **part) for part in parts])
        lines = [words("grounds.several", policy=policy, levers=levers)]
    if ground.unclear:
        lines.append(words("grounds.unclear"))
    return [words.stop(line) for line in lines]


def besides_name(key: str, words: Words) -> str:
    """What differs beside levers, in words; `key` is that of `Grounds.besides`."""
    part, _, name = key.partition(".")
    if name:
        return words("besides.parameters", parameter=words.label(PARAMETERS, name), name=name)
    return words.name("besides", part)


def warnings(lots: pd.DataFrame, grades: pd.DataFrame, words: Words) -> list[str]:
    """The policies that rest on word of mouth, those that rest mostly on what nobody has measured,
    and those that can't be given by lot."""
    rows = lots.to_dict("records")
    spread = [row["policy"] for row in rows if row["rests_on_word_of_mouth"]]
    names = dict.fromkeys(grades["policy"]) if len(grades.columns) else {}
    unmeasured = [name for name in names if grounds(grades, name).unclear]
    lines = [
        words.stop(words(key, policies=words.listed([words("basis.quoted", name=n) for n in some])))
        for key, some in (("basis.spread", spread), ("basis.unmeasured", unmeasured))
        if some
    ]
    for row in rows:
        lines += lot_sentences(row, words) if row["reason"] else []
    return lines


def test_sentences(tests: pd.DataFrame, words: Words) -> list[str]:
    """The operator's tests beside what the worlds expect, from `Comparison.tests`."""
    lines = []
    for row in tests.to_dict("records"):
        effect, low, high, *simulated = _percents(
            *(row[name] for name in ("effect", "low", "high", "simulated", "simulated_low",
                                     "simulated_high"))
        )  # fmt: skip
        test = words(
            "tests.test", lever=words.label(LEVERS, row["lever"]), value=words.short(row["value"]),
            share=words.percent(row["share"]), first=words.date(row["from"]),
            last=words.date(row["until"]), outcome=words.name("test_outcome", row["outcome"]),
            effect=effect, low=low, high=high,
        )  # fmt: skip
        names = ("simulated", "low", "high")
        expected = words("tests.expected", **dict(zip(names, simulated, strict=True)))
        lines.append(words.stop(words.clauses([test, expected])))
        lines.append(
            words.stop(words("tests." + ("contradicts" if row["contradicts"] else "agrees")))
        )
    return lines


def answer_sentence(row: Mapping[str, Any], worth: float, words: Words, kept: bool = False) -> str:
    """A row of `Comparison.answers`: the effect of a policy before and after the tests. `kept`: the
    tests leave too few worlds, so that it is the same."""
    word = row["word"]
    key = {"contradicts": "answer_contradicts", "too few": "kept"}.get(word, word)
    if kept and word == "contradicts":
        key = "kept_contradicts"
    before, after = (range_in_percent(row, f"{when}_", words) for when in ("before", "after"))
    told = words(f"tests.{key}", policy=row["policy"], before=before, after=after)
    chances = {when: probability(row[f"{when}_chance"]) for when in ("before", "after")}
    if kept or len({*chances.values()}) == 1:
        return words.stop(told)
    chance = words("tests.chance", worth=words.percent(worth), **chances)
    return words.stop(words.clauses([told, chance]))


def answer_sentences(
    answers: pd.DataFrame, tests: pd.DataFrame, worth: float, words: Words, policy: str
) -> list[str]:
    """The row of `Comparison.answers` about a policy."""
    return [
        answer_sentence(row, worth, words, kept_before(tests))
        for row in answers.to_dict("records")
        if row["policy"] == policy
    ]


def changes_by_tests(
    answers: pd.DataFrame, tests: pd.DataFrame, grades: pd.DataFrame, worth: float, words: Words
) -> list[str]:
    """What tests change, for the policies that set a tested lever (`grades`; without grades, for
    all). If the tests leave too few worlds, estimates are those before them, and at most doubtful.
    """
    if not len(answers):
        return []
    if kept_before(tests):
        doubtful = bool(tests["contradicts"].any())
        return [words.stop(words("tests.all_doubtful"))] if doubtful else []
    policies = list(answers["policy"])
    mine = set(policies)
    if len(grades):
        mine = set(grades["policy"][grades["lever"].isin(tests["lever"])])
    lines = [
        line
        for policy in policies
        if policy in mine
        for line in answer_sentences(answers, tests, worth, words, policy)
    ]
    return lines if mine.issuperset(policies) else [*lines, words.stop(words("tests.others"))]


def weight_sentences(tests: pd.DataFrame, worlds: int, words: Words) -> list[str]:
    """A warning if tests cannot change the weights, or leave too few worlds."""
    if tests["left"].isna().all():
        return [words.stop(words("tests.no_weights"))]
    if not kept_before(tests):
        return []
    left = rounded(float(tests["left"].iloc[0]))[0]
    return [words.stop(words("tests.few", n=words.number(worlds), effective=left))]


def settling_sentence(row: Mapping[str, Any], words: Words) -> str:
    """A row of `Comparison.settling`: the most informative test."""
    test = words(
        "settling.test", lever=words.label(LEVERS, row["lever"]), value=words.short(row["value"]),
        first=words.date(row["from"]), last=words.date(row["until"]), weeks=row["weeks"],
        outcome=words.name("test_outcome", row["outcome"]),
    )  # fmt: skip
    key = "explains" if row["explains"] >= TELLING else "hardly"
    told = words(
        f"settling.{key if row['clear'] else 'not_clear'}", policy=row["policy"],
        explains=words.percent(row["explains"]), n=words.number(row["samples"]),
    )  # fmt: skip
    return words.stop(words.clauses([test, told]))


def range_in_percent(row: Mapping[str, Any], prefix: str, words: Words) -> str:
    """A relative effect: the median, and the range in which nine of ten worlds lie."""
    value, low, high = _percents(*(row[f"{prefix}{end}"] for end in ("q50", "q05", "q95")))
    return words("verdict.level_range", value=value, low=low, high=high)


def _percents(*values: float) -> Sequence[str]:
    return [f"{text}%" for text in rounded(*(100 * value for value in values), sign=True)]
