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

from importlib import import_module
from typing import TYPE_CHECKING, Any

from comsim.common.version import __version__ as __version__

__all__ = [
    "Analysis", "Comparison", "Experiment", "InputError", "Run", "Scenario", "Sweep", "analyse",
    "compare", "export", "load_experiment", "load_scenario", "load_sweep", "simulate", "sweep",
    "validate",
]  # fmt: skip

if TYPE_CHECKING:
    from comsim.common.errors import InputError
    from comsim.evidence.validate import validate
    from comsim.publication.export import export
    from comsim.run.simulation import Run
    from comsim.scenario import Scenario, load_scenario
    from comsim.studies.analysis.answers import Analysis, analyse
    from comsim.studies.comparison.compare import compare
    from comsim.studies.comparison.comparison import Comparison
    from comsim.studies.experiments.checks import load_experiment
    from comsim.studies.experiments.experiment import Experiment
    from comsim.studies.experiments.result import Sweep, load_sweep
    from comsim.studies.experiments.sweep import sweep
    from comsim.today.run import simulate

# Where each name lives, and the module that attaches the methods of what it returns: those that
# draw, report or write files, of which the classes themselves know nothing.
_WHERE = {
    "Analysis": ("studies.analysis.answers", "results.analysis"),
    "Comparison": ("studies.comparison.comparison", "results.comparison"),
    "Experiment": ("studies.experiments.experiment",),
    "InputError": ("common.errors",),
    "Run": ("run.simulation", "results.run"),
    "Scenario": ("scenario",),
    "Sweep": ("studies.experiments.result",),
    "analyse": ("studies.analysis.answers", "results.analysis"),
    "compare": ("studies.comparison.compare", "results.comparison"),
    "export": ("publication.export",),
    "load_experiment": ("studies.experiments.checks",),
    "load_scenario": ("scenario",),
    "load_sweep": ("studies.experiments.result",),
    "simulate": ("today.run", "results.run"),
    "sweep": ("studies.experiments.sweep",),
    "validate": ("evidence.validate",),
}


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def __getattr__(name: str) -> Any:
    """Import on first use, so that `comsim --help` does not wait for numba."""
    if name not in _WHERE:
        raise AttributeError(f"module 'comsim' has no attribute {name!r}")
    home, *_ = [import_module(f"comsim.{module}") for module in _WHERE[name]]
    return getattr(home, name)
