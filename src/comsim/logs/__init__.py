"""Anybody's event log, read as text and interpreted once.

A log is read in one direction: `load` takes the cells of a file as text, `ids` and `times` say what
a column means as a whole, `span` bounds the days, `bad` collects the rows that cannot be read, and
`read` puts it together. What is doubtful is refused in one line, or counted in a note; the line or
the note names the option that overrides it.
"""
