"""Measures, with one definition for real and simulated communities alike.

    metrics/    functions of the event table, one idea per file
    describe    all metrics of an event table
    retention   who visits in which month of membership: the definition, and a run's counts
    cohorts     the table of retention by cohort
    economy     costs, revenues, break-even
    finding     the life of a community in one line
    observed    a simulated series compared with an observed one
    shape       variability and shape of a community, from counts of posts
    observation what a type of source records: as an event table, or as counts
    summary     the numbers of a run
    record      the tables and numbers of a run, as its folder holds them

Does not depend on figures or result files.
"""
