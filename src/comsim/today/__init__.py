"""A community as it is today, without a history: pasts that lead to it.

    store    members, weekly members and posts of the plausible worlds at many ages, in a file
    targets  what is known of the community, and what is impossible
    choose   the plausible worlds, ages and markets that come nearest to it
    lives    their simulation up to today, in threads
    fit      regression adjustment of their parameters, and weights
    extend   the scenario with its past
    past     the result, and worlds for comparisons and sweeps
    records  the same for a past that is replayed and has records
    run      one run, with the past that comes nearest

Imports the rooms before it: language, common, files, model, scenario, run.
"""
