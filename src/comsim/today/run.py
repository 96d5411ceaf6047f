"""One run of a scenario, whether or not its past has to be made up."""

from __future__ import annotations

from pathlib import Path

from comsim.common import arguments
from comsim.run import simulation
from comsim.run.simulation import Run, seed_for
from comsim.scenario import Scenario, load_scenario


def simulate(
    scenario: Scenario | str | Path, seed: int | None = None, threads: int | None = None
) -> Run:
    """Simulate a scenario (or its file) with a random seed, by default that of the scenario.

    The same scenario and seed give the same bits with any number of threads (default: all cores, if
    this saves time). A scenario with `[community] today` gets a past that leads there, and the
    random seed of that world; a note says how well it fits.

    Raises InputError for a scenario that can't be simulated, for a seed that is not a whole number
    from 0 to 2^63 - 1, and for threads that are not a whole number of 1 or more.
    """
    threads = arguments.optional(threads, "simulate", "threads", 1)
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    seed = seed_for(scenario, seed, "simulate")
    if scenario.community.today is None:
        return simulation.simulate(scenario, seed, threads)
    from comsim.today.one import with_past  # SciPy: a second that other scenarios do not need

    found = with_past(scenario, seed, threads)
    return simulation.simulate(found.scenario, None, threads, [found.note])
