"""What happened to one member, day by day: its life is simulated again, and observed twice a day.

The causes of changes in trust are exact, since the kernel's own functions compute them. The effect
of time is counted on the day on which trust is brought up to date. Apart from this, only meetings,
prizes and work change trust before members learn from a visit. The effect of a visit is a sum over
causes. The rest is due to shocks. If meetings, prizes and work, or several shocks, fall on the same
day, their effects can't be separated.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from comsim.lab.timeline import Timeline
from comsim.model.catalogue import LEVERS, SHOCKS
from comsim.model.kernel.basics import LEFT, MUTED, saturating
from comsim.model.kernel.day import FROM_LEARNING_ON, UNTIL_READ, run_days
from comsim.model.kernel.mechanisms import trust as law
from comsim.model.kernel.mechanisms.recognise import felt
from comsim.model.kernel.mechanisms.roles import ROLES, VOLUNTEER
from comsim.model.kernel.mechanisms.shocks import KINDS

NEVER = np.int64(2**62)  # members, from which on threads are used
NOTHING = 1e-6  # of trust: it is stored with seven digits

Causes = dict[tuple[str, ...], float]
"""Causes of changes in trust, and their effects; several if they can't be separated."""


@dataclass
class Trace:
    """A member's life up to a morning."""

    row: int
    first: int
    """The day of joining."""
    start: float
    """Trust before the first visit."""
    trust: list[float] = field(default_factory=list)
    """On the evening of each day, from the first on."""
    moves: list[tuple[int, float, Causes]] = field(default_factory=list)
    """(day, change, its causes) of the days on which trust changed."""
    seen: Counter = field(default_factory=Counter)
    """Numbers of `ads`, `official` posts and members' posts (`members`) seen."""
    wrote: int = 0
    """Days on which the member posted."""
    unanswered: int = 0
    """Of these, days without a reply."""
    turns: list[tuple[int, str]] = field(default_factory=list)
    """(day, what): a new role, "muted", "unmuted", "left"."""

    @property
    def causes(self) -> Causes:
        """Causes of changes in trust, over the whole life."""
        total: Counter = Counter()
        for _, _, causes in self.moves:
            total.update(causes)
        return dict(total)


def trace(life: Timeline, row: int, wanted: Callable[[], bool] = lambda: True) -> Trace | None:
    """The life of the member in this row, up to today.

    Changes `life`: pass a fork. Takes as long as simulating from the member's first day to today,
    or to its last. None as soon as `wanted` returns False.
    """
    if not wanted():
        return None
    today, first = life.day, int(life.world.m.own[row]["joined_day"])
    life.go_to(first)
    world, life_trace = life.world, None
    for day in range(first, today):
        if not wanted():
            return None
        before = _state(world, row)
        run_days(world, day, day + 1, NEVER, UNTIL_READ)
        read = _state(world, row)
        if life_trace is None:
            before, life_trace = read | {"posts": 0}, Trace(row, first, read["trust"])
        run_days(world, day, day + 1, NEVER, FROM_LEARNING_ON)
        life.day = day + 1
        _look(life_trace, life, day, before, read)
        if world.m.status[row] == LEFT:
            break
    return life_trace


def _state(world: Any, row: int) -> dict[str, Any]:
    mine = world.m.own[row]
    names = ("trust", "scar", "first_trust", "trust_day", "posts", "replies_received", "role",
             "recognised")  # fmt: skip
    return {name: mine[name].item() for name in names} | {"status": int(world.m.status[row])}


def _look(life_trace: Trace, life: Timeline, day: int, before: dict, read: dict) -> None:
    """Record a day from the states `before` it, after members `read`, and on its evening."""
    world, row = life.world, life_trace.row
    night = _state(world, row)
    found: Causes = Counter()
    time = _healing(world, before, read)
    _add(found, time, ("time",))
    _add(found, read["trust"] - before["trust"] - time, _before_learning(world, day, read["role"]))
    trust = read["trust"]
    received = night["replies_received"] - read["replies_received"]
    at = _visit_of(world, row)
    wrote = night["posts"] > before["posts"]
    if at is not None:
        for name in ("ads", "official", "members"):
            life_trace.seen[name] += int(world.visits[name][at])
        learnt = _learnt(world, day, at, trust, read, received)
        trust += sum(learnt.values())
        found.update(learnt)
    time = _healing(world, read, night)
    _add(found, time, ("time",))
    _add(found, night["trust"] - trust - time, _news(life, day))
    life_trace.wrote += wrote
    life_trace.unanswered += wrote and received == 0
    life_trace.trust.append(night["trust"])
    change = night["trust"] - before["trust"]
    if found and abs(change) > NOTHING:
        life_trace.moves.append((day, change, dict(found)))
    if night["status"] != before["status"]:
        what = {LEFT: "left", MUTED: "muted"}.get(night["status"], "unmuted")
        life_trace.turns.append((day, what))
    if night["role"] != before["role"]:
        life_trace.turns.append((day, ROLES[night["role"]]))


def _add(found: Causes, change: float, names: tuple[str, ...]) -> None:
    if abs(change) > NOTHING:
        found[names or ("other",)] += change


def _healing(world: Any, before: dict, after: dict) -> float:
    """How much trust recovered when it was brought up to date."""
    days = after["trust_day"] - before["trust_day"]
    return law.healed.py_func(_parameters(world), before["trust"], before["scar"],
                              before["first_trust"], days) - before["trust"]  # fmt: skip


def _parameters(world: Any) -> Any:
    """The parameters, as compiled code reads them."""
    return world.p.view(np.recarray)[0]


def _visit_of(world: Any, row: int) -> int | None:
    """The place of a member's visit among today's, which stand in order of rows."""
    visitors = int(world.now["visitors"][0])
    rows = world.visits["row"][:visitors]
    at = bisect_left(rows, row)
    return at if at < visitors and rows[at] == row else None


def _learnt(world: Any, day: int, at: int, trust: float, mine: dict, received: int) -> Causes:
    """The effects of a visit on trust, and then of thanks for posts."""
    p, now, visit = _parameters(world), world.now[0], world.visits[at]
    here = world.levers[day, visit["cell"]]
    joy = saturating(received, 1.0)
    gained = min(visit["value"] + p.reply_joy * joy, 1.0)
    wrote = visit["row"] in world.posts["author"][: now["posts"]]  # a post that wasn't removed
    shares = law.causes.py_func(
        p, trust, gained, joy, visit["solved"], float(wrote and not received + visit["solved"]),
        visit["ads"], here["offers"] * visit["official"],
        world.harm["toxic"][at] if p.toxicity > 0 else 0, visit["removals"],
    )  # fmt: skip
    thanks = p.recognition_trust * felt.py_func(here["recognition"], mine["recognised"])
    found: Causes = {}
    raises, takes = shares[: len(law.RAISES)], shares[len(law.RAISES) :]
    trust += _split(found, law.RAISES, raises, max(1.0 - mine["scar"] - trust, 0.0))
    trust += _split(found, law.TAKES, takes, -trust)
    _split(found, ("thanks",), (thanks * wrote,), max(1.0 - mine["scar"] - trust, 0.0))
    return found


def _split(found: Causes, names: Sequence[str], shares: Sequence[float], room: float) -> float:
    """Divide the total effect of several causes among them; returns the total."""
    total = sum(shares)
    whole = min(total, 1.0) * room
    for name, share in zip(names, shares, strict=True):
        if share:
            found[name,] = whole * share / total
    return whole


def _before_learning(world: Any, day: int, role: int) -> tuple[str, ...]:
    """What may have changed trust before members learnt from their visits."""
    levers = world.levers[day]
    felt = {x.felt_as for x in LEVERS.values() if x.felt_as and levers[x.name].any()}
    return tuple(sorted(felt | ({"work"} if role == VOLUNTEER else set())))


def _news(life: Timeline, day: int) -> tuple[str, ...]:
    """The shocks of an evening that take trust."""
    shocks = life.plan.shocks
    kinds = [KINDS[kind] for kind in shocks["kind"][shocks["day"] == day]]
    return tuple(kind for kind in kinds if SHOCKS[kind].takes_trust)
