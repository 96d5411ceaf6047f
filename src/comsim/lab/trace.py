"""What befell one member, day by day: its life is lived again, and looked at morning and night.

Why trust moved can be told exactly. Before members learn from a visit, only meetings, prizes and
work move it; a visit has formulas, whose parts are taken one by one; what is left are shocks. Where
several meetings, prizes and work, or several shocks, met on one day they stand together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from comsim.lab.timeline import Timeline
from comsim.model.kernel.basics import LEFT, MUTED, saturating
from comsim.model.kernel.day import FROM_LEARNING_ON, UNTIL_READ, run_days
from comsim.model.kernel.mechanisms.conduct import GOOD
from comsim.model.kernel.mechanisms.roles import ROLES, VOLUNTEER
from comsim.model.kernel.mechanisms.shocks import KINDS

NEVER = np.int64(2**62)  # members, from which on threads are used
TAKE_TRUST = ("broken_promise", "product_failure", "leak")  # of the kinds of shocks
NOTHING = 1e-6  # of trust: it is stored with seven digits

Causes = dict[tuple[str, ...], float]
"""What moved trust, and by how much; several where they can't be told apart."""


@dataclass
class Trace:
    """A member's life up to a morning."""

    row: int
    first: int
    """The day of joining."""
    start: float
    """Trust before the first visit."""
    trust: list[float] = field(default_factory=list)
    """In the evening of each day from the first on."""
    moves: list[tuple[int, float, Causes]] = field(default_factory=list)
    """(day, change, its causes) of the days on which trust moved."""
    seen: Counter = field(default_factory=Counter)
    """How many `ads`, `official` and members' posts (`members`) it saw on its visits."""
    wrote: int = 0
    """Days on which it wrote."""
    unanswered: int = 0
    """Of these, on which nobody replied."""
    turns: list[tuple[int, str]] = field(default_factory=list)
    """(day, what): a new role, "muted", "unmuted", "left"."""

    @property
    def causes(self) -> Causes:
        """What moved trust, over the whole life."""
        total: Counter = Counter()
        for _, _, causes in self.moves:
            total.update(causes)
        return dict(total)


def trace(life: Timeline, row: int, wanted: Callable[[], bool] = lambda: True) -> Trace | None:
    """The life of the member in a row, up to today.

    `life` is used up: give a fork. Takes as long as to live from the member's first day to today,
    or to its last. None as soon as `wanted` says that nobody waits for it.
    """
    if not wanted():
        return None
    today, first = life.day, int(life.world.m.own[row]["joined_day"])
    life.go_to(first)
    world, found = life.world, None
    for day in range(first, today):
        if not wanted():
            return None
        before = _state(world, row)
        run_days(world, day, day + 1, NEVER, UNTIL_READ)
        read = _state(world, row)
        if found is None:
            before, found = read | {"posts": 0}, Trace(row, first, read["trust"])
        run_days(world, day, day + 1, NEVER, FROM_LEARNING_ON)
        life.day = day + 1
        _look(found, life, day, before, read)
        if world.m.status[row] == LEFT:
            break
    return found


def _state(world: Any, row: int) -> dict[str, Any]:
    mine = world.m.own[row]
    names = "trust", "posts", "replies_received", "role", "recognised"
    return {name: mine[name].item() for name in names} | {"status": int(world.m.status[row])}


def _look(found: Trace, life: Timeline, day: int, before: dict, read: dict) -> None:
    """Write down a day: `before` it, after members had `read`, and in the evening."""
    world, row = life.world, found.row
    night = _state(world, row)
    causes: Causes = {}
    _add(causes, read["trust"] - before["trust"], _before_learning(world, day, read["role"]))
    trust = read["trust"]
    received = night["replies_received"] - read["replies_received"]
    at = _visit_of(world, row)
    wrote = night["posts"] > before["posts"]
    if at is not None:
        for name in ("ads", "official", "members"):
            found.seen[name] += int(world.visits[name][at])
        learnt = _learnt(world, day, at, trust, read, received)
        trust += sum(learnt.values())
        causes |= learnt
    _add(causes, night["trust"] - trust, _news(life, day))
    found.wrote += wrote
    found.unanswered += wrote and received == 0
    found.trust.append(night["trust"])
    change = night["trust"] - before["trust"]
    if causes and abs(change) > NOTHING:
        found.moves.append((day, change, causes))
    if night["status"] != before["status"]:
        what = {LEFT: "left", MUTED: "muted"}.get(night["status"], "unmuted")
        found.turns.append((day, what))
    if night["role"] != before["role"]:
        found.turns.append((day, ROLES[night["role"]]))


def _add(causes: Causes, change: float, names: tuple[str, ...]) -> None:
    if abs(change) > NOTHING:
        causes[names or ("other",)] = change


def _visit_of(world: Any, row: int) -> int | None:
    """The place of a member's visit among today's, which stand in order of rows."""
    visitors = int(world.now["visitors"][0])
    rows = world.visits["row"][:visitors]
    at = bisect_left(rows, row)
    return at if at < visitors and rows[at] == row else None


def _learnt(world: Any, day: int, at: int, trust: float, mine: dict, received: int) -> Causes:
    """How a visit moved trust, step by step as the kernel does: worth and replies lift it, ads and
    offers take a share (`learn`); then answers, toxic posts, removals and thanks."""
    p, now, visit = world.p[0], world.now[0], world.visits[at]
    here = world.levers[day, visit["cell"]]
    joy = saturating(received, 1.0)
    gained = min(visit["value"] + p["reply_joy"] * joy, 1.0)
    offers = here["offers"] * visit["official"]
    helped, removed = world.helped[: now["helped"]], world.removed[: now["removed"]]
    injustice = p["injustice"] * (removed["kind"][removed["author"] == visit["row"]] == GOOD)
    stands = visit["row"] in world.posts["author"][: now["posts"]]  # a post that wasn't removed
    toxic = world.harm["toxic"][at] if p["toxicity"] > 0 else 0
    felt = here["recognition"] * (1.0 - p["recognition_wear"] * mine["recognised"])
    steps = [
        {"worth": p["trust_gain"] * gained, "replies": p["reply_trust"] * joy},
        {"ads": -p["ad_distrust"] * visit["ads"], "offers": -p["offer_distrust"] * offers},
        {"answers": p["reply_trust"] * helped["joy"][helped["visit"] == at].sum()},
        {"toxic": -p["toxic_distrust"] * toxic},
        *({"removed": -p["removal_distrust"] * (1.0 + more)} for more in injustice),
        {"thanks": p["recognition_trust"] * felt * stands},
    ]
    causes: Counter = Counter()
    for step in steps:
        total = sum(step.values())
        room = 1.0 - trust if total > 0 else trust
        room *= min(1.0, 1.0 / abs(total)) if total else 0.0
        for name, share in step.items():
            causes[name,] += float(share * room)
        trust += total * room
    return {cause: by for cause, by in causes.items() if by}


def _before_learning(world: Any, day: int, role: int) -> tuple[str, ...]:
    """What may have moved trust before members learnt from their visits."""
    levers = world.levers[day]
    there = {
        "event": levers["online_event"].any() or levers["offline_event"].any(),
        "prize": levers["raffle"].any(),
        "work": role == VOLUNTEER,
    }
    return tuple(name for name, was in there.items() if was)


def _news(life: Timeline, day: int) -> tuple[str, ...]:
    """The shocks of an evening that take trust."""
    shocks = life.plan.shocks
    kinds = [KINDS[kind] for kind in shocks["kind"][shocks["day"] == day]]
    return tuple(kind for kind in kinds if kind in TAKE_TRUST)
