"""Event logs of real communities, read as text and interpreted once.

Data flows in one direction: `load` reads the cells of a file as text, `ids` and `times` interpret
whole columns, `span` finds rows far from all others, `bad` collects the rows that cannot be read,
and `read` combines the steps. Doubtful data is refused in one line, or counted in a note; either
names the option that overrides it.
"""
