"""The page of one visitor: it shows a visit, and passes the visitor's requests on to it.

Days are simulated in a thread. The page receives at most thirty frames a second, and only after it
has drawn the last one. A community therefore waits while its page is out of sight.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from nicegui import background_tasks, run, ui
from nicegui.logging import log

from comsim.lab import limits, view
from comsim.lab.futures import Difference
from comsim.lab.page.choose import VisitStart, chooser
from comsim.lab.page.compare import as_sent, compare, wants
from comsim.lab.page.guide import Guide, GuideActions
from comsim.lab.page.head import head
from comsim.lab.page.kept import FORGET, come_back, kept
from comsim.lab.page.pieces import heading, when_cut_off
from comsim.lab.page.state import PageState
from comsim.lab.page.stories import StoryPanel
from comsim.lab.page.world import Levers, WorldView, marks
from comsim.lab.phrasebook import LabPhrases
from comsim.lab.visit import READY, Visit
from comsim.lab.wire import obey
from comsim.model.periods import MONTH
from comsim.scenario import Scenario

PATIENCE = 1.0  # seconds without a drawn frame, after which the page counts as hidden
CONTROLS = 0.25  # seconds from one look at the levers to the next
OPENING = ThreadPoolExecutor(2, thread_name_prefix="opening")  # a long file takes seconds


class LabPage(PageState):
    """The page of one visitor: it assembles the parts, and carries out what they ask for."""

    def __init__(self, scenario: Scenario | None, seed: int | None, language: str) -> None:
        """`scenario` is the one that the lab was started with, if any."""
        super().__init__(scenario, seed, language)
        self.story = StoryPanel(self, lambda: self.world.run_method("pick", None))
        self.begin_with(None)
        self.awake, self.drawn = asyncio.Event(), asyncio.Event()
        self.number = 0  # of the last frame
        self.waiting = 0  # requests in the queue
        self.last_sent: dict[str, float] = {}  # when the field, the retention, the levers were
        self.client.on_delete(self.leave)
        background_tasks.create(self.live())

    async def start(self, kept: tuple[str, dict[str, int]] | None) -> None:
        """Show the visit that this tab `kept`, or the scenario that the lab was started with, or
        the list of scenarios."""
        start = None
        with self.careful("file" if kept is None else "back"):
            try:
                if kept is not None:
                    start = await run.io_bound(come_back, *kept, self.given)
                elif self.given is not None:
                    start = VisitStart(await run.io_bound(Visit, self.given, self.seed))
            finally:
                if not self.client.is_deleted:
                    self.begin_with(start)
                    self.build()
            if kept is not None and start is not None:
                changed = start.other_code
                self.say_line(self.say("lab.back_changed" if changed else "lab.back"), changed)

    def leave(self) -> None:
        """The visitor has gone: release the worlds."""
        self.begin_with(None)
        self.awake.set()
        self.drawn.set()

    def begin_with(self, start: VisitStart | None) -> None:
        """Switch to another visit, or none; the page is not redrawn yet."""
        self.visit = start and start.visit
        self.card = start and start.card
        self.title = start.title if start else {}
        self.guide = start and start.lesson and Guide(start.lesson, start.visit, start.progress)
        self.compared: tuple[Any, ...] = ()  # the futures whose difference is shown
        self.difference: tuple[Difference, int] | None = None  # with the colour of the second

    # What is on it

    def build(self) -> None:
        """Build everything, in the language of the visitor."""
        self.story.forget()
        self.forget_note()
        self.root.clear()
        when_cut_off(self.client, self.say("lab.lost"))
        with self.root:
            ui.query("html").props(f"lang={self.say.language}")
            head(self, partial(self.request, "branch"), self.choose_again, self.switch)
            if self.visit is None:
                chooser(self, self.open)
                return
            with ui.element("div").classes("board"):
                if self.guide is not None:
                    self.guide.build(self, self.guide_actions())
                with ui.element("section").classes("side") as side:
                    side.props["aria-label"] = self.say("lab.levers")
                    heading(2, self.say("lab.levers")).props("tabindex=-1")
                    ui.label(self.say("lab.levers_hint")).classes("hint")
                    self.levers = Levers(self.say)
                self.world = WorldView(self.visit, self.say)
            ui.label(f"{self.say('lab.keys')} {self.say('lab.invented')}").classes("hint foot")
            self.story.build()
        for request in ("play", "speed", "step", "seek", "choose", "close", "undo", "rename"):
            self.world.on(request, lambda event, request=request: self.request(request, event.args))
        self.levers.on("move", lambda event: self.request("move", event.args))
        self.world.on("drawn", lambda: self.drawn.set())
        self.world.on("member", lambda event: self.story.open(event.args))
        self.world.on("ready", self.begin)
        self.levers.on("ready", lambda: self.show_all())

    def guide_actions(self) -> GuideActions:
        def show_chart(name: str) -> None:
            self.world.run_method("show", name)

        def end() -> None:
            self.guide = None

        return GuideActions(self.do, self.show_all, show_chart, end, self.open)

    async def begin(self) -> None:
        """The browser has loaded its parts, and can receive data."""
        if not READY.is_set():
            background_tasks.create(self.prepared())
        await self.show_all(everything=True)
        self.draw_difference()
        if self.guide is not None:
            self.guide.refresh()

    async def prepared(self) -> None:
        """Show a message while the model is being compiled."""
        with self.root:
            note = ui.notification(self.say("lab.preparing"), spinner=True, timeout=None)
        while not READY.is_set() and not self.client.is_deleted:
            await asyncio.sleep(0.3)
        note.dismiss()

    async def switch(self) -> None:
        """Switch to the other language."""
        self.say = LabPhrases("zh" if self.say.language == "en" else "en", self.say.dates)
        self.client.run_javascript(f"history.replaceState(null, '', '?lang={self.say.language}')")
        self.build()

    async def open(self, make: Callable[[], VisitStart]) -> None:
        """Start the visit that `make` returns, in a thread. Errors are shown in one line."""
        with self.careful("file"):
            async with self.lock:
                loop = asyncio.get_running_loop()
                self.begin_with(await loop.run_in_executor(OPENING, make))
            self.build()
            self.client.run_javascript("window.scrollTo(0, 0)")  # its card may have been far down

    async def choose_again(self) -> None:
        async with self.lock:
            self.begin_with(None)
        self.client.run_javascript(FORGET)
        self.build()

    # What the visitor wants

    async def request(self, request: str, message: object) -> None:
        if request == "move" and self.visit is not None and self.visit.day == self.visit.days:
            self.say_line(self.say("lab.no_more"))
            return await self.show_all()
        past = self.visit is not None and self.visit.now.sent > self.visit.day
        result = await self.do(lambda visit: obey(visit, request, message))
        if request == "move" and result is not None and (result or past):
            say = self.say
            self.say_line(say("lab.forgotten", n=result) if result else say("lab.anew"))

    async def do(self, act: Callable[[Visit], Any]) -> Any:
        """Do something with the visit, off the event loop; show the outcome, return the result."""
        result = None
        if self.waiting == limits.REQUESTS:
            return None
        self.waiting += 1
        with self.careful():
            async with self.lock:
                if self.visit is not None:
                    result = await run.io_bound(act, self.visit)
                    self.forget_note()  # the error has been corrected
        self.waiting -= 1
        await self.show_all()
        return result

    # What is shown

    async def show_all(self, everything: bool = False) -> None:
        """Show all that an action of the visitor may have changed; `everything`, if the browser has
        no days yet."""
        visit = self.visit
        if visit is None or self.client.is_deleted:
            return
        self.last_sent.clear()
        with self.careful():
            async with self.lock:
                frame = await run.io_bound(self.frame, visit, 0.0, True, everything)
            if frame is not None and self.visit is visit:
                self.send(frame)
                self.compare(visit)
                self.story.close_if_outdated(visit)
                if not frame["keep"]:
                    self.say_line(self.say("lab.not_kept"))
        self.awake.set()

    def compare(self, visit: Visit | None) -> None:
        """Have the difference of the futures computed if they have changed, unless a lesson is
        about to ask for it."""
        if visit is None:
            return
        ahead = self.guide is not None and self.guide.ahead
        moves = (tuple(future.timeline.moves) for future in visit.futures)
        mark = (ahead, visit.chosen, *moves)
        if mark == self.compared:
            return
        self.compared, self.difference = mark, None
        self.world.run_method("showDifference", None)
        if wants(visit) and not ahead:
            wanted = partial(self.still_compared, visit, mark)
            background_tasks.create(compare(visit, wanted, self.show_difference))

    def still_compared(self, visit: Visit, mark: tuple[Any, ...]) -> bool:
        return self.visit is visit and self.compared is mark

    def show_difference(self, difference: Difference, colour: int) -> None:
        self.difference = difference, colour
        self.draw_difference()

    def draw_difference(self) -> None:
        if self.difference is not None:
            self.world.run_method("showDifference", as_sent(*self.difference, self.say))

    async def live(self) -> None:
        """Simulate days as long as the visitor is here."""
        last = time.perf_counter()
        while not self.client.is_deleted:
            if self.visit is None or not self.visit.busy:
                visit = frame = None  # release the old community
                self.awake.clear()
                await self.awake.wait()
                last = time.perf_counter()
                continue
            begun, seconds = time.perf_counter(), time.perf_counter() - last
            last = begun
            try:
                async with self.lock:
                    visit = self.visit
                    if visit is None:
                        continue
                    frame = await run.io_bound(self.frame, visit, seconds)
            except Exception:
                log.exception("the lab could not simulate a day")
                visit.playing, visit.target = False, None
                self.say_line(self.say("lab.went_wrong"), stays=True)
                continue
            if frame is not None:
                self.send(frame)
                if self.guide is not None and not visit.busy:
                    self.guide.refresh()
                    self.compare(visit)
                visit = frame = None
                waited = time.perf_counter()
                await self.drawn.wait()
                if time.perf_counter() - waited > PATIENCE:
                    last = time.perf_counter()  # the page was hidden
            await asyncio.sleep(max(1 / limits.FRAMES - (time.perf_counter() - begun), 0.001))

    def frame(
        self, visit: Visit, seconds: float, acted: bool = False, everything: bool = False
    ) -> dict[str, Any] | None:
        """Simulate the days that are due. Returns the data that is new to the page, or None."""
        before = visit.behind
        visit.tick(seconds)
        if visit.behind == before and visit.busy and not acted:
            return None
        frame = visit.frame(everything)
        now, idle = time.perf_counter(), not visit.busy
        timeline = visit.now.timeline
        if timeline.day < visit.day:  # the drawing follows once the day is reached
            return frame | (self.names(visit) if acted else {})
        if idle or now - self.last_sent.get("field", 0) >= 0.9 / limits.FIELDS:
            self.last_sent["field"] = now
            frame["field"] = view.packed(view.field(timeline))
        if idle or self.last_sent.get("month") != visit.day // MONTH:
            self.last_sent["month"] = visit.day // MONTH
            frame["retention"] = view.retention(timeline)
        if idle or now - self.last_sent.get("levers", 0) >= CONTROLS:
            self.last_sent["levers"] = now
            frame["controls"] = [
                view.levers(timeline), view.costs(timeline),
                {move.lever: True for move in timeline.moves},
            ]  # fmt: skip
        return frame | (self.names(visit) if acted else {})

    def names(self, visit: Visit) -> dict[str, Any]:
        """What an action of the visitor may have changed: the futures and their marks."""
        names = [
            {"id": f.colour, "name": f.name or self.say("lab.first"),
             "undo": bool(f.timeline.before)}
            for f in visit.futures
        ]  # fmt: skip
        return {
            "names": names, "marks": marks(visit, self.say), "touched": visit.touched,
            "keep": kept(visit, self.card, self.guide),
        }  # fmt: skip

    def send(self, frame: dict[str, Any]) -> None:
        controls = frame.pop("controls", None)
        self.number += 1
        self.drawn.clear()
        self.world.run_method("frame", frame | {"number": self.number})
        if controls is not None:
            self.levers.run_method("tell", *controls)
