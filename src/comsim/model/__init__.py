"""The model: its declarations, its keyed random numbers and the compiled kernel.

    declare     how a lever, parameter, state, column or shock is declared
    rng         keyed random numbers (Philox4x32-7)
    kernel/     the functions of the day, compiled; each declares its own levers and parameters
    catalogue   everything that the kernel declares
    periods     lengths of time: a month, four weeks
    stages      the stages of a community's life, determined from its weekly members
    phases      the phases of its operation, determined from its structure

This room uses no scenarios and no pandas, and no files but those of compiled code.
`comsim.reference` is the same model, written for reading.
"""
