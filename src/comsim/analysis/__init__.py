"""A sweep's tables turned into answers: each a table, a picture and a plain sentence.

Every question is a function of a `Swept` that gives an `Answer`, or a list of them; none runs the
model.

Modules: swept (what came out of a sweep), answer (what is said of it), effects (main effects) and
pairs (interactions), both by `fit`; indices (Sobol, Morris) and sensitivity (what they say), with
ranking (whether an order is resolved); luck (the share that is only luck); words.
"""
