"""Small communities to compare."""

from __future__ import annotations

import comsim

from ..calm import CALM

# The seed group comes at once, so that some members can be retained for 90 days. Few newcomers
# bounce, many come, and there is no weather, so that twelve worlds show what a gift is worth.
SMALL = {"name": "As now", "days": 120, "community": {"market": 400},
         "parameters": {"founder_days": 1, "bounce": 0.3, "weather_spread": 0,
                        "walk_in_rate": 0.003, "gift_warmth": 0.6}}  # fmt: skip
SPREADS = CALM | {"word_of_mouth": 8, "invitation_rate": 0.7}  # by word of mouth alone


def scenario(name: str = "As now", **tables) -> comsim.Scenario:
    parameters = SMALL["parameters"] | tables.pop("parameters", {})
    data = SMALL | {"name": name, "parameters": parameters} | tables
    return comsim.Scenario.from_dict(data, f"{name}.toml")


def alone(name: str = "Alone") -> comsim.Scenario:
    """Nobody ever comes."""
    nobody = {"seed_group": 0, "intake": 0}
    return scenario(name, policy=nobody, parameters={"walk_in_rate": 0})


def with_policy(name: str, **policy) -> comsim.Scenario:
    return scenario(name, policy=policy)


NOW = scenario()
GIFT = with_policy("Gift", welcome_gift=40)
ADS = with_policy("Ads", ad_pressure=12)
