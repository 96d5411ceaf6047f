"""Mesa, imported without its side effect on multiprocessing.

Importing Mesa 3.3 sets Python's global start method for processes to "spawn". This module restores
the earlier one, and uses "spawn" for Mesa's own pool only. If Mesa was imported before, nothing
changes.
"""

import multiprocessing

_chosen = multiprocessing.get_start_method(allow_none=True)

import mesa.batchrunner  # noqa: E402
from mesa import Agent, Model  # noqa: E402
from mesa.agent import AgentSet, GroupBy  # noqa: E402

multiprocessing.set_start_method(_chosen, force=True)
mesa.batchrunner.Pool = multiprocessing.get_context("spawn").Pool  # of `mesa.batch_run`

__all__ = ["Agent", "AgentSet", "GroupBy", "Model"]
