"""Files of logs: encodings, separators, packing, and the types of Parquet."""

import gzip
import re

import numpy as np
import pandas as pd
import pytest

from .logs_by_hand import posts, refused

CLEAN = "member,time\na,2024-01-31\nb,2024-02-01\nÜmit,2024-02-02\n"


@pytest.mark.parametrize(
    "data,how",
    [
        (CLEAN.encode("utf-8-sig"), {}),
        (CLEAN.encode("utf-16"), {}),
        (CLEAN.encode("utf-32"), {}),
        (CLEAN.encode("gb18030"), {"encoding": "gb18030"}),
        (CLEAN.replace("\n", "\r\n").encode(), {}),
        (CLEAN.replace(",", ";").encode(), {}),
        (CLEAN.replace(",", "\t").encode(), {}),
        (CLEAN.replace("\n", "\n\n").encode(), {}),
        (CLEAN.replace("member,time", " member , time").encode(), {}),
        (gzip.compress(CLEAN.encode(), mtime=0), {}),
        (CLEAN.replace("\n", ",\n").replace("time,", f"time,{'x' * 200_000}").encode(), {}),
    ],
)
def test_files_of_many_kinds_are_one_log(read, data, how):
    assert posts(read(data, **how))[["day", "member"]].to_numpy().tolist() == [
        [0, 0],
        [1, 1],
        [2, 2],
    ]


@pytest.mark.parametrize(
    "data,message",
    [
        (b"<!doctype html><html>" + b"x" * 14_000, "file: found HTML or XML"),
        (b'{"messages": []}', "file: found JSON"),
        (b"PK\x03\x04rest", "file: found a zip archive or an Excel workbook"),
        (b"From a@b Mon Jan  1\nDate: x\n", "file: found a mailbox"),
        (b"member\0,time", "file: found binary data"),
        (b"PAR1 and no more", "file: found damaged or truncated data"),
        (gzip.compress(CLEAN.encode(), mtime=0)[:30], "file: found damaged or truncated data"),
        (CLEAN.encode("gb18030"), "text: found byte 0x81.*--encoding"),
        (b'member,time\n"a,2024-01-31\n', "row 1: found an unclosed quote"),
        (b'member,time\n"a"b,2024-01-31\n', "row 1: found characters after a closing quote"),
        (b"member,time,member\na,2024-01-31,b\n", "found 2 columns named 'member'"),
        (",".join(f"column{n}" for n in range(9_000)).encode(), "no 'member'.* 8988 more"),
    ],
)
def test_other_files_are_named_in_one_short_line(read, data, message):
    assert re.search(message, refused(read, data))


@pytest.mark.parametrize("encoding", ["utf-16", "ascii", "idna", "punycode", "rot13", "a\0", "u9"])
def test_another_encoding_is_refused(read, encoding):
    assert re.match("(text|encoding): found", refused(read, CLEAN.encode(), encoding=encoding))


STAMPS = pd.to_datetime(["2024-01-31 23:30", "2024-02-01 12:00"])


@pytest.mark.parametrize(
    "member,time,how",
    [
        ([1, 2], STAMPS, {}),
        ([1.0, 2.0], STAMPS.astype("M8[ns]"), {}),
        (pd.array([1, 2], "Int64"), STAMPS.date, {}),
        (pd.Categorical(["NA", "b"]), STAMPS.tz_localize("UTC"), {}),
        (["0123", "123"], STAMPS.tz_localize("Asia/Shanghai"), {"zone": "Asia/Shanghai"}),
        ([1, 2], STAMPS.strftime("%d.%m.%Y"), {}),
        ([1, 2], STAMPS.astype("int64") / 1e6, {}),
        ([1, 2], STAMPS.astype("M8[ms]").astype("int64"), {"unit": "ms"}),
    ],
)
def test_parquet_columns_of_many_types(read, member, time, how):
    events = read(pd.DataFrame({"member": member, "time": time}), **how)
    assert posts(events)["day"].tolist() == [0, 1] and events["member"].nunique() == 2
    assert events.attrs["start"] == "2024-01-31"


@pytest.mark.parametrize(
    "member,time,message",
    [
        ([1.23e17, 2.0], STAMPS, "ids with all their digits"),
        (np.float32([1e9, 2e9]), STAMPS, "ids with all their digits"),
        ([1, 2], np.float32([1706659200, 1706759200]), "numbers with all their digits"),
        ([1.0, np.nan], STAMPS, "member column: found nothing in row 2"),
        ([1, 2], [STAMPS[0], pd.NaT], "time column: found nothing in row 2"),
        ([[1], [2]], STAMPS, "column 'member': found values of the type list"),
        ([True, False], STAMPS, "column 'member': found values of the type bool"),
    ],
)
def test_doubtful_parquet_columns_are_refused(read, member, time, message):
    assert message in refused(read, pd.DataFrame({"member": member, "time": time}))
