"""The story of a member, on the page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from nicegui import run, ui

from comsim.lab.moves import TimelineMove, parting
from comsim.lab.page.pieces import button, focus, heading, paragraph
from comsim.lab.page.state import PageState
from comsim.lab.phrasebook import LabPhrases
from comsim.lab.story import story
from comsim.lab.trace import trace
from comsim.lab.visit import Future, Visit
from comsim.lab.wire import member

TRACING = ThreadPoolExecutor(1, thread_name_prefix="story")  # simulates members' lives again
TURN = asyncio.Lock()  # of tracing; who waits for it holds no worlds


@dataclass(frozen=True)
class Subject:
    """The subject of a story: a member of a future, on a morning and after these moves."""

    row: int
    future: Future
    day: int
    moves: list[TimelineMove]

    def holds(self, visit: Visit) -> bool:
        """Whether the story still holds in the chosen future."""
        moves = self.future.timeline.moves
        return visit.now is self.future and parting(self.moves, moves, self.day) >= self.day

    def title(self, visit: Visit, say: LabPhrases) -> str:
        of = [self.future.name or say("lab.first")] if len(visit.futures) > 1 else []
        when = say("member.when", days=say.days(self.day))
        return " · ".join([say("member.title", n=self.row), *of, when])


class StoryPanel:
    """Shows the story of one member at a time."""

    def __init__(self, state: PageState, on_close: Callable[[], None]) -> None:
        self.state, self.on_close = state, on_close
        self.subject: Subject | None = None  # of the story shown
        self.number = 0  # of the last story requested

    def build(self) -> None:
        """The panel, still hidden. Escape closes it; a story closed by key returns the focus to the
        field of members."""
        self.place = ui.element("div").classes("panel story").props("role=dialog tabindex=-1")
        # Not on the button, which is replaced when the rest of a story arrives.
        self.place.on("keydown.escape", self.close)
        self.place.on(
            "keydown.escape", js_handler="() => document.querySelector('.square').focus()"
        )
        self.place.on(
            "click",
            js_handler="(click) => click.detail || document.querySelector('.square').focus()",
        )
        self.place.set_visibility(False)

    def forget(self) -> None:
        """Stop the story on its way, if any, and the one shown."""
        self.number += 1
        self.subject = None

    def close(self) -> None:
        self.forget()
        self.place.set_visibility(False)
        self.on_close()

    def close_if_outdated(self, visit: Visit) -> None:
        if self.subject is not None and not self.subject.holds(visit):
            self.close()

    async def open(self, row: object) -> None:
        """A member's story: the record at once, the causes of changes in trust a little later."""
        state, language = self.state, self.state.say.language
        self.number += 1
        wanted = partial(self._wanted, self.number)
        with state.careful():
            async with state.lock:
                if not wanted():
                    return
                await run.io_bound(state.visit.arrive)
                if not wanted():
                    return
                future, row = state.visit.now, member(state.visit, row)
                life = future.timeline
                lines = story(life, row, language)
                subject = Subject(row, future, life.day, life.moves)
            self._show(subject, lines, more=True)
            async with TURN:
                async with state.lock:
                    if not wanted():
                        return
                    if row >= life.world.now["rows"][0]:  # now a day before the member joined
                        return self._show(subject, lines, more=False)
                    still, copy = await run.io_bound(lambda: (life.fork(), life.fork()))
                loop = asyncio.get_running_loop()
                traced = await loop.run_in_executor(TRACING, trace, copy, row, wanted)
            if traced is not None and wanted():
                subject = Subject(row, future, still.day, still.moves)
                self._show(subject, story(still, row, language, traced), more=False)

    def _wanted(self, number: int) -> bool:
        """Whether the story of this number is the last one requested."""
        return self.number == number and self.state.visit is not None

    def _show(self, subject: Subject, lines: list[str], more: bool) -> None:
        """Show a story; `more` says that the rest of it is on its way."""
        self.subject = subject
        say, place = self.state.say, self.place
        title = place.props["aria-label"] = subject.title(self.state.visit, say)
        place.clear()
        place.set_visibility(True)
        # The rest of a story takes the focus only from the button that it replaces: the reader may
        # have closed the story, and be back in the field, before this script runs.
        focus(place, "body, .square" if more else "body")
        with place:
            heading(2, title)
            for line in lines:
                paragraph(line)
            if more:
                paragraph(say("member.more"), "hint")
            button(say("lab.done"), self.close)
