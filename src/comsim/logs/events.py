"""The event table: what members did, on which day.

One table serves real and simulated communities alike; every metric is a function of it.

| column | type | meaning |
|---|---|---|
| day | int32 | day of the community, from 0 |
| member | int64 | the acting member |
| kind | category | one of KINDS, in that order |
| target | int64 | the member addressed, -1 if there is none |

Rows are sorted by day. Rows of one day are in the order in which the events happened.
A complete table has a `join` for each member and a `visit` for each day on which a member
acted. A `reply` counts as a post only if there is a `post` row as well.

`attrs` holds data about the whole table: `start` (ISO date of day 0, or None), `days` (the number
of days watched, None for "up to the last event") and `inferred` (kinds that the log did not have
and `complete` filled in). A log that was read also has `notes` and, if its ids are text, `names`
(the id of each member, by number).
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from comsim.common.errors import InputError
from comsim.files.aside import written_aside
from comsim.files.parquet import write_sealed

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("join", "visit", "post", "reply", "order", "mute", "unmute", "leave")
ACTS = ("post", "reply", "order")
COLUMNS = ("day", "member", "kind", "target")
CODE = {kind: code for code, kind in enumerate(KINDS)}


def event_table(
    day, member, kind, target=-1, *, start: str | None = None, days: int | None = None
) -> pd.DataFrame:
    """Put columns (arrays of one length, or single values) together as an event table.

    `kind` holds names or codes (positions in KINDS). Rows are sorted by day, stably.
    """
    import pandas as pd

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
    """The number of days covered: `days`, else the days watched, else all up to the last event."""
    if days is None:
        days = events.attrs.get("days")
    if days is None:
        days = int(events["day"].max()) + 1 if len(events) else 0
    return days


def complete(events: pd.DataFrame) -> pd.DataFrame:
    """Add the rows that other rows imply. A complete table is returned unchanged.

    A post, reply or order implies a visit that day. A member without a `join` joins when first
    seen, either acting or as a target. If the log has some joins, or names members who do nothing,
    `attrs["notes"]` counts the joins that were added.
    """
    import pandas as pd

    kind = events["kind"].cat.codes.to_numpy()
    day = events["day"].to_numpy().astype(np.int64)
    target = events["target"].to_numpy()
    aimed = target >= 0
    seen = np.concatenate([events["member"].to_numpy(), target[aimed]])
    code, members = pd.factorize(seen)
    who = code[: len(events)]
    width = day.max(initial=0) + 1
    came = who * width + day  # one number for a member's day
    acted = np.isin(kind, [CODE[act] for act in ACTS])
    # pandas' unique is ten times as fast as numpy's on millions of rows.
    acts, visits = pd.unique(came[acted]), pd.unique(came[kind == CODE["visit"]])
    unseen = np.sort(np.setdiff1d(acts, visits, assume_unique=True))
    first = np.full(len(members), width)
    np.minimum.at(first, code, np.concatenate([day, day[aimed]]))
    joined = kind == CODE["join"]
    newcomers = np.setdiff1d(np.arange(len(members)), who[joined])
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
    passive = len(members) - len(np.unique(who))
    notes = []
    if passive:
        notes.append(
            f"members: {passive:,} of {len(members):,} are seen only as a target; they are counted "
            "as members who joined when first named"
        )
    if joined.any() and len(newcomers):
        notes.append(
            f"joins: {len(newcomers):,} of {len(members):,} members have none; counted as joining "
            "when first seen"
        )
    if notes:
        table.attrs["notes"] = [*events.attrs.get("notes", []), *notes]
    return table


def write_events(events: pd.DataFrame, path: str | Path) -> None:
    """Write to `.parquet` (keeps `attrs` without `names`) or `.csv` (rows only: give `start` when
    reading)."""
    from comsim.logs.load import PARQUET

    path = Path(path)
    if path.suffix not in (*PARQUET, ".csv"):
        raise InputError.at(path, "ending", repr(path.suffix), "'.parquet', '.csv'")
    try:
        with written_aside(path) as part:
            if path.suffix == ".csv":
                events.to_csv(part, index=False)
            else:
                anonymous = events.copy(deep=False)
                anonymous.attrs = {key: x for key, x in events.attrs.items() if key != "names"}
                write_sealed(anonymous, part)
    except OSError as error:
        problem = error.strerror or str(error)
        raise InputError.at(path, "file", problem, "a place to write") from None


def read_log(
    path: str | Path,
    member: str = "member",
    time: str | None = None,
    day: str | None = None,
    kind: str | None = None,
    target: str | None = None,
    start: str | None = None,
    *,
    zone: str | None = None,
    unit: str | None = None,
    dayfirst: bool | None = None,
    encoding: str | None = None,
    since: str | None = None,
    until: str | None = None,
    map: str | Path | None = None,
    exclude: Collection[str] = (),
    fold: bool = False,
    as_written: bool = False,
    skip_bad: bool = False,
) -> pd.DataFrame:
    """Read a log (CSV or Parquet) as a complete event table; `docs/logs.md` has examples.

    Each of `member`, `time`, `day`, `kind`, `target` names a column; by default, the column of the
    same name is used if there is one. `time` holds unix seconds, dates or datetimes; `day`
    holds whole numbers instead. Without `kind` every row is a post. Ids are read as
    written; unless all are whole numbers, they are numbered in order of appearance. An empty
    target, or -1, means that there is none.

    start: date of day 0; by default that of the first event.
    zone: the time zone of days, and of times without a zone; UTC by default.
    unit: the unit of times that are numbers but not seconds since 1970 (`comsim.logs.times.UNITS`).
    dayfirst: whether 03/04/2024 is in April; by default inferred from other rows.
    encoding: the encoding of a CSV that is neither UTF-8 nor UTF-16 with a byte order mark.
    since, until: dates; rows before and after are left out.
    map: a CSV with the header `from,to`: ids to replace, such as aliases.
    exclude: ids, such as bots, to leave out as members and as targets.
    fold: merge ids that differ only in case, blanks or Unicode form.
    as_written: accept any text as an id, even if it looks rounded or like a measurement.
    skip_bad: leave out rows that cannot be read, instead of refusing the file.

    If ids are not whole numbers, `attrs["names"]` has the id of each member: `names[member]`.

    Raises InputError, in one line, for unreadable or doubtful data. Assumptions and rows left out
    are counted in `attrs["notes"]`, one sentence each.
    """
    # Imported here, since every run imports this module, and few read a log.
    from comsim.logs.read import Columns, How, read_rows

    columns = Columns(member, time, day, kind, target)
    how = How(
        start, zone, unit, dayfirst, encoding, since, until,
        map, exclude, fold, as_written, skip_bad,
    )  # fmt: skip
    rows = read_rows(Path(path), KINDS, columns, how)
    code = CODE["post"] if rows.kind is None else rows.kind
    table = event_table(
        rows.day, rows.who, code, rows.whom, start=rows.start and rows.start.isoformat()
    )
    table.attrs["days"] = rows.days
    if rows.names is not None:
        table.attrs["names"] = rows.names
    inferred = rows.attrs.get("inferred")
    if isinstance(inferred, list):
        table.attrs["inferred"] = [name for name in inferred if name in KINDS]
    table.attrs["notes"] = [*_strings(rows.attrs.get("notes")), *rows.notes]
    return complete(table)


def _strings(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
