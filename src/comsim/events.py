"""The event table: what members did, on which day.

One table serves real and simulated communities alike; every metric is a function of it.

| column | type | meaning |
|---|---|---|
| day | int32 | day of the community, from 0 |
| member | int64 | who |
| kind | category | one of KINDS, in that order |
| target | int64 | whom it was aimed at, -1 where nobody |

Rows stand in order of day; rows of one day stand in the order in which they happened.
A complete table has a `join` for each member and a `visit` for each day on which a member
acted. A `reply` counts as a post only if there is a `post` row as well.

`attrs` holds what the rows cannot: `start` (ISO date of day 0, or None), `days` (how many days
were watched, None for "up to the last event") and `inferred` (kinds the log did not have,
filled in by `complete`).
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from comsim.errors import InputError, nearest

KINDS = ("join", "visit", "post", "reply", "order", "mute", "unmute", "leave")
ACTS = ("post", "reply", "order")
COLUMNS = ("day", "member", "kind", "target")
CODE = {kind: code for code, kind in enumerate(KINDS)}

DAY = 86_400
LONGEST = 36_600  # days; more than a century of log is a misread column
MILLISECONDS = 1e11  # as seconds this is the year 5138, as milliseconds 1973
PARQUET = (".parquet", ".pq")


def event_table(
    day, member, kind, target=-1, *, start: str | None = None, days: int | None = None
) -> pd.DataFrame:
    """Put columns (arrays of one length, or single values) together as an event table.

    `kind` holds names or codes (positions in KINDS). Rows are sorted by day, stably.
    """
    columns = map(np.atleast_1d, (day, member, kind, target))
    day, member, kind, target = np.broadcast_arrays(*columns)
    if kind.dtype.kind not in "iu":
        kind = np.array([CODE[name] for name in kind], np.int8)
    order = np.argsort(day, kind="stable")
    table = pd.DataFrame(
        {
            "day": day[order].astype(np.int32),
            "member": member[order].astype(np.int64),
            "kind": pd.Categorical.from_codes(kind[order].astype(np.int8), KINDS),
            "target": target[order].astype(np.int64),
        }
    )
    table.attrs = {"start": start, "days": days, "inferred": []}
    return table


def horizon(events: pd.DataFrame, days: int | None = None) -> int:
    """How many days are covered: as asked, as watched, or up to the last event."""
    if days is None:
        days = events.attrs.get("days")
    if days is None:
        days = int(events["day"].max()) + 1 if len(events) else 0
    return days


def complete(events: pd.DataFrame) -> pd.DataFrame:
    """Add the rows that the others imply; a complete table comes back as it is.

    A post, reply or order implies a visit that day. A member without a `join` joined when
    first seen doing anything.
    """
    kind = events["kind"].cat.codes.to_numpy()
    day = events["day"].to_numpy().astype(np.int64)
    who, members = pd.factorize(events["member"].to_numpy())
    width = day.max(initial=0) + 1
    came = who * width + day  # one number for a member's day
    acted = np.isin(kind, [CODE[act] for act in ACTS])
    # pandas' unique is ten times as fast as numpy's on millions of rows.
    acts, visits = pd.unique(came[acted]), pd.unique(came[kind == CODE["visit"]])
    unseen = np.sort(np.setdiff1d(acts, visits, assume_unique=True))
    first = np.full(len(members), width)
    np.minimum.at(first, who, day)
    newcomers = np.setdiff1d(np.arange(len(members)), who[kind == CODE["join"]])
    if not len(unseen) + len(newcomers):
        return events
    added = {"join": (first[newcomers], newcomers), "visit": (unseen % width, unseen // width)}
    blocks = [event_table(when, members[whose], kind) for kind, (when, whose) in added.items()]
    rows = pd.concat([*blocks, events], ignore_index=True)
    # Joins stand before visits and visits before acts: the sort by day is stable.
    codes = rows["kind"].cat.codes
    table = event_table(rows["day"], rows["member"], codes, rows["target"])
    missing = [name for name, (when, _) in added.items() if len(when) and CODE[name] not in kind]
    inferred = [*events.attrs.get("inferred", []), *missing]
    table.attrs = {**table.attrs, **events.attrs, "inferred": inferred}
    return table


def write_events(events: pd.DataFrame, path: str | Path) -> None:
    """Write to `.parquet` (keeps `attrs`) or `.csv` (rows only: give `start` when reading)."""
    path = Path(path)
    part = path.with_name(path.name + ".part")  # a half-written file never bears the name
    try:
        if path.suffix in PARQUET:
            events.to_parquet(part, index=False, compression="zstd")
        elif path.suffix == ".csv":
            events.to_csv(part, index=False)
        else:
            raise InputError.at(path, "ending", repr(path.suffix), "'.parquet', '.csv'")
        os.replace(part, path)
    except OSError as error:
        found = error.strerror or str(error)
        raise InputError.at(path, "file", found, "a place to write") from None


def read_log(
    path: str | Path,
    member: str = "member",
    time: str | None = None,
    day: str | None = None,
    kind: str | None = None,
    target: str | None = None,
    start: str | None = None,
) -> pd.DataFrame:
    """Read anybody's log (CSV, or Parquet by its ending) as a complete event table.

    Each of `member`, `time`, `day`, `kind`, `target` names a column; where not given, the column
    of that very name is used if there is one. `time` is unix seconds, ISO dates or datetimes (UTC
    where no zone is given), cut into UTC days; `day` is whole numbers instead. Without `kind`
    every row is a post. `start` is the date of day 0; by default that of the first event.
    Ids that are not whole numbers are numbered in order of appearance.
    """
    path = Path(path)
    frame = _load(path)
    names = list(frame.columns)
    if time and day:
        raise InputError.at(path, "day", f"both time {time!r} and day {day!r}", "one of the two")
    if not (time or day):
        time, day = ("time", None) if "time" in names or "day" not in names else (None, "day")
    kind = kind or ("kind" if "kind" in names else None)
    target = target or ("target" if "target" in names else None)
    asked = {"member": member, "time": time, "day": day, "kind": kind, "target": target}
    for role, name in asked.items():
        if name and name not in names:
            raise InputError.at(path, f"{role} column", f"no {name!r}", nearest(name, names))

    who, whom = _ids(path, frame, member, target)
    code = _kinds(path, frame[kind]) if kind else np.full(len(frame), CODE["post"], np.int8)
    own = frame.attrs if path.suffix in PARQUET and set(COLUMNS) <= set(names) else {}
    start = _date(path, start or own.get("start"))
    if time:
        seconds = _seconds(path, frame[time])
        order = np.argsort(seconds, kind="stable")
        who, whom, code = who[order], whom[order], code[order]
        when = np.floor(seconds[order] / DAY).astype(np.int64)
        if start is None and len(when):
            start = date(1970, 1, 1) + timedelta(days=int(when[0]))
        when = when - (start - date(1970, 1, 1)).days if start else when
    else:
        when = _whole(path, frame[day], "a whole number of days from 0")
    if len(when) and (when.min() < 0 or when.max() >= LONGEST):
        allowed = f"days 0 to {LONGEST - 1} after the start"
        found = f"day {when.min() if when.min() < 0 else when.max()}"
        raise InputError.at(path, f"{time or day} column", found, allowed)
    table = event_table(when, who, code, whom, start=start and start.isoformat())
    if isinstance(own.get("days"), int):
        table.attrs["days"] = own["days"]
    if isinstance(own.get("inferred"), list):
        table.attrs["inferred"] = [name for name in own["inferred"] if name in KINDS]
    return complete(table)


def _load(path: Path) -> pd.DataFrame:
    """All columns; missing values are NA, whatever the type.

    All, since pandas checks the number of fields in a row only if it isn't told which to read:
    a comma within a text would shift the columns behind it.
    """
    what = "a CSV or Parquet file"
    if not path.exists():
        raise InputError.at(path, "file", "nothing there", what)
    if path.is_dir():
        raise InputError.at(path, "file", "a folder", what)
    try:
        if path.suffix in PARQUET:
            return pd.read_parquet(path, dtype_backend="numpy_nullable")
        separator = "\t" if path.suffix == ".tsv" else ","
        frame = pd.read_csv(path, sep=separator, dtype_backend="numpy_nullable", low_memory=False)
    except pd.errors.EmptyDataError:
        raise InputError.at(path, "file", "nothing in it", "a header and rows") from None
    except UnicodeDecodeError as error:
        found = f"byte {error.object[error.start]:#04x}, which is not UTF-8"
        raise InputError.at(path, "text", found, "UTF-8") from None
    except (OSError, ValueError) as error:  # pandas' and Arrow's own errors are ValueErrors
        raise InputError.at(path, "file", f"{error}", what) from None
    if not isinstance(frame.index, pd.RangeIndex):  # pandas takes what is too much for an index
        raise InputError.at(path, "row 1", "more fields than in the header", "as many")
    return frame


def _fail_at(path: Path, values: pd.Series, bad: np.ndarray, allowed: str) -> None:
    """Complain about the first bad value, if any. Rows count from 1, the header left out."""
    if bad.any():
        row = int(bad.argmax())
        value = values.iloc[row]
        found = "nothing" if pd.isna(value) else repr(str(value))[:60]
        raise InputError.at(path, f"{values.name} column", f"{found} in row {row + 1}", allowed)


def _whole(path: Path, values: pd.Series, allowed: str, low: int = 0) -> np.ndarray:
    """Whole numbers from `low` as int64, or an error that names the row."""
    number = pd.to_numeric(values, errors="coerce")
    bad = (number.isna() | (number < low) | (number > 2**62)).fillna(True).to_numpy(bool)
    if pd.api.types.is_float_dtype(number):
        bad |= (number % 1 != 0).fillna(True).to_numpy(bool)
    _fail_at(path, values, bad, allowed)
    return number.to_numpy(np.int64)


def _ids(path: Path, frame: pd.DataFrame, member: str, target: str | None):
    """Members and targets as int64, numbers as they are, names numbered as they appear."""
    who = frame[member]
    allowed = "a number from 0, or a name"
    _fail_at(path, who, who.isna().to_numpy(bool), allowed)
    whom = frame[target] if target else pd.Series(pd.NA, who.index, "Int64")
    numeric = pd.api.types.is_numeric_dtype
    if numeric(who) and (numeric(whom) or whom.isna().all()):
        whom = whom.astype("Float64" if pd.api.types.is_float_dtype(whom) else "Int64").fillna(-1)
        return _whole(path, who, allowed), _whole(path, whom, "a number from -1", low=-1)
    codes, _ = pd.factorize(pd.concat([who.astype("string"), whom.astype("string")]))
    return codes[: len(who)].astype(np.int64), codes[len(who) :].astype(np.int64)


def _kinds(path: Path, values: pd.Series) -> np.ndarray:
    code = pd.Index(KINDS).get_indexer(values.astype(object))
    bad = code < 0
    word = str(values.iloc[int(bad.argmax())]) if bad.any() else ""
    _fail_at(path, values, bad, nearest(word, KINDS))
    return code


def _date(path: Path, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except (TypeError, ValueError):
        raise InputError.at(path, "start", repr(text), "a date such as 2024-01-31") from None


def _seconds(path: Path, values: pd.Series) -> np.ndarray:
    """Seconds since 1970 (float64) of unix times, dates or datetimes."""
    allowed = "unix seconds, or ISO dates such as 2024-01-31T12:00:00 (UTC)"
    number = values
    if not pd.api.types.is_numeric_dtype(values) and not hasattr(values, "dt"):
        number = pd.to_numeric(values.astype("string"), errors="coerce")
    if hasattr(values, "dt") or (len(number) and number.isna().mean() > 0.5):
        stamp = pd.to_datetime(
            values if hasattr(values, "dt") else values.astype("string"),
            utc=True,
            format="ISO8601",
            errors="coerce",
        )
        _fail_at(path, values, stamp.isna().to_numpy(), allowed)
        return stamp.dt.as_unit("us").astype("int64").to_numpy() / 1e6
    seconds = number.to_numpy(np.float64, na_value=np.nan)
    _fail_at(path, values, np.isnan(seconds), allowed)
    _fail_at(path, values, np.abs(seconds) > MILLISECONDS, f"{allowed}; not milliseconds")
    written_out = (seconds >= 19_000_101) & (seconds <= 21_001_231)  # 20240131: a date, in 1970
    _fail_at(path, values, written_out & written_out.all(), f"{allowed}; not YYYYMMDD")
    return seconds
