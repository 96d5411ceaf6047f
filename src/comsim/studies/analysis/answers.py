"""Answers all questions that a sweep can answer. For the others, it gives the reason."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from comsim.common.copies import Copied
from comsim.common.errors import InputError
from comsim.common.progress import reporting
from comsim.language.phrases import Words
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.condition import OutcomeCondition
from comsim.studies.analysis.phrasing import upper
from comsim.studies.analysis.query import Query, core_of, query_of
from comsim.studies.analysis.reading import swept as as_swept
from comsim.studies.experiments.result import Sweep, load_sweep

if TYPE_CHECKING:
    import pandas as pd

    from comsim.statistics.prim import Box
    from comsim.studies.analysis.swept import Swept

RUNS = 500  # whose series are read at a time, to limit memory
FUTURES = ("grid", "list", "csv")  # designs that may run all policies in the same futures
INDICES = ("sobol", "morris")
WATCHED, DECLINE = "wau", "decline"
RENAMED = {"luck": "stochastic"}  # earlier names of answers

QuestionProgress = Callable[[int, int], None]
"""Called with the number of questions answered, and of all questions."""


@dataclass(frozen=True)
class Skipped:
    """A question that these runs can't answer, and why."""

    name: str
    what: str
    why: str


@dataclass(frozen=True, repr=False)
class Analysis:
    """The answers of a sweep, the open questions, and the query."""

    sweep: Sweep
    swept: Swept = Copied()
    query: Query
    answers: tuple[Answer, ...]
    skipped: tuple[Skipped, ...]
    boxes: tuple[Box, ...] = ()
    """The boxes of the answer "boxes", to be checked on other runs."""

    @property
    def condition(self) -> str:
        """The condition on each run, in words."""
        return self.query.condition.words(self.swept)

    @property
    def open(self) -> list[tuple[list[Skipped], str]]:
        """The open questions, by reason."""
        by: dict[str, list[Skipped]] = {}
        for one in self.skipped:
            by.setdefault(one.why, []).append(one)
        return [(some, why) for why, some in by.items()]

    def __getitem__(self, name: str) -> Answer:
        """An answer by name, or the first answer whose name begins with this word ("tipping").
        Raises KeyError, with the reason, if there is none."""
        if name in RENAMED:
            new = RENAMED[name]
            warnings.warn(f"{name!r} is now {new!r}", DeprecationWarning, stacklevel=2)
            name = new
        for answer in self.answers:
            if name in (answer.name, answer.name.split("_")[0]):
                return answer
        why = next((one.why for one in self.skipped if one.name == name), "no such answer")
        raise KeyError(f"{name}: {why}; available: {', '.join(one.name for one in self.answers)}")

    # Attached by `comsim.results.analysis`.
    save: ClassVar[Callable[..., Path]]

    def __str__(self) -> str:
        lines = [f"{answer.title}\n  {answer.sentence}" for answer in self.answers]
        return "\n\n".join([*lines, *(f"{one.what}: {one.why}" for one in self.skipped)])

    def __repr__(self) -> str:
        names = ", ".join(answer.name for answer in self.answers)
        return f"<Analysis of {self.sweep.experiment.name!r}: {names}>"


@dataclass(frozen=True)
class _Question:
    name: str
    ask: Callable[[], Answer | Iterable[Answer]]
    why_not: str = ""
    """The reason if it is known in advance."""

    @property
    def what(self) -> str:
        """Its topic."""
        return Words("en").name("analysis_topic", self.name)


def analyse(
    sweep: Sweep | str | Path,
    outcome: str | None = None,
    condition: str | OutcomeCondition | None = None,
    across: str | None = None,
    up: str | None = None,
    core: str | None = None,
    progress: QuestionProgress | bool | None = None,
) -> Analysis:
    """Analyse a finished sweep (or its folder): all answers about an outcome and a condition.

    `outcome`: by default the first of the experiment. `condition`: such as "dormancy exists",
    "alive below 60" or "decline never". The default is the first of these that separates the runs:
    dormancy begins, decline begins, the outcome is in its worst quarter. `across`, `up`: the
    factors of the map, by default the first two levers. `core`: the factor for the core of
    contributors, by default the seed group. `progress`: True for a line on stderr, or a function
    that is called with the number of answered questions and the number of all questions.

    Raises InputError if the folder is not a finished sweep, or has no such outcome or factor.
    """
    sweep = sweep if isinstance(sweep, Sweep) else load_sweep(sweep)
    swept = as_swept(sweep)
    if swept.failed.all():
        raise InputError.at(sweep.folder, "runs", "only failed ones", "some that did not fail")
    query = query_of(swept, outcome, condition, across, up)
    notes = tuple(f"{upper(note)}." for note in sweep.notes)
    query = replace(query, defaults=(*query.defaults, *notes))
    boxes: list[Box] = []
    questions = list(_questions(sweep, swept, query, core, boxes))
    if swept.design in INDICES:
        questions.sort(key=lambda one: one.name != "sensitivity")  # the purpose of such designs
    answers: list[Answer] = []
    skipped: list[Skipped] = []
    with reporting(progress, "questions") as report:
        for done, question in enumerate(questions):
            if report:
                report(done, len(questions))
            why = question.why_not
            if not why:
                try:
                    result = question.ask()
                    answers += [result] if isinstance(result, Answer) else result
                except InputError as error:
                    why = f"it has {error.found}; required: {error.allowed}"
            if why:
                skipped.append(Skipped(question.name, question.what, why))
        if report:
            report(len(questions), len(questions))
    answers.sort(key=lambda answer: not answer.figure)  # answers without a figure last
    return Analysis(sweep, swept, query, tuple(answers), tuple(skipped), tuple(boxes))


def _questions(
    sweep: Sweep, swept: Swept, query: Query, core: str | None, boxes: list[Box]
) -> Iterator[_Question]:
    """All questions, starting with those about thresholds. Boxes are appended to `boxes`."""
    from comsim.studies.analysis.effects import main_effects
    from comsim.studies.analysis.maps import smallest_core, tipping
    from comsim.studies.analysis.pairs import pairs
    from comsim.studies.analysis.robust import robust
    from comsim.studies.analysis.sensitivity import sensitivity
    from comsim.studies.analysis.stochastic import stochastic

    name, condition, design = query.outcome.name, query.condition, swept.design
    alone, morris = independent_points(swept), design == "morris"
    paths = "the points of a Morris design lie on a few trajectories"

    def search() -> Answer:
        from comsim.studies.analysis.boxes import boxes as find_boxes

        answer, some = find_boxes(alone, condition)
        boxes.extend(some)
        return answer

    yield _Question(
        "tipping", lambda: tipping(alone, condition, query.across, query.up),
        paths if morris else "" if query.across else "it requires two numeric factors",
    )  # fmt: skip
    yield _Question("boxes", search, paths if morris else "")
    factor = core_of(swept, {f.column: f.path or "" for f in sweep.factors}, core)
    missing = "no factor is the seed group (policy.seed_group); --core NAME selects another"
    yield _Question(
        "core", lambda: smallest_core(alone, condition, factor.name),
        missing if factor is None else paths if morris else "",
    )  # fmt: skip
    yield _Question(
        "robust", lambda: robust(swept, name),
        "" if design in FUTURES else f"a {_called(design)} design does not run its policies in "
        "the same futures, as a grid or a list does",
    )  # fmt: skip
    several = "a Morris design has its own measure, the mean absolute change"
    yield _Question("effects", lambda: main_effects(swept, name),
                    several if morris else "")  # fmt: skip
    yield _Question(
        "pairs", lambda: pairs(swept, name),
        several if morris else "it requires two factors" if len(swept.factors) < 2 else "",
    )  # fmt: skip
    yield _Question(
        "sensitivity", lambda: sensitivity(swept, name),
        "" if design in INDICES else f"a {_called(design)} design has no such indices; "
        "use sobol or morris",
    )  # fmt: skip
    yield _Question("stochastic", lambda: stochastic(alone))
    yield _Question("warning", lambda: _warning(sweep, swept),
                    _unwatched(sweep, swept))  # fmt: skip


def independent_points(swept: Swept) -> Swept:
    """Only the independent points of a Sobol design, since the others repeat their values. Other
    sweeps are returned unchanged."""
    if swept.design != "sobol":
        return swept
    runs = swept.runs[swept.runs["point"].mod(swept.block).isin([0, swept.block - 1])]
    return replace(swept, runs=runs, design="latin_hypercube")


def _warning(sweep: Sweep, swept: Swept) -> Answer:
    from comsim.studies.analysis.warning import early_warning

    first = sweep.runs["run"].to_numpy()

    def series() -> Iterator[pd.DataFrame]:
        for at in range(0, len(first), RUNS):
            yield sweep.series(runs=first[at : at + RUNS].tolist())

    return early_warning(swept, series(), DECLINE, WATCHED)


def _unwatched(sweep: Sweep, swept: Swept) -> str:
    """Why early warning can't be analysed; empty if it can."""
    kept = sweep.experiment.series
    if kept is None or WATCHED not in kept.metrics:
        return f'no daily series of {WATCHED} was kept ([series] metrics = ["{WATCHED}"])'
    if DECLINE not in [outcome.name for outcome in swept.outcomes]:
        return f'"{DECLINE}" is not among the outcomes'
    if not np.isfinite(swept.by_point(DECLINE)).any():
        return "no run has a known decline"
    return ""


def _called(design: str) -> str:
    return {"latin_hypercube": "Latin hypercube", "sobol": "Sobol", "morris": "Morris"}.get(
        design, design
    )
