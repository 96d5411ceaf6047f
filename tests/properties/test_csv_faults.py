"""A CSV file with a fault: refused in one line, or what is lost is counted; no other number."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comsim.common.errors import InputError
from comsim.model.catalogue import LEVERS
from comsim.scenario import Scenario, observed, plan
from comsim.scenario.series import observed_notes
from comsim.studies.experiments.designs import Design, codes_of
from comsim.studies.experiments.factors import Factor

DAYS, START = 12, date(2024, 2, 20)
INTAKE = list(LEVERS).index("intake")
TOO_MANY = [f"{n:,}" for n in (1200, 1150, 12345)]
# Cells that somebody means as a number, or as none.
NO_NUMBERS = [
    "1.200", "1 200", "1'200", "1_200", "1\u00a0200", "1\u2009200", "1200,0", "1.200,5", "12,5",
    "12 %", "€12", "12 people", "~12", "12?", "(12)", "\u221212", "\uff11\uff12", "", "NA", "n/a",
    "null", "-", "nan", "inf", "1e999", "-12", "0x10", "1e", "12.5.1", "=1+1", "one", "#REF!",
    "12 13", "True",
]  # fmt: skip
Table = list[list[str]]


def good(numbers: list[int], first: int = 0) -> Table:
    """A header, and a row for each day from day `first` on."""
    days = enumerate(numbers, first)
    rows = [[(START + timedelta(days=day)).isoformat(), str(n)] for day, n in days]
    return [["date", "joiners"], *rows]


def text_of(table: Table, quoting: int = csv.QUOTE_MINIMAL, separator: str = ",") -> str:
    text = StringIO(newline="")
    csv.writer(text, quoting=quoting, delimiter=separator).writerows(table)
    return text.getvalue()


numbers = st.lists(st.integers(0, 2000), min_size=3, max_size=DAYS)
places = st.integers(0, 10**6)

# What changes nothing: (table, place) -> text
HARMLESS = {
    "mark": lambda table, at: "\ufeff" + text_of(table),
    "ends": lambda table, at: text_of(table).replace("\r\n", "\n" if at % 2 else "\r"),
    "quotes": lambda table, at: text_of(table, csv.QUOTE_ALL),
    "blanks": lambda table, at: text_of([[f" {cell}  " for cell in row] for row in table]),
    "empty lines": lambda table, at: text_of(table).replace("\r\n", "\r\n\r\n"),
    "order of rows": lambda table, at: text_of(
        [table[0], *table[1 + at % 3 :][::-1], *table[1 : 1 + at % 3]]
    ),
    "order of columns": lambda table, at: text_of([row[::-1] for row in table]),
    "empty columns": lambda table, at: text_of([[*row, ""] for row in table]),
    "empty rows": lambda table, at: text_of([*table, ["", ""], ["", ""]]),
    "zeros": lambda table, at: text_of([table[0], *([day, f"{n}.0"] for day, n in table[1:])]),
    "signs": lambda table, at: text_of([table[0], *([day, f"+0{n}"] for day, n in table[1:])]),
}  # fmt: skip


def with_cell(table: Table, at: int, cells: list[str], column: int = 1) -> Table:
    """With other cells (one, or more than there is room for) in a row's place."""
    row = 1 + at % (len(table) - 1)
    found = [list(cells) for cells in table]
    found[row][column : column + 1] = cells
    return found


def with_header(table: Table, *names: str) -> Table:
    more = len(names) - 2
    return [list(names), *([*row, *["7"] * more] for row in table[1:])]


# What must be refused: (table, place) -> text
FAULTS = {
    "thousands": lambda t, at: text_of(t).replace(
        f",{t[1 + at % (len(t) - 1)][1]}\r\n", f",{TOO_MANY[at % len(TOO_MANY)]}\r\n"),
    "short row": lambda t, at: text_of(with_cell(t, at, [])),
    "long row": lambda t, at: text_of(with_cell(t, at, ["1", "2", "3"])),
    "trailing comma": lambda t, at: text_of(with_cell(t, at, ["1", ""])),
    "column twice": lambda t, at: text_of(with_header(t, "date", "joiners", "joiners")),
    "column twice, nearly": lambda t, at: text_of(with_header(t, "date", "joiners", " Joiners")),
    "day twice": lambda t, at: text_of([*t, t[1 + at % (len(t) - 1)]]),
    "no name": lambda t, at: text_of(with_header(t, "date", "joiners", "")),
    "no header": lambda t, at: text_of(t[1:]),
    "another name": lambda t, at: text_of(with_header(t, "date", "joined")),
    "no clock": lambda t, at: text_of(with_header(t, "when", "joiners")),
    "semicolons": lambda t, at: text_of(t, separator=";"),
    "tabs": lambda t, at: text_of(t, separator="\t"),
    "day-first": lambda t, at: text_of(with_cell(t, at, ["21/02/2024"], 0)),
    "month": lambda t, at: text_of(with_cell(t, at, ["2024-02"], 0)),
    "serial": lambda t, at: text_of(with_cell(t, at, [str(45342 + at % 5)], 0)),
    "day number": lambda t, at: text_of(with_cell(t, at, [str(at % 5)], 0)),
    "no such day": lambda t, at: text_of(with_cell(t, at, ["2024-02-30"], 0)),
    "no day": lambda t, at: text_of(with_cell(t, at, [""], 0)),
    "total": lambda t, at: text_of([*t, ["total", "99"]]),
    "remark": lambda t, at: "# made by hand\n" + text_of(t),
    "serials": lambda t, at: text_of([["day", "joiners"], *([str(45342 + n), x[1]] for n, x in
                                                           enumerate(t[1:]))]),
    "years ago": lambda t, at: text_of([t[0], *([f"2019{x[0][4:]}", x[1]] for x in t[1:]
                                                if x[0] != "2024-02-29")]),
    "quote": lambda t, at: text_of(t) + '"2024-03-09,5\r\n',
    "null": lambda t, at: text_of(t) + "\0",
}  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("faults") / "data.csv"


def scenario(file: Path) -> Scenario:
    columns = {"columns": {"wau": "joiners"}}
    return Scenario.from_dict(
        {"name": "x", "days": DAYS, "start": START, "intake": {"csv": file.name},
         "observed": columns}, folder=file.parent,
    )  # fmt: skip


def refused(read, file: Path) -> None:
    with pytest.raises(InputError) as error:
        read()
    assert str(error.value).isprintable() and file.name in str(error.value)
    assert len(str(error.value)) < 400


def joined(file: Path) -> list[int]:
    return plan(scenario(file)).lever_table[:, 0, INTAKE].astype(int).tolist()


often = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(numbers, st.sampled_from(sorted(HARMLESS)), places)
@often
def test_spellings_that_change_nothing(file, people, kind, at):
    file.write_bytes(HARMLESS[kind](good(people), at).encode())
    assert joined(file) == people + [0] * (DAYS - len(people))
    assert observed(scenario(file))["wau"].tolist() == people


@given(numbers, st.sampled_from(sorted(FAULTS)), places)
@often
def test_what_is_doubtful_is_refused(file, people, kind, at):
    table = good([min(n, 999) for n in people])
    file.write_bytes(FAULTS[kind](table, at).encode())
    for read in (plan, observed):
        refused(lambda read=read: read(scenario(file)), file)


@given(numbers, st.sampled_from(NO_NUMBERS), places)
@often
def test_a_cell_that_is_no_plain_number_is_refused(file, people, cell, at):
    file.write_text(text_of(with_cell(good(people), at, [cell])), "utf-8", newline="")
    refused(lambda: plan(scenario(file)), file)
    if cell:  # a day that was not counted
        refused(lambda: observed(scenario(file)), file)
    file.write_text(text_of(with_cell([["a", "b"], *good(people)[1:]], at, [cell])), "utf-8")
    factors = [
        Factor(
            path="start", name="a", kind="lever", values=tuple(r[0] for r in good([0] * DAYS)[1:])
        ),
        Factor(path="days", name="b", kind="lever", range=(0, 3000), whole=True),
    ]
    design = Design(kind="csv", csv=file.name)
    refused(lambda: codes_of(design, tuple(factors), "x", file.parent), file)


@given(numbers, st.integers(-DAYS, DAYS))
@often
def test_days_outside_the_run_are_counted(file, people, first):
    table = good(people, first)
    file.write_text(text_of(table))
    inside = {first + n: x for n, x in enumerate(people) if 0 <= first + n < DAYS}
    made = scenario(file)
    if not inside or first < 0:
        refused(lambda: plan(made), file)
    else:
        assert joined(file) == [inside.get(day, 0) for day in range(DAYS)]
    if not inside:
        refused(lambda: observed(made), file)
        return
    frame = observed(made)
    assert dict(zip(frame["day"], frame["wau"], strict=True)) == inside
    made = Scenario.from_dict(
        {"name": "x", "days": DAYS, "start": START,
         "observed": {"csv": file.name, "columns": {"wau": "joiners"}}}, folder=file.parent,
    )  # fmt: skip
    for notes in (observed_notes(made), plan(scenario(file)).notes if first >= 0 else None):
        if notes is not None and (lost := len(people) - len(inside)):
            assert any(f"{lost} of {len(people)} rows" in note for note in notes)


def test_an_observed_series_without_a_number_is_said(file):
    file.write_text("date,wau,posts\n2024-02-20,,3\n2025-02-20,9,\n")
    columns = {"wau": "wau", "posts": "posts"}
    made = Scenario.from_dict(
        {"name": "x", "days": DAYS, "start": START,
         "observed": {"csv": file.name, "columns": columns}}, folder=file.parent,
    )  # fmt: skip
    said = [note for note in observed_notes(made) if "empty" in note]
    assert said == [f"{file}: 'wau' is empty on all days of the run"]
