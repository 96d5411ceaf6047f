"""Overrides of values in a scenario's tables, by paths such as `policy.release.on[0].day`.

A part of a path is a key, a position in a list (`shocks[0]`), or the name of an entry of a list
whose entries have names (`segments.fans`, `rules.rescue`); keys that are not words are quoted
(`policy.moderation.groups."segment:fans"`). Nothing is changed in place: tables on the path are
copied, the rest is shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comsim.common.errors import InputError, nearest
from comsim.scenario.checks import shown
from comsim.scenario.scenario import SHARES_TOLERANCE

PART = re.compile(r"""(?:\A|(?<=.)\.)(?:([\w-]+)|"([^"]+)")|\[(\d{1,4})\]""")
# The defaults of lists whose entries have names.
DEFAULTS = {"segments": [{"name": "all"}], "arms": [{"name": "all"}]}
SHARE = "share"

Path = tuple[str | int, ...]


def parts(path: str) -> Path | None:
    """The parts of a path, or None if it is not a path."""
    matches = list(PART.finditer(path))
    if "".join(part[0] for part in matches) != path or not matches or matches[0][3]:
        return None
    return tuple(int(part[3]) if part[3] else part[1] or part[2] for part in matches)


def written(path: Path) -> str:
    """A path as text."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_quoted(part)}" for part in path)
    return text.lstrip(".")


def _quoted(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key) else f'"{key}"'


def overridden(data: dict[str, Any], values: Mapping[Path, Any], file: str) -> dict[str, Any]:
    """The tables of a scenario with overrides, applied in order.

    A number that replaces the table of a lever holds on all days and for all groups. One that
    replaces the table of a trait is its value; the spread stays. If shares of segments (or arms)
    are given, the others are scaled so that all add up to 1. InputError, about `file`, for a path
    that does not exist in the scenario.
    """
    for path, value in values.items():
        first = path[0]
        if first in DEFAULTS and first not in data:
            data = data | {first: DEFAULTS[first]}
        data = _with(data, path, value, path, file)
    for key in DEFAULTS:
        given = [path[1] for path in values if path[0] == key and path[2:] == (SHARE,)]
        if given:
            data = data | {
                key: _shared(data[key], [_place(data[key], x) for x in given], key, file)
            }
    return data


def _with(node: Any, path: Path, value: Any, whole: Path, file: str) -> Any:
    """A part of the tables, with the value at the rest of the path replaced."""
    if not path:
        keeps_spread = isinstance(node, dict) and "spread" in node and is_number(value)
        return node | {"value": value} if keeps_spread else value
    key, rest = path[0], path[1:]
    here = whole[: len(whole) - len(path)]
    if isinstance(node, list):
        place = _place(node, key)
        if place is None:
            names = [item["name"] for item in node if isinstance(item, dict) and "name" in item]
            allowed = nearest(str(key), names) if names else f"positions 0 to {len(node) - 1}"
            raise InputError.at(file, written(whole), f"no {key} in {written(here)}", allowed)
        return [*node[:place], _with(node[place], rest, value, whole, file), *node[place + 1 :]]
    if node is None:
        node = {}
    elif is_number(node):
        node = _widened(node, key)
    if not isinstance(node, dict) or isinstance(key, int):
        here = f"{shown(node)} at {written(here)}" if node != {} else f"no list at {written(here)}"
        raise InputError.at(file, written(whole), here, "a path in the scenario")
    return node | {key: _with(node.get(key), rest, value, whole, file)}


def _widened(number: float, key: str | int) -> dict[str, Any]:
    """The table that a number stands for, if it has such a key."""
    if key in ("low", "high"):
        return {"low": number, "high": number}
    return {"value" if key in ("value", "spread") else "base": number}


def _place(items: list[Any], key: str | int) -> int | None:
    """The position of an entry, by number or name."""
    if isinstance(key, int):
        return key if key < len(items) else None
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    return names.index(key) if key in names else None


def _shared(items: list[Any], given: list[int], key: str, file: str) -> list[Any]:
    """Segments or arms; shares that are not given are scaled to the remainder."""
    shares = [item.get(SHARE, 1.0) for item in items]
    if not all(is_number(share) for share in shares):
        return items  # the scenario reports what is wrong with them
    left = 1.0 - sum(shares[place] for place in given)
    left = 0.0 if abs(left) < SHARES_TOLERANCE else left
    others = sum(share for place, share in enumerate(shares) if place not in given)
    if left < 0 or (others == 0 and left > 0):
        taken = f"shares that add up to {1 - left:.6g}"
        allowed = "shares that leave room for the others" if left < 0 else "shares that add up to 1"
        raise InputError.at(file, key, taken, allowed)
    return [
        item if place in given else item | {SHARE: shares[place] * left / others if others else 0.0}
        for place, item in enumerate(items)
    ]


def is_number(value: Any) -> bool:
    """Whether a value is a number; true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def resolved(path: Path, data: Mapping[str, Any]) -> Path:
    """A path with positions instead of names, so that paths to the same value are equal."""
    node: Any = DEFAULTS | dict(data)
    result: list[str | int] = []
    for part in path:
        key = part
        if isinstance(node, list):
            key = _place(node, part)
            node = None if key is None else node[key]
        else:
            node = node.get(part) if isinstance(node, dict) else None
        result.append(part if key is None else key)
    return tuple(result)


def flat(changes: Mapping[str, Any]) -> dict[str, Any]:
    """`[changes]` by path; the last one if a path occurs twice."""
    return dict(each_change(changes))


def each_change(changes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """`[changes]` by path; a table under a single word means a change of each of its keys."""
    for path, value in changes.items():
        if isinstance(value, dict) and len(parts(path) or ()) == 1:
            yield from ((f"{path}.{_quoted(key)}", x) for key, x in value.items())
        else:
            yield path, value
