"""Mesa's AgentSet over members: row numbers in place of objects.

Mesa's own sets hold weak references, so views that nobody else holds would vanish from them.
Here every verb works on rows, and makes views only to hand them to somebody's function. A verb
that is given the name of a field reads the array.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import attrgetter, index
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comsim.mesa_model.library import AgentSet, GroupBy
from comsim.mesa_model.member import FieldView, Member, NameView

if TYPE_CHECKING:
    from comsim.mesa_model.community import Community


class MemberSet(AgentSet):
    """An ordered set of members of one community; what it gives is what a stock AgentSet gives.

    A set keeps whom it holds when days pass, as rows; ask `Community.agents` for who is there
    now. `add`, `discard` and `remove` change the set, not the community.
    """

    def __init__(self, model: Community, rows: NDArray[np.int64], random: Any = None) -> None:
        self.model = model
        self.random = model.random if random is None else random
        self._put(rows)

    def _put(self, rows: NDArray[np.int64]) -> MemberSet:
        """Hold these rows, each once. The array is never written to."""
        self.rows = rows
        self._marked: NDArray[np.bool_] | None = None
        return self

    def _with(self, rows: NDArray[np.int64], inplace: bool = False) -> MemberSet:
        return self._put(rows) if inplace else MemberSet(self.model, rows, self.random)

    def _field(self, name: Any) -> FieldView | None:
        """The field of that name, unless a subclass of Member made something else of it."""
        found = getattr(self.model.member_type, name, None) if isinstance(name, str) else None
        return found if isinstance(found, FieldView) else None

    def _row_of(self, agent: Any) -> int:
        if not isinstance(agent, Member) or agent.model is not self.model:
            raise TypeError(f"a set of members holds members of one community, not {agent!r}")
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
        """A member, or the list of those in a slice."""
        if isinstance(item, slice):
            return [self.model.views.of(row) for row in self.rows[item].tolist()]
        return self.model.views.of(int(self.rows[index(item)]))

    def to_list(self) -> list[Member]:
        """All members of the set."""
        return list(self)

    def add(self, agent: Member) -> None:
        """Put a member of the same community at the end of this set; TypeError for others."""
        row = self._row_of(agent)
        if agent not in self:
            self._put(np.append(self.rows, row))

    def discard(self, agent: Member) -> None:
        """Take a member out of this set, if it is there."""
        if agent in self:
            self._put(self.rows[self.rows != agent.row])

    def remove(self, agent: Member) -> None:
        """Take a member out of this set; KeyError if it is not there."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def clear(self) -> None:
        """Take everyone out of this set."""
        self._put(self.rows[:0])

    def _from_iterable(self, agents: Iterable[Member]) -> MemberSet:
        """The result of `&`, `|`, `-` and `^`: in order, each member once."""
        rows = dict.fromkeys(map(self._row_of, agents))
        return self._with(np.fromiter(rows, np.int64, len(rows)))

    def _update(self, agents: Iterable[Member]) -> MemberSet:
        return self._put(self._from_iterable(agents).rows)

    # Python asks these first when the set on the left is one of Mesa's, which would lose views.
    def __ror__(self, other: Any) -> MemberSet:
        return self | other

    def __rxor__(self, other: Any) -> MemberSet:
        return self ^ other

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # Choosing and ordering

    def select(
        self,
        filter_func: Callable[[Member], bool] | NDArray[np.bool_] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> MemberSet:
        """As Mesa's. In place of a function, an array of a bool for each member is quick:

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
        rows = self.rows.tolist()  # a list, to take the very draws that Mesa takes
        self.random.shuffle(rows)
        return np.array(rows, np.int64)

    def sort(
        self, key: Callable[[Member], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> MemberSet:
        field = self._field(key)
        if field and not isinstance(field, NameView):
            # Stable either way, as Python's sort: equals keep their order.
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

    # Reading, setting, doing

    def array(self, name: str) -> NDArray[Any]:
        """A field of each member, as an array of its own (names as an array of str)."""
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
        """As Mesa's. A field may be given an array, too: a value for each member.

        If one value is out of range, or one member has left, nothing is set.
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
