"""A community as a Mesa model: a step is a day of the compiled model."""

from __future__ import annotations

import os
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comsim.common import arguments
from comsim.common.copies import read_only
from comsim.mesa_model.fields import Fields
from comsim.mesa_model.library import Agent, AgentSet, Model
from comsim.mesa_model.member import Member
from comsim.mesa_model.member_set import MemberSet
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


class Community(Model):
    """A scenario under a seed, as a `mesa.Model`.

    `step()` lives a day; `run()` lives many in one compiled call, and gives the same bits.
    `agents` are the members who are inside, in order of joining, `others` the agents of your own.
    `running` is False once the last day is over.

    Without a seed it is another world each time, as with any Mesa model, so that the iterations
    of `mesa.batch_run` differ; `seed` says which. `seed=scenario.seed` is the scenario's own.

    Raises InputError for a scenario that can't be carried out, and for a seed that is no whole
    number from 0 to 2^63 - 1.
    """

    seed: int
    """The random seed: the same seed gives the same world. Can be used as a model reporter."""
    member_type: type[Member] = Member
    """The class of the views: a subclass of Member, to give members methods of your own."""

    def __init__(self, scenario: Scenario | str | Path, seed: int | None = None) -> None:
        if not isinstance(scenario, Scenario):
            scenario = load_scenario(scenario)
        self.scenario = scenario
        self.seed = _new_seed() if seed is None else arguments.seed(seed, "Community")
        super().__init__(seed=self.seed)
        self.plan = plan(scenario)
        self.parameters = parameter_values(scenario, self.seed)
        self.world = first_morning(scenario, self.plan, self.parameters, self.seed)
        self.fields = Fields(self.world, self.plan)
        self._inside: NDArray[np.int64] | None = None  # rows, as long as the day is the same
        self.views = Views(partial(self.member_type._view, self))
        self._numbers = count(scenario.community.market)  # ids of other agents: no person has them
        self._lived = 0  # days

    # Days

    @property
    def day(self) -> int:
        """The last day lived, from 0; -1 before the first. `member.last_visit` counts alike."""
        return self._lived - 1

    def step(self) -> None:
        """Live a day. RuntimeError when the scenario has no more."""
        self._live(1)

    def run(self, days: int | None = None) -> None:
        """Live so many days, by default all that are left, in one call: `step` is not called.

        RuntimeError when the scenario has fewer.
        """
        left = self.scenario.days - self._lived
        days = left if days is None else arguments.whole(days, "Community.run", "days", 0)
        self._live(days)
        self.steps += days  # which Mesa counts where it calls `step`

    def run_model(self) -> None:
        """Live all days that are left: by `run`, unless a subclass has a `step` of its own."""
        if type(self).step is not Community.step:
            super().run_model()
        elif self.running:
            self.run()

    def _live(self, days: int) -> None:
        stop = self._lived + days
        if not self._lived <= stop <= self.scenario.days:
            raise RuntimeError(
                f"can't live {days} days: {self._lived} of the scenario's {self.scenario.days} "
                "have been lived"
            )
        live(self.world, self._lived, stop)
        self._lived = stop
        self._inside = None
        self.fields.new_day()
        self.running = stop < self.scenario.days

    # Agents

    @property
    def inside(self) -> NDArray[np.int64]:
        """Rows of the members who are inside."""
        if self._inside is None:
            self._inside = self.fields.inside()
            read_only(self._inside)
        return self._inside

    @Model.agents.getter
    def agents(self) -> MemberSet:
        """The members who are inside, in order of joining. Each call gives a new set."""
        return MemberSet(self, self.inside)

    @property
    def others(self) -> AgentSet:
        """The agents of your own: a stock AgentSet."""
        return Model.agents.fget(self)

    @property
    def agents_by_type(self) -> dict[type[Agent], AgentSet]:
        """The members, and the agents of your own, by their class."""
        return {self.member_type: self.agents} | super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """The class of members, and those of your own agents."""
        return list(self.agents_by_type)

    def member(self, unique_id: int) -> Member:
        """A member by id, whether inside or left; KeyError for who has never joined."""
        row = self.world.row_of[unique_id] if 0 <= unique_id < len(self.world.row_of) else -1
        if row < 0:
            raise KeyError(f"person {unique_id} has not joined")
        return self.views.of(int(row))

    def set_of(self, rows: NDArray[np.int64]) -> MemberSet:
        """The members in some rows, in that order; each row once."""
        return MemberSet(self, rows)

    def register_agent(self, agent: Agent) -> None:
        """Mesa calls it for each agent of your own. Their ids go on where those of people end.

        (Mesa counts in a dictionary of the class, which would never let go of this model.)
        """
        super().register_agent(agent)
        agent.unique_id = next(self._numbers)
        getattr(Agent, "_ids", {}).pop(self, None)

    def remove_all_agents(self) -> None:
        """Refused, since members can't be removed."""
        raise TypeError("members can't be removed; yours can: community.others.do('remove')")

    # What happened

    def count(self, name: str) -> float:
        """A daily count of the last day, in its unit, much quicker than by `daily`."""
        return self.world.daily[name][self.day].item() / COLUMNS[name].scale if self._lived else 0

    @property
    def daily(self) -> pd.DataFrame:
        """One row for each day so far: counts, means of states, money, stage."""
        return daily_frame(self.world.daily[: self._lived], self.scenario.start)

    @property
    def members(self) -> pd.DataFrame:
        """One row for each member so far, those who have left too, in order of joining."""
        rows = int(self.world.now["rows"][0])
        return member_frame(self.world.m, rows, self.plan.segment_names, self.plan.arm_names)

    def __repr__(self) -> str:
        return f"<Community {self.scenario.name!r}, seed {self.seed}, {self._lived} days lived>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a community can't be copied: make it again, of its scenario and seed")
