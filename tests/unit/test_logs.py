"""Logs as people export them: read as meant, refused in one line, or read with a note."""

import re

import numpy as np
import pandas as pd
import pytest

from comsim.cli.describe import UNITS as IN_THE_HELP
from comsim.logs.events import event_table
from comsim.logs.times import UNITS
from comsim.measure.describe import as_text, describe

from .logs_by_hand import notes, posts, refused

SAME_DAY = [
    "2014-01-21 20:26:05 UTC",
    "2014-01-21T20:26:05.7300000+07:00",
    "Tue, 21 Jan 2014 20:26:05 +0000 (UTC)",
    "Tue, 21 Jan 2014 18:26:05 EST",
    "Tue Jan 21 20:26:05 2014",
    "Tue Jan 21 20:26:05 +0000 2014",
    "Wed Jan 22 2014 04:26:05 GMT+0800 (China Standard Time)",
    "21/Jan/2014:20:26:05 +0000",
    "Jan 21, 2014 8:26 PM",
    "21 January 2014",
    "21-Jan-14",
    "20:26, 21 January 2014 (UTC)",
    "2014年01月21日",
    "2014年1月21日 星期二 下午8:26:05",
    "2014年1月21日 20时26分",
    "2014/1/21 8:05",
    "2014.01.21",
    "20140121T202605Z",
    "21/01/2014 20:26",
    "1/21/14, 8:26 PM",
    "21.01.2014",
    "1390336000",
]


@pytest.mark.parametrize("time", SAME_DAY)
def test_times_of_one_day(read, time):
    events = read([("a", time)])
    assert events.attrs["start"] == "2014-01-21"


DOUBTFUL_TIMES = {
    "an Excel date": (["45385.5", "45386.2"], "--unit excel"),
    "seconds since 2001": (["726000000", "726000900"], "mostly from 1997 to 2049"),
    "a day": (["19723", "19725"], "--unit days"),
    "a minute": (["28401120"], "--unit min"),
    "an hour": (["473352"], "--unit h"),
    "a year": (["2014", "2015"], "these look like years"),
    "milliseconds": (["1706659200000"], r"--unit ms"),
    "microseconds": (["1706659200000000"], r"--unit us"),
    "nanoseconds": (["1706659200000000000"], r"--unit ns"),
    "a written date": (["20240131"], "--unit yyyymmdd"),
    "small numbers": (["0", "86400"], "found '86400' in row 2; allowed: seconds since 1970"),
    "mostly missing": (["0", "0", "0", "1700000000"], r"'0' \(1970-01-01\) in row 1 \(and 2 more"),
    "half in another unit": (["1706659200", "1706659200000"], "'1706659200000' in row 2"),
    "rounded seconds": (["1.70666E+09"], "numbers with all their digits"),
    "either order": (["03/04/2024", "05/04/2024"], "the day or the month first.*--dayfirst"),
    "both orders": (["21/01/2014", "01/22/2014"], "'01/22/2014' in row 2.*--no-dayfirst"),
    "year or day": (["24-01-31", "24-02-15"], "the day or the year first"),
    "two ways": (["2024-01-31", "2024-02-01", "3/2/2024"], "'3/2/2024' in row 3.*--dayfirst"),
    "number among dates": (["2024-01-31", "2024-02-01", "45325"], "'45325' in row 3"),
    "two units": (["1706659200", "1706659201", "1706659200000"], "'1706659200000' in row 3"),
    "no such day": (["2024-02-28", "2024-02-30"], "'2024-02-30' in row 2; allowed: a day"),
    "no date": (["20:26"], "a time without a date"),
    "no day": (["2024-01"], "'2024-01' in row 1"),
    "many zones": (["2024-01-31 12:00 CET"], "CET has several meanings"),
    "no time": (["2024-01-31", ""], "found nothing in row 2; .*--skip-bad"),
    "infinite": (["1706659200", "inf"], "'inf' in row 2"),
    "at the epoch": (["0", "1700000000", "1700000001"], r"'0' \(1970-01-01\) in row 1; .*--since"),
    "far ahead": (["2024-01-31", "2204-02-01"], r"'2204-02-01' \(2204-02-01\) in row 2; .*--until"),
    "a slip": (["2024-01-31", "2024-02-01", "2042-02-01"], "6,575 days after all others"),
    "an early slip": (["2014-01-31", "2024-01-31", "2024-02-01"], "3,652 days before all others"),
}


@pytest.mark.parametrize("case", DOUBTFUL_TIMES)
def test_doubtful_times_are_refused_with_the_option_that_settles_them(read, case):
    times, message = DOUBTFUL_TIMES[case]
    assert re.search(message, refused(read, [("a", time) for time in times]))


@pytest.mark.parametrize(
    "times,how,day,start",
    [
        (["45385.5", "45386.999999999996"], {"unit": "excel"}, [0, 2], "2024-04-03"),
        (["19723", "19725"], {"unit": "days"}, [0, 2], "2024-01-01"),
        (["1706659200000", "1706745600001"], {"unit": "ms"}, [0, 1], "2024-01-31"),
        (["20240131", "20240301"], {"unit": "yyyymmdd"}, [0, 30], "2024-01-31"),
        (["0", "86400"], {"unit": "s"}, [0, 1], "1970-01-01"),
        (["03/04/2024", "05/04/2024"], {"dayfirst": True}, [0, 2], "2024-04-03"),
        (["03/04/2024", "03/05/2024"], {"dayfirst": False}, [0, 1], "2024-03-04"),
        (["3/2/2024", "13/2/2024"], {}, [0, 10], "2024-02-03"),
        (["2024-01-31", "2042-02-01"], {"until": "2042-12-31"}, [0, 6576], "2024-01-31"),
        (["1975-01-01", "1975-01-02"], {"since": "1975-01-01"}, [0, 1], "1975-01-01"),
    ],
)
def test_options_settle_doubts(read, times, how, day, start):
    events = posts(read([("a", time) for time in times], **how))
    assert events["day"].tolist() == day and events.attrs["start"] == start


def test_the_help_names_all_units():
    assert IN_THE_HELP.replace(" or", ",").split(", ") == list(UNITS)


def test_days_begin_at_midnight_in_the_zone(read):
    times = [("a", "1706659199"), ("a", "1706659200")]  # 23:59:59 UTC and a second later
    assert posts(read(times))["day"].tolist() == [0, 1]
    there = read(times, zone="Asia/Shanghai")
    assert posts(there)["day"].tolist() == [0, 0] and there.attrs["start"] == "2024-01-31"
    plain = read([("a", "2024-01-30 23:59"), ("a", "2024-01-31 00:00")], zone="Asia/Shanghai")
    assert posts(plain)["day"].tolist() == [0, 1]
    assert "zone: found 'Shanghai'; allowed: Asia/Shanghai" in refused(read, times, zone="Shanghai")


def test_the_hours_that_a_clock_skips_or_repeats(read):
    rows = [("a", "2024-03-10 02:30"), ("b", "2024-11-03 01:30"), ("b", "2024-11-03 05:30 UTC")]
    events = read(rows, zone="America/New_York")
    assert posts(events)["day"].tolist() == [0, 238, 238]
    assert "1 in an hour that clocks in America/New_York skipped" in notes(events, "times")[1]
    assert "2 of 3 have no zone" in notes(events, "times")[0]


def test_ids_are_taken_as_written(read):
    day = "2024-01-31"
    for ids, members, about in [
        (("0123", "123"), 2, "leading zeros"),
        (("Bob", "bob", "bob "), 3, "case, blanks or Unicode form"),
        (("é", "e\u0301"), 2, "case, blanks or Unicode form"),
        (("NA", "null", "None", "nan"), 4, "read as a name"),
        (("-", "unknown", "[deleted]", "\\N"), 4, "4 cells with -, unknown, [deleted]: read as"),
        (("'0123", "0123"), 2, "a leading sign"),
        (("+49123", "49123"), 2, "a leading sign"),
        (("Jos\ufffd", "ann"), 2, "1 id with a replacement character"),
        (("1234567890123456788", "1234567890123456789"), 2, None),
        (("1.0", "2.0", "1.0"), 2, "read as 1"),
    ]:
        events = read([(name, day) for name in ids])
        assert events["member"].nunique() == members
        said = notes(events, "ids")
        assert about in said[0] if about else not said
    assert read([("Bob", day), ("bob ", day)], fold=True)["member"].nunique() == 1


@pytest.mark.parametrize(
    "ids,message",
    [
        (("1.23E+17", "4"), "found '1.23E\\+17' in row 1; allowed: ids with all their digits"),
        (("1234567890123456800.0", "1.0"), "ids with all their digits"),
        (("123456789012345000", "123456789012346000"), "zeros from the 16th on"),
        (("0.5", "2.25", "3"), "these look like measurements"),
        (("", "a"), "found nothing in row 1"),
        ((" ", "a"), "found nothing in row 1"),
        (("\u200b", "a"), r"found '\\u200b' in row 1"),
        (("1,23E+17", "4"), "ids with all their digits"),
    ],
)
def test_doubtful_ids_are_refused(read, ids, message):
    rows = [(name, "2024-01-31") for name in ids]
    assert re.search(message, refused(read, rows))
    if ids[0].strip("\u200b "):
        assert read(rows, as_written=True)["member"].nunique() == len(ids)


def test_members_seen_only_as_a_target_count(read):
    rows = [("a", "2024-01-31", ""), ("b", "2024-02-03", "a"), ("b", "2024-02-05", "z")]
    events = read(rows, header="member,time,target")
    joins = events[events["kind"] == "join"]
    assert joins[["day", "member"]].to_numpy().tolist() == [[0, 0], [3, 1], [5, 2]]
    assert "1 of 3 are seen only as a target" in notes(events, "members")[0]


def test_targets_that_went_through_floats_are_the_same_members(read):
    rows = [("1", "2024-01-31", ""), ("2", "2024-02-01", "1.0"), ("3", "2024-02-02", "2.0")]
    events = read(rows, header="member,time,target")
    assert posts(events)["target"].tolist() == [-1, 1, 2] and events["member"].nunique() == 3
    assert "read as 1" in notes(events, "ids")[0]
    rows[1] = ("2", "2024-02-01", "1.2345678901234568e+18")
    assert "target column: found '1.2345678901234568e+18' in row 2" in refused(
        read, rows, header="member,time,target"
    )


def test_bad_rows_are_counted_by_reason(read):
    rows = [("a", "2024-01-31"), ("", "2024-02-01"), ("b", "soon"), ("c", "never"), ("d",)]
    events = read(rows, skip_bad=True)
    assert posts(events)["member"].tolist() == [0]
    assert notes(events, "left out") == [
        "left out: 1 row, cells (the first: 1 in row 5)",
        "left out: 1 row, member column (the first: nothing in row 2)",
        "left out: 2 rows, time column (the first: 'soon' in row 3)",
    ]
    assert "found nothing in row 2 (and 2 more rows that cannot be read)" in refused(
        read, rows[:-1]
    )
    assert "found 'x' in row 1" in refused(read, [("a", "x")], skip_bad=True)  # all of them


def test_aliases_are_merged_and_bots_left_out(read, tmp_path):
    aliases = tmp_path / "aliases.csv"
    aliases.write_text("from,to\nann@old,ann\nnobody,ann\n")
    rows = [("ann", "2024-01-31"), ("ann@old", "2024-02-01"), ("bot", "2024-02-09")]
    events = read(rows, map=aliases, exclude=["bot", "bto"])
    assert events["member"].nunique() == 1 and events["day"].max() == 1
    assert notes(events, "--") == [
        "--map: 1 id replaced",
        "--map: 1 id not in this log, such as 'nobody'",
        "--exclude: 1 row of 1 id left out",
        "--exclude: 1 id not in this log, such as 'bto'",
    ]
    odd = "a\nb\u2028c"  # which is one id
    aliases.write_text(f'from,to\n"{odd}",ann\n', encoding="utf-8")
    assert notes(read([(odd, "2024-01-31")], map=aliases), "--") == ["--map: 1 id replaced"]
    for text, message in [
        ("ann@old,ann\n", "header: found 'ann@old,ann'; allowed: from,to"),
        ("from,to\na,b\nb,c\n", "found 'a' to 'b', which is itself replaced"),
        ("from,to\na,b\na,c\n", "row 2: found 'a' again"),
        ("from,to\na\n", "row 1: found 'a'"),
    ]:
        aliases.write_text(text)
        assert message in refused(read, rows, map=aliases)


def test_bounds_leave_rows_out(read):
    rows = [("a", "2024-01-31"), ("a", "2024-02-02"), ("b", "2024-02-09")]
    events = read(rows, since="2024-02-01", until="2024-02-05")
    assert (events.attrs["start"], events.attrs["days"]) == ("2024-02-01", 5)
    assert [note.split(";")[0] for note in notes(events, "--")] == [
        "--since: 1 row before 2024-02-01 left out",
        "--until: 1 row after 2024-02-05 left out",
    ]
    assert "rows: found none left" in refused(read, rows, until="2023-01-01")
    assert "'x' in row 4" in refused(read, [*rows, ("b", "x")], since="2024-02-01")
    missing = read([*rows, ("b", "1970-01-01")], since="2024-01-01")
    assert missing.attrs["start"] == "2024-01-01"
    assert "--since: 1 row before 2024-01-01 left out" in notes(missing, "--")[0]


def test_a_long_silence_is_said(read):
    days = pd.date_range("2019-01-01", periods=900).strftime("%Y-%m-%d")
    rows = [("ab"[number % 2], day) for number, day in enumerate(days)]
    events = read([*rows, ("a", "2023-03-01")])
    assert notes(events, "1 row from") == [
        "1 row from 2023-03-01 on, 621 days after all others (--until leaves out such rows)"
    ]


@pytest.mark.parametrize("few,note", [
    (("2018-01-01", "2018-01-02", "2018-01-03", "2018-01-04"), "1,823 days before all others"),
    (("2039-01-01", "2039-01-02", "2039-01-03", "2039-01-04"), "5,475 days after all others"),
])  # fmt: skip
def test_a_hole_in_the_log_is_said_however_many_rows_lie_beyond(read, few, note):
    rows = [("ab"[number % 2], f"2023-01-{number:02}") for number in range(1, 10)]
    rows += [("a", "2024-01-05")]
    assert note in str(read([*rows, *(("b", day) for day in few)]).attrs["notes"])


def test_a_log_that_begins_long_after_day_0(read):
    days = "member,day"
    assert notes(read([("a", "0"), ("b", "3")], header=days), "days") == []
    late = read([("a", "100"), ("b", "103")], header=days)
    assert notes(late, "days") == ["days: the first row is on day 100; days count from 0"]
    unix = [("a", "19723"), ("b", "19725")]
    assert "'19723' in row 1; allowed: days counted from 0" in refused(read, unix, header=days)
    assert read(unix, header=days, time="day", unit="days").attrs["start"] == "2024-01-01"
    late = read([("a", "2024-01-31")], start="2023-01-31")
    assert "the first row is on 2024-01-31, 365 days" in notes(late, "days")[0]


def test_a_unit_that_is_probably_wrong_and_a_log_without_rows_are_said(read):
    said = notes(read([("a", "1700000000"), ("b", "1700000001")], unit="ms"), "times")
    assert said == ["times: with --unit ms the first is on 1970-01-20; check the unit"]
    assert notes(read([]), "rows") == ["rows: none in this log"]


def test_columns_that_are_named_alike_are_named(read):
    said = notes(read([("a", "2024-01-31", "b")], header="member,time,Member"), "columns")
    assert said == ["columns: 'member' is read as the member, but 'Member' is not (--member)"]


def test_rows_that_were_exported_twice_are_said(read):
    rows = [("a", "2024-01-31 10:00:01"), ("b", "2024-01-31 10:00:02")]
    assert not notes(read(rows), "rows")
    assert "1 repeat the time, member" in notes(read([*rows, rows[0]]), "rows")[0]


def test_columns_that_may_not_be_members_are_named(read):
    numbers = [(f"{row}", "2024-01-31") for row in range(30)]
    said = notes(read(numbers, header="id,time", member="id"), "members")
    assert "30 different ones in 30 rows; check that 'id' is" in said[0]
    assert said[1] == "members: the numbers in 'id' are read as ids"
    assert "which is also the member column" in refused(read, numbers, member="time")


def test_what_the_terminal_does_not_show_is_counted():
    day = np.arange(0, 30 * 30, 10)
    events = event_table(day, day, "join", start="2024-01-01", days=930)
    told = describe(events)
    text = as_text(told)
    assert "not shown: 6 later cohorts and 18 later months; use --json" in text
    assert len(told.attrs["cohorts"]) == 30
