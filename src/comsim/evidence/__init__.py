"""Published facts about real communities, and how well the model reproduces them.

    facts.toml       the facts, their criteria and their kinds, as data
    scenarios.toml   the communities in which they are checked
    facts/           how each fact is measured in a world, one file per family
    validate         checks all facts in parallel; `tables` and `terminal` show the result
    mechanisms       switches each mechanism off (ablations/, one file per mechanism)
    grades           how well the effect of each lever is known (docs/evidence.md)
    sensitivity      the effect of each uncertain number, one at a time
    calibration      whether the intervals of verdicts contain the truth as often as they claim

Imports everything up to studies. Scripts that fit parameters to data, or draw, are in the folder
`scripts` of the repository.
"""
