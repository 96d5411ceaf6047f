"""A sweep as a self-contained folder, with everything that others need to read and reproduce it.

    export("results/ads_and_cadence", licence="CC-BY-4.0", authors=["Ada Lovelace"])

    rerun          the experiment as files
    tables         CSV tables
    behaviorspace  tables in the form of NetLogo's BehaviorSpace
    contents       the description of each file
    readme         README.md
    crate          RO-Crate metadata
    export         writes the folder

Imports everything up to results.
"""
