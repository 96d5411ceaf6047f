"""The report of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comsim.language.phrases import Words
from comsim.present.report import answer, basis, drivers, fans, returns, verdicts
from comsim.present.report.chart import TextTable
from comsim.present.report.moves import group_in_words, rule_in_words
from comsim.present.report.page import Items, Page, Section, render
from comsim.present.report.setup import differences, provenance_section
from comsim.studies.comparison.words import sentences
from comsim.studies.comparison.words.answer import lead_sentences
from comsim.studies.comparison.words.differences import levels, mean, range_over_worlds
from comsim.studies.comparison.words.starts import in_words

if TYPE_CHECKING:
    from comsim.scenario import Scenario
    from comsim.studies.comparison.comparison import Comparison

ARM_COLUMNS = ("policy", "arm", "outcome", "effect", "range", "mean_a", "mean_b", "difference")


def comparison_report(
    comparison: Comparison, provenance: dict[str, Any], language: str = "en"
) -> str:
    """The page of a comparison as HTML. `provenance` has `comsim`, `code`, `seed`, `python`,
    `platform`, `packages` and `series`, as in provenance.json."""
    words = comparison.words(language)
    comparison = in_words(comparison, words)
    days = answer.shown_days(comparison, words)
    metrics = list(dict.fromkeys(comparison.series["metric"]))
    divided = comparison.verdicts["share_luck"].notna().any()
    appendix = [
        *([returns.section(comparison, words)] if len(comparison.returns) else []),
        verdicts.table_section(comparison, words),
        *([verdicts.variance_section(comparison, words)] if divided else []),
        drivers.section(comparison, words),
        verdicts.worlds_section(comparison, words),
        *(fans.section(comparison, metric, words, days) for metric in metrics),
    ]
    if len(comparison.arms):
        appendix.append(_arms(comparison, words))
    appendix += [
        _compared(comparison, words),
        _limits(comparison, words),
        provenance_section(provenance, words),
    ]
    today = comparison.scenarios[0].past
    page = Page(
        kicker=words.listed(list(comparison.policies)),
        title=sentences.title(comparison.findings, words),
        lead=words.joined_sentences(
            [
                *lead_sentences(comparison, words),
                *filter(None, [verdicts.measured(comparison, words)]),
            ]
        ),
        facts=[
            (words("fact.days"), words("fact.span", first=words.date(today),
                                       last=words.date(comparison.days - 1),
                                       days=words.days(comparison.days - today))),
            (words("fact.worlds"), words.number(comparison.number)),
            (words("fact.seed"), str(comparison.seed)),
        ],
        sections=[answer.section(comparison, words), *basis.sections(comparison, words)],
        appendix=appendix,
        readout=days.script(),
        about=words("page.compared"),
    )  # fmt: skip
    return render(page, words)


def _compared(comparison: Comparison, words: Words) -> Section:
    """How the scenarios of the policies differ, each compared with the defaults."""
    written = {
        name: scenario
        for name, scenario in zip(comparison.policies, comparison.scenarios, strict=True)
        if name not in comparison.shared
    }
    scaled = {
        budget.policy: budget.levers for budget in comparison.equal_budget if budget.factor != 1
    }
    rows = _differences(written, scaled, words)
    rules = [
        [_rule(rule, scaled.get(name, ()), words) for rule in scenario.rules]
        for name, scenario in written.items()
    ]
    if any(texts != rules[0] for texts in rules):
        cells = ["\n".join(texts) or "–" for texts in rules]
        rows.append([words("compared.rules"), "rules", *cells])
    names = list(written)
    blocks: list[Any] = []
    if rows:
        columns = [words("setup.what"), words("setup.key"), *names]
        blocks.append(TextTable(columns, rows, [False] * len(columns)))
    if comparison.shared:
        share, first = words.percent(comparison.share, 1).replace(".0%", "%"), names[0]
        blocks.append(
            Items(
                [
                    words("compared.shared", policy=name, other=other, share=share, first=first)
                    for name, other in comparison.shared.items()
                ]
            )
        )
    blocks += [Items(budget.sentences(words)) for budget in comparison.equal_budget]
    title = words("compared.title" if rows else "compared.same", n=words.number(len(rows)))
    return Section("compared", words("topic.compared"), title, words("compared.lead"), blocks)


def _differences(
    written: dict[str, Scenario], scaled: dict[str, Sequence[str]], words: Words
) -> list[list[str]]:
    """One row per key in which scenarios differ: its meaning, the key, and its value in each.
    Levers that were scaled are marked."""
    keyed = []
    for name, scenario in written.items():
        marked = {f"policy.{lever}" for lever in scaled.get(name, ())}
        keyed.append(
            {
                key: (what, words("compared.as_written", value=value) if key in marked else value,
                      default)
                for what, key, value, default in differences(scenario, words)
            }
        )  # fmt: skip
    rows = []
    for key in dict.fromkeys(key for one in keyed for key in one):
        what, _, default = next(one[key] for one in keyed if key in one)
        values = [one[key][1] if key in one else default for one in keyed]
        if len(set(values)) > 1:
            rows.append([what, key, *values])
    return rows


def _rule(rule: Any, scaled: Sequence[str], words: Words) -> str:
    """A rule, marked if it moves a lever that was scaled."""
    text = rule_in_words(rule, words)
    moved = any(action.lever in scaled for action in rule.do)
    return words("compared.as_written", value=text) if moved else text


def _arms(comparison: Comparison, words: Words) -> Section:
    """The effect on the people of an arm, and within one community."""
    rows = [
        [
            row["policy"],
            group_in_words(f"arm:{row['arm']}", words),
            words.name("outcome", row["outcome"], row["label"]),
            words.name("effect", row["effect"].replace(" ", "_"), row["effect"]),
            range_over_worlds(row, words),
            *levels(row, words),
            mean(row, words),
        ]
        for row in comparison.arms.to_dict("records")
    ]
    columns = [words(f"arms.{key}") for key in ARM_COLUMNS]
    table = TextTable(columns, rows, [False] * 4 + [True] * 4)
    return Section("arms", words("topic.arms"), words("arms.title"), words("arms.lead"), [table])


def _limits(comparison: Comparison, words: Words) -> Section:
    """What this comparison cannot show."""
    lines = [*comparison.limits(words.language)]
    lines += [words("limits.note", note=note) for note in comparison.notes]
    return Section("limits", words("topic.limits"), words("limits.title"), "", [Items(lines)])
