"""The page of one visitor: it shows a visit, and tells it what the visitor wants.

Days are lived in a thread; the page hears of them thirty times a second at most, and only when it
has drawn what it got before. So a community waits while it is out of sight, where nothing is drawn.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from nicegui import background_tasks, run, ui
from nicegui.logging import log

from comsim.common.errors import InputError
from comsim.lab import limits, view
from comsim.lab.page import panels
from comsim.lab.page.choose import Begun, chooser
from comsim.lab.page.compare import compare, wants
from comsim.lab.page.guide import Guide
from comsim.lab.page.kept import FORGET, come_back, kept
from comsim.lab.page.pieces import when_cut_off
from comsim.lab.page.world import Levers, World
from comsim.lab.phrasebook import Words
from comsim.lab.story import story
from comsim.lab.trace import trace
from comsim.lab.visit import READY, Visit
from comsim.lab.wire import member, obey
from comsim.model.catalogue import LEVERS
from comsim.scenario import Scenario

PATIENCE = 1.0  # seconds without a drawn frame, after which the page counts as hidden
CONTROLS = 0.25  # seconds from one look at the levers to the next
OPENING = ThreadPoolExecutor(2, thread_name_prefix="opening")  # a long file takes seconds
TELLING = ThreadPoolExecutor(1, thread_name_prefix="story")  # lives that are lived again
TURN = asyncio.Lock()  # to have one lived again: who waits for it holds no worlds


class Page:
    """What a visitor sees."""

    def __init__(self, scenario: Scenario | None, seed: int | None, language: str) -> None:
        """`scenario` is the one that the lab was started with, if any."""
        self.say = Words(language)
        self.begin_with(None)
        self.note: ui.notification | None = None  # the last bad news
        self.given, self.seed = scenario, seed
        self.lock = asyncio.Lock()  # of the visit
        self.awake, self.drawn = asyncio.Event(), asyncio.Event()
        self.number = self.asked = 0  # of the last frame, and of the last story
        self.waiting = 0  # requests in the queue
        self.about: panels.About | None = None  # the last story
        self.making = False  # a report, or data
        self.told: dict[str, float] = {}  # when the field, the retention, the levers were last sent
        self.client = ui.context.client
        self.tab = self.client.tab_id
        self.client.on_delete(self.leave)
        self.root = ui.element("div").classes("lab")  # the layout around it is the main landmark
        background_tasks.create(self.live())

    async def start(self, kept: tuple[str, dict[str, int]] | None) -> None:
        """Show what this tab's browser `kept`, or what the lab was started with, or the shelf."""
        begun = None
        with self.careful("file" if kept is None else "back"):
            try:
                if kept is not None:
                    begun = await run.io_bound(come_back, *kept, self.given)
                elif self.given is not None:
                    begun = Begun(await run.io_bound(Visit, self.given, self.seed))
            finally:
                if not self.client.is_deleted:
                    self.begin_with(begun)
                    self.build()
            if kept is not None and begun is not None:
                changed = begun.other_code
                self.say_line(self.say("lab.back_changed" if changed else "lab.back"), changed)

    def leave(self) -> None:
        """The visitor has gone: the worlds are let go."""
        self.begin_with(None)
        self.awake.set()
        self.drawn.set()

    def begin_with(self, begun: Begun | None) -> None:
        """Switch to another visit, or none; the page is not redrawn yet."""
        self.visit: Visit | None = begun and begun.visit
        self.card = begun and begun.card
        self.title = begun.title if begun else {}
        self.guide = begun and begun.lesson and Guide(begun.lesson, begun.visit, begun.place)
        self.compared: tuple[Any, ...] = ()  # the futures whose difference is shown,
        self.difference: Callable[[], None] | None = None  # and the function that shows it

    # What is on it

    def build(self) -> None:
        """Everything, in the language of the visitor."""
        self.asked += 1  # a story on its way was for the page as it was
        self.about = None
        self.forget_note()
        self.root.clear()
        when_cut_off(self.client, self.say("lab.lost"))
        with self.root:
            ui.query("html").props(f"lang={self.say.language}")
            panels.top(self)
            if self.visit is None:
                chooser(self)
                return
            with ui.element("div").classes("board"):
                if self.guide is not None:
                    self.guide.build(self)
                with ui.element("section").classes("side") as side:
                    side.props["aria-label"] = self.say("lab.levers")
                    panels.heading(2, self.say("lab.levers")).props("tabindex=-1")
                    ui.label(self.say("lab.levers_hint")).classes("hint")
                    self.levers = Levers(self.say)
                self.world = World(self.visit, self.say)
            ui.label(f"{self.say('lab.keys')} {self.say('lab.invented')}").classes("hint foot")
            self.story = panels.story_place()
        for wish in ("play", "speed", "step", "seek", "choose", "close", "undo", "rename"):
            self.world.on(wish, lambda event, wish=wish: self.wish(wish, event.args))
        self.levers.on("move", lambda event: self.wish("move", event.args))
        self.world.on("drawn", lambda: self.drawn.set())
        self.world.on("member", lambda event: self.tell_story(event.args))
        self.world.on("ready", self.begin)
        self.levers.on("ready", lambda: self.show_all())

    async def begin(self) -> None:
        """The browser has its parts, and can be told."""
        if not READY.is_set():
            background_tasks.create(self.prepared())
        await self.show_all(everything=True)
        if self.difference is not None:
            self.difference()
        if self.guide is not None:
            self.guide.refresh()

    async def prepared(self) -> None:
        """Say that the model is being compiled, for as long as it is."""
        with self.root:
            note = ui.notification(self.say("lab.preparing"), spinner=True, timeout=None)
        while not READY.is_set() and not self.client.is_deleted:
            await asyncio.sleep(0.3)
        note.dismiss()

    def say_line(self, line: str, stays: bool = False) -> None:
        """One line: good news goes by itself; what `stays` does until it is closed, or something
        else is done."""
        with self.root:
            if not stays:
                return ui.notify(line, position="bottom", timeout=5000, multi_line=True)
            self.forget_note()
            close = self.say("lab.done")
            self.note = ui.notification(line, position="bottom", timeout=None, close_button=close)

    def forget_note(self) -> None:
        if self.note is not None:
            self.note.dismiss()
            self.note = None

    def say_error(self, error: InputError, about: str = "wish") -> None:
        """What was wrong, after a few plain words in the visitor's language; where a lever was to
        go beyond its bounds, in these alone. `about` is a key of the room "wrong"."""
        if bounds := LEVERS.get(error.key):
            lever = self.say.name("lever", error.key)
            low, high = (self.say.short(end) for end in (bounds.low, bounds.high))
            line = self.say("wrong.bounds", lever=lever, low=low, high=high, found=error.found)
            return self.say_line(line[:1].upper() + line[1:], stays=True)
        key = "" if about == "back" else error.key
        plain = self.say.name("wrong", key, self.say(f"wrong.{about}"))
        self.say_line(f"{plain} ({error})", stays=True)

    async def switch(self) -> None:
        """The other language."""
        self.say = Words("zh" if self.say.language == "en" else "en", self.say.start)
        self.client.run_javascript(f"history.replaceState(null, '', '?lang={self.say.language}')")
        self.build()

    async def open(self, make: Callable[[], Begun]) -> None:
        """Begin what `make` returns, in a thread; errors are shown in one line."""
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

    async def wish(self, wish: str, message: object) -> None:
        if wish == "move" and self.visit is not None and self.visit.day == self.visit.days:
            self.say_line(self.say("lab.no_more"))
            return await self.show_all()
        past = self.visit is not None and self.visit.now.sent > self.visit.day
        result = await self.do(lambda visit: obey(visit, wish, message))
        if wish == "move" and result is not None and (result or past):
            say = self.say
            self.say_line(say("lab.forgotten", n=result) if result else say("lab.anew"))

    async def do(self, act: Callable[[Visit], Any]) -> Any:
        """Do something with the visit, off the event loop, and show what came of it: its result."""
        result = None
        if self.waiting == limits.WISHES:
            return None
        self.waiting += 1
        with self.careful():
            async with self.lock:
                if self.visit is not None:
                    result = await run.io_bound(act, self.visit)
                    self.forget_note()  # what was wrong has been put right
        self.waiting -= 1
        await self.show_all()
        return result

    @contextmanager
    def careful(self, about: str = "wish") -> Iterator[None]:
        """Whatever goes wrong within is told in one line."""
        try:
            yield
        except InputError as error:
            self.say_error(error, about)
        except Exception:
            log.exception("the lab could not do what a page asked for")
            self.say_line(self.say("lab.went_wrong"), stays=True)

    async def tell_story(self, row: object) -> None:
        """A member's story: what is on record at once, what moved its trust a little later."""
        said = self.say.language
        self.asked += 1
        wanted = partial(self.still_asked, self.asked)
        with self.careful():
            async with self.lock:
                if not wanted():
                    return
                await run.io_bound(self.visit.arrive)
                if not wanted():
                    return
                future, row = self.visit.now, member(self.visit, row)
                life = future.timeline
                lines = story(life, row, said)
                about = panels.About(row, future, life.day, life.moves)
            panels.show_story(self, about, lines, True)
            async with TURN:
                async with self.lock:
                    if not wanted():
                        return
                    if row >= life.world.now["rows"][0]:  # meanwhile it is a day before it came
                        return panels.show_story(self, about, lines, False)
                    still, copy = await run.io_bound(lambda: (life.fork(), life.fork()))
                loop = asyncio.get_running_loop()
                traced = await loop.run_in_executor(TELLING, trace, copy, row, wanted)
            if traced is not None and wanted():
                about = panels.About(row, future, still.day, still.moves)
                panels.show_story(self, about, story(still, row, said, traced), False)

    def close_story(self) -> None:
        self.asked += 1  # what is still on its way is not waited for
        self.about = None
        self.story.set_visibility(False)
        self.world.run_method("pick", None)

    def still_asked(self, number: int) -> bool:
        """Whether the story with this number is the one that is waited for."""
        return self.asked == number and self.visit is not None

    # What is shown

    async def show_all(self, everything: bool = False) -> None:
        """All that may have changed when the visitor did something, besides time; `everything`
        where the browser has no days yet."""
        visit = self.visit
        if visit is None or self.client.is_deleted:
            return
        self.told.clear()
        with self.careful():
            async with self.lock:
                frame = await run.io_bound(self.frame, visit, 0.0, True, everything)
            if frame is not None and self.visit is visit:
                self.send(frame)
                self.compare(visit)
                if self.about is not None and not self.about.holds(visit):
                    self.close_story()
                if not frame["keep"]:
                    self.say_line(self.say("lab.not_kept"))
        self.awake.set()

    def compare(self, visit: Visit | None) -> None:
        """See to it that the difference of the futures is computed, where they are new, and no
        lesson is about to ask what it will be."""
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
            background_tasks.create(compare(self, visit, mark))

    async def live(self) -> None:
        """Let days go by for as long as the visitor is here."""
        last = time.perf_counter()
        while not self.client.is_deleted:
            if self.visit is None or not self.visit.busy:
                visit = frame = None  # an old community is let go
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
                log.exception("the lab could not live a day")
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
                    last = time.perf_counter()  # nobody was looking
            await asyncio.sleep(max(1 / limits.FRAMES - (time.perf_counter() - begun), 0.001))

    def frame(
        self, visit: Visit, seconds: float, acted: bool = False, everything: bool = False
    ) -> dict[str, Any] | None:
        """Live the days that are due, and what is new to the page; None if there is nothing."""
        before = visit.behind
        visit.tick(seconds)
        if visit.behind == before and visit.busy and not acted:
            return None
        frame = visit.frame(everything)
        now, idle = time.perf_counter(), not visit.busy
        timeline = visit.now.timeline
        if timeline.day < visit.day:  # what is drawn of a day follows when it is there
            return frame | (self.names(visit) if acted else {})
        if idle or now - self.told.get("field", 0) >= 0.9 / limits.FIELDS:
            self.told["field"] = now
            frame["field"] = view.packed(view.field(timeline))
        if idle or self.told.get("month") != visit.day // 30:
            self.told["month"] = visit.day // 30
            frame["retention"] = view.retention(timeline)
        if idle or now - self.told.get("levers", 0) >= CONTROLS:
            self.told["levers"] = now
            frame["controls"] = [
                view.levers(timeline), view.costs(timeline),
                {move.lever: True for move in timeline.moves},
            ]  # fmt: skip
        return frame | (self.names(visit) if acted else {})

    def names(self, visit: Visit) -> dict[str, Any]:
        """What the visitor's acts may have changed: the futures that there are, and their marks."""
        names = [
            {"id": f.colour, "name": f.name or self.say("lab.first"),
             "undo": bool(f.timeline.before)}
            for f in visit.futures
        ]  # fmt: skip
        marks = panels.marks(visit, self.say)
        keep = kept(self, visit)
        return {"names": names, "marks": marks, "touched": visit.touched, "keep": keep}

    def send(self, frame: dict[str, Any]) -> None:
        controls = frame.pop("controls", None)
        self.number += 1
        self.drawn.clear()
        self.world.run_method("frame", frame | {"number": self.number})
        if controls is not None:
            self.levers.run_method("tell", *controls)
