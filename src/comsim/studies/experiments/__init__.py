"""Experiments: what to vary in a scenario, in which worlds, and what to ask of each run.

    experiment = load_experiment("experiments/ads_and_cadence.toml")
    experiment.points, experiment.runs, estimate(experiment).sentence
    sweep(experiment, "results/ads").runs

Modules, each importing only those before it: laying, factors, outcomes and designs, portable, form,
checks, runs, estimate, result, sweep.
"""
