"""Many runs, divided into shards. Each shard is done once, even if the work is interrupted and
resumed. Nothing in this package knows about communities.

carry_out(work, folder, engine=Processes(4), resume=True)

work       the interface of work to be done, and its division into shards
lock       one process per folder
files      the tables of a shard on disk
manifest   what is run, and its state
check      whether files have changed
state      progress, as seen from another process
engines    serial, processes, and `dask`
carry_out  runs everything
"""
