"""Many runs, divided into shards, each of which is done once despite any interruption. Independent
of communities.

carry_out(work, folder, engine=Processes(4), resume=True)

work       the interface of the runs, and their shards
lock       one process per folder
files      the tables of a shard on disk
manifest   what is run, and its state
check      whether files have changed
state      progress, as seen from another process
engines    serial, processes, and `dask`
carry_out  runs everything
"""
