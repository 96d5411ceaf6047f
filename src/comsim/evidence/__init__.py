"""Which facts about real communities the model reproduces.

facts.toml       the facts, their criteria and their kinds, as data
scenarios.toml   the communities that they are looked for in
facts/           how each is measured in a world, a family a file
validate         all of them, in parallel; table and page
"""
