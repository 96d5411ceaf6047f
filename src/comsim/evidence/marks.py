"""Which facts may be used for fitting, and which are held back.

    python -m comsim.evidence.marks --write     # rewrites marks.toml

Facts that share a study or a family (of levers, or of what is measured) form a cluster, because
fitting the model to one of them would also affect the others. All facts of a cluster get the same
mark:

    used   the model may be fitted to them
    held   nothing is fitted to them; only these count for the headline of a validation
    known  ways to meet them were written down before the marks, so they prove nothing
    shown  no band, an input, or the output of another simulation

A cluster can be held only if each of its bands was written before anybody looked at the model's
results. For each kind, at most a third of the clusters is held: the first eligible ones, ordered by
a hash of their names. The result is stored in `marks.toml`; no later run may change it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from comsim.evidence.data import data

Mark = Literal["used", "held", "known", "shown"]

KNOWN = {"F7", "F11", "F14", "F15", "F21"}  # the charter names them
SHOWN = {"F4", "F17"}  # an input; another simulation's output
HELD_SHARE = 3  # one cluster in so many
SALT = "comsim, November 2026: "
HEAD = """# Which facts may be used for fitting, and which are held back. Made by
# `python -m comsim.evidence.marks --write` before any fact was run, and not moved since.
"""


@dataclass(frozen=True)
class Marked:
    """The properties of a fact that its mark depends on. `before_look` is None without a band."""

    id: str
    kind: str
    links: frozenset[str]
    """Its family and its study."""
    before_look: bool | None


def candidates() -> list[Marked]:
    """All facts, in the order of their files. The model was fitted to facts of kind F, so none of
    these can be held."""
    facts = [Marked(id, "F", _links(fact), False) for id, fact in data("facts.toml").items()]
    effects = [
        Marked(id, fact["kind"], _links(fact), fact.get("before_look"))
        for id, fact in data("effects.toml").items()
    ]
    features = data("shapes.toml")["features"]
    shapes = [Marked(id, "V", _links(fact), fact["before_look"]) for id, fact in features.items()]
    return [*facts, *effects, *shapes]


def clusters(facts: Iterable[Marked]) -> list[list[Marked]]:
    """Groups of facts that share links, directly or through other facts."""
    groups: list[list[Marked]] = []
    for fact in facts:
        near = [group for group in groups if any(fact.links & other.links for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(one for group in near for one in group), fact])
    return groups


def marks(facts: Iterable[Marked]) -> dict[str, Mark]:
    """The mark of each fact, by id."""
    facts = list(facts)
    shown = {fact.id for fact in facts if fact.id in SHOWN or fact.before_look is None}
    groups = clusters(fact for fact in facts if fact.id not in shown)
    held = {fact.id for kind in "EBV" for group in _held(groups, kind) for fact in group}

    def mark(fact: Marked) -> Mark:
        if fact.id in shown:
            return "shown"
        if fact.id in KNOWN:
            return "known"
        return "held" if fact.id in held else "used"

    return {fact.id: mark(fact) for fact in facts}


def _held(groups: list[list[Marked]], kind: str) -> list[list[Marked]]:
    """The held clusters of a kind. A cluster of several kinds belongs to the first kind."""
    mine = [group for group in groups if _kind(group) == kind]
    free = [group for group in mine if all(fact.before_look for fact in group)]
    return sorted(free, key=_hash)[: round(len(mine) / HELD_SHARE)]


def _kind(group: list[Marked]) -> str:
    return min((fact.kind for fact in group), key="FEBV".index)


def _hash(group: list[Marked]) -> str:
    return sha256((SALT + ", ".join(sorted(fact.id for fact in group))).encode()).hexdigest()


def _links(fact: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(fact[key] for key in ("family", "study") if key in fact)


def main() -> None:
    """Print the marks, or write them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="rewrite marks.toml")
    write = parser.parse_args().write
    facts = candidates()
    by_id = marks(facts)
    lines = [HEAD]
    for kind in "FEBV":
        lines.append(f"[{kind}]")
        lines += [f'{fact.id} = "{by_id[fact.id]}"' for fact in facts if fact.kind == kind]
        lines.append("")
    text = "\n".join(lines)
    if write:
        Path(__file__).with_name("marks.toml").write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
