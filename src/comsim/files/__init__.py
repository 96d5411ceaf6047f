"""Files that are written completely or not at all, and checked by their checksums when read.

    lock     locks on files
    aside    one file, written completely or not at all
    folders  a folder, written completely or not at all
    sums     checksums of the files of a result
    parquet  Parquet files with a checksum
    strict   JSON without NaN
    origin   versions and date of a result

Imports common only.
"""
