"""Which policy is better, how sure that is, and why: the same worlds under each policy.

    comparison = comsim.compare("a.toml", "b.toml", worlds=100)
    comparison.sentence, comparison.verdicts, comparison.key_drivers, comparison.save("results/ab")

Modules, each importing only those before it: outcomes (of one run), costs (beyond the ledger),
policies and arms (what is compared), overlay and programmes (a policy changed for some days),
parting (from which day), runs (in parallel), budget (equal spending), returns (what programmes cost
and bring in), finding (what is decided), differences, sentences and return_rows (how it is worded),
verdicts and drivers (tables), comparison (the result), compare.
"""
