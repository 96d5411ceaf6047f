"""Views of members: attributes that read and set the arrays, and the views that exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar
from weakref import ref

from comsim.mesa_model.fields import LIMITS
from comsim.model.declare import MemberField


class HasRow(Protocol):
    """An object that knows its row."""

    @property
    def row(self) -> int: ...


View = TypeVar("View", bound=HasRow)


class FieldView:
    """A field of a member: an attribute that reads and sets the array."""

    def __init__(self, field: MemberField) -> None:
        self.name = field.name
        self.__doc__ = field.meaning
        if field.name in LIMITS:
            self.__doc__ += "; can be set, from {:g} to {:g}".format(*LIMITS[field.name])

    def __get__(self, member: Any, kind: type | None = None) -> Any:
        if member is None:
            return self
        return member.model.fields.cells[self.name][member._row]

    def __set__(self, member: Any, value: float) -> None:
        member.model.fields.put(self.name, member._row, value)


class NameView(FieldView):
    """A field that is stored as a code and read as a name."""

    def __get__(self, member: Any, kind: type | None = None) -> Any:
        if member is None:
            return self
        fields = member.model.fields
        return fields.names[self.name][fields.cells[self.name][member._row]]


class RowReference(ref):
    """A weak reference that knows the row of its view."""

    __slots__ = ("row",)


class Views(Generic[View]):
    """The views that exist, by row. `make` creates the view of a row.

    Twice as fast as a WeakValueDictionary, which matters in loops over all members.
    """

    def __init__(self, make: Callable[[int], View]) -> None:
        self._make = make
        self._kept: dict[int, View] = {}
        self._existing: dict[int, RowReference] = {}
        existing = self._existing

        def forget(reference: RowReference) -> None:
            if existing.get(reference.row) is reference:
                del existing[reference.row]

        self._forget = forget

    def of(self, row: int) -> View:
        """The view of the member in this row."""
        reference = self._existing.get(row)
        view = None if reference is None else reference()
        if view is None:
            view = self._make(row)
            reference = self._existing[row] = RowReference(view, self._forget)
            reference.row = row
        return view

    def keep(self, member: View) -> None:
        """Keep a view as long as the community exists."""
        self._kept[member.row] = member
