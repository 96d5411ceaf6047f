"""Mesa, imported so that nothing else notices.

Importing Mesa 3.3 makes every process that anybody starts later be spawned. Here that holds for
Mesa's own pool only; where Mesa was imported before, it is too late, and nothing is changed.
"""

import multiprocessing

_chosen = multiprocessing.get_start_method(allow_none=True)

import mesa.batchrunner  # noqa: E402
from mesa import Agent, Model  # noqa: E402
from mesa.agent import AgentSet, GroupBy  # noqa: E402

multiprocessing.set_start_method(_chosen, force=True)
mesa.batchrunner.Pool = multiprocessing.get_context("spawn").Pool  # of `mesa.batch_run`

__all__ = ["Agent", "AgentSet", "GroupBy", "Model"]
