"""The clock: all rates of a community, scaled together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from comsim import Scenario, load_scenario, simulate
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.reference import ReferenceCommunity
from comsim.run.simulation import first_morning
from comsim.scenario import parameter_values, plan
from comsim.scenario.pace import at_pace, paced

from ..calm import CALM

LAUNCH = Path(__file__).parents[2] / "scenarios" / "brand_launch.toml"
NUMBERS = [*PARAMETERS.values(), *TRAITS.values()]
RATES = {"a day", "people a day", "visits a day"}


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.name)
def test_every_rate_a_day_and_every_duration_declares_its_clock(number):
    if number.unit in RATES:
        assert number.clock == 1
    if number.unit == "days":
        assert number.clock == -1


def test_rates_go_faster_durations_get_shorter_and_nothing_leaves_its_range():
    forgetting, memory = PARAMETERS["forgetting"], PARAMETERS["novelty_memory"]
    assert at_pace(forgetting, 0.1, 2.0) == 0.2 and at_pace(forgetting, 0.1, 0.5) == 0.05
    assert at_pace(forgetting, 0.6, 2.0) == 1.0
    assert at_pace(memory, 30.0, 2.0) == 15.0 and at_pace(memory, 2.0, 10.0) == memory.low
    assert at_pace(PARAMETERS["learning"], 0.1, 2.0) == 0.1


def test_by_default_nothing_changes():
    values = parameter_values(load_scenario(LAUNCH), 1)
    assert paced(values) == values


def test_parameters_and_traits_of_both_implementations_are_scaled_once():
    said = {"name": "quick", "days": 1, "parameters": {"clock": 2.5, "habit_fading": 0.04},
            "segments": [{"name": "all", "activity": 0.1}]}  # fmt: skip
    scenario = Scenario.from_dict(said)
    values = parameter_values(scenario, 1)
    assert values["habit_fading"] == 0.04, "what a scenario sets is shown as it was set"
    world, community = (
        first_morning(scenario, plan(scenario), values, 1),
        ReferenceCommunity(scenario),
    )
    activity = list(TRAITS).index("activity")
    assert world.p["habit_fading"][0] == community.p.habit_fading == 0.1
    assert world.people.traits["value"][0, activity] == community.market.trait_value[0, activity]
    assert community.market.trait_value[0, activity] == 0.25
    taste = list(TRAITS).index("taste")
    assert world.people.traits["value"][0, taste] == TRAITS["taste"].value


# Nobody is so active that their visits a day couldn't double (at most one a day).
SPREADING = {
    "community": {"market": 4000}, "segments": [{"name": "all", "activity": {"spread": 0.5}}],
    "parameters": CALM | {"word_of_mouth": 12, "invitation_rate": 0.7},
}  # fmt: skip


def test_a_clock_of_two_lives_through_its_stages_in_about_half_the_time():
    def moments(clock: float) -> np.ndarray:
        """Days of half the peak, of the beginning of activity, and of the beginning of decline."""
        said = load_scenario(LAUNCH).to_dict() | SPREADING
        said |= {"days": int(1000 / clock), "parameters": said["parameters"] | {"clock": clock}}
        found = []
        for seed in range(1, 9):
            run = simulate(Scenario.from_dict(said), seed, threads=1)
            first = {stage: day for stage, day, _ in reversed(run.stages)}
            wau = run.daily["wau"].to_numpy()
            half = int(np.argmax(wau > wau.max() / 2))
            found.append((half, first["activity"], first["decline"]))
        return np.median(found, axis=0)

    ratio = moments(2.0) / moments(1.0)
    assert (ratio > 0.35).all() and (ratio < 0.65).all(), ratio
