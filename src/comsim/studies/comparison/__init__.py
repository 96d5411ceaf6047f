"""Which policy is better, how sure that is, and why: the same worlds under each policy.

    comparison = compare("a.toml", "b.toml", worlds=100)
    comparison.sentence, comparison.verdicts, comparison.hinges, comparison.save("results/ab")

Modules: outcomes (of one run), policies and arms (what is compared), runs (in parallel), statistics
(intervals), budget, verdicts and words (what it comes to), form (the Comparison), compare, folder.
"""
