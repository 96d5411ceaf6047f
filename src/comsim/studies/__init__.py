"""Many runs, and what follows from them: data only, no pictures, no reports.

    comparison/   which policy is better, in the same worlds
    shards/       much work, cut into pieces that survive any interruption
    experiments/  sweeps over a design of points
    analysis/     what a sweep answers
"""
