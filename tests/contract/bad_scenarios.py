"""Broken scenario files, and what the one line about each must say.

`CASES` is a table; `materialise` makes the file (and its CSV) of a case in a folder, and
`unprivileged` is there for the case that root would be allowed to read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HEAD = b'name = "x"\ndays = 60\n'
NOBODY = 65534
ABSENT = "absent"


@dataclass(frozen=True)
class Case:
    """`said`: what the message must hold, the file's name aside. `text` follows HEAD unless
    `whole`. `csv` is written as `data.csv` (unless ABSENT), and is then the file that is named."""

    name: str
    text: str | bytes
    said: tuple[str, ...]
    csv: str | bytes | None = None
    whole: bool = False
    make: Callable[[Path], None] | None = None
    private: bool = False

    @property
    def named(self) -> str:
        """The file that the message must name."""
        return f"{self.name}.toml" if self.csv is None else "data.csv"


def materialise(case: Case, folder: Path) -> Path:
    """Write a case in a folder; returns the path to load."""
    path = folder / f"{case.name}.toml"
    if case.make:
        case.make(path)
        return path
    text = case.text.encode() if isinstance(case.text, str) else case.text
    path.write_bytes(text if case.whole else HEAD + text)
    if case.csv not in (None, ABSENT):
        data = case.csv.encode() if isinstance(case.csv, str) else case.csv
        (folder / "data.csv").write_bytes(data)
    return path


@contextmanager
def unprivileged() -> Iterator[None]:
    """As somebody who may not read everything: root would be let in."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def huge(path: Path) -> None:
    """50 MB of good TOML, without 50 MB on the disk where files may have holes."""
    with path.open("wb") as file:
        file.write(HEAD)
        file.truncate(50_000_000)


def locked(path: Path) -> None:
    path.write_bytes(HEAD)
    path.chmod(0)


def text(name: str, body: str, *said: str) -> Case:
    return Case(name, body, said)


def raw(name: str, body: str | bytes, *said: str) -> Case:
    return Case(name, body, said, whole=True)


def lever(name: str, value: str, *said: str) -> Case:
    """A wrong `ad_pressure`, which lies between 0 and 20."""
    return Case(name, f"policy.ad_pressure = {value}", ("policy.ad_pressure", *said))


def rule(name: str, change: dict[str, str], *said: str) -> Case:
    """A rule with one part changed, or left out (None)."""
    good = {
        "name": '"r"',
        "when": '[{ metric = "wau", below = 9 }]',
        "do": '[{ lever = "ad_pressure", set = 0 }]',
        "days": "7",
    }
    parts = {key: value for key, value in (good | change).items() if value is not None}
    body = "\n".join(["[[rules]]", *(f"{key} = {value}" for key, value in parts.items())])
    return Case(name, body, said)


def joiners(name: str, csv: str | bytes, *said: str, keys: str = "") -> Case:
    return Case(name, f'[intake]\ncsv = "data.csv"\n{keys}', said, csv)


DATES = "date,joiners\n2024-01-01,1\n"

CASES = [
    # Not a file, or not one of ours
    Case("missing", "", ("file not found", "(.toml)"), make=lambda path: None),
    Case("folder", "", ("file", "a folder", "(.toml)"), make=lambda path: path.mkdir()),
    Case("pipe", "", ("file", "not a file"), make=os.mkfifo),
    Case("locked", "", ("file", "permission denied", "(.toml)"), make=locked, private=True),
    Case("huge", "", ("file", "50,000,000 bytes", "at most 1,000,000"), make=huge),
    raw("latin", 'name = "caf\xe9"'.encode("latin-1"), "text", "0xe9 in line 1", "UTF-8"),
    raw("utf16", 'name = "x"'.encode("utf-16"), "text", "0xff", "UTF-8"),
    raw("null", b'name = "x\0"', "TOML", "line 1, column"),
    raw("not_toml", "this is not TOML", "TOML", "line 1, column 6", "valid TOML"),
    raw("json", '{"name": "x"}', "TOML", "line 1, column 1"),
    raw("twice", 'name = "x"\nname = "y"', "TOML", "overwrite", "valid"),
    raw("open_quote", 'name = "x', "TOML", "Unterminated string", "valid TOML"),
    raw("deep", "x = " + "[" * 50_000, "very deep nesting"),
    raw("deep_inline", "x = " + "{a = " * 20_000, "very deep nesting"),
    raw("deep_key", "x" + ".a" * 100_000 + " = 1", "very deep nesting"),
    raw("deep_header", "[" + "a . " * 100_000 + "a]", "very deep nesting"),
    raw("long_int", "seed = " + "9" * 5000, "TOML", "thousands of digits", "64 bits"),
    raw("empty", "", "name", "nothing", "a name"),
    # The top of the file
    raw("no_name", "days = 9", "name", "nothing"),
    raw("name_empty", 'name = " "', "name", "' '", "non-empty"),
    raw("name_number", "name = 3", "name", "found 3", "text"),
    raw("name_long", f'name = "{"x" * 61}"', "name", "61 characters", "at most 60"),
    raw("name_escape", r'name = "a\u001b[31m"', "name", r"\x1b", "printable"),
    text("unknown_key", "sead = 1", "sead", "unknown key", "seed (the nearest)"),
    text("unknown_odd", r'"a\u001b\nb" = 1', r"a\x1b\nb", "unknown key"),
    raw("days_text", 'name = "x"\ndays = "60"', "days", "'60'", "1 to 7300"),
    raw("days_negative", 'name = "x"\ndays = -1', "days", "-1", "1 to 7300"),
    raw("days_zero", 'name = "x"\ndays = 0', "days", "found 0", "1 to 7300"),
    raw("days_half", 'name = "x"\ndays = 1.5', "days", "1.5", "whole number"),
    raw("days_true", 'name = "x"\ndays = true', "days", "true", "1 to 7300"),
    raw("days_many", 'name = "x"\ndays = 7301', "days", "7301", "1 to 7300"),
    text("seed_negative", "seed = -1", "seed", "-1", "0 to 9223372036854775807"),
    text("seed_large", f"seed = {2**63}", "seed", str(2**63), "0 to 9223372036854775807"),
    text("seed_hex", "seed = 0x" + "f" * 9000, "seed", "over 64 bits", "0 to"),
    text("start_text", 'start = "soon"', "start", "'soon'", "2024-01-31"),
    text("start_time", "start = 2024-01-01T09:00:00", "start", "09:00:00", "a date"),
    text("start_last", "start = 9999-12-31", "start", "9999-12-31", "1900 to 2199"),
    text("start_none", 'start = "2024-02-30"', "start", "2024-02-30", "a date"),
    text("market_zero", "community.market = 0", "community.market", "found 0", "1 to 20000000"),
    text("market_huge", "community.market = 1e400", "community.market", "inf", "1 to 20000000"),
    text("market_list", "community.market = [1]", "community.market", "a list", "1 to 20000000"),
    text("community", "community = 5", "community", "found 5", "a table"),
    text("newcomer", "community.newcomer_day = 1", "newcomer_day", "newcomer_days (the nearest)"),
    # Segments and arms
    text("segments", "[segments]\nname = 'a'", "segments", "a table", "a list"),
    text("segments_none", "segments = []", "segments", "0 items", "at least 1"),
    text("segments_many", "[[segments]]\nname='a'\n" * 17, "segments", "17 items", "at most 16"),
    text("arms_many", "[[arms]]\nname='a'\n" * 5, "arms", "5 items", "at most 4"),
    text("shares", "[[arms]]\nname='a'\nshare=0.5", "arms", "add up to 0.5", "add up to 1"),
    text("share", "[[arms]]\nname='a'\nshare=-0.5", "arms[0].share", "-0.5", "0 to 1"),
    text("names", "[[arms]]\nname='a'\nshare=0.5\n" * 2, "arms[1].name", "'a' twice"),
    text("no_segment_name", "[[segments]]\nshare=1", "segments[0].name", "nothing", "a name"),
    text("trait", "[[segments]]\nname='a'\nactivty=1", "activty", "activity (the nearest)"),
    text("trait_high", "[[segments]]\nname='a'\nactivity=2", "segments[0].activity", "found 2",
         "0.005 to 1"),
    text("trait_value", "[[segments]]\nname='a'\ntaste={value=-1}", "segments[0].taste.value",
         "found -1", "0 to 1"),
    text("trait_spread", "[[segments]]\nname='a'\npower={spread=-1}", "segments[0].power.spread",
         "found -1", "0 to 5"),
    # The calendar
    text("week_short", "calendar.weekday = [1, 1]", "calendar.weekday", "2 numbers", "7 numbers"),
    text("week_high", "calendar.weekday = [9,1,1,1,1,1,1]", "calendar.weekday[0]", "found 9",
         "0 to 5"),
    text("week_nan", "calendar.weekday = [nan,1,1,1,1,1,1]", "calendar.weekday[0]", "found nan",
         "0 to 5"),
    text("year_short", "calendar.months = [1, 1]", "calendar.months", "2 numbers", "12 numbers"),
    text("year_high", "calendar.months = [1,1,1,1,1,1,1,1,1,1,1,9]", "calendar.months[11]",
         "found 9", "0 to 5"),
    text("holidays", "calendar.holidays = [{from=1, to=5, factor=0.5}, {from=2024-01-05, to=9,"
         " factor=0.5}]", "calendar.holidays", "1 to 5 overlaps 2024-01-05 to 9", "at most once"),
    text("holiday", "calendar.holidays = [{from=5, to=1, factor=1}]", "calendar.holidays[0]",
         "from 5 to 1", "not after the last"),
    text("holiday_far", "calendar.holidays = [{from=2023-01-01, to=2023-01-05, factor=1}]",
         "calendar.holidays[0]", "2023-01-01", "days 0 to 59", "2024-02-29"),
    text("no_factor", "calendar.holidays = [{from=1, to=5}]", "calendar.holidays[0].factor",
         "nothing", "0 to 5"),
    # Parameters
    text("parameter", "parameters.forgeting = 0.1", "parameters.forgeting", "unknown key",
         "forgetting (the nearest)", "comsim schema"),
    text("parameter_high", "parameters.forgetting = 2", "parameters.forgetting", "found 2",
         "0 to 1"),
    text("parameter_nan", "parameters.forgetting = nan", "parameters.forgetting", "nan", "0 to 1"),
    text("parameter_text", "parameters.forgetting = 'a lot'", "parameters.forgetting", "'a lot'",
         "0 to 1", "a table"),
    text("parameter_half", "parameters.contacts = 2.5", "parameters.contacts", "2.5",
         "a whole number from 0 to 64"),
    text("range_order", "parameters.forgetting = {low=0.3, high=0.1}", "parameters.forgetting.low",
         "0.3 above 0.1"),
    text("range_open", "parameters.forgetting = {low=0.3}", "parameters.forgetting.high",
         "nothing"),
    text("range_high", "parameters.forgetting = {low=0.3, high=7}", "parameters.forgetting.high",
         "found 7", "0 to 1"),
    # Levers
    text("lever", "policy.ad_presure = 1", "policy.ad_presure", "unknown key",
         "ad_pressure (the nearest)"),
    lever("lever_high", "21", "found 21", "0 to 20"),
    lever("lever_inf", "inf", "found inf", "0 to 20"),
    lever("lever_true", "true", "found true", "0 to 20", "a table"),
    lever("lever_list", "[1, 2]", "a list", "0 to 20", "a table"),
    lever("lever_base", "{base=-1}", ".base", "found -1", "0 to 20 (ads a visit)"),
    lever("lever_key", "{bass=1}", ".bass", "base (the nearest)"),
    lever("step_high", "{steps=[{day=1, value=99}]}", ".steps[0].value", "found 99", "0 to 20"),
    lever("step_late", "{steps=[{day=60, value=1}]}", ".steps[0].day", "found 60", "0 to 59"),
    lever("step_day", "{steps=[{day=-1, value=1}]}", ".steps[0].day", "found -1", "a day from 0"),
    lever("step_date", "{steps=[{date=2024-01-05, value=1}]}", ".steps[0].date", "day (the near"),
    lever("step_value", "{steps=[{day=1}]}", ".steps[0].value", "nothing", "a number"),
    lever("step_twice", "{steps=[{day=1, value=1}, {day=2024-01-02, value=2}]}",
          "the step of 1 overlaps the step of 2024-01-02"),
    lever("step_in_ramp", "{steps=[{day=5, value=1}], ramps=[{from=1, to=9, value=2}]}",
          "the ramp to 9 overlaps the step of 5"),
    lever("ramp_short", "{ramps=[{from=4, to=4, value=1}]}", ".ramps[0]", "4 to 4", "two days"),
    lever("ramp_text", "{ramps=[{from='x', to=4, value=1}]}", ".ramps[0].from", "'x'",
          "a day from 0"),
    lever("during", "{during=[{from=1, to=5, value=1}, {from=5, to=6, value=1}]}", ".during",
          "1 to 5 overlaps 5 to 6", "at most once"),
    lever("during_many", "{during=[" + "{from=1, to=2, value=1}," * 401 + "]}", ".during",
          "401 items", "at most 400"),
    lever("on_twice", "{on=[{day=3, value=1}, {day=3, value=2}]}", ".on", "3 overlaps 3"),
    lever("yearly", "{yearly=[{from='02-30', to='03-01', value=1}]}", ".yearly[0].from", "02-30",
          "month and day"),
    lever("yearly_twice", "{yearly=[{from='12-20', to='01-05', value=1},"
          " {from='01-01', to='01-02', value=2}]}", ".yearly", "01-01 twice"),
    lever("lever_week", "{base=10, weekday=[1,1,1,1,1,3,1]}", "found 30 on day 5", "0 to 20"),
    lever("group", "{groups={newcomer=1}}", ".groups", "group 'newcomer'",
          "newcomers (the nearest)"),
    lever("group_segment", "{groups={'segment:fans'=1}}", "'segment:fans'", "segment:all"),
    lever("group_high", "{groups={newcomers=21}}", ".groups.newcomers.base", "found 21",
          "0 to 20"),
    lever("group_deep", "{groups={newcomers={groups={}}}}", ".groups.newcomers.groups", "unknown"),
    lever("groups", "{groups=3}", ".groups", "found 3", "a table"),
    text("community_lever", "policy.intake = {groups={newcomers=1}}", "policy.intake.groups",
         "the whole community"),
    text("once", "policy.seed_group = {steps=[{day=1, value=1}]}", "policy.seed_group.steps",
         "steps", "on, during, yearly"),
    # Rules
    rule("rule_key", {"unless": "[]"}, "rules[0].unless", "unknown key", "days"),
    rule("rule_days", {"days": "0"}, "rules[0].days", "found 0", "1 to 7300"),
    rule("rule_no_days", {"days": None}, "rules[0].days", "nothing"),
    rule("rule_always", {"when": "[]"}, "rules[0].when", "0 items", "at least 1"),
    rule("rule_when", {"when": "3"}, "rules[0].when", "found 3", "a list"),
    rule("metric", {"when": '[{metric="wua", below=9}]'}, "rules[0].when[0].metric", "metric 'wua'",
         "wau (the nearest)"),
    rule("metric_hidden", {"when": '[{metric="trust_sum", below=9}]'}, "rules[0].when[0].metric",
         "metric 'trust_sum'"),
    rule("no_test", {"when": '[{metric="wau"}]'}, "rules[0].when[0]", "none", "above, below"),
    rule("two_tests", {"when": '[{metric="wau", above=1, falls=2}]'}, "rules[0].when[0]",
         "above and falls", "one of"),
    rule("window", {"while": '[{metric="wau", above=1, window=0}]'}, "rules[0].while[0].window",
         "found 0", "1 to 366"),
    rule("rule_lever", {"do": '[{lever="ads", set=1}]'}, "rules[0].do[0].lever", "lever 'ads'",
         "ad_pressure"),
    rule("rule_group", {"do": '[{lever="ad_pressure", set=1, group="arm:x"}]'},
         "rules[0].do[0].group", "group 'arm:x'", "arm:all"),
    rule("rule_scope", {"do": '[{lever="intake", set=1, group="newcomers"}]'},
         "rules[0].do[0].group", "newcomers", "the whole community"),
    rule("rule_set", {"do": '[{lever="ad_pressure", set=21}]'}, "rules[0].do[0].set", "21",
         "0 to 20"),
    rule("rule_multiply", {"do": '[{lever="ad_pressure", multiply=-1}]'},
         "rules[0].do[0].multiply", "-1", "from 0"),
    rule("rule_both", {"do": '[{lever="ad_pressure", set=1, add=1}]'}, "rules[0].do[0]",
         "set and add", "one of set, multiply, add"),
    text("rules_many", '[[rules]]\nname="r"\nwhen=[{metric="wau",above=1}]\ndays=1\n'
         'do=[{lever="ad_pressure",set=1}]\n' * 65, "rules", "65 items", "at most 64"),
    # Shocks
    text("shock_kind", "[[shocks]]\nkind='leek'\nday=1\nseverity=1", "shocks[0].kind",
         "kind 'leek'", "leak (the nearest)"),
    text("shock_severity", "[[shocks]]\nkind='leak'\nday=1\nseverity=1.5", "shocks[0].severity",
         "found 1.5", "0 to 1"),
    text("shock_none", "[[shocks]]\nkind='leak'\nday=1", "shocks[0].severity", "nothing", "0 to 1"),
    text("shock_reach", "[[shocks]]\nkind='leak'\nday=1\nseverity=1\nreach=-1", "shocks[0].reach",
         "found -1", "0 to 1"),
    text("shock_late", "[[shocks]]\nkind='leak'\nday=60\nseverity=1", "shocks[0].day", "found 60",
         "0 to 59"),
    text("shock_early", "[[shocks]]\nkind='leak'\nday=2023-12-31\nseverity=1", "shocks[0].day",
         "2023-12-31", "0 to 59"),
    text("shock_twice", "[[shocks]]\nkind='leak'\nday=3\nseverity=1\n[[shocks]]\nkind='leak'\n"
         "day=2024-01-04\nseverity=0.5", "shocks[1]", "leak on 2024-01-04 twice", "per day"),
    text("shock_key", "[[shocks]]\nkind='leak'\nday=3\nforce=1", "shocks[0].force", "unknown key"),
    text("shocks_table", "[shocks]\nleak=1", "shocks", "a table", "a list"),
    text("shocks_many", "[[shocks]]\nkind='leak'\nday=1\nseverity=1\n" * 401, "shocks",
         "401 items", "at most 400"),
    # Series of days
    Case("csv_missing", '[intake]\ncsv = "data.csv"', ("file not found", "a CSV file"), ABSENT),
    text("csv_none", "[intake]\ncumulative = false", "intake.csv", "nothing", "--intake FILE"),
    text("csv_and_lever", '[intake]\ncsv = "data.csv"\n[policy]\nintake = 1', "intake",
         "both a CSV and policy.intake", "one of them"),
    text("csv_clocks", '[intake]\ncsv = "data.csv"\ndate = "a"\nday = "b"', "intake",
         "date and day", "one of"),
    text("csv_flag", '[intake]\ncumulative = 1', "intake.cumulative", "found 1", "true or false"),
    joiners("csv_empty", "", "file", "an empty file", "a header"),
    joiners("csv_header", "date,joiners\n", "file", "no rows", "one row per day"),
    joiners("csv_latin", b"date,joiners\n2024-01-01,\xe9\n", "text", "0xe9 in line 2", "UTF-8"),
    joiners("csv_huge_field", DATES + '2024-01-02,"' + "1" * 200_000, "file", "field larger"),
    joiners("csv_column", "date,joined\n2024-01-01,1\n", "'joiners'", "no such column",
            "joined (the nearest)"),
    joiners("csv_clock", DATES, "'tag'", "no such column", "date", keys='day = "tag"'),
    joiners("csv_date", "date,joiners\n01/02/2024,1\n", "'date'", "01/02/2024", "line 2", "a date"),
    joiners("csv_day", "day,joiners\n1.5,1\n", "'day'", "1.5", "line 2", "whole number"),
    joiners("csv_before", "date,joiners\n2023-12-31,1\n2024-01-01,1\n", "'date'", "day -1",
            "2024-01-01"),
    joiners("csv_outside", "day,joiners\n45342,3\n45343,2\n", "'day'", "day 45342 (2148-02-22)",
            "read as Excel day numbers: 2024-02-20 to 2024-02-21", "days 0 to 59 of the run"),
    joiners("csv_serial", "date,joiners\n45342,3\n", "'date'", "45342", "this is 2024-02-20"),
    joiners("csv_past", "date,joiners\n2023-12-30,3\n2023-12-31,1\n", "'date'",
            "day -2 (2023-12-30) to day -1", "(2024-01-01 to 2024-02-29)"),
    joiners("csv_clocks_differ", "day,date,joiners\n1,2024-01-01,1\n", "'day'",
            "1 beside 2024-01-01 in line 2", "0, or a key date or day"),
    joiners("csv_long_row", DATES + "2024-01-02,1,200\n", "3 cells in line 3",
            "(2024-01-02,1,200)", "1200, not 1,200"),
    joiners("csv_long_blank", DATES + "2024-01-02,1,\n", "3 cells in line 3", "2, as in"),
    joiners("csv_quoted", DATES + '2024-01-02,"1,200"\n', "'joiners'", "'1,200' in line 3",
            "without units"),
    joiners("csv_unit", DATES + "2024-01-02,12 people\n", "'12 people' in line 3", "without units"),
    joiners("csv_underscore", DATES + "2024-01-02,1_200\n", "'1_200' in line 3", "a number"),
    joiners("csv_points", DATES + "2024-01-02,1.200\n", "1.200 in line 3", "1.2000 for 1.2",
            "1200 for a thousand times as much"),
    joiners("csv_semicolons", "date;joiners\n2024-01-01;1\n", "header", "semicolons", "commas"),
    joiners("csv_tabs", "date\tjoiners\n2024-01-01\t1\n", "header", "tabs", "commas"),
    joiners("csv_columns_twice", "date,joiners,Joiners \n2024-01-01,1,2\n", "header",
            "Joiners in columns 2 and 3", "a different name"),
    joiners("csv_nameless", "date,joiners,\n2024-01-01,1,2\n", "header",
            "no name for column 3, which has a value in line 2", "a name for each column"),
    joiners("csv_quotes", DATES + '2024-01-02,"1"2\n', "file", "in line 3"),
    joiners("csv_null", DATES + "2024-01-02,\0\n", "file", "null characters"),
    joiners("csv_utf16", DATES.encode("utf-16"), "text", "0xff in line 1", "not UTF-16"),
    joiners("csv_workbook", b"PK\x03\x04\xff", "text", "0xff", "not a workbook"),
    joiners("csv_html", "<!DOCTYPE html>\n" + "<p>" * 5000, "column 'day'", "<!DOCTYPE html>"),
    joiners("csv_gap", DATES + "2024-01-03,1\n", "'date'", "a gap: no day 1 (2024-01-02)",
            "each day"),
    joiners("csv_twice", DATES + "2024-01-01,1\n", "'date'", "2024-01-01 twice, in lines 2 and 3",
            "at most once"),
    joiners("csv_text", DATES + "2024-01-02,many\n", "'joiners'", "'many' in line 3", "a number"),
    joiners("csv_blank", DATES + "2024-01-02,\n", "'joiners'", "nothing in line 3", "a number"),
    joiners("csv_short", DATES + "2024-01-02\n", "file", "1 cell in line 3",
            "2, as in the header"),
    joiners("csv_nan", DATES + "2024-01-02,nan\n", "'joiners'", "'nan' in line 3", "a number"),
    joiners("csv_negative", DATES + "2024-01-02,-3\n", "'joiners'", "-3 in line 3", "from 0"),
    joiners("csv_half", DATES + "2024-01-02,1.5\n", "'joiners'", "1.5 in line 3", "whole number"),
    joiners("csv_many", DATES + "2024-01-02,1e9\n", "'joiners'", "1000000000", "to 10000000"),
    text("observed_none", "[observed]\ncolumns = {wau = 'w'}", "observed.csv", "nothing",
         "--observed FILE"),
    text("observed_metric", "[observed]\ncolumns = {wua = 'w'}", "observed.columns.wua",
         "metric 'wua'", "wau (the nearest)"),
    text("observed_empty", "[observed]\ncolumns = {}", "observed.columns", "0 items", "at least 1"),
    text("observed_column_twice", "[observed]\ncolumns = {wau = 'w', dau = 'w'}",
         "observed.columns.dau", "column 'w' twice", "one column per metric"),
    Case("observed_negative", '[observed]\ncsv = "data.csv"\ncolumns = {wau = "w"}',
         ("'w'", "-4 in line 2", "from 0"), "day,w\n3,-4\n"),
    Case("observed_share", '[observed]\ncsv = "data.csv"\ncolumns = {self_organised = "w"}',
         ("'w'", "35 in line 2", "a share from 0 to 1"), "day,w\n3,35\n"),
    Case("observed_outside", '[observed]\ncsv = "data.csv"\ncolumns = {wau = "w"}',
         ("'day'", "day 99 (2024-04-09)", "days 0 to 59"), "day,w\n99,4\n"),
    Case("observed_text", '[observed]\ncsv = "data.csv"\ncolumns = {wau = "w"}',
         ("'w'", "'x' in line 2", "a number"), "day,w\n3,x\n"),
]  # fmt: skip
