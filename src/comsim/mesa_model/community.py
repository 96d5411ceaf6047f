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
    """A scenario under a seed, as a `mesa.Model`.

    `step()` lives a day; `run()` lives many in one compiled call, and gives the same bits.
    `agents` are the members who are inside, in order of joining, `others` the agents of your own.
    `running` is False once the last day is over.

    Without a seed it is another world each time, as with any Mesa model, so that the iterations
    of `mesa.batch_run` differ; `seed` says which. `seed=scenario.seed` is the scenario's own.

    Raises InputError for a scenario that can't be carried out, and for a seed that is no whole
    number from 0 to 2^63 - 1.
    """

    member_type: type[Member] = Member
    """The class of the views: a subclass of Member, to give members methods of your own."""

    def __init__(self, scenario: Scenario | str | Path, seed: int | None = None) -> None:
        super().__init__(scenario, seed)
        self.views = Views(partial(self.member_type._view, self))
        self._numbers = count(self.scenario.community.market)  # ids that no person has

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
