"""Members as Mesa agents, and sets of them.

A member is a view on a row of the arrays, made on access. Mesa's own sets hold weak references, so
they would lose views without another reference. A `MemberSet` therefore holds row numbers: its
methods work on rows, and make views only to pass them to a function. Given the name of a field, a
method reads the array.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from operator import attrgetter, index
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comsim.mesa_model.compiled import CompiledModel
from comsim.mesa_model.fields import READABLE
from comsim.mesa_model.library import Agent, AgentSet, GroupBy
from comsim.mesa_model.views import FieldView, NameView
from comsim.model.kernel.basics import LEFT


class Member(Agent):
    """A member of a `Community`, as a Mesa agent.

    Its attributes are the columns of `members.parquet`. States (interest, trust, habit, fatigue,
    expectation, novelty, voice, standing, reward_norm, coupon_norm, push_norm: 0 to 1) and traits
    (activity, contribution, taste, power: each in its own range) can be set. A new value is stored
    in single precision and affects the next day. A value out of range raises a ValueError, any
    other field an AttributeError. `unique_id` is the person's id, as in every table.

    A member has at most one view at a time, which exists as long as you hold a reference to it.
    If you add your own attributes (`member.mood = "glad"`, `pos` in a space), the community keeps
    the view.

    The model decides when members join and leave: members can't be created or removed. A view of
    a member who has left keeps the last values, with `status` "left" and `left_day`.
    """

    __slots__ = ("_row", "model")

    model: CompiledModel
    pos: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        raise TypeError(
            "members can't be created: people join. The current members are in Community.agents"
        )

    @classmethod
    def _view(cls, model: CompiledModel, row: int) -> Member:
        view = object.__new__(cls)
        cls.model.__set__(view, model)  # faster than through __setattr__
        cls._row.__set__(view, row)
        return view

    @property
    def row(self) -> int:
        """Position in the order of joining, from 0."""
        return self._row

    @property
    def unique_id(self) -> int:
        """The person's id: their number in the market."""
        return self.person

    @property
    def inviter(self) -> Member | None:
        """The member who invited this one; None if the operator recruited them."""
        row = int(self.model.world.m.own["inviter"][self._row])
        return self.model.views.of(row) if row >= 0 else None

    @property
    def ties(self) -> MemberSet:
        """The current members that this one is tied to."""
        world = self.model.world
        rows = world.m.tie[self._row]
        rows = rows[rows >= 0]
        return MemberSet(self.model, rows[world.m.status[rows] != LEFT].astype(np.int64))

    def remove(self) -> None:
        """Raises TypeError: only the model makes members leave."""
        raise TypeError("members can't be removed: the model decides when they leave")

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
        raise TypeError("a member can't be copied: it is a view of its community")


CODED = ("status", "segment", "arm")
for _name, _field in READABLE.items():
    setattr(Member, _name, (NameView if _name in CODED else FieldView)(_field))


@lru_cache
def _almost(name: str) -> str | None:
    """The field whose name is closest to a misspelt one, if any is close."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, READABLE, n=1, cutoff=0.85)), None)


class MemberSet(AgentSet):
    """An ordered set of members of one community, with the methods of Mesa's AgentSet.

    A set does not change as days pass: `Community.agents` returns the current members. `add`,
    `discard` and `remove` change the set, not the community.
    """

    def __init__(self, model: CompiledModel, rows: NDArray[np.int64], random: Any = None) -> None:
        self.model = model
        self.random = model.random if random is None else random
        self._put(rows)

    def _put(self, rows: NDArray[np.int64]) -> MemberSet:
        """Hold these rows, each once. The array is never modified."""
        self.rows = rows
        self._marked: NDArray[np.bool_] | None = None
        return self

    def _with(self, rows: NDArray[np.int64], inplace: bool = False) -> MemberSet:
        return self._put(rows) if inplace else MemberSet(self.model, rows, self.random)

    def _field(self, name: Any) -> FieldView | None:
        """The field of that name, unless a subclass of Member overrides it."""
        field = getattr(self.model.member_type, name, None) if isinstance(name, str) else None
        return field if isinstance(field, FieldView) else None

    def _row_of(self, agent: Any) -> int:
        if not isinstance(agent, Member) or agent.model is not self.model:
            raise TypeError(f"a MemberSet contains members of one community, not {agent!r}")
        return agent.row

    # As a collection

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Member]:
        return map(self.model.views.of, memoryview(self.rows))

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, Member) or agent.model is not self.model:
            return False
        if self._marked is None:
            self._marked = np.zeros(int(self.rows.max(initial=-1)) + 1, bool)
            self._marked[self.rows] = True
        return agent.row < len(self._marked) and bool(self._marked[agent.row])

    def __getitem__(self, item: int | slice) -> Member | list[Member]:
        """A member, or a list of members for a slice."""
        if isinstance(item, slice):
            return [self.model.views.of(row) for row in self.rows[item].tolist()]
        return self.model.views.of(int(self.rows[index(item)]))

    def to_list(self) -> list[Member]:
        """The members as a list."""
        return list(self)

    def add(self, agent: Member) -> None:
        """Add a member at the end. Raises TypeError for members of another community."""
        row = self._row_of(agent)
        if agent not in self:
            self._put(np.append(self.rows, row))

    def discard(self, agent: Member) -> None:
        """Remove a member from this set, if present."""
        if agent in self:
            self._put(self.rows[self.rows != agent.row])

    def remove(self, agent: Member) -> None:
        """Remove a member from this set. Raises KeyError if not present."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def clear(self) -> None:
        """Remove all members from this set."""
        self._put(self.rows[:0])

    def _from_iterable(self, agents: Iterable[Member]) -> MemberSet:
        """The result of `&`, `|`, `-` and `^`: in order, without duplicates."""
        rows = dict.fromkeys(map(self._row_of, agents))
        return self._with(np.fromiter(rows, np.int64, len(rows)))

    def _update(self, agents: Iterable[Member]) -> MemberSet:
        return self._put(self._from_iterable(agents).rows)

    # Python calls these first if the left operand is a set of Mesa's, which would lose views.
    def __ror__(self, other: Any) -> MemberSet:
        return self | other

    def __rxor__(self, other: Any) -> MemberSet:
        return self ^ other

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # Selecting and sorting

    def select(
        self,
        filter_func: Callable[[Member], bool] | NDArray[np.bool_] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> MemberSet:
        """As in Mesa. A boolean array with one value per member is faster than a function:

        agents.select(agents.array("trust") < 0.3)
        """
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        most = None if at_most == math.inf else max(0, math.ceil(at_most))
        rows = self.rows
        if agent_type and not issubclass(self.model.member_type, agent_type):
            rows = rows[:0]
        if isinstance(filter_func, np.ndarray):
            rows = rows[filter_func]
        elif filter_func:
            view = self.model.views.of
            passing = (row for row in memoryview(rows) if filter_func(view(row)))
            rows = np.fromiter(islice(passing, most), np.int64)
        return self._with(rows[:most], inplace)

    def shuffle(self, inplace: bool = False) -> MemberSet:
        return self._with(self._shuffled(), inplace)

    def _shuffled(self) -> NDArray[np.int64]:
        rows = self.rows.tolist()  # a list, to use the same random numbers as Mesa
        self.random.shuffle(rows)
        return np.array(rows, np.int64)

    def sort(
        self, key: Callable[[Member], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> MemberSet:
        field = self._field(key)
        if field and not isinstance(field, NameView):
            # Stable in both directions, like Python's sort.
            values = self.array(field.name)
            if ascending:
                order = values.argsort(kind="stable")
            else:
                order = len(values) - 1 - values[::-1].argsort(kind="stable")[::-1]
        else:
            keys = self._keys(attrgetter(key) if isinstance(key, str) else key)
            order = sorted(range(len(keys)), key=keys.__getitem__, reverse=not ascending)
        return self._with(self.rows[np.asarray(order, np.int64)], inplace)

    def groupby(self, by: Callable[[Member], Any] | str, result_type: str = "agentset") -> GroupBy:
        keys = self.get(by) if isinstance(by, str) else self._keys(by)
        places = defaultdict(list)
        for place, key in enumerate(keys):
            places[key].append(place)
        groups = {key: self._with(self.rows[at]) for key, at in places.items()}
        if result_type == "agentset":
            return GroupBy(groups)
        return GroupBy({key: list(group) for key, group in groups.items()})

    def _keys(self, key: Callable[[Member], Any]) -> list[Any]:
        return [key(member) for member in self]

    # Reading, setting, calling

    def array(self, name: str) -> NDArray[Any]:
        """A field of all members as a new array (names as an array of str)."""
        if name in self.model.fields.names:
            return np.array(self.get(name), str)
        return self.model.fields.arrays[name][self.rows]

    def get(
        self,
        attr_names: str | Iterable[str],
        handle_missing: str = "error",
        default_value: Any = None,
    ) -> list[Any]:
        if handle_missing not in ("error", "default"):
            raise ValueError(
                f"Unknown handle_missing option: {handle_missing}, "
                "should be one of 'error' or 'default'"
            )
        default = () if handle_missing == "error" else (default_value,)
        if isinstance(attr_names, str):
            return self._column(attr_names, default)
        columns = [self._column(name, default) for name in attr_names]
        return list(map(list, zip(*columns, strict=True))) if columns else [[] for _ in self.rows]

    def _column(self, name: str, default: tuple[Any, ...]) -> list[Any]:
        if self._field(name):
            return self.model.fields.column(name, self.rows)
        return [getattr(member, name, *default) for member in self]

    def set(self, attr_name: str, value: Any) -> MemberSet:
        """As in Mesa. For a field, `value` may also be an array with one value per member.

        If a value is out of range or a member has left, nothing is set.
        """
        if self._field(attr_name):
            self.model.fields.put_all(attr_name, self.rows, value)
        else:
            for member in self:
                setattr(member, attr_name, value)
        return self

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> MemberSet:
        for _ in self._each(method, args, kwargs):
            pass
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> MemberSet:
        self._with(self._shuffled()).do(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        return list(self._each(method, args, kwargs))

    def _each(self, method: str | Callable[..., Any], args: tuple, kwargs: dict) -> Iterator[Any]:
        for member in self:
            if isinstance(method, str):
                yield getattr(member, method)(*args, **kwargs)
            else:
                yield method(member, *args, **kwargs)
