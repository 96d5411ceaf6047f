"""The mechanisms that a scenario may use, one a file, as in `comsim.model.kernel.mechanisms`.

A mechanism that a scenario never uses changes nothing (its lever is idle, or its share is 0). Those
that are steps of the day stand in `community.DAY`; the others are called by functions of the day.
"""
