"""Decide: the schedule sets the levers, and rules change them.

Levers: all of them. Count: `rules_acting`. A rule of the scenario specifies when it fires (`when`,
conditions on the daily counts), under which conditions it may act at all (`while`), how it changes
which levers (`do`), for how many days, and how long it rests afterwards (`cooldown`).
"""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

from comsim.model.catalogue import COLUMNS, LEVERS
from comsim.reference.community import CommunityState
from comsim.reference.mechanisms.owner import abandon
from comsim.scenario.groups import cells_of
from comsim.scenario.scenario import Condition, Rule


def decide(community: CommunityState) -> None:
    """The schedule sets today's levers for each cell of members; rules change them.

    A rule that fires today (it neither acts nor rests, and all its conditions hold) acts from today
    on. It skips days on which a condition of its `while` does not hold. Rules act in the order of
    the scenario, each on the result of the one before. Once the owner has stopped, all levers are
    idle.
    """
    table = community.plan.lever_table[community.day].tolist()
    community.levers = [SimpleNamespace(**dict(zip(LEVERS, row, strict=True))) for row in table]
    if community.stopped:
        abandon(community)
        return
    for rule in community.rules:
        allowed = all(holds(community, c) for c in rule.rule.while_)
        rested = community.day >= max(rule.acts_until, rule.rests_until)
        if rested and allowed and all(holds(community, c) for c in rule.rule.when):
            rule.acts_until = community.day + rule.rule.days
            rule.rests_until = rule.acts_until + rule.rule.cooldown
            rule.fired += 1
        if allowed and community.day < rule.acts_until:
            community.today["rules_acting"] += 1
            act(community, rule.rule)


def holds(community: CommunityState, condition: Condition) -> bool:
    """Whether a condition holds this morning. It does not before there are enough past days.

    A condition compares the sum of a daily count over a window of days, which ends yesterday, with
    a limit per day (`above`, `below`); or it checks whether the sums of successive windows have
    fallen or risen a given number of times in a row (`falls`, `rises`).
    """
    test, window = condition.test, condition.window
    value = getattr(condition, test)
    windows = value + 1 if test in ("falls", "rises") else 1  # one more than the falls between them
    if community.day < windows * window:
        return False
    past = community.daily[condition.metric][
        community.day - windows * window : community.day
    ].tolist()
    sums = [sum(past[k * window : (k + 1) * window]) for k in range(windows)]
    limit = value * COLUMNS[condition.metric].scale * window  # in the units of the daily table
    if test == "above":
        return sums[0] > limit
    if test == "below":
        return sums[0] < limit
    if test == "falls":
        return all(before > after for before, after in pairwise(sums))
    return all(before < after for before, after in pairwise(sums))


def act(community: CommunityState, rule: Rule) -> None:
    """Change today's levers within their ranges: set them, multiply them, or add to them.

    A rule changes them in all cells, or only in those of one group.
    """
    for action in rule.do:
        lever, by = LEVERS[action.lever], getattr(action, action.how)
        for cell in cells_of(community.setting, action.group):
            levers = community.levers[cell]
            value = getattr(levers, action.lever)
            value = {"set": by, "multiply": value * by, "add": value + by}[action.how]
            setattr(levers, action.lever, min(max(value, lever.low), lever.high))
