"""How each effect of a lever, and each base rate, is measured in a world.

../trials.toml   experiments by lot and on whole communities, as data
own/             measures of their own
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from comsim.evidence.trials.own import OWN
from comsim.evidence.world import FactWorld

TRIALS: dict[str, Callable[[FactWorld], Mapping[str, float | None]]] = {**OWN}
