"""A visitor's worlds: up to four futures of one community, on the same morning. No UI.

Actions that are impossible at the moment (a fifth future, a move after the last day) raise an
InputError and change nothing. Requests of a page are checked before, in `comsim.lab.wire`.
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
from comsim.lab.moves import TimelineMove, parting
from comsim.lab.room import reserve, size_of, within_limits
from comsim.lab.saved import Branch
from comsim.lab.timeline import Timeline
from comsim.scenario import Scenario

PAGE = "the page"
STRIDE = 5  # days between two looks at the spread, at most
BUDGET = 0.03  # seconds of simulation before the page is updated

READY = Event()  # the model is compiled


def prepare() -> None:
    """Compile the model by simulating a day. The first time, this takes a minute or two."""
    small = Scenario.from_dict({"name": "small", "days": 2, "community": {"market": 100}})
    Timeline(small).go_to(1)
    READY.set()


@dataclass
class Future:
    """A branch: its timeline, the spread of members on some days, and what the page has."""

    name: str
    colour: int
    timeline: Timeline
    part: str = ""  # its name in a lesson
    own: bool = False  # the visitor forked it
    spread: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    sent: int = 0  # days sent to the page
    moves: list[TimelineMove] = field(init=False)  # sent to the page

    def __post_init__(self) -> None:
        self.moves = list(self.timeline.moves)
        if not len(self.spread):
            self.spread = np.full((self.timeline.days + 1, 4), np.nan)

    def changed(self) -> None:
        """Forget the kept data of days that moves have changed."""
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
    """The scenario of one visitor and its futures, all on the same day."""

    def __init__(
        self, scenario: Scenario, seed: int | None = None, speed: int = limits.SPEED,
        life: Timeline | None = None,
    ) -> None:  # fmt: skip
        """`life` is a timeline of this scenario and seed, if there is one already."""
        within_limits(scenario)
        self.size = size_of(scenario)  # bytes per future
        self.worlds = 0  # with reserved memory
        reserve(self, 1)
        if life is None:
            life = Timeline(scenario, seed)
            life.go_to(scenario.past)
        self.futures = [Future("", 0, life)]
        self.chosen = 0
        self.playing = False
        self.speed = speed
        self.target: int | None = None  # a day to go to as fast as possible
        self.until: int | None = None  # a day on which to stop playing
        self._back = 0  # a day to go back to
        self._owed = 0.0  # days due according to the clock

    @property
    def now(self) -> Future:
        """The chosen future, which levers affect."""
        return self.futures[self.chosen]

    @property
    def day(self) -> int:
        """The morning that the page shows. On the way to an earlier day, that day."""
        day = self.now.timeline.day
        return day if self.target is None else max(day, self._back)

    @property
    def behind(self) -> int:
        """The day of the future that is furthest behind; a lesson can fork in the past."""
        return min(future.timeline.day for future in self.futures)

    @property
    def days(self) -> int:
        return self.now.timeline.days

    @property
    def busy(self) -> bool:
        """Whether days are to be simulated."""
        return self.target is not None or (self.playing and self.behind < self.days)

    @property
    def touched(self) -> bool:
        """Whether the visitor has forked or moved anything, which would be lost with the visit."""
        return any(future.own or future.timeline.before for future in self.futures)

    def tick(self, seconds: float) -> None:
        """Simulate the days due after this many seconds, as far as time allows."""
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
        """Stop at the morning that the page shows; reaching it may take more ticks."""
        self._back = day = self.day
        self.target = day if self.behind < day else None

    def arrive(self) -> None:
        """Simulate up to the morning that the page shows, to which the visitor's actions apply."""
        self._live(self.day)

    def _live(self, day: int) -> None:
        """Simulate all futures up to a day; futures that are there already wait."""
        for future in self.futures:
            if future.timeline.day < day:
                future.go_to(day)

    def play(self, on: bool) -> None:
        """Play or pause. After the last day, play from the first."""
        self.playing, self.until = on, None
        self._stay()
        if self.playing and self.behind == self.days:
            self.go_to(0)

    def watch(self, day: int) -> None:
        """Play up to a day."""
        self._stay()
        self.playing = self.day < day
        self.until = day if self.playing else None

    def adopt(self, timeline: Timeline, name: str, part: str = "") -> None:
        """Add a future of a lesson or file, and choose it."""
        self._room()
        spread = np.full((timeline.days + 1, 4), np.nan)
        for future in self.futures:  # reuse the spread of a shared past
            past = min(timeline.day, future.timeline.day)
            if (future.timeline.daily[:past] == timeline.daily[:past]).all():
                spread[:past] = future.spread[:past]
        self._add(name, timeline, part, spread)

    @classmethod
    def reopened(cls, branches: Sequence[Branch]) -> Visit:
        """The branches of a file on the first morning, with the latest of their days as target."""
        first = branches[0].timeline
        visit = cls(first.base, first.seed, life=first)
        visit.now.name = branches[0].name
        for branch in branches[1:]:
            visit.adopt(branch.timeline, branch.name)
        visit.target = max(branch.day for branch in branches) or None
        return visit

    def go_to(self, day: int) -> None:
        """Go to a day during the next ticks; to an earlier day, from the snapshot before it."""
        self._back = min(day, self.day)
        for future in self.futures:
            if future.timeline.day > day:
                future.timeline.rewind(day)
        self.target = day if day > self.behind else None

    def step(self, days: int) -> None:
        """Go this many days forwards or back, within the run."""
        self.go_to(min(max(self.day + days, 0), self.days))

    def move(self, lever: str, value: float) -> int:
        """Set a lever of the chosen future from this morning on. Returns how many moves of later
        days are discarded."""
        if self.day == self.days:
            raise refused("lever", f"day {self.day}, the last evening", "an earlier day")
        self.arrive()
        self.target, timeline = None, self.now.timeline
        later = sum(move.day > self.day for move in timeline.moves)
        timeline.set(lever, value)
        self.now.changed()
        return later

    def undo(self, colour: object) -> None:
        """Undo the last move of a future, and return to its morning if it has passed."""
        future = self.futures[self._place(colour)]
        if not future.timeline.before:
            raise refused("undo", "no move", "a move that was made here")
        day, _ = future.timeline.before[-1]
        self.go_to(min(day, self.day))
        future.timeline.undo()
        future.changed()

    def branch(self, name: str) -> None:
        """Fork another future today, and choose it."""
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
        """The position of the future with this colour. Pages identify futures by colour, since
        positions change."""
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
        """The days of each future that the page does not have yet, and the current day."""
        futures = []
        for future in self.futures:
            day = future.timeline.day
            first = 0 if everything else min(future.sent, day)
            if first < day or everything:
                rows = view.series(future.timeline, first)
                rows |= view.spreads(future.spread, first, day)
                futures.append({"id": future.colour, "from": first, "rows": rows})
                if day == self.days:
                    futures[-1]["after"] = view.stages_after(future.timeline)
                future.sent = day
        return {
            "day": self.day, "lived": {f.colour: f.sent for f in self.futures}, "futures": futures,
            "chosen": self.now.colour, "playing": self.playing, "on_the_way": self.target,
            "stand": {f.colour: max(f.timeline.day, self.target or 0) for f in self.futures},
        }  # fmt: skip


def refused(key: str, value: object, allowed: str) -> InputError:
    """The error for an invalid request of the page."""
    return InputError.at(PAGE, key, repr(value)[:60], allowed)
