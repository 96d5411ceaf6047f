"""The report of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comsim.language.amounts import rounded
from comsim.language.phrases import Words
from comsim.model.catalogue import LEVERS
from comsim.present.report import drivers as hinges
from comsim.present.report import fans, verdicts
from comsim.present.report.chart import Days, Table
from comsim.present.report.moves import group_in_words, rule_in_words
from comsim.present.report.page import Items, Page, Section, render
from comsim.present.report.setup import differences, provenance_section
from comsim.studies.comparison.finding import ENDS_KNOWN

if TYPE_CHECKING:
    from comsim.studies.comparison.comparison import Comparison

ARM_COLUMNS = ("policy", "arm", "outcome", "effect", "range", "mean_a", "mean_b", "difference")


def comparison_report(
    comparison: Comparison, provenance: dict[str, Any], language: str = "en"
) -> str:
    """The page of a comparison as HTML. `provenance` has `comsim`, `code`, `seed`, `python`,
    `platform`, `packages` and `series`, as in provenance.json."""
    words = Words(language, comparison.start)
    days = Days(words, comparison.days)
    metrics = list(dict.fromkeys(comparison.series["metric"]))
    sections = [
        verdicts.section(comparison, words),
        *(fans.section(comparison, metric, words, days) for metric in metrics[:1]),
        verdicts.table_section(comparison, words),
        verdicts.variance_section(comparison, words),
        hinges.section(comparison, words),
        *(fans.section(comparison, metric, words, days) for metric in metrics[1:]),
    ]
    if len(comparison.arms):
        sections.append(_arms(comparison, words))
    sections += [
        _compared(comparison, words),
        _limits(comparison, words),
        provenance_section(provenance, words),
    ]
    page = Page(
        kicker=words.listed(list(comparison.policies)),
        title=verdicts.headline(comparison, words),
        lead=verdicts.measured(comparison, words),
        facts=[
            (words("fact.days"), words("fact.span", first=words.date(0),
                                       last=words.date(comparison.days - 1),
                                       days=words.days(comparison.days))),
            (words("fact.worlds"), words.number(comparison.number)),
            (words("fact.seed"), str(comparison.seed)),
        ],
        sections=sections,
        readout={
            "start": comparison.start.isoformat(),
            "day": days.shown.tolist(),
            "word": words("unit.day_number", n="{n}"),
        },
        about=words("page.compared"),
    )  # fmt: skip
    return render(page, words)


def _compared(comparison: Comparison, words: Words) -> Section:
    """Where the scenarios of the policies differ, each held against the defaults."""
    written = {
        name: scenario
        for name, scenario in zip(comparison.policies, comparison.scenarios, strict=True)
        if name not in comparison.shared
    }
    scaled = {budget.policy: budget.levers for budget in comparison.budget if budget.factor != 1}
    said = []
    for name, scenario in written.items():
        keys = {f"policy.{lever}" for lever in scaled.get(name, ())}
        said.append(
            {
                key: (what, words("compared.as_written", value=value) if key in keys else value,
                      default)
                for what, key, value, default in differences(scenario, words)
            }
        )  # fmt: skip
    rows = []
    for key in dict.fromkeys(key for one in said for key in one):
        what, _, default = next(one[key] for one in said if key in one)
        values = [one[key][1] if key in one else default for one in said]
        if len(set(values)) > 1:
            rows.append([what, key, *values])
    rules = [
        [_rule(rule, scaled.get(name, ()), words) for rule in scenario.rules]
        for name, scenario in written.items()
    ]
    if any(told != rules[0] for told in rules):
        rows.append([words("compared.rules"), "rules", *("\n".join(told) or "–" for told in rules)])
    names = list(written)
    blocks: list[Any] = []
    if rows:
        columns = [words("setup.what"), words("setup.key"), *names]
        blocks.append(Table(columns, rows, [False] * len(columns)))
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
    blocks += [Items(_money(budget, words)) for budget in comparison.budget]
    title = words("compared.title" if rows else "compared.same", n=words.number(len(rows)))
    return Section("compared", words("topic.compared"), title, words("compared.lead"), blocks)


def _rule(rule: Any, scaled: Sequence[str], words: Words) -> str:
    """A rule, with a word where it moves a lever that was scaled."""
    told = rule_in_words(rule, words)
    moved = any(action.lever in scaled for action in rule.do)
    return words("compared.as_written", value=told) if moved else told


def _money(budget: Any, words: Words) -> list[str]:
    """How a policy was scaled to the same money."""
    reached, unscaled, target = rounded(budget.reached, budget.unscaled, budget.target)
    told = [
        words(
            "compared.budget",
            policy=budget.policy,
            levers=words.listed([words.label(LEVERS, lever) for lever in budget.levers]),
            factor=words.short(budget.factor),
            reached=reached,
            unscaled=unscaled,
            target=target,
        )
    ]
    for lever in budget.held:
        end = words.short(LEVERS[lever].high)
        told.append(words("compared.held", lever=words.label(LEVERS, lever), end=end))
    if not budget.bought:
        told.append(words("compared.saved" if budget.saves else "compared.not_bought"))
    return told


def _arms(comparison: Comparison, words: Words) -> Section:
    """The effect on the people of an arm, and within one community."""
    rows = []
    for _, row in comparison.arms.iterrows():
        low, high = rounded(row["q05"], row["q95"], sign=True)
        mean, mean_low, mean_high = rounded(
            row["difference"], row["mean_low"], row["mean_high"], sign=True
        )
        rows.append(
            [
                row["policy"],
                group_in_words(f"arm:{row['arm']}", words),
                words.name("outcome", row["outcome"], row["label"]),
                words.name("effect", row["effect"].replace(" ", "_"), row["effect"]),
                words("verdict.range", low=low, high=high),
                *rounded(row["mean_a"], row["mean_b"]),
                words("verdict.mean_interval", value=mean, low=mean_low, high=mean_high),
            ]
        )
    columns = [words(f"arms.{key}") for key in ARM_COLUMNS]
    table = Table(columns, rows, [False] * 4 + [True] * 4)
    return Section("arms", words("topic.arms"), words("arms.title"), words("arms.lead"), [table])


def _limits(comparison: Comparison, words: Words) -> Section:
    """What this comparison cannot say."""
    keys = ["trust", "money", "fixed" if comparison.fixed_world else "ranges", "model", "real"]
    told = [words(f"limits.{key}") for key in keys]
    if comparison.number < ENDS_KNOWN:
        few, enough = words.number(comparison.number), words.number(ENDS_KNOWN)
        told.append(words("limits.ends", n=few, enough=enough))
    told += [words("limits.note", note=note) for note in comparison.notes]
    return Section("limits", words("topic.limits"), words("limits.title"), "", [Items(told)])
