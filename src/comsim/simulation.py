"""Simulate: a scenario and a seed in, a run out."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.kernel.day import run_days
from comsim.kernel.observe import stage_sequence
from comsim.scenario import Plan, Scenario, parameter_values, plan
from comsim.world import Setting, make_world

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

# Daily counts that are each one event.
EVENT_COLUMNS = ("joined", "dau", "posts", "replies", "orders", "switched", "left")


@dataclass(frozen=True)
class Run:
    """What a simulation leaves: the numbers of its world, and tables made when asked for."""

    scenario: Scenario
    seed: int
    parameters: dict[str, float]
    plan: Plan
    world: Any
    seconds: float
