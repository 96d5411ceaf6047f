"""The model: its declarations, its keyed random numbers and the compiled kernel.

    declare     how a lever, parameter, state or column is declared
    rng         keyed random numbers (Philox4x32-10)
    kernel/     the functions of the day, compiled; each declares its own levers and parameters
    catalogue   everything that the kernel declares, gathered
    stages      the stages of a community's life, from its weekly members
    phases      the phases of its operation, from its structure

Knows no files, no scenario and no pandas. `comsim.reference` is the same model, for reading.
"""
