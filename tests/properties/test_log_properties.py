"""Whatever is wrong with a log: it is refused, or counted in a note, or changes nothing."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comsim.common.errors import InputError
from comsim.logs.events import read_log

FIRST = datetime(2024, 1, 3, 8, 30, tzinfo=UTC)
WHO = ["ann", "bo", "cy", "dee", "eve"]
ROWS = [
    (WHO[(n * n + n // 3) % 5], FIRST + timedelta(hours=37 * n), WHO[n % 4] if n % 3 else "")
    for n in range(30)
]
HEADER = "member,time,target"


def iso(moment):
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def log(ids=str, time=iso, rows=ROWS):
    """Cells by row: members and targets as `ids` writes them, times as `time` does."""
    return [[ids(who), time(when), ids(whom) if whom else ""] for who, when, whom in rows]


def numbered(name, form="{}"):
    return form.format(WHO.index(name) + 1)


def since_1970(size, digits=0):
    return lambda moment: f"{moment.timestamp() / size:.{digits}f}"


# Other ways to write the same times.
FORMS = {
    "unix": since_1970(1),
    "unix with fractions": since_1970(1, 3),
    "milliseconds": since_1970(1e-3),
    "microseconds": since_1970(1e-6),
    "minutes": since_1970(60),
    "hours": since_1970(3600),
    "days": since_1970(86_400),
    "days with fractions": since_1970(86_400, 5),
    "Excel": lambda moment: f"{moment.timestamp() / 86_400 + 25_569:.6f}",
    "years": lambda moment: f"{moment.year}",
    "rounded": lambda moment: f"{moment.timestamp():.4E}",
    "together": lambda moment: moment.strftime("%Y%m%d"),
    "zone": lambda moment: iso(moment) + " UTC",
    "mail": lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S +0000"),
    "day first": lambda moment: moment.strftime("%d/%m/%Y %H:%M"),
    "month first": lambda moment: moment.strftime("%m/%d/%y, %I:%M %p"),
    "German": lambda moment: moment.strftime("%d.%m.%Y"),
    "Chinese": lambda moment: moment.strftime("%Y年%m月%d日 %H:%M"),
    "month": lambda moment: moment.strftime("%Y-%m"),
    "clock": lambda moment: moment.strftime("%H:%M"),
    "elsewhere": lambda moment: moment.isoformat().replace("+00:00", "-00:00"),
}
TIMES = [
    "", " ", "0", "-1", "x", "NaN", "inf", "1970-01-01", "1900-01-00", "0001-01-01", "2204-01-05",
    "2042-01-05 10:00", "2014-01-05 10:00", "45385.5", "1704270600", "1704270600000", "2024",
    "2024-01", "2024-02-30 10:00:00", "2024-01-05 25:00:00", "10:00", "05/01/2024", "13/01/2024",
    "5 Jan", "2024-01-05 10:00 CET", "yesterday", "20240105", "1.7E+09", "2024-13-01",
]  # fmt: skip
IDS = [
    "", " ", "NA", "nan", "null", "Ann", "ann ", " ann", "a\u200bnn", "ａｎｎ", "ANN", "1.23E+17",
    "1.5", "-1", "007",
]  # fmt: skip
NUMBER_FORMS = ["{}", "{}.0", "{}.00", "{:03}", "10000000000000000{}", "1{}000000000000000000"]
CELLS = {"too many": ["ann", "2024-01-05", "", "x"], "too few": ["ann"], "blank": ["   "]}


def as_csv(rows, header=HEADER):
    quoted = [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]
    return "\n".join([header, *quoted]) + "\n"


# Each fault takes the clean text of a log, a row and a choice, and gives a file.
def cell(column, values):
    def fault(row, choice):
        rows = log()
        rows[row][column] = values[choice % len(values)]
        return as_csv(rows).encode()

    return fault


def cells(row, choice):
    rows = log()
    rows.insert(row, list(CELLS.values())[choice % len(CELLS)])
    return as_csv(rows).encode()


def form(row, choice):
    return as_csv(log(time=list(FORMS.values())[choice % len(FORMS)])).encode()


def one_in_another_form(row, choice):
    rows = log()
    rows[row][1] = list(FORMS.values())[choice % len(FORMS)](ROWS[row][1])
    return as_csv(rows).encode()


def numbers(row, choice):
    shape = NUMBER_FORMS[choice % len(NUMBER_FORMS)]
    rows = log(ids=lambda name: shape.format(WHO.index(name) + 1))
    return as_csv(rows).encode()


def targets_as_floats(row, choice):
    rows = [
        [numbered(who), iso(when), numbered(whom, "{}.0") if whom else ""]
        for who, when, whom in ROWS
    ]
    return as_csv(rows).encode()


def column_twice(row, choice):
    name = HEADER.split(",")[choice % 3]
    return as_csv([[*cells, cells[row % 3]] for cells in log()], f"{HEADER},{name}").encode()


def whole_file(row, choice):
    text = as_csv(log())
    at = len(text) * (row + 1) // 31
    return [
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.replace("ann", "安").encode("gb18030"),
        text.replace(",", ";").encode(),
        text.replace(",", "\t").encode(),
        text.replace("\n", "\r\n").encode(),
        (text[:at] + '"' + text[at:]).encode(),
        (text[:at] + "\0" + text[at:]).encode(),
        (text[:at] + "\n\n" + text[at:]).encode(),
        text.replace("member", "Member").encode(),
        b"<html>" + text.encode(),
    ][choice % 12]


FAULTS = [
    cell(1, TIMES), cell(0, IDS), cell(2, IDS[2:]), cells, form, one_in_another_form, numbers,
    targets_as_floats, column_twice, whole_file,
]  # fmt: skip


def what(events):
    """All that a metric can see: days, kinds, and who is who, whatever their numbers."""
    kind, day = events["kind"].cat.codes.to_numpy(), events["day"].to_numpy()
    seen = np.concatenate([events["member"], events["target"][events["target"] >= 0]])
    order = pd.factorize(seen)[0].tolist()
    return day.tolist(), kind.tolist(), order, events.attrs["start"]


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    path = tmp_path_factory.mktemp("logs") / "clean.csv"
    path.write_text(as_csv(log()))
    return path.parent, read_log(path)


@settings(
    max_examples=250, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    st.sampled_from(FAULTS), st.integers(0, 29), st.integers(0, 60), st.booleans(), st.booleans()
)
def test_no_fault_changes_a_number_silently(clean, fault, row, choice, skip, fold):
    folder, events = clean
    path = folder / "faulty.csv"
    path.write_bytes(fault(row, choice))
    try:
        told = read_log(path, skip_bad=skip, fold=fold)
    except InputError as error:
        line = str(error)
        assert line.startswith(str(path)) and "\n" not in line and len(line) < 600
        return
    common = {note.split(":")[0] for note in events.attrs["notes"]} - {"ids", "members"}
    new = [note for note in told.attrs["notes"] if note.split(":")[0] not in common | {"days"}]
    same = what(told) == what(events)
    assert same or new, f"a number changed and nothing was said: {fault.__name__}"
