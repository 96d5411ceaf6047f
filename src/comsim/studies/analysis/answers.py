"""All that a sweep can answer, and what it can't, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from comsim.common.copies import Copied
from comsim.common.errors import InputError
from comsim.common.progress import telling
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.asked import Asked, asked, core_of
from comsim.studies.analysis.condition import Condition
from comsim.studies.analysis.phrasing import upper
from comsim.studies.analysis.reading import swept as as_swept
from comsim.studies.experiments.result import Sweep, load_sweep

if TYPE_CHECKING:
    import pandas as pd

    from comsim.statistics.prim import Box
    from comsim.studies.analysis.swept import Swept

RUNS = 500  # whose series are read at a time, so that memory stays flat
FUTURES = ("grid", "list", "csv")  # designs that may have all policies in the same futures
INDICES = ("sobol", "morris")
WATCHED, DECLINE = "wau", "decline"

Told = Callable[[int, int], None]
"""Called with how many questions are done, and how many there are."""


@dataclass(frozen=True)
class Skipped:
    """A question that these runs can't answer."""

    name: str
    what: str
    why: str


@dataclass(frozen=True, repr=False)
class Analysis:
    """What a sweep says: the answers, the questions left open, and what was asked."""

    sweep: Sweep
    swept: Swept = Copied()
    asked: Asked
    answers: tuple[Answer, ...]
    skipped: tuple[Skipped, ...]
    boxes: tuple[Box, ...] = ()
    """Those that were found, to be checked elsewhere."""

    @property
    def condition(self) -> str:
        """What is asked of each run, in words."""
        return self.asked.condition.words(self.swept)

    @property
    def open(self) -> list[tuple[list[Skipped], str]]:
        """The questions that are left open, by reason."""
        by: dict[str, list[Skipped]] = {}
        for one in self.skipped:
            by.setdefault(one.why, []).append(one)
        return [(some, why) for why, some in by.items()]

    def __getitem__(self, name: str) -> Answer:
        """An answer by its name, or the first whose name begins with this word ("tipping");
        KeyError, with the reason, where there is none."""
        for answer in self.answers:
            if name in (answer.name, answer.name.split("_")[0]):
                return answer
        why = next((one.why for one in self.skipped if one.name == name), "no such answer")
        raise KeyError(f"{name}: {why}; there are {', '.join(one.name for one in self.answers)}")

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
    what: str
    ask: Callable[[], Answer | Iterable[Answer]]
    why_not: str = ""
    """The reason, where it is known before it is asked."""


def analyse(
    sweep: Sweep | str | Path,
    outcome: str | None = None,
    condition: str | Condition | None = None,
    across: str | None = None,
    up: str | None = None,
    core: str | None = None,
    progress: Told | bool | None = None,
) -> Analysis:
    """All that a finished sweep (or its folder) can say of an outcome and a condition.

    `outcome`: by default the first of the experiment. `condition`, as "dormancy exists", "alive
    below 60" or "decline never": by default that dormancy, or else decline, begins, or else that
    the outcome is among the worst quarter. `across`, `up`: factors of the map, by default the first
    two levers. `core`: the factor that is the core of contributors, by default the seed group.
    `progress`: True for a line on stderr, or a function called with questions done, and all.
    InputError where the folder is no finished sweep, or has no such outcome or factor.
    """
    sweep = sweep if isinstance(sweep, Sweep) else load_sweep(sweep)
    swept = as_swept(sweep)
    if swept.failed.all():
        raise InputError.at(sweep.folder, "runs", "that all of them failed", "some that did not")
    wanted = asked(swept, outcome, condition, across, up)
    noted = tuple(f"{upper(note)}." for note in sweep.notes)
    wanted = replace(wanted, taken=(*wanted.taken, *noted))
    boxes: list[Box] = []
    questions = list(_questions(sweep, swept, wanted, core, boxes))
    if swept.design in INDICES:
        questions.sort(key=lambda one: one.name != "sensitivity")  # what such designs are made for
    found: list[Answer] = []
    skipped: list[Skipped] = []
    with telling(progress, "questions") as told:
        for done, question in enumerate(questions):
            if told:
                told(done, len(questions))
            why = question.why_not
            if not why:
                try:
                    answers = question.ask()
                    found += [answers] if isinstance(answers, Answer) else answers
                except InputError as error:
                    why = f"found {error.found}; needed: {error.allowed}"
            if why:
                skipped.append(Skipped(question.name, question.what, why))
        if told:
            told(len(questions), len(questions))
    found.sort(key=lambda answer: not answer.figure)  # what has nothing to show stands last
    return Analysis(sweep, swept, wanted, tuple(found), tuple(skipped), tuple(boxes))


def _questions(
    sweep: Sweep, swept: Swept, wanted: Asked, core: str | None, boxes: list[Box]
) -> Iterator[_Question]:
    """Every question, the ones about the edge first. Found boxes are put into `boxes`."""
    from comsim.studies.analysis.effects import main_effects
    from comsim.studies.analysis.maps import smallest_core, tipping
    from comsim.studies.analysis.pairs import pairs
    from comsim.studies.analysis.robust import robust
    from comsim.studies.analysis.sensitivity import sensitivity
    from comsim.studies.analysis.stochastic import luck

    name, condition, design = wanted.outcome.name, wanted.condition, swept.design
    alone, morris = drawn_alone(swept), design == "morris"
    paths = "the points of a Morris design lie on a few paths"

    def search() -> Answer:
        from comsim.studies.analysis.boxes import boxes as found

        answer, some = found(alone, condition)
        boxes.extend(some)
        return answer

    yield _Question(
        "tipping", "Where it tips",
        lambda: tipping(alone, condition, wanted.across, wanted.up),
        paths if morris else "" if wanted.across else "it takes two factors with numbers",
    )  # fmt: skip
    yield _Question("boxes", "Under which values", search, paths if morris else "")
    factor = core_of(swept, {f.column: f.path or "" for f in sweep.factors}, core)
    nobody = "no factor is the core of contributors (policy.seed_group); --core NAME takes another"
    yield _Question(
        "core", "The smallest core", lambda: smallest_core(alone, condition, factor.name),
        nobody if factor is None else paths if morris else "",
    )  # fmt: skip
    yield _Question(
        "robust", "Which policy is robust", lambda: robust(swept, name),
        "" if design in FUTURES else f"the policies of a {_called(design)} design were not run in "
        "the same futures; a grid, or a list, has them so",
    )  # fmt: skip
    several = "a Morris design has a measure of its own, the mean size of changes"
    yield _Question("effects", "What moves it", lambda: main_effects(swept, name),
                    several if morris else "")  # fmt: skip
    yield _Question(
        "pairs", "What works together", lambda: pairs(swept, name),
        several if morris else "it takes two factors" if len(swept.factors) < 2 else "",
    )  # fmt: skip
    yield _Question(
        "sensitivity", "Sensitivity indices", lambda: sensitivity(swept, name),
        "" if design in INDICES else f"a {_called(design)} design has no such indices; "
        "sobol and morris have",
    )  # fmt: skip
    yield _Question("luck", "How much is luck", lambda: luck(alone))
    yield _Question("warning", "What foretells decline", lambda: _warning(sweep, swept),
                    _unwatched(sweep, swept))  # fmt: skip


def drawn_alone(swept: Swept) -> Swept:
    """Of a Sobol design, only the points that were drawn by themselves: the others repeat their
    values, and would count the same evidence again. Any other sweep as it is."""
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
    """Why nothing can be said of early warning; empty where something can."""
    kept = sweep.experiment.series
    if kept is None or WATCHED not in kept.metrics:
        return f'no daily series of {WATCHED} were kept ([series] metrics = ["{WATCHED}"])'
    if DECLINE not in [outcome.name for outcome in swept.outcomes]:
        return f'no run was asked for "{DECLINE}" (outcomes)'
    if not np.isfinite(swept.by_point(DECLINE)).any():
        return "no run has its decline known"
    return ""


def _called(design: str) -> str:
    return {"latin_hypercube": "Latin hypercube", "sobol": "Sobol", "morris": "Morris"}.get(
        design, design
    )
