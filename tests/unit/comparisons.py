"""Small communities to compare."""

from __future__ import annotations

import comsim

SMALL = {"name": "As now", "days": 120, "community": {"market": 400}}


def scenario(name: str = "As now", **tables) -> comsim.Scenario:
    return comsim.Scenario.from_dict(SMALL | {"name": name} | tables, f"{name}.toml")


def with_policy(name: str, **policy) -> comsim.Scenario:
    return scenario(name, policy=policy)


NOW = scenario()
GIFT = with_policy("Gift", welcome_gift=20)
ADS = with_policy("Ads", ad_pressure=12)
