"""The findings for facts of all kinds, with their rivals.

Facts of kind F are measured in a fixed number of worlds, effects and base rates (E, B) in as many
as they need, and distributions (V, F5) over a population of communities.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comsim.evidence import real, shapes
from comsim.evidence.fact import UNMEASURED, Fact, Finding, Measurement, idle
from comsim.evidence.facts import MEASURES
from comsim.evidence.november import november
from comsim.evidence.plausible.again import again
from comsim.evidence.runner import Measure, Runner, Size, fewest, precise
from comsim.evidence.trials import TRIALS
from comsim.scenario.rows import Rows
from comsim.studies.comparison.runs import Progress


def findings(
    facts: Sequence[Fact],
    size: Size,
    seed: int,
    rivals: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
    rows: Rows | None = None,
) -> list[Finding]:
    """The finding for each fact. `rivals`: whether to also simulate the facts with their mechanisms
    switched off. `rows`: plausible worlds to take parameters from. The result does not depend on
    `jobs`."""
    runner = Runner(seed, jobs, progress, rows)
    measures = {**MEASURES, **TRIALS}
    testable = [fact for fact in facts if fact.missing is None]
    results = measured(runner, testable, measures, size)
    if distributed := [fact for fact in testable if fact.of_distributions]:
        results |= _distances(runner, distributed, size.communities)
    without = {fact.id: idle(fact) for fact in facts if fact.idle and fact.deciding}
    if rivals:
        without |= runner.off(facts, measures, size.worlds)
    stored = november()
    return [
        Finding(
            fact,
            found := results.get(fact.id, UNMEASURED),
            precise(fact, found),
            without.get(fact.id),
            stored.get(fact.id),
        )
        for fact in facts
    ]


def measured(
    runner: Runner, facts: Sequence[Fact], measures: Mapping[str, Measure], size: Size
) -> dict[str, Measurement]:
    """The measurements of facts that are measured in worlds."""
    here = [fact for fact in facts if not fact.of_distributions and fact.id in measures]
    fixed = [fact for fact in here if fact.kind == "F"]
    adaptive = [fact for fact in here if fact.kind != "F"]
    return runner.measured(fixed, measures, size.worlds) | runner.measured(
        adaptive, measures, size.most, precise, at_least=fewest
    )


def _distances(runner: Runner, facts: Sequence[Fact], communities: int) -> dict[str, Measurement]:
    """The measurements of facts about distributions, with bootstrap intervals of the distances."""
    here = communities, runner.seed, runner.jobs, runner.counted(communities)
    if runner.rows is None:
        found = shapes.shapes(*here)
    else:
        found = shapes.compared(real.communities(), again(runner.rows.file, *here))
    return {
        fact.id: Measurement(
            {check.figure: found[check.figure].distance for check in fact.checks},
            {check.figure: 0 for check in fact.checks},
            communities,
            {check.figure: found[check.figure].coverage for check in fact.checks},
        )
        for fact in facts
    }
