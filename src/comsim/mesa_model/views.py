"""Views of members, one at a time for each, as long as somebody holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import ref

if TYPE_CHECKING:
    from comsim.mesa_model.member import Member


class Reference(ref):
    """A weak reference that knows the row of its view."""

    __slots__ = ("row",)


class Views:
    """The views that exist, by row; `make` makes the view of a row.

    Half as slow as a WeakValueDictionary, which matters where views of everybody pass by.
    """

    def __init__(self, make: Callable[[int], Member]) -> None:
        self._make = make
        self._kept: dict[int, Member] = {}
        self._existing = existing = {}

        def forget(reference: Reference) -> None:
            if existing.get(reference.row) is reference:
                del existing[reference.row]

        self._forget = forget

    def of(self, row: int) -> Member:
        """The view of the member in a row."""
        reference = self._existing.get(row)
        view = None if reference is None else reference()
        if view is None:
            view = self._make(row)
            reference = self._existing[row] = Reference(view, self._forget)
            reference.row = row
        return view

    def keep(self, member: Member) -> None:
        """Hold a view for as long as the community lives."""
        self._kept[member.row] = member
