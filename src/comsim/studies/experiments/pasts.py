"""Sweeps of a running community: its past is the same at all points.

Factors act from today on. The past is that of the scenario without factors, replayed or, with
`[community] today`, made up from plausible worlds.
"""

from __future__ import annotations

import json
from functools import lru_cache
from threading import Lock
from typing import Any

from comsim.common.errors import InputError
from comsim.run.snapshots import carry_on
from comsim.run.today import live_on
from comsim.scenario import Scenario
from comsim.scenario.rows import PLAUSIBLE
from comsim.scenario.worlds import Uncertain, World
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.outcomes import Life
from comsim.studies.comparison.runs import first_morning_of
from comsim.studies.experiments.experiment import Experiment
from comsim.studies.experiments.outcomes import Measure, Measured, measure
from comsim.today.past import Past, past_of_today

ONE_BY_ONE = Lock()  # threads of this process: they share the pasts


def made_up(experiment: Experiment) -> Past | None:
    """The pasts of an experiment whose scenario has `[community] today`; the same in each
    process. InputError if its worlds are not the plausible ones."""
    base, worlds = experiment.built({}), experiment.worlds
    if base.community.today is None:
        return None
    check_sample(experiment, base)
    with ONE_BY_ONE:
        content = json.dumps(base.to_dict(), sort_keys=True)
        return _past(content, base.file, str(base.folder), worlds.seed, worlds.number)


def check_sample(experiment: Experiment, base: Scenario) -> None:
    """InputError if the worlds of a running community are not the plausible ones."""
    if base.community.today is not None and experiment.worlds.sample != PLAUSIBLE:
        found = f"{experiment.worlds.sample}, beside [community] today of {base.file}"
        raise InputError.at(experiment.file, "worlds.sample", found, PLAUSIBLE)


@lru_cache(maxsize=4)
def _past(content: str, file: str, folder: str, seed: int, number: int) -> Past:
    from pathlib import Path

    base = Scenario.from_dict(json.loads(content), file, Path(folder))
    return past_of_today(base, seed, number, jobs=1)


def since_today(
    first: Policy,
    policy: Policy,
    numbers: tuple[dict[str, Uncertain], dict[str, Uncertain]],
    world: World,
    seed: int,
) -> Any:
    """The arrays of a policy in a world on the morning of today, after the past of the first."""
    day = policy.scenario.past
    before, _ = first_morning_of(first, numbers[0], world, seed)
    live_on(before, world.born, day, world.books)
    arrays, plan = first_morning_of(policy, numbers[1], world, seed)
    carry_on(before, day, arrays, plan)
    return arrays


def reader(outcome: Measured, days: int, day: int) -> Measure:
    """The function that computes an outcome from a run of `days` days after `day` days that are
    made up. Days are counted from then."""
    if not day:
        return measure(outcome, days)
    if outcome.metric is None:  # stages and retention look at the whole life
        read = measure(outcome, days + day)
        return (lambda life: read(life) - day) if outcome.begins else read
    read = measure(outcome, days)
    return lambda life: read(Life(life.world, life.daily[day:]))
