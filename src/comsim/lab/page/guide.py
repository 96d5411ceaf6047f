"""A lesson beside the community: step by step, with a guess before each answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from nicegui import ui

from comsim.lab.lesson import MAIN, Lesson, load_lessons
from comsim.lab.page.choose import LessonProgress, Open, begin
from comsim.lab.page.pieces import button, focus, heading, linked, paragraph
from comsim.lab.page.state import PageState
from comsim.lab.phrasebook import LANGUAGES
from comsim.lab.timeline import Timeline
from comsim.lab.visit import Visit

CHART = {"activity": "members"}  # charts that lessons name and that are part of another


@dataclass(frozen=True)
class GuideActions:
    """The functions of the page that a lesson uses."""

    do: Callable[[Callable[[Visit], Any]], Awaitable[Any]]
    """Do something with the visit, and show the result."""
    show_all: Callable[[], Awaitable[None]]
    """Show all that may have changed."""
    show_chart: Callable[[str], None]
    """Highlight a chart; "": none."""
    end: Callable[[], None]
    """Forget the lesson."""
    open_visit: Open
    """Open another visit."""


class Guide:
    """The position of a visitor in a lesson."""

    def __init__(
        self, lesson: Lesson, visit: Visit, progress: LessonProgress | None = None
    ) -> None:
        """A lesson, from its beginning or from where `progress` ended."""
        self.lesson, self.visit = lesson, visit
        self.at = progress.at if progress else 0
        # The last step carried out: earlier ones may be read again.
        self.done = progress.done if progress else 0
        self.guesses = dict(progress.guesses) if progress else {}  # by step: the option
        self.busy = False  # a step is being carried out
        self.ended = False
        if progress is None:
            visit.futures[0].part = MAIN
            if self.step.kind == "set":  # how the community begins
                self._act(visit, self.step)

    @property
    def lives(self) -> dict[str, Timeline]:
        """The lesson's timelines, except those that the visitor closed."""
        return {future.part: future.timeline for future in self.visit.futures if future.part}

    @property
    def step(self) -> Any:
        return self.lesson.steps[self.at]

    @property
    def guessed(self) -> int | None:
        """The option chosen on this step."""
        return self.guesses.get(self.at)

    @property
    def verdict(self) -> tuple[str, str, bool] | None:
        """For the step that answers a question: the guess, the right option, and whether they are
        the same."""
        kinds = [step.kind for step in self.lesson.steps[: self.at]]
        question = len(kinds) - 1 - kinds[::-1].index("ask") if "ask" in kinds else None
        if self.step.kind != "show" or question not in self.guesses or "show" in kinds[question:]:
            return None
        language, options = self.state.say.language, self.lesson.steps[question].options
        mine = options[self.guesses[question]]
        right = next(option for option in options if option.right)
        return mine.text(language), right.text(language), mine.right

    @property
    def ahead(self) -> bool:
        """Whether days still have to be played; their results are not shown before that."""
        plays = [step.to for step in self.lesson.steps[self.at :] if step.kind == "play"]
        return bool(plays) and self.state.visit is not None and self.state.visit.behind < plays[-1]

    def build(self, state: PageState, actions: GuideActions) -> None:
        """Build its place on the page."""
        self.state, self.actions = state, actions
        for future in state.visit.futures if state.visit else ():
            label = self.lesson.labels.get(future.part)
            if label is not None and future.name in ("", *map(label, LANGUAGES)):
                future.name = label(state.say.language)  # unless it was renamed
        self.place = ui.element("section").classes("panel lesson")
        self.place.props["aria-label"] = self.lesson.title(state.say.language)
        self.refresh()

    def refresh(self) -> None:
        """Show the step where the visitor is."""
        say, step = self.state.say, self.step
        language = say.language
        self.place.clear()
        with self.place:
            with heading(2, self.lesson.title(language)).props("tabindex=-1") as head:
                step_of = say("guide.step", n=self.at + 1, all=len(self.lesson.steps))
                ui.label(step_of).classes("hint")
            paragraph(step.text(language))
            if step.kind == "ask":
                self._options(language)
            if self.verdict is not None:
                mine, right, hit = self.verdict
                key = "guide.hit" if hit else "guide.miss"
                paragraph(say(key, mine=mine, right=right), "said")
            if step.kind == "show":
                for claim in step.claims:
                    paragraph(claim.words(self.lives, language), "said")
            if step.kind == "source":
                for source in step.sources:
                    linked(source(language), "said")
            with ui.element("div").classes("way"):
                self._ways()
        focus(head)  # the button that had the keys is gone

    def _options(self, language: str) -> None:
        with ui.element("div").classes("options"):
            for number, option in enumerate(self.step.options):
                taken = number == self.guessed
                known = self.guessed is not None and option.right and not self.ahead
                classes = f"{'taken' if taken else ''} {'right' if known else ''}"
                text = option.text(language)
                if known:
                    text += f" · {self.state.say('guide.right')}"
                made = button(text, lambda number=number: self.guess(number), classes)
                if self.guessed is not None:
                    made.props("disabled")
        if self.guessed is not None:
            paragraph(self.step.options[self.guessed].answer(language), "said")

    def _ways(self) -> None:
        say, visit, step = self.state.say, self.state.visit, self.step
        if visit is None:
            return
        if step.kind == "play" and visit.behind < step.to:
            button(say("guide.play", day=step.to), self.play, "strong").props("data-way=play")
        elif step.kind == "ask" and self.guessed is None:
            ui.label(say("guide.guess")).classes("hint")
        elif self.at + 1 < len(self.lesson.steps):
            button(say("guide.next"), self.next, "strong").props("data-way=next")
        else:
            button(say("guide.finish"), self.leave, "strong").props("data-way=finish")
            for other in load_lessons():
                if other.place == self.lesson.place + 1:
                    title = other.title(say.language)
                    button(
                        say("guide.onward", title=title),
                        partial(begin, other, self.actions.open_visit),
                    )
        if self.at:
            button(say("guide.back"), self.back).props("data-way=back")
        if self.at + 1 < len(self.lesson.steps):
            button(say("guide.leave"), self.leave)

    async def guess(self, number: int) -> None:
        if self.guessed is None:
            self.guesses[self.at] = number
            self.refresh()
            await self.actions.show_all()

    async def play(self) -> None:
        step = self.step
        if step.kind == "play":
            await self.actions.do(lambda visit: visit.watch(step.to))

    async def next(self) -> None:
        """Go to the next step, once it is carried out; stay if it can't be."""
        if self.busy or self.at + 1 >= len(self.lesson.steps):
            return
        step = self.lesson.steps[self.at + 1]
        if self.at == self.done and step.kind in ("set", "branch"):
            self.busy = True
            try:
                done = await self.actions.do(lambda visit: self._act(visit, step))
            finally:
                self.busy = False
            if not done or self.ended or self.state.visit is not self.visit:
                return
        self.at += 1
        self.done = max(self.done, self.at)
        await self.turned()

    async def back(self) -> None:
        """Read the step before once more. What has been done stays done."""
        self.at = max(self.at - 1, 0)
        await self.turned()

    async def turned(self) -> None:
        """Show the current step, and the chart that it is about."""
        self.refresh()
        await self.actions.show_all()
        chart = self.step.chart if self.step.kind == "show" else ""
        self.actions.show_chart(CHART.get(chart, chart))

    def _act(self, visit: Visit, step: Any) -> bool:
        visit.play(False)
        visit.arrive()
        visit.target = None
        known, lives = self.lives, self.lives
        step.act(lives)
        for part in lives.keys() - known.keys():
            visit.adopt(lives[part], self.lesson.labels[part](self.state.say.language), part)
        for future in visit.futures:
            future.changed()
        return True

    async def leave(self) -> None:
        """End the lesson. The community stays."""
        self.ended = True
        self.actions.end()
        self.place.delete()
        await self.actions.show_all()
        self.actions.show_chart("")
        self.state.say_line(self.state.say("guide.ended"))
