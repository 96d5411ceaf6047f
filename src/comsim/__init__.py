"""comsim: a flight simulator for people who run communities.

import comsim
run = comsim.simulate("scenarios/brand_launch.toml", seed=1)
run.daily, run.stages, run.events(), run.save("results/mine")
comsim.compare("scenarios/brand_launch.toml", "mine.toml", worlds=100).sentence
comsim.sweep("experiments/ads_and_cadence.toml").runs
comsim.analyse("results/ads_and_cadence")["boxes"].sentence
comsim.export("results/ads_and_cadence")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Analysis", "Comparison", "Experiment", "InputError", "Run", "Scenario", "Sweep", "analyse",
    "compare", "export", "load_experiment", "load_scenario", "load_sweep", "simulate", "sweep",
    "validate",
]  # fmt: skip

if TYPE_CHECKING:
    from comsim.analysis.answers import Analysis, analyse
    from comsim.comparison.compare import compare
    from comsim.comparison.form import Comparison
    from comsim.errors import InputError
    from comsim.experiments.checks import load_experiment
    from comsim.experiments.form import Experiment
    from comsim.experiments.result import Sweep, load_sweep
    from comsim.experiments.sweep import sweep
    from comsim.publication.folder import export
    from comsim.scenario import Scenario, load_scenario
    from comsim.simulation import Run, simulate
    from comsim.validation.validate import validate

_WHERE = {
    "Analysis": "comsim.analysis.answers",
    "Comparison": "comsim.comparison.form",
    "Experiment": "comsim.experiments.form",
    "InputError": "comsim.errors",
    "Run": "comsim.simulation",
    "Scenario": "comsim.scenario",
    "Sweep": "comsim.experiments.result",
    "analyse": "comsim.analysis.answers",
    "compare": "comsim.comparison.compare",
    "export": "comsim.publication.folder",
    "load_experiment": "comsim.experiments.checks",
    "load_scenario": "comsim.scenario",
    "load_sweep": "comsim.experiments.result",
    "simulate": "comsim.simulation",
    "sweep": "comsim.experiments.sweep",
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
