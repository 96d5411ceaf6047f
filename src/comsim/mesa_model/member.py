"""A member as a Mesa agent: a view on the member's row, made when somebody asks for it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.mesa_model.fields import LIMITS, READABLE
from comsim.mesa_model.library import Agent
from comsim.model.declare import Field
from comsim.model.kernel.basics import LEFT

if TYPE_CHECKING:
    from comsim.mesa_model.community import Community
    from comsim.mesa_model.member_set import MemberSet


class FieldView:
    """A field of a member: an attribute that reads, and may set, the array."""

    def __init__(self, field: Field) -> None:
        self.name = field.name
        self.__doc__ = field.meaning
        if field.name in LIMITS:
            self.__doc__ += "; to be set in [{:g}, {:g}]".format(*LIMITS[field.name])

    def __get__(self, member: Member | None, kind: type | None = None) -> Any:
        if member is None:
            return self
        return member.model.fields.cells[self.name][member._row]

    def __set__(self, member: Member, value: float) -> None:
        member.model.fields.put(self.name, member._row, value)


class NameView(FieldView):
    """A field that is kept as a code and read as a name."""

    def __get__(self, member: Member | None, kind: type | None = None) -> Any:
        if member is None:
            return self
        fields = member.model.fields
        return fields.names[self.name][fields.cells[self.name][member._row]]


class Member(Agent):
    """A member of a `Community`, as a Mesa agent.

    Every public field is an attribute, with the name that it has in `members.parquet`. States
    (interest, trust, habit, fatigue, expectation, novelty, voice, standing, reward_norm,
    coupon_norm, push_norm: 0 to 1) and traits (activity, contribution, taste, power: each in its
    own range) can be set, and what is set lives on the next day; they are kept in single
    precision. Other values raise a ValueError, other fields an AttributeError. `unique_id` is the
    person's id, as in every table.

    There is one view of a member at a time, for as long as somebody holds it. An attribute of
    one's own (`member.mood = "glad"`, `pos` in a space) makes the community hold it.

    Members join and leave as the model has it: they can't be made, nor removed. A view of one
    who has left still tells what was, and says `status` "left" and `left_day`.
    """

    __slots__ = ("_row", "model")

    model: Community
    pos: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        raise TypeError("members can't be made: people join. Community.agents are those inside")

    @classmethod
    def _view(cls, model: Community, row: int) -> Member:
        view = object.__new__(cls)
        cls.model.__set__(view, model)  # not through __setattr__: quick
        cls._row.__set__(view, row)
        return view

    @property
    def row(self) -> int:
        """Place in the order of joining, from 0."""
        return self._row

    @property
    def unique_id(self) -> int:
        """The person's id: their row in the market."""
        return self.person

    @property
    def inviter(self) -> Member | None:
        """Who brought this member; None if the operator did."""
        row = int(self.model.world.m.own["inviter"][self._row])
        return self.model.views.of(row) if row >= 0 else None

    @property
    def ties(self) -> MemberSet:
        """The members that this one is tied to, as long as they are inside."""
        world = self.model.world
        rows = world.m.tie[self._row]
        rows = rows[rows >= 0]
        return self.model.set_of(rows[world.m.status[rows] != LEFT].astype(np.int64))

    def remove(self) -> None:
        """Refused: only the model makes members leave."""
        raise TypeError("members can't be removed: they leave as the model has it")

    def __setattr__(self, name: str, value: Any) -> None:
        if not hasattr(type(self), name) and (meant := _almost(name)):
            raise AttributeError(f"a member has no {name}; did you mean {meant}?")
        object.__setattr__(self, name, value)
        if name in self.__dict__:
            self.model.views.keep(self)

    def __repr__(self) -> str:
        left = f", left on day {self.left_day}" if self.status == "left" else ""
        return f"<{type(self).__name__} {self.unique_id}{left}>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a member can't be copied: it is a view on its community")


CODED = ("status", "segment", "arm")
for _name, _field in READABLE.items():
    setattr(Member, _name, (NameView if _name in CODED else FieldView)(_field))


@lru_cache
def _almost(name: str) -> str | None:
    """The field that a name is a slip of, if it is."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, READABLE, n=1, cutoff=0.85)), None)
