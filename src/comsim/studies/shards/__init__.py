"""Much work, cut in shards, each done once whatever stops it. Knows nothing of communities.

    carry_out(work, folder, engine=Processes(4), resume=True)

Modules: work (what a work is), lock (one process a folder), files (a shard's tables on disk),
manifest (what the work is, and how far), engines (serial, processes, dask), carry_out (all of it),
state (how far, as seen from another process).
"""
