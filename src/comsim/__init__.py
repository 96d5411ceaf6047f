"""comsim: a flight simulator for people who run communities.

import comsim
run = comsim.simulate("scenarios/brand_launch.toml", seed=1)
run.daily, run.stages, run.events(), run.save("results/mine")
comsim.compare("scenarios/brand_launch.toml", "mine.toml", worlds=100).sentence
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Comparison", "InputError", "Run", "Scenario", "compare", "load_scenario", "simulate",
    "validate",
]  # fmt: skip

if TYPE_CHECKING:
    from comsim.comparison.compare import compare
    from comsim.comparison.form import Comparison
    from comsim.errors import InputError
    from comsim.scenario import Scenario, load_scenario
    from comsim.simulation import Run, simulate
    from comsim.validation.validate import validate

_WHERE = {
    "Comparison": "comsim.comparison.form",
    "InputError": "comsim.errors",
    "Run": "comsim.simulation",
    "Scenario": "comsim.scenario",
    "compare": "comsim.comparison.compare",
    "load_scenario": "comsim.scenario",
    "simulate": "comsim.simulation",
    "validate": "comsim.validation.validate",
}


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def __getattr__(name: str) -> Any:
    """Import on first use, so that `comsim --help` does not wait for numba."""
    if name not in _WHERE:
        raise AttributeError(f"module 'comsim' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_WHERE[name]), name)
