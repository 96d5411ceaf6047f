"""Many runs and their analysis. Returns data only, no figures and no reports.

    comparison/   which policy is better, in the same worlds
    shards/       many runs, divided into pieces that survive any interruption
    experiments/  sweeps over a design of points
    analysis/     the answers of a sweep

Imports everything up to statistics.
"""
