"""The table on page one of a comparison: each policy with its effect, spending and chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comsim.language.amounts import probability
from comsim.language.phrases import Words
from comsim.studies.comparison.choices.returns import OTHERS
from comsim.studies.comparison.finding import PolicyFinding, ranked
from comsim.studies.comparison.words.basis_sentences import grade_name
from comsim.studies.comparison.words.differences import chance, level_range, median_and_range
from comsim.studies.comparison.words.return_rows import NONE, Rows, figure_in_words
from comsim.studies.comparison.words.sentences import left_for_budget, pays
from comsim.studies.comparison.words.starts import best_starts

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison

MOST = 4  # policies on page one, beside the first


def best_of(comparison: Comparison) -> list[PolicyFinding]:
    """The findings about the policies on page one, the best first."""
    return ranked(comparison.findings)[:MOST]


def next_test(comparison: Comparison, best: Sequence[PolicyFinding]) -> dict[str, Any] | None:
    """The most informative test of the best of some policies for which there is one: a row
    of `Comparison.settling`. Levers with a test of one's own need no other, and a test that would
    tell nothing is proposed only for an effect that nobody has measured."""
    done = set(comparison.tests["lever"]) if len(comparison.tests) else set()
    tests = {
        row["policy"]: row
        for row in comparison.settling.to_dict("records")
        if row["lever"] not in done
    }
    some = [one for one in best if one.policy in tests]
    return next(
        (tests[one.policy] for one in some if tests[one.policy]["clear"] or one.untested), None
    )


def lead_sentences(comparison: Comparison, words: Words) -> list[str]:
    """The sentences after the advice: today's numbers or tests that the worlds contradict, policies
    that cost too much, profit, the best starts, and the policy with the most profit."""
    tests, lines = comparison.tests, [comparison.misfit(words.language)]
    if len(tests) and tests["contradicts"].any():
        lines.append(words("advice.contradicted"))
    elif len(tests) and tests["used"].any():
        left = words.number(round(float(tests["left"].iloc[0])))
        lines.append(words("advice.tested", left=left, n=words.number(comparison.number)))
    lines += [left_for_budget(comparison.findings, words), pays(comparison.findings, words)]
    lines += best_starts(comparison, words)
    if most := _most_profit(comparison):
        policy, share = most
        key = "most_profit_unpriced" if policy in comparison.unpriced else "most_profit"
        lines.append(words(f"advice.{key}", policy=policy, share=probability(share)))
    return [line for line in lines if line]


def _most_profit(comparison: Comparison) -> tuple[str, float] | None:
    """The policy that most often has the most profit, if that is not known from the table."""
    table = comparison.returns
    rows = table[(table["against"] == OTHERS) & (table["figure"] == "profit")]
    if not len(rows):
        return None
    row = rows.loc[rows["ahead"].idxmax()]
    return row["policy"], float(row["ahead"])


def answer_rows(comparison: Comparison, best: Sequence[PolicyFinding], words: Words) -> Rows:
    """A row for the first policy and for each of some others: level, effect, spending, chance, and
    the weakest evidence on which a part of it rests. If policies begin on different days
    and their names do not give these, there is a column for the day. With a budget, there is one
    for the chance to stay within it."""
    days = {*comparison.since[1:]}
    for start, scenario in zip(comparison.starts[1:], comparison.scenarios[1:], strict=True):
        if not any(programme.starts for programme in scenario.programmes):
            days.add(start)  # others have the day in their names
    dated = len(days) > 1
    first, *_ = comparison.policies
    rows = [
        {
            "policy": first,
            "since": "",
            "level": level_range(best[0].row, "a", words),
            "effect": "",
            "spending": "",
            "within": "",
            "chance": "",
            "evidence": "",
        }
    ]
    for finding in best:
        row = finding.row
        rows.append(
            {
                "policy": finding.policy,
                "since": words.brief(finding.start),
                "level": level_range(row, "b", words),
                "effect": median_and_range(row, words),
                "spending": figure_in_words(comparison, finding.policy, "spending", words),
                "within": NONE if finding.within is None else probability(finding.within),
                "chance": chance(row),
                "evidence": grade_name(finding.grade, words) if finding.grade else NONE,
            }
        )
    graded = any(finding.grade for finding in best)
    shown = {"since": dated, "evidence": graded, "within": comparison.budget is not None}
    keys = [key for key in rows[0] if shown.get(key, True)]
    worth, budget = words.percent(comparison.worth), words.short(comparison.budget)
    columns = [words(f"answer.{key}", worth=worth, budget=budget) for key in keys]
    return Rows(columns, [[row[key] for key in keys] for row in rows])


def left_out(comparison: Comparison, best: Sequence[PolicyFinding], words: Words) -> list[str]:
    """A sentence on the effects of the policies that are not in the table; empty if all are."""
    shown = {finding.policy for finding in best}
    others = [
        words("answer.other", policy=one.policy, effect=median_and_range(one.row, words))
        for one in ranked(comparison.findings)
        if one.policy not in shown
    ]
    return [words("answer.left_out", policies=words.listed(others))] if others else []


def about_budget(comparison: Comparison, words: Words) -> list[str]:
    """A sentence that explains the chance to stay within the budget; empty without a budget."""
    if comparison.budget is None:
        return []
    budget, first = words.short(comparison.budget), comparison.policies[0]
    return [words("answer.about_budget", budget=budget, first=first)]


def measured_together(comparison: Comparison, words: Words) -> str:
    """The day from which all effects are measured, if policies begin on different days; empty if
    each is measured from its own first day."""
    if comparison.since == comparison.starts:
        return ""
    return words("verdict.together", when=words.moment(comparison.since[1]))
