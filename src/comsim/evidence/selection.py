"""The choice of facts to check, by id, kind or lever."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from comsim.common import arguments
from comsim.common.errors import InputError
from comsim.evidence.collection import facts
from comsim.evidence.fact import Fact


def chosen(
    only: Sequence[str] | None = None, quick: bool = False, held: bool = False
) -> list[Fact]:
    """The facts with these ids, kinds or levers (or all), in the order of their files. `quick` and
    `held` keep only the quick or held ones. Case does not matter. InputError for an unknown name,
    and if no fact is left."""
    some = list(facts().values())
    if only is not None:
        names = {_known(name, some) for name in arguments.words(only)}
        some = [fact for fact in some if names & _names(fact)]
    some = [f for f in some if (f.quick or not quick) and (f.mark == "held" or not held)]
    if not some:
        which = " and ".join(["quick"] * quick + ["held"] * held)
        raise InputError.at("validate", "only", f"no {which} facts", "a wider choice")
    return some


def _names(fact: Fact) -> set[str]:
    """The names that select a fact, in lower case."""
    return {name.lower() for name in (fact.id, fact.kind, fact.lever) if name}


def _known(name: str, among: Sequence[Fact]) -> str:
    """A name in lower case; InputError if it selects no fact."""
    lower = name.strip().lower()
    known = set().union(*map(_names, among))
    if lower in known:
        return lower
    near = get_close_matches(lower, sorted(known), n=1, cutoff=0.5)
    guess = f"{_spelled(near[0], among)} (the nearest), or " if near else ""
    raise InputError.at(
        "validate", "only", repr(name), f"{guess}the id of a fact, a kind (F, E, B, V), a lever"
    )


def _spelled(lower: str, among: Sequence[Fact]) -> str:
    """A name in its original spelling."""
    names = (name for fact in among for name in (fact.id, fact.kind, fact.lever))
    return next(name for name in names if name.lower() == lower)
