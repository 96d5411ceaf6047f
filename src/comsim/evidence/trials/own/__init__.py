"""Effects and base rates that need a measure of their own: figures by name, as in `facts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from comsim.evidence.world import FactWorld

OWN: dict[str, Callable[[FactWorld], Mapping[str, float | None]]] = {}
