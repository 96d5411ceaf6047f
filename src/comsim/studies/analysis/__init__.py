"""Turns the tables of a sweep into answers: each has a table, a figure and a sentence.

Every question is a function of a `Swept` that returns an `Answer`, or a list of them. Only `fresh`
runs the model. `analyse` (in `answers`) asks all questions that the design of a sweep can answer.

    swept        the runs of a sweep, and the meaning of their columns; `reading` makes one
    answer       one answer
    query        the outcome, condition and factors that are analysed
    condition    a condition on an outcome
    effects      main effects, and `pairs` the interactions, fitted on `blocks` of columns
    indices      Sobol' and Morris indices as tables, and `sensitivity` as answers
    stochastic   the share of stochastic variation
    boxes        scenario discovery, and `fresh` checks the boxes on runs with other random seeds
    maps         tipping thresholds
    robust       each policy over all `futures`, and `split` which one is better where
    warning      which signs (`indicators`) warn of decline
    phrasing     wording that several answers share

Statistical methods are in `comsim.statistics`.
"""
