"""Optional mechanisms, one file each, as in `comsim.model.kernel.mechanisms`.

A mechanism that a scenario does not use has no effect: its lever is idle, or its parameter is 0.
Some are steps of the day (`day.DAY`); the others are called by steps of the day.
"""
