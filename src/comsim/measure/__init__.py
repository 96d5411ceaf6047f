"""What is measured, with one definition for real and simulated communities alike.

    metrics/    functions of the event table, one idea a file
    describe    all metrics of an event table
    cohorts     retention by month of joining
    economy     orders, costs, break-even
    observed    a measured series beside a simulated one
    summary     the numbers of a run
    record      the tables and numbers of a run, as its folder holds them

Knows no pictures and no files of results.
"""
