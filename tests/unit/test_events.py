"""Reading logs: what is understood, what is filled in, and what is refused in one line."""

import json

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from comsim.cli.describe import describe
from comsim.common.errors import InputError
from comsim.logs.events import COLUMNS, KINDS, complete, event_table, read_log, write_events


def written(folder, text, name="log.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows(events):
    return list(zip(*(events[name] for name in COLUMNS), strict=True))


def everything():
    """A complete table with all kinds; the rows of a day in the order they happened."""
    return event_table(
        [0, 0, 0, 0, 1, 1, 1, 2, 3],
        [7, 7, 7, 9, 9, 9, 9, 9, 7],
        ["join", "visit", "post", "join", "visit", "reply", "order", "mute", "leave"],
        [-1, -1, -1, -1, -1, 7, -1, -1, -1],
        start="2024-02-29",
        days=30,
    )


def test_a_table_has_the_stated_types_and_is_sorted_by_day():
    events = event_table([3, 0, 3], [1, 2, 1], ["visit", "join", "post"])
    assert events.dtypes.astype(str).tolist() == ["int32", "int64", "category", "int64"]
    assert tuple(events["kind"].cat.categories) == KINDS
    assert rows(events) == [(0, 2, "join", -1), (3, 1, "visit", -1), (3, 1, "post", -1)]
    by_code = event_table([0, 0], [1, 1], np.array([0, 7]))
    assert by_code["kind"].tolist() == ["join", "leave"]


def test_a_log_of_messages_becomes_joins_visits_and_posts(tmp_path):
    text = "sender,at\n5,172900\n3,86400\n5,86399\n5,172801\n"
    events = read_log(written(tmp_path, text), member="sender", time="at", unit="s")
    assert rows(events) == [
        (0, 5, "join", -1),
        (0, 5, "visit", -1),
        (0, 5, "post", -1),
        (1, 3, "join", -1),
        (1, 3, "visit", -1),
        (1, 3, "post", -1),
        (2, 5, "visit", -1),
        (2, 5, "post", -1),
        (2, 5, "post", -1),
    ]
    notes = events.attrs.pop("notes")
    assert events.attrs == {"start": "1970-01-01", "days": None, "inferred": ["join", "visit"]}
    assert notes == [
        "days: from midnight to midnight in UTC; --zone sets another, such as Asia/Shanghai",
        "members: the numbers in 'sender' are read as ids",
        "times: with --unit s the first is on 1970-01-01; check the unit",
    ]


@pytest.mark.parametrize(
    "times",
    [
        ("1706659200", "1706745599"),
        ("1706659200.5", "1706745599.9"),
        ("2024-01-31", "2024-01-31"),
        ("2024-01-31T00:00:00Z", "2024-01-31 23:59:59"),
        ("2024-01-30T23:30:00-01:00", "2024-02-01T00:30:00+01:00"),
    ],
)
def test_times_of_one_utc_day(tmp_path, times):
    text = "member,time\n" + "".join(f"1,{time}\n" for time in times)
    events = read_log(written(tmp_path, text))
    assert events.attrs["start"] == "2024-01-31"
    assert set(events["day"]) == {0}


def test_parquet_with_datetimes(tmp_path):
    stamps = pd.to_datetime(["2024-01-31 10:00", "2024-02-02 10:00"])
    pd.DataFrame({"member": [1, 1], "time": stamps}).to_parquet(tmp_path / "log.parquet")
    events = read_log(tmp_path / "log.parquet")
    assert events["day"].tolist() == [0, 0, 0, 2, 2]


def test_start_moves_day_zero(tmp_path):
    path = written(tmp_path, "member,time\n1,2024-01-31\n")
    assert read_log(path, start="2024-01-29")["day"].tolist() == [2, 2, 2]
    with pytest.raises(InputError, match="'2024-01-31', before the start, in row 1"):
        read_log(path, start="2024-02-01")


def test_names_are_numbered_as_they_appear(tmp_path):
    text = "member,day,kind,target\nzoe,0,post,\nal,1,reply,zoe\nal,2,reply,kim\n"
    events = read_log(written(tmp_path, text))
    acts = events[events["kind"].isin(["post", "reply"])]
    assert rows(acts) == [(0, 0, "post", -1), (1, 1, "reply", 0), (2, 1, "reply", 2)]


def test_what_is_there_is_not_filled_in(tmp_path):
    text = "member,day,kind\n1,4,join\n1,5,visit\n1,5,post\n2,5,visit\n2,6,order\n2,9,leave\n"
    events = read_log(written(tmp_path, text))
    assert rows(events[events["kind"] == "join"]) == [(4, 1, "join", -1), (5, 2, "join", -1)]
    assert events["kind"].tolist().count("visit") == 3
    assert events.attrs["inferred"] == []  # some of each were in the log
    assert complete(events) is events


@pytest.mark.parametrize("name", ["run.parquet", "run.csv"])
def test_our_own_files_round_trip(tmp_path, name):
    events = everything()
    write_events(events, tmp_path / name)
    start = "2024-02-29" if name.endswith("csv") else None
    back = read_log(tmp_path / name, start=start)
    pd.testing.assert_frame_equal(back, events)
    assert back.attrs["start"] == "2024-02-29"
    assert back.attrs["days"] == (30 if name.endswith("parquet") else None)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_was_inferred_is_remembered(tmp_path):
    events = read_log(written(tmp_path, "member,day\n1,0\n"))
    write_events(events, tmp_path / "copy.parquet")
    assert read_log(tmp_path / "copy.parquet").attrs["inferred"] == ["join", "visit"]


def test_a_header_alone_is_an_empty_table(tmp_path):
    for text in ("member,time\n", "member,day,kind,target\n"):
        events = read_log(written(tmp_path, text))
        assert len(events) == 0 and tuple(events.columns) == COLUMNS


BAD = {
    "missing file": (None, {}, "file not found; expected a CSV file"),
    "empty file": ("", {}, "found an empty file"),
    "not UTF-8": (b"member,time\n\xff\xfe,1\n", {}, "text: found byte 0xff.*--encoding"),
    "no such column": (
        "sender,time\n1,1\n",
        {"member": "sendr"},
        r"member column: found no 'sendr'; allowed: sender \(the nearest\), time",
    ),
    "default column": ("Member,time\n1,1\n", {}, r"no 'member'; allowed: Member \(the nearest\)"),
    "no time": ("member,when\n1,1\n", {}, "time column: found no 'time'"),
    "time and day": ("member,a,b\n1,1,1\n", {"time": "a", "day": "b"}, "both time 'a' and day 'b'"),
    "no member": ("member,day\n1,1\n,2\n", {}, "member column: found nothing in row 2"),
    "half a member": ("member,day\n1.5,1\n", {}, "found '1.5' in row 1; allowed: a whole number"),
    "negative member": ("member,day\n3,1\n-1,1\n", {}, "found '-1' in row 2"),
    "bad target": ("member,day,target\n3,1,-2\n", {}, "target column: found '-2' in row 1"),
    "unknown kind": (
        "member,day,kind\n1,1,post\n1,1,Replay\n",
        {},
        r"kind column: found 'Replay' in row 2; allowed: reply \(the nearest\), join",
    ),
    "no kind": ("member,day,kind\n1,1,\n", {}, "kind column: found nothing in row 1"),
    "half a day": ("member,day\n1,0.5\n", {}, "day column: found '0.5' in row 1; allowed: a whole"),
    "day before 0": ("member,day\n1,-3\n", {}, "found '-3' in row 1"),
    "bad start": ("member,day\n1,0\n", {"start": "soon"}, "start: found 'soon'; allowed: a date"),
    "ragged": ("member,day\n1,2\n1,2,3\n", {}, "cells: found 3 in row 2; allowed: 2"),
    "too few": ("member,day,target\n1,2,3\n1,2\n", {}, "cells: found 2 in row 2; allowed: 3"),
    "not Parquet": ("member,day\n", {"name": "log.parquet"}, "found no Parquet"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_line_that_names_the_file(tmp_path, case):
    text, options, message = BAD[case]
    options = dict(options)
    path = tmp_path / options.pop("name", "log.csv")
    if text is not None:
        written(tmp_path, text, path.name)
    with pytest.raises(InputError, match=message) as caught:
        read_log(path, **options)
    line = str(caught.value)
    assert line.startswith(f"{path}: ") and "\n" not in line


def test_a_folder_is_no_log(tmp_path):
    with pytest.raises(InputError, match="file: found a folder"):
        read_log(tmp_path)


def test_write_refuses_other_endings_and_missing_folders(tmp_path):
    with pytest.raises(InputError, match=r"ending: found '.xlsx'; allowed: '.parquet', '.csv'"):
        write_events(everything(), tmp_path / "run.xlsx")
    with pytest.raises(InputError, match="a place to write"):
        write_events(everything(), tmp_path / "nowhere" / "run.parquet")


def test_ids_that_are_text_can_be_looked_up(tmp_path):
    log = written(tmp_path, "member,target,day\nann,zoe,0\nkim,,1\nann,kim,2\n")
    events = read_log(log, start="2024-01-01")
    names = events.attrs["names"]
    posts = events[events["kind"] == "post"]
    assert [names[member] for member in posts["member"]] == ["ann", "kim", "ann"]
    assert names == ("ann", "kim", "zoe")
    assert events[events["day"] > 0].attrs["names"] is names
    write_events(events, tmp_path / "events.parquet")
    assert "names" not in read_log(tmp_path / "events.parquet").attrs  # whole numbers are the ids
    assert "names" not in pd.read_parquet(tmp_path / "events.parquet").attrs


@pytest.fixture
def command():
    app = typer.Typer()
    app.command()(describe)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_the_command_prints_text_or_json_or_writes_a_file(tmp_path, command):
    log = written(tmp_path, "who,when\n1,2024-01-31\n2,2024-02-01\n")
    columns = ("--member", "who", "--time", "when")
    told = command(log, *columns)
    assert told.exit_code == 0
    assert told.output.startswith("days ") and "the whole table" not in told.output
    assert "visits: not in this log; acts are counted instead" in told.output
    assert "all members; the whole table" in command(log, *columns, "--define").output
    assert '"metric": "posts_gini"' in command(log, *columns, "--json").output
    out = tmp_path / "told.csv"
    told = command(log, *columns, "--out", out)
    assert told.exit_code == 0
    assert pd.read_csv(out).set_index("metric")["value"]["posts"] == 2
    assert "* visits: not in this log" in told.output  # a CSV has no place for it
    again = command(log, *columns, "--out", out)
    assert isinstance(again.exception, InputError) and "--force" in str(again.exception)
    assert command(log, *columns, "--out", out, "--force").exit_code == 0


def test_the_command_leaves_out_bots_and_bad_rows(tmp_path, command):
    log = written(
        tmp_path, "member,time\nann,21/01/2014\nAnn,22/01/2014\nbot,x\nzoe,\nkim,1/2/2014\n"
    )
    bots = written(tmp_path, "bot\n", "bots.txt")
    options = ("--exclude", "kim", "--exclude-from", bots, "--fold", "--skip-bad", "--json")
    told = json.loads(command(log, *options).stdout)
    assert {row["metric"]: row["value"] for row in told["metrics"]}["joined"] == 1
    assert "--exclude: 2 rows of 2 ids left out" in told["limits"]
    assert "left out: 1 row, time column (the first: nothing in row 4)" in told["limits"]
