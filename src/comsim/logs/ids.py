"""Members and targets: ids exactly as written, unless an option merges or replaces them.

`0123` and `123` are two members, and so are `Bob`, `bob` and `bob` with a blank; such similar ids
are counted in a note. `NA`, `null`, `None` and `nan` are read as names and counted in a note; an
empty cell is not an id. Ids that have lost digits and numbers that look like measurements are
refused.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from comsim.common.errors import InputError
from comsim.logs.bad import BadRows, count
from comsim.logs.text import Text, bare, shown

LARGEST = 2**62
EXACT = 2**53  # whole numbers up to this are exact as floats
SPREADSHEET = 15  # digits that a spreadsheet keeps
MISSING_WORDS = {
    "na", "n/a", "#n/a", "<na>", "nan", "null", "(null)", "\\n", "none", "(none)", "nil",
    "undefined", "unknown", "missing", "-", "--", "?", ".", "#name?", "#ref!", "#value!", "deleted",
    "[deleted]", "[removed]", "anonymous",
}  # fmt: skip
WHOLE = re.compile(r"0|[1-9][0-9]{0,18}")
POINT_ZERO = re.compile(r"(-?[0-9]+)\.0+")
THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
EXPONENT = re.compile(r"-?[0-9]([.,][0-9]+)?[eE]\+[0-9]+|-?[0-9][.,][0-9]+[eE][0-9]+")
DRESSED = re.compile(r"""'(.+)|="(.+)"|\+([0-9]+)""")  # for a spreadsheet, or a phone number
PLAIN = "a whole number from 0, or a name"
AS_WRITTEN = "any text with --as-written"


class Names(tuple[str, ...]):
    """The ids of members by number. pandas copies `attrs` with each table; this stays as it is."""

    __slots__ = ()

    def __deepcopy__(self, memo: object) -> Names:
        return self


class Ids(NamedTuple):
    """Rows as codes into `names`; -1 for nobody."""

    who: np.ndarray
    whom: np.ndarray
    names: list[str]
    excluded: np.ndarray
    """Rows by an excluded member."""
    notes: list[str]

    def numbers(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, Names | None]:
        """Members and targets of these rows as int64, and the ids by number.

        Whole numbers are unchanged, without a list of ids (None). Other ids are numbered in order
        of appearance, members first. -1 for nobody.
        """
        names = None
        who, whom = self.who[rows], self.whom[rows]
        used = np.unique(np.concatenate([who, whom]))
        used = used[used >= 0]
        number = np.full(len(self.names) + 1, -1, np.int64)  # the last element is for -1
        if all(_is_whole(self.names[code]) for code in used):
            number[used] = [int(self.names[code]) for code in used]
        else:
            both = np.concatenate([who, whom])
            codes, first = np.unique(both, return_index=True)
            in_order = codes[np.argsort(first)]
            in_order = in_order[in_order >= 0]
            number[in_order] = np.arange(len(in_order))
            names = Names(self.names[code] for code in in_order)
        return number[who], number[whom], names


def read_ids(
    member: Text,
    target: Text | None,
    columns: tuple[str, str],
    bad: BadRows,
    mapping: dict[str, str] | None = None,
    exclude: Collection[str] = (),
    fold: bool = False,
    as_written: bool = False,
) -> Ids:
    """Members and targets. `mapping` replaces ids as written; `fold` merges ids that differ only
    in case, blanks or Unicode form; `as_written` accepts any text as an id."""
    notes: list[str] = []
    roles = [(member, columns[0], "member column")]
    if target is not None:
        roles.append((target, columns[1], "target column"))
    codes, place = [], {}
    written = [_written(text, name, as_written, notes) for text, name, _ in roles]
    used: set[str] = set()
    for names in written:
        used.update(names)
        names[:] = [(mapping or {}).get(name, name) for name in names]
    if mapping:
        notes += _mapped(mapping, used)
    if fold:
        notes += _fold(written)
    for (text, _, role), names in zip(roles, written, strict=True):
        nobody = {"", "-1"} if role == "target column" else {""}
        code = [-1 if name in nobody else place.setdefault(name, len(place)) for name in names]
        codes.append(text.rows(np.array(code, np.int64)) if code else text.codes.astype(np.int64))
        if "-1" in nobody.intersection(names) and not all(map(NUMBER.fullmatch, place)):
            at = text.codes == names.index("-1")
            notes.append(f"ids: {count(int(at.sum()), 'target')} of -1, read as nobody")
    names = list(place)
    who, whom = codes[0], codes[1] if len(codes) > 1 else np.full_like(codes[0], -1)
    gone = np.array([*(name in exclude for name in names), False], bool)
    excluded = gone[who]
    whom = np.where(gone[whom], -1, whom)
    notes += _excluded(names, exclude, excluded)

    bad.mark(who < 0, "member column", member, PLAIN)
    doubts = [] if as_written else _doubts(names)
    for (text, _, role), code in zip(roles, (who, whom), strict=False):
        for doubtful, allowed in doubts:
            bad.mark(np.append(doubtful, False)[code], role, text, allowed)
    if not as_written:
        seen = bad.good & ~excluded
        notes += _alike(names, who[seen], whom[seen])
    return Ids(who, whom, names, excluded, notes)


def read_mapping(path: Path) -> dict[str, str]:
    """Ids to replace, from a CSV file with the header `from,to`, such as aliases."""
    allowed = "a CSV file with the header from,to and two ids per row"
    rows = _lines(path, allowed)
    if not rows or [cell.strip() for cell in rows[0]] != ["from", "to"]:
        problem = shown(",".join(rows[0])) if rows else "nothing"
        raise InputError.at(path, "header", problem, "from,to")
    mapping: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 1):
        if len(row) != 2 or not row[0] or not row[1].strip():
            raise InputError.at(path, f"row {number}", shown(",".join(row)), allowed)
        if mapping.setdefault(row[0], row[1]) != row[1]:
            raise InputError.at(path, f"row {number}", f"{shown(row[0])} again", "each id once")
    for old, new in mapping.items():
        if mapping.get(new, new) != new:
            problem = f"{shown(old)} to {shown(new)}, which is itself replaced"
            raise InputError.at(path, "to", problem, "ids that are not replaced")
    return mapping


def read_list(path: Path) -> list[str]:
    """Ids to exclude, one per line."""
    return [row[0] for row in _lines(path, "a text file with one id per line", split=False)]


def _lines(path: Path, allowed: str, split: bool = True) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        lines = StringIO(text, newline="" if split else None)
        rows = csv.reader(lines, strict=True) if split else ([line.strip("\n")] for line in lines)
        return [row for row in rows if row and any(row)]
    except OSError as error:
        raise InputError.unreadable(path, error, allowed) from None
    except UnicodeDecodeError:
        problem = "text that is not UTF-8"
    except csv.Error as error:
        problem = str(error)
    raise InputError.at(path, "file", problem, allowed)


def _written(text: Text, column: str, as_written: bool, notes: list[str]) -> list[str]:
    """The distinct ids of a column; 5.0 in a column of such numbers is read as 5. Text without
    visible characters becomes ''."""
    names = [name if bare(name) else "" for name in text.values.to_pylist()]
    filled = [name for name in names if name]
    if as_written or not filled:
        return names
    floats = [match for name in filled if (match := POINT_ZERO.fullmatch(name))]
    if len(floats) < len(filled) or any(abs(int(match[1])) > EXACT for match in floats):
        return names
    notes.append(f"ids: {column!r} holds numbers such as {filled[0]}, read as {floats[0][1]}")
    return [POINT_ZERO.sub(r"\1", name) for name in names]


def _is_whole(name: str) -> bool:
    return WHOLE.fullmatch(name) is not None and int(name) <= LARGEST


def _doubts(names: list[str]) -> list[tuple[np.ndarray, str]]:
    """Masks of doubtful names, each with what is allowed instead."""

    def which(test: Callable[[str], bool]) -> np.ndarray:
        return np.array([test(name) for name in names], bool)

    def rounded(name: str) -> bool:
        match = POINT_ZERO.fullmatch(name)
        return bool(EXPONENT.fullmatch(name) or (match and abs(int(match[1])) > EXACT))

    lost = which(rounded)
    allowed = f"ids with all their digits (export them as text), or {AS_WRITTEN}"
    doubts = [(lost, allowed)]
    long = [name for name in names if WHOLE.fullmatch(name) and len(name) > SPREADSHEET]
    zeros = [len(name) - SPREADSHEET for name in long if not name[SPREADSHEET:].strip("0")]
    if len(long) > 1 and len(zeros) == len(long) and sum(zeros) >= 6:
        allowed = f"ids with all their digits, not zeros from the 16th on, or {AS_WRITTEN}"
        doubts.append((which(lambda name: name in set(long)), allowed))
    if all(NUMBER.fullmatch(name) or lost[at] for at, name in enumerate(names)):
        fraction = which(lambda name: "." in name and not POINT_ZERO.fullmatch(name))
        doubts.append((fraction, f"{PLAIN} (these look like measurements), or {AS_WRITTEN}"))
        doubts.append((which(lambda name: name.startswith("-")), f"{PLAIN}, or {AS_WRITTEN}"))
    return doubts


def _fold(written: list[list[str]]) -> list[str]:
    """Replace each id, in place, by the first one that has the same key."""
    kept: dict[str, str] = {}
    merged = set()
    for names in written:
        for at, name in enumerate(names):
            if name:
                names[at] = kept.setdefault(bare(name) or name, name)
                if names[at] != name:
                    merged.add(name)
    return [f"--fold: {count(len(merged), 'id')} merged with a similar one"] if merged else []


def _alike(names: list[str], who: np.ndarray, whom: np.ndarray) -> list[str]:
    """Notes on ids that may be the same member, and on ids that may not be a member."""
    codes, rows = np.unique(np.concatenate([who, whom[whom >= 0]]), return_counts=True)
    used = {names[code]: int(n) for code, n in zip(codes, rows, strict=True) if code >= 0}
    notes = []
    words = [name for name in used if name.strip().lower() in MISSING_WORDS]
    if words:
        cells = count(sum(used[name] for name in words), "cell")
        some = ", ".join(words[:3])
        notes.append(
            f"ids: {cells} with {some}: read as a name (--exclude '{words[0]}' if it means nobody)"
        )
    if all(map(_is_whole, used)):
        return notes
    numbers = [name for name in used if NUMBER.fullmatch(name)]
    if 0 < len(numbers) < len(used) / 2:
        some = shown(numbers[0])
        notes.append(f"ids: {count(len(numbers), 'number')} among names, such as {some}")
    if quoted := [name for name in used if '"' in name]:
        ids = count(len(quoted), "id")
        notes.append(f"ids: {ids} with a quotation mark, such as {shown(quoted[0])}")
    if broken := [name for name in used if "\ufffd" in name]:
        ids = count(len(broken), "id")
        notes.append(f"ids: {ids} with a replacement character, such as {shown(broken[0])}")
    ways = {
        "case, blanks or Unicode form": (bare, "--fold"),
        "leading zeros, commas, .0 or a leading sign": (_digits, "--map FILE"),
    }
    for way, (key, option) in ways.items():
        first: dict[str, str] = {}
        pairs = [
            (other, name)
            for name in used
            if (other := first.setdefault(key(name) or name, name)) != name
        ]
        if pairs:
            some = f"{shown(pairs[0][0])} and {shown(pairs[0][1])}"
            notes.append(
                f"ids: {len(pairs):,} like another except for {way}, such as {some}; "
                f"counted separately ({option} merges them)"
            )
    return notes


def _digits(name: str) -> str:
    """An id without the characters that a spreadsheet adds or removes."""
    match = DRESSED.fullmatch(name)
    name = match[match.lastindex] if match else name
    match = POINT_ZERO.fullmatch(name)
    name = match[1] if match else name
    name = name.replace(",", "") if THOUSANDS.fullmatch(name) else name
    return name.lstrip("0") or "0" if name.isdecimal() else name


def _mapped(mapping: dict[str, str], used: set[str]) -> list[str]:
    unknown = [old for old in mapping if old not in used]
    notes = [f"--map: {count(len(mapping) - len(unknown), 'id')} replaced"]
    if unknown:
        notes.append(
            f"--map: {count(len(unknown), 'id')} not in this log, such as {shown(unknown[0])}"
        )
    return notes


def _excluded(names: list[str], exclude: Collection[str], rows: np.ndarray) -> list[str]:
    if not exclude:
        return []
    known = set(names)
    unknown = [name for name in exclude if name not in known]
    matched = len(set(exclude)) - len(set(unknown))
    notes = [f"--exclude: {count(int(rows.sum()), 'row')} of {count(matched, 'id')} left out"]
    if unknown:
        notes.append(
            f"--exclude: {count(len(unknown), 'id')} not in this log, such as {shown(unknown[0])}"
        )
    return notes
