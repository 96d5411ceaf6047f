"""A world that is interfered with: between the functions of a day, or between days.

For experiments that no lever offers, as answering some first posts by lot. `day` is the same as
the kernel's (a test holds the two together), with a word to say before members learn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from comsim.kernel.arrive import arrive
from comsim.kernel.decide import decide
from comsim.kernel.empower import empower
from comsim.kernel.gather import gather
from comsim.kernel.kol import campaign
from comsim.kernel.learn import learn
from comsim.kernel.leave import leave
from comsim.kernel.observe import observe
from comsim.kernel.onboard import give_tasks, greet
from comsim.kernel.owner import abandon
from comsim.kernel.publish import publish
from comsim.kernel.push import push
from comsim.kernel.raffle import announce, raffle
from comsim.kernel.read import read
from comsim.kernel.recognise import recognise
from comsim.kernel.settle import settle
from comsim.kernel.shocks import shake
from comsim.kernel.visit import visit
from comsim.rng import Purpose, uniform_from, words
from comsim.scenario import Scenario, parameter_values, plan
from comsim.simulation import first_morning

LOT_KEY = 2  # of Purpose.WORLD; 0 and 1 are the draws of parameters and of luck
THREADED = False


def start(scenario: Scenario, seed: int) -> Any:
    """The arrays of a world before its first day."""
    return first_morning(scenario, plan(scenario), parameter_values(scenario, seed), seed)


def day(world: Any, number: int, before_learning: Callable[[Any], None]) -> None:
    """One day, and what is done to it once members have read and replied, before they learn."""
    if world.now["stopped"][0]:
        abandon(world, number)
    else:
        decide(world, number)
    arrive(world, number)
    campaign(world, number)
    greet(world, number)
    gather(world, number)
    announce(world, number)
    push(world, number, THREADED)
    visit(world, number, THREADED)
    give_tasks(world, number)
    publish(world, number)
    read(world, number, THREADED)
    raffle(world, number)
    empower(world, number)
    before_learning(world)
    learn(world, number, THREADED)
    recognise(world, number)
    leave(world, number)
    shake(world, number)
    settle(world, number)
    observe(world, number)


def lot(seed: int, person: int) -> float:
    """A person's luck in an experiment, in (0, 1): the same in every run of a world."""
    return uniform_from(words(seed, Purpose.WORLD, 0, int(person), LOT_KEY)[0])
