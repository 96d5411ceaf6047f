"""A community as it is today, without a history: pasts that lead to it.

    store    members, weekly members and posts of the plausible worlds at many ages, in a file
    choose   what is known of the community; the plausible worlds, ages and markets that may be it
    lives    their simulation up to today
    fit      regression adjustment of their parameters, and weights
    extend   the scenario with its past
    past     the result, and worlds for comparisons and sweeps
    records  the same for a past that is replayed and has records
    one      one of these worlds, as an ordinary scenario
    run      one run of any scenario

Imports the rooms before it: language, common, files, model, scenario, run, statistics.
"""
