"""From a scenario and a seed to a run: arrays, days, tables and events.

    ready       compiles the model once
    world       the arrays of a community on its first morning
    simulation  `simulate`, and the Run that it returns
    snapshots   a world in the middle of its life
    replay      which rules acted when
    tables      arrays as data frames

Imports the rooms before it: common, files, model, scenario, logs.
"""
