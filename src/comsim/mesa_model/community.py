"""A community as a Mesa model: its members are its agents."""

from __future__ import annotations

from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comsim.mesa_model.compiled import CompiledModel
from comsim.mesa_model.library import Agent, AgentSet, Model
from comsim.mesa_model.members import Member, MemberSet
from comsim.mesa_model.views import Views
from comsim.scenario import Scenario


class Community(CompiledModel):
    """A scenario and a seed as a `mesa.Model`.

    `step()` simulates a day. `run()` simulates many days in one compiled call, with identical
    results. `agents` holds the current members, in order of joining, and `others` your own agents.
    `running` is False after the last day.

    Without a seed, each community uses a new random seed, as with any Mesa model, so that the
    iterations of `mesa.batch_run` differ. `seed` holds it. To use the scenario's own seed, pass
    `seed=scenario.seed`.

    Raises InputError for an invalid scenario, and for a seed that is not a whole number from 0 to
    2^63 - 1.
    """

    member_type: type[Member] = Member
    """The class of members: set it to a subclass of Member to add methods."""

    def __init__(self, scenario: Scenario | str | Path, seed: int | None = None) -> None:
        super().__init__(scenario, seed)
        self.views = Views(partial(self.member_type._view, self))
        self._numbers = count(self.scenario.community.market)  # ids that no person has

    @Model.agents.getter
    def agents(self) -> MemberSet:
        """The current members, in order of joining. Each access returns a new set."""
        return MemberSet(self, self.inside)

    @property
    def others(self) -> AgentSet:
        """Your own agents, in a standard AgentSet."""
        return Model.agents.fget(self)

    @property
    def agents_by_type(self) -> dict[type[Agent], AgentSet]:
        """Members and your own agents, by class."""
        return {self.member_type: self.agents} | super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """The classes of members and of your own agents."""
        return list(self.agents_by_type)

    def member(self, unique_id: int) -> Member:
        """A member by id, current or former. Raises KeyError if the person has never joined."""
        row = self.world.row_of[unique_id] if 0 <= unique_id < len(self.world.row_of) else -1
        if row < 0:
            raise KeyError(f"person {unique_id} has not joined")
        return self.views.of(int(row))

    def set_of(self, rows: NDArray[np.int64]) -> MemberSet:
        """The members in these rows, in this order. Each row may occur once."""
        return MemberSet(self, rows)

    def register_agent(self, agent: Agent) -> None:
        """Called by Mesa for each of your own agents. Their ids start after the last person's id.

        (Mesa counts ids in a dictionary of the class, which would keep this model alive.)
        """
        super().register_agent(agent)
        agent.unique_id = next(self._numbers)
        getattr(Agent, "_ids", {}).pop(self, None)

    def remove_all_agents(self) -> None:
        """Raises TypeError: members can't be removed."""
        raise TypeError(
            "members can't be removed; to remove your own agents: community.others.do('remove')"
        )
