"""Experiments: what to vary in a scenario, in which worlds, and which outcomes to record.

    experiment = load_experiment("experiments/ads_and_cadence.toml")
    experiment.points, experiment.runs, estimate(experiment).sentence
    sweep(experiment, "results/ads").runs

    overrides   sets values in a scenario by path
    factors     what varies
    designs     which points are visited
    outcomes    what is recorded of each run
    experiment  the experiment file; `filenames` for its files
    overlaps    refuses paths that set the same value
    checks      checks an experiment before the first run
    portable    an experiment with all its files in one folder
    runs        the runs, as work for `comsim.studies.shards`
    estimate    time and disk space
    result      a finished sweep
    sweep       runs an experiment

Each module imports only modules above it.
"""
