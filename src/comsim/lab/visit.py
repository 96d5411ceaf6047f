"""A visitor's worlds: up to four futures of one community, on the same morning; no UI.

What can't be as things stand (a fifth future, a move on the last evening) is an InputError and
changes nothing; wishes of a page are checked before, in `comsim.lab.wire`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import numpy as np

from comsim.common.errors import InputError
from comsim.lab import limits, view
from comsim.lab.moves import Move, parting
from comsim.lab.room import reserve, size_of, within_limits
from comsim.lab.saved import Branch
from comsim.lab.timeline import Timeline
from comsim.scenario import Scenario

PAGE = "the page"
STRIDE = 5  # days at most from one look at the spread to the next
BUDGET = 0.03  # seconds of living before the page hears of it

READY = Event()  # the model is compiled


def prepare() -> None:
    """Have the model compiled, by living a day: a minute or two the very first time."""
    small = Scenario.from_dict({"name": "small", "days": 2, "community": {"market": 100}})
    Timeline(small).go_to(1)
    READY.set()


@dataclass
class Future:
    """A branch: its timeline, how members spread on the days looked at, and what the page has."""

    name: str
    colour: int
    timeline: Timeline
    part: str = ""  # what a lesson calls it
    own: bool = False  # the visitor forked it
    spread: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    sent: int = 0  # days that the page has of it
    moves: list[Move] = field(init=False)  # that the page knows of

    def __post_init__(self) -> None:
        self.moves = list(self.timeline.moves)
        if not len(self.spread):
            self.spread = np.full((self.timeline.days + 1, 4), np.nan)

    def changed(self) -> None:
        """What was kept of days that moves have made others is forgotten."""
        day = parting(self.moves, self.timeline.moves, len(self.spread))
        self.moves = list(self.timeline.moves)
        self.spread[day:] = np.nan
        self.sent = min(self.sent, day)

    def go_to(self, day: int) -> None:
        timeline = self.timeline
        timeline.go_to(day)
        if day and np.isnan(self.spread[day - 1, 0]):
            self.spread[day - 1] = view.spread(timeline)


class Visit:
    """What one visitor has: a scenario and its futures, all on the same day."""

    def __init__(
        self, scenario: Scenario, seed: int | None = None, speed: int = limits.SPEED,
        life: Timeline | None = None,
    ) -> None:  # fmt: skip
        """`life` is of this scenario and seed, where there is one already."""
        within_limits(scenario)
        self.size = size_of(scenario)  # bytes of a future
        self.worlds = 0  # that there is memory for
        reserve(self, 1)
        self.futures = [Future("", 0, life or Timeline(scenario, seed))]
        self.chosen = 0
        self.playing = False
        self.speed = speed
        self.target: int | None = None  # a day that it is on its way to, as fast as it goes
        self.until: int | None = None  # a day on which it stops playing
        self._back = 0  # a day that it is on its way back to
        self._owed = 0.0  # days that the clock has run ahead

    @property
    def now(self) -> Future:
        """The future that levers move."""
        return self.futures[self.chosen]

    @property
    def day(self) -> int:
        """The morning that the page shows; on the way back to one, by days before it, that one."""
        day = self.now.timeline.day
        return day if self.target is None else max(day, self._back)

    @property
    def behind(self) -> int:
        """The day of the future that is furthest behind: a lesson may fork off in the past."""
        return min(future.timeline.day for future in self.futures)

    @property
    def days(self) -> int:
        return self.now.timeline.days

    @property
    def busy(self) -> bool:
        """Whether days are to be lived."""
        return self.target is not None or (self.playing and self.behind < self.days)

    @property
    def touched(self) -> bool:
        """Whether anything would be lost with it: a future, or a move, of the visitor's own."""
        return any(future.own or future.timeline.before for future in self.futures)

    def tick(self, seconds: float) -> None:
        """Live the days that are due after so many seconds, or as many as there is time for."""
        if not self.busy:
            return
        if self.target is not None:
            stop, stride = self.target, STRIDE
        elif self.speed == 0:
            stop, stride = self.days, 1
        else:
            self._owed = min(self._owed + seconds * self.speed, 0.5 * self.speed + 1)
            stop, stride = self.behind + int(self._owed), 1
            self._owed %= 1
        last = self.days if self.until is None else self.until
        stop = min(stop, last)
        ends = time.perf_counter() + BUDGET
        while self.behind < stop and time.perf_counter() < ends:
            self._live(min(stop, self.behind + stride))
        if self.target is not None and self.behind >= self.target:
            self.target = None
        if self.behind >= last:
            self.playing, self.until = False, None

    def _stay(self) -> None:
        """Go no further than the morning that the page shows; to be there may take ticks yet."""
        self._back = day = self.day
        self.target = day if self.behind < day else None

    def arrive(self) -> None:
        """Be on the morning that the page shows: what the visitor does is meant for it."""
        self._live(self.day)

    def _live(self, day: int) -> None:
        """All futures up to a day; those that are there already wait."""
        for future in self.futures:
            if future.timeline.day < day:
                future.go_to(day)

    def play(self, on: bool) -> None:
        """Play or pause; on the last evening, play from the first morning."""
        self.playing, self.until = on, None
        self._stay()
        if self.playing and self.behind == self.days:
            self.go_to(0)

    def watch(self, day: int) -> None:
        """Play up to a day; at once where it is there."""
        self._stay()
        self.playing = self.day < day
        self.until = day if self.playing else None

    def adopt(self, timeline: Timeline, name: str, part: str = "") -> None:
        """Take in a future that a lesson or a file has, and choose it."""
        self._room()
        spread = np.full((timeline.days + 1, 4), np.nan)
        for future in self.futures:  # a past that is shared need not be looked at again
            past = min(timeline.day, future.timeline.day)
            if (future.timeline.daily[:past] == timeline.daily[:past]).all():
                spread[:past] = future.spread[:past]
        self._add(name, timeline, part, spread)

    @classmethod
    def reopened(cls, branches: Sequence[Branch]) -> Visit:
        """The branches of a file, on the first morning and on their way to the last day on which
        one of them stood."""
        first = branches[0].timeline
        visit = cls(first.base, first.seed, life=first)
        visit.now.name = branches[0].name
        for branch in branches[1:]:
            visit.adopt(branch.timeline, branch.name)
        visit.target = max(branch.day for branch in branches) or None
        return visit

    def go_to(self, day: int) -> None:
        """Go to a day in the ticks that follow; back, from a morning before it that is kept."""
        self._back = min(day, self.day)
        for future in self.futures:
            if future.timeline.day > day:
                future.timeline.rewind(day)
        self.target = day if day > self.behind else None

    def step(self, days: int) -> None:
        """So many days on, or back; not beyond the ends."""
        self.go_to(min(max(self.day + days, 0), self.days))

    def move(self, lever: str, value: float) -> int:
        """Set a lever of the chosen future from this morning on: how many moves of later days are
        forgotten."""
        if self.day == self.days:
            raise refused("lever", f"day {self.day}, the last evening", "an earlier day")
        self.arrive()
        self.target, timeline = None, self.now.timeline
        later = sum(move.day > self.day for move in timeline.moves)
        timeline.set(lever, value)
        self.now.changed()
        return later

    def undo(self, colour: object) -> None:
        """Take back the last move of a future, on its morning or, if it is still to come, today."""
        future = self.futures[self._place(colour)]
        if not future.timeline.before:
            raise refused("undo", "no move", "a move that was made here")
        day, _ = future.timeline.before[-1]
        self.go_to(min(day, self.day))
        future.timeline.undo()
        future.changed()

    def branch(self, name: str) -> None:
        """Another future from today on, chosen from now on."""
        self._room()
        self.arrive()
        self.target = None
        self._add(name, self.now.timeline.fork(), "", self.now.spread.copy())
        self.now.own = True

    def _room(self) -> None:
        if len(self.futures) == limits.BRANCHES:
            raise refused("futures", limits.BRANCHES, f"at most {limits.BRANCHES}; close one")
        reserve(self, len(self.futures) + 1)

    def _add(self, name: str, timeline: Timeline, part: str, spread: np.ndarray) -> None:
        taken = {future.colour for future in self.futures}
        colour = next(colour for colour in range(limits.BRANCHES) if colour not in taken)
        self.futures.append(Future(name, colour, timeline, part, spread=spread))
        self.chosen = len(self.futures) - 1

    def choose(self, colour: object) -> None:
        self.chosen = self._place(colour)

    def rename(self, colour: object, name: str) -> None:
        self.futures[self._place(colour)].name = name

    def _place(self, colour: object) -> int:
        """Where the future of a colour is; a page names futures so, for places change."""
        colours = [future.colour for future in self.futures]
        if isinstance(colour, bool) or colour not in colours:
            raise refused("future", colour, ", ".join(map(str, colours)))
        return colours.index(colour)

    def close(self, colour: object) -> None:
        """Drop a future; the last one stays."""
        number = self._place(colour)
        if len(self.futures) > 1:
            del self.futures[number]
            self.worlds = len(self.futures)
            self.chosen = max(self.chosen - (number <= self.chosen), 0)

    def frame(self, everything: bool = False) -> dict[str, Any]:
        """What the page has not yet been told of each future's days, and which day it is."""
        told = []
        for future in self.futures:
            day = future.timeline.day
            first = 0 if everything else min(future.sent, day)
            if first < day or everything:
                rows = view.series(future.timeline, first)
                rows |= view.spreads(future.spread, first, day)
                told.append({"id": future.colour, "from": first, "rows": rows})
                if day == self.days:
                    told[-1]["after"] = view.stages_after(future.timeline)
                future.sent = day
        return {
            "day": self.day, "lived": {f.colour: f.sent for f in self.futures}, "futures": told,
            "chosen": self.now.colour, "playing": self.playing, "on_the_way": self.target,
            "stand": {f.colour: max(f.timeline.day, self.target or 0) for f in self.futures},
        }  # fmt: skip


def refused(key: str, found: object, allowed: str) -> InputError:
    """What is wrong with a wish of the page's."""
    return InputError.at(PAGE, key, repr(found)[:60], allowed)
