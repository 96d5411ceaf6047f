"""Published facts about real communities, and how well the model reproduces them.

    facts.toml       kind F: findings about whole communities; measured by facts/
    effects.toml     kinds E and B: effects of levers, base rates; measured by trials/
    shapes.toml      kind V: variability and shape; measured by `shapes` over a `population`
    marks.toml       which facts may be used for fitting, and which are held back
    scenarios.toml   the communities in which facts are measured
    fact, collection, selection   a fact and the rules of its verdict; all facts; a choice of facts
    data, real                    these files, and the table of real communities
    runner, findings              measure facts and their rivals over worlds
    november                      the stored figures of the model of November 2026
    validate         checks facts; `summary`, `wording`, `tables`, `terminal` present the result
    mechanisms       switches each mechanism off (ablations/, one file per mechanism)
    grades           how well the effect of each lever is known (docs/evidence.md)
    levers           what the model makes of each lever, for a random half and for everybody
    classifier       how well simulated communities can be told from real ones
    sensitivity      the effect of each uncertain parameter and trait, one at a time
    calibration      whether the intervals of verdicts contain the truth as often as stated

This package may import every package up to studies. The scripts that fit parameters to data or draw
figures are in the folder `scripts` of the repository.
"""
