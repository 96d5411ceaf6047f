"""A run of the compiled model as a Mesa model: days, daily counts and tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comsim.common import arguments
from comsim.common.copies import read_only
from comsim.mesa_model.fields import Fields
from comsim.mesa_model.library import Agent, Model
from comsim.mesa_model.views import Views
from comsim.model.catalogue import COLUMNS
from comsim.run.simulation import first_morning, live
from comsim.run.tables import daily_frame, member_frame
from comsim.scenario import Scenario, load_scenario, parameter_values, plan

if TYPE_CHECKING:
    import pandas as pd


SEED_BYTES = 6  # short enough to be exact if a table stores it as a float


def _new_seed() -> int:
    """A new random seed."""
    return int.from_bytes(os.urandom(SEED_BYTES))


class CompiledModel(Model):
    """A scenario and a seed as a `mesa.Model` that simulates days; `Community` adds the members."""

    seed: int
    """The random seed: the same seed gives the same world. Can be used as a model reporter."""
    member_type: type[Agent]
    """The class of the members' views."""
    views: Views[Any]
    """The views that exist."""

    def __init__(self, scenario: Scenario | str | Path, seed: int | None = None) -> None:
        if not isinstance(scenario, Scenario):
            scenario = load_scenario(scenario)
        self.scenario = scenario
        self.seed = _new_seed() if seed is None else arguments.seed(seed, "Community")
        super().__init__(seed=self.seed)
        if scenario.community.today is not None:
            from comsim.today.one import with_past

            self.scenario = scenario = with_past(scenario, self.seed).scenario
            self.seed = scenario.seed
        self.plan = plan(scenario)
        self.parameters = parameter_values(scenario, self.seed)
        self.world = first_morning(scenario, self.plan, self.parameters, self.seed)
        self.fields = Fields(self.world, self.plan)
        self._inside: NDArray[np.int64] | None = None  # rows; None once a day has passed
        self._done = 0  # days simulated

    # Days

    @property
    def day(self) -> int:
        """The last simulated day, counted from 0; -1 before the first. `member.last_visit` uses the
        same count."""
        return self._done - 1

    def step(self) -> None:
        """Simulate one day. Raises RuntimeError after the scenario's last day."""
        self._live(1)

    def run(self, days: int | None = None) -> None:
        """Simulate several days, by default all that are left, in one call; `step` is not called.

        Raises RuntimeError if the scenario has fewer days left.
        """
        left = self.scenario.days - self._done
        days = left if days is None else arguments.whole(days, "Community.run", "days", 0)
        self._live(days)
        self.steps += days  # Mesa counts calls of `step`

    def run_model(self) -> None:
        """Simulate all days that are left: with `run`, unless a subclass overrides `step`."""
        if type(self).step is not CompiledModel.step:
            super().run_model()
        elif self.running:
            self.run()

    def _live(self, days: int) -> None:
        stop = self._done + days
        if not self._done <= stop <= self.scenario.days:
            raise RuntimeError(
                f"can't simulate {days} days: {self._done} of the scenario's {self.scenario.days} "
                "are done"
            )
        live(self.world, self._done, stop)
        self._done = stop
        self._inside = None
        self.fields.new_day(self.day)
        self.running = stop < self.scenario.days

    @property
    def inside(self) -> NDArray[np.int64]:
        """Rows of the current members, in order of joining."""
        if self._inside is None:
            self._inside = self.fields.inside()
            read_only(self._inside)
        return self._inside

    # Results

    def count(self, name: str) -> float:
        """A daily count of the last day, in its unit; much faster than `daily`."""
        return self.world.daily[name][self.day].item() / COLUMNS[name].scale if self._done else 0

    @property
    def daily(self) -> pd.DataFrame:
        """One row per simulated day: counts, means of states, money, stage."""
        return daily_frame(
            self.world.daily[: self._done], self.scenario.start, self.scenario.community.market
        )

    @property
    def members(self) -> pd.DataFrame:
        """One row per member, including those who have left, in order of joining."""
        rows = int(self.world.now["rows"][0])
        return member_frame(self.world.m, rows, self.plan.segment_names, self.plan.arm_names)

    def __repr__(self) -> str:
        return f"<Community {self.scenario.name!r}, seed {self.seed}, {self._done} days simulated>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a community can't be copied; create it again from its scenario and seed")
