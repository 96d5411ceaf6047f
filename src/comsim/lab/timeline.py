"""A community simulated day by day, which can return to any earlier day."""

from __future__ import annotations

from collections import deque
from itertools import accumulate

import numpy as np

from comsim.lab.moves import TimelineMove, moved, with_move
from comsim.model.kernel.bundle import Bundle
from comsim.run.simulation import first_morning, live, seed_for
from comsim.run.snapshots import put, state_of
from comsim.scenario import Plan, Scenario, parameter_values, plan

SNAPSHOTS = 8  # kept, in addition to the first morning
SPACING = 30  # days between snapshots, at first
UNDONE = 100  # moves that can be undone, at most


class Timeline:
    """A community with a scenario and a seed, on the morning of `day`.

    Lever moves become part of its `scenario`. Simulated from the first day with the same seed, that
    scenario gives identical results. `day` is 0 to scenario.days; on the last, the run is over.
    """

    def __init__(self, scenario: Scenario, seed: int | None = None) -> None:
        self.base = scenario
        self.seed = seed_for(scenario, seed, "lab")
        self.moves: list[TimelineMove] = []
        self.before: deque[tuple[int, list[TimelineMove]]] = deque(maxlen=UNDONE)
        """The day of each `set`, and the moves before it. If a lever is set several times in a
        row, as keys move a slider, this counts as one `set`."""
        self._hand: tuple[int, str] | None = None  # what the last `set` here moved, and when
        self.scenario: Scenario = scenario
        self.plan: Plan = plan(scenario)
        self.day = 0
        self._parameters = parameter_values(scenario, self.seed)
        self.world = self._first_morning()
        self._snapshots: dict[int, list[np.ndarray]] = {}
        self._spacing = SPACING

    @classmethod
    def moved(cls, scenario: Scenario, seed: int, moves: list[TimelineMove]) -> Timeline:
        """A timeline with these moves, in order of days, on its first morning.

        Raises InputError, in one line, for invalid moves.
        """
        life = cls(scenario, seed)
        life._follow(moves)
        return life

    @property
    def days(self) -> int:
        """The number of days."""
        return self.base.days

    @property
    def daily(self) -> np.ndarray:
        """Records (DAY_RECORD) of the days simulated so far."""
        return self.world.daily[: self.day]

    def go_to(self, day: int) -> None:
        """Go to the morning of a day, forwards or back. Raises ValueError outside 0 to days."""
        if not 0 <= day <= self.days:
            raise ValueError(f"day must lie in 0 .. {self.days}, got {day}")
        if day != self.day:
            self._hand = None
        if day < self.day:
            self.rewind(day)
        while self.day < day:
            stop = min(day, self.day - self.day % self._spacing + self._spacing)
            live(self.world, self.day, stop, threads=1)  # several visitors simulate at once
            self.day = stop
            if stop % self._spacing == 0 and stop < self.days:
                self._keep()

    def rewind(self, day: int) -> None:
        """Return at once to the last snapshot up to a day."""
        self._hand = None
        self.day = max((kept for kept in self._snapshots if kept <= day), default=0)
        if self.day == 0:
            self.world = self._first_morning()
        else:  # levers of earlier days stay as they were applied
            put(self._snapshots[self.day], self.world, levers=False)
        self._plan_from(self.day)

    def set(self, lever: str, value: float) -> None:
        """Set a lever this morning, and discard the moves of later days.

        Raises InputError, in one line, for an unknown lever or an invalid value; nothing changes
        then. Raises ValueError after the last day.
        """
        if self.day == self.days:
            raise ValueError("its last day is over")
        move = TimelineMove(self.day, lever, float(value))
        before, after = self.moves, with_move(self.moves, move)
        if after == before:  # a number field may send the same value again
            return
        self._follow(after)
        if self._hand != (self.day, lever):
            self.before.append((self.day, before))
        self._hand = (self.day, lever)

    def undo(self) -> None:
        """Undo the last `set`, and return to its morning if it has passed."""
        day, before = self.before[-1]
        self.go_to(min(day, self.day))
        self._hand = None
        self._follow(before)
        self.before.pop()

    @property
    def made(self) -> tuple[list[TimelineMove], list[TimelineMove]]:
        """The moves that `undo` can't undo, and those that it can, in the order they were made.
        `remake` takes both."""
        stood = [moves for _, moves in self.before] + [self.moves]
        return stood[0], [moves[-1] for moves in stood[1:]]

    def remake(self, first: list[TimelineMove], made: list[TimelineMove]) -> None:
        """Let `undo` undo the moves that were `made` after the moves in `first`. No effect if they
        don't lead to the current moves."""
        stood = list(accumulate(made, with_move, initial=first))
        if stood[-1] == self.moves:
            self.before.extend((move.day, moves) for move, moves in zip(made, stood, strict=False))

    def fork(self) -> Timeline:
        """Another future from today on, with the same seed."""
        other = Timeline.moved(self.base, self.seed, list(self.moves))
        put(state_of(self.world), other.world)
        other.day, other.before = self.day, self.before.copy()
        other._snapshots, other._spacing = dict(self._snapshots), self._spacing
        return other

    def _follow(self, moves: list[TimelineMove]) -> None:
        scenario = moved(self.base, *moves)
        compiled = plan(scenario)
        self.moves, self.scenario, self.plan = moves, scenario, compiled
        self._snapshots = {d: s for d, s in self._snapshots.items() if d <= self.day}
        self._plan_from(self.day)

    def _plan_from(self, day: int) -> None:
        """Set the levers from a day on as planned. Earlier days keep what rules made of them."""
        self.world.lever_table[day:] = self.plan.lever_table[day:]

    def _first_morning(self) -> Bundle:
        """A blank world, of which little needs to be kept."""
        return first_morning(self.base, self.plan, self._parameters, self.seed, blank=True)

    def _keep(self) -> None:
        """Keep a snapshot of today; if there are too many, drop every second one."""
        self._snapshots[self.day] = state_of(self.world, levers=False)
        if len(self._snapshots) > SNAPSHOTS:
            self._spacing *= 2
            kept = self._snapshots.items()
            self._snapshots = {d: s for d, s in kept if d % self._spacing == 0}
