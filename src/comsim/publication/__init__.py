"""A sweep as a folder fit to publish: everything that a stranger needs to read it and to redo it.

    export("results/ads_and_cadence", licence="CC-BY-4.0", authors=["Ada Lovelace"])

Modules: rerun (the experiment, so that it can be made again), tables (CSV), behaviorspace (the form
of NetLogo's), readme, crate (RO-Crate metadata), folder (all of it).
"""
