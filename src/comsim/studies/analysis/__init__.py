"""A sweep's tables turned into answers: each a table, a picture and a plain sentence.

Every question is a function of a `Swept` that gives an `Answer`, or a list of them; none but
`fresh` runs the model. `answers` asks all that a sweep's design allows.

Modules: swept (what came out of a sweep), answer (what is said of it), effects (main effects) and
pairs (interactions), both by `fit`; indices (Sobol, Morris) and sensitivity (what they say), with
ranking (whether an order is resolved); luck (the share that is only luck); words.

And of events and policies: condition (what is asked of an outcome), boxes (under which values it
happens, by `prim`), maps (where it tips, by `surface`), robust (each policy over all `futures`,
with `split`: which wins where), warning (what foretells decline, by `indicators`), chance (how
sure).

And of a whole sweep: reading (its folder as a `Swept`), asked (which outcome, condition and map),
answers (all of the above, or the reason why not), folder (what `comsim analyse` writes), fresh
(boxes held against runs with other seeds).
"""
