"""A life that is lived day by day, and can go back to any day of it."""

from __future__ import annotations

from collections import deque
from itertools import accumulate

import numpy as np

from comsim.lab.moves import Move, moved, with_move
from comsim.model.kernel.bundle import Bundle
from comsim.run.simulation import first_morning, live, seed_for
from comsim.run.snapshots import put, state_of
from comsim.scenario import Plan, Scenario, parameter_values, plan

SNAPSHOTS = 8  # that are kept, the first morning besides
SPACING = 30  # days from one to the next, at first
UNDONE = 100  # moves at most that can be taken back


class Timeline:
    """A community under a scenario and a seed, on the morning of `day`.

    Lever moves become part of its `scenario`: simulated from the first day on under the same
    seed, that gives the same bits. Days are 0 .. scenario.days; on the last one it is over.
    """

    def __init__(self, scenario: Scenario, seed: int | None = None) -> None:
        self.base = scenario
        self.seed = seed_for(scenario, seed, "lab")
        self.moves: list[Move] = []
        self.before: deque[tuple[int, list[Move]]] = deque(maxlen=UNDONE)
        """The day of each `set`, and the moves before it; for a lever that is set again at
        once, as keys move a slider, those before the first time."""
        self._hand: tuple[int, str] | None = None  # what the last `set` here moved, and when
        self.scenario: Scenario = scenario
        self.plan: Plan = plan(scenario)
        self.day = 0
        self._parameters = parameter_values(scenario, self.seed)
        self.world = self._first_morning()
        self._snapshots: dict[int, list[np.ndarray]] = {}
        self._spacing = SPACING

    @classmethod
    def moved(cls, scenario: Scenario, seed: int, moves: list[Move]) -> Timeline:
        """A life in which levers are moved on such days, in order of days, on its first morning.

        InputError, in one line, for moves that can't be.
        """
        life = cls(scenario, seed)
        life._follow(moves)
        return life

    @property
    def days(self) -> int:
        """The last evening: how many days there are."""
        return self.base.days

    @property
    def daily(self) -> np.ndarray:
        """Records (DAY_RECORD) of the days lived so far."""
        return self.world.daily[: self.day]

    def go_to(self, day: int) -> None:
        """Go to the morning of a day, forwards or back; ValueError outside 0 .. days."""
        if not 0 <= day <= self.days:
            raise ValueError(f"day must lie in 0 .. {self.days}, got {day}")
        if day != self.day:
            self._hand = None
        if day < self.day:
            self.rewind(day)
        while self.day < day:
            stop = min(day, self.day - self.day % self._spacing + self._spacing)
            live(self.world, self.day, stop, threads=1)  # several visitors live at once
            self.day = stop
            if stop % self._spacing == 0 and stop < self.days:
                self._keep()

    def rewind(self, day: int) -> None:
        """Go back, at once, to the last morning up to a day that is kept."""
        self._hand = None
        self.day = max((kept for kept in self._snapshots if kept <= day), default=0)
        if self.day == 0:
            self.world = self._first_morning()
        else:  # levers of the days before stay as they were lived
            put(self._snapshots[self.day], self.world, levers=False)
        self._plan_from(self.day)

    def set(self, lever: str, value: float) -> None:
        """Set a lever on the morning of today, and forget the moves of later days.

        InputError, in one line, for a lever or a value that there isn't; nothing changes then.
        """
        if self.day == self.days:
            raise ValueError("its last day is over")
        before, after = self.moves, with_move(self.moves, Move(self.day, lever, float(value)))
        if after == before:  # a field may say the same again
            return
        self._follow(after)
        if self._hand != (self.day, lever):
            self.before.append((self.day, before))
        self._hand = (self.day, lever)

    def undo(self) -> None:
        """Take back the last `set`, on its morning or earlier: its moves are as before it."""
        day, before = self.before[-1]
        self.go_to(min(day, self.day))
        self._hand = None
        self._follow(before)
        self.before.pop()

    @property
    def made(self) -> tuple[list[Move], list[Move]]:
        """The moves that `undo` can't take back, and those that it can, in the order they were
        made; `remake` takes both."""
        stood = [moves for _, moves in self.before] + [self.moves]
        return stood[0], [moves[-1] for moves in stood[1:]]

    def remake(self, first: list[Move], made: list[Move]) -> None:
        """Let `undo` take back the moves that were `made` after those it had at `first`; without
        effect if they don't lead to its moves."""
        stood = list(accumulate(made, with_move, initial=first))
        if stood[-1] == self.moves:
            self.before.extend((move.day, moves) for move, moves in zip(made, stood, strict=False))

    def fork(self) -> Timeline:
        """Another future from today on, on the same luck."""
        other = Timeline.moved(self.base, self.seed, list(self.moves))
        put(state_of(self.world), other.world)
        other.day, other.before = self.day, self.before.copy()
        other._snapshots, other._spacing = dict(self._snapshots), self._spacing
        return other

    def _follow(self, moves: list[Move]) -> None:
        scenario = moved(self.base, *moves)
        compiled = plan(scenario)
        self.moves, self.scenario, self.plan = moves, scenario, compiled
        self._snapshots = {d: s for d, s in self._snapshots.items() if d <= self.day}
        self._plan_from(self.day)

    def _plan_from(self, day: int) -> None:
        """Levers from a day on as planned. Of the days before, what rules made of them stays."""
        self.world.lever_table[day:] = self.plan.lever_table[day:]

    def _first_morning(self) -> Bundle:
        """Blank, so that little of it need be kept."""
        return first_morning(self.base, self.plan, self._parameters, self.seed, blank=True)

    def _keep(self) -> None:
        """Keep today's state; when there are too many, every second goes."""
        self._snapshots[self.day] = state_of(self.world, levers=False)
        if len(self._snapshots) > SNAPSHOTS:
            self._spacing *= 2
            kept = self._snapshots.items()
            self._snapshots = {d: s for d, s in kept if d % self._spacing == 0}
