"""What changed and when: scheduled levers, rules that acted, and shocks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from comsim.language.phrases import Words
from comsim.measure.record import Record
from comsim.model.catalogue import DAILY, LEVERS, SHOCKS
from comsim.present.report.chart import Days, TextTable
from comsim.present.report.page import Items, Section
from comsim.scenario.changes import ScheduledMove, policy_moves
from comsim.scenario.scenario import Condition, Rule, Scenario

MOST = 100  # rows; a lever may change every day
MOST_SPELLS = 12  # dates listed for one rule
MOST_STRIP = 60  # spells drawn of one
STRIP_ROWS = 6
ROOM, LETTER = 3.0, 0.72  # percent of the width for a number, and for a letter
EDGE = 112.0  # percent; words may run into the margin beside the chart


def section(record: Record, words: Words) -> Section:
    """A table of the changes, with the numbers that the life-cycle figure shows."""
    rows = _rows(record, words)
    title = words("moves.title" if rows else "moves.none", n=words.number(len(rows)))
    if not rows:
        return Section("moves", words("topic.moves"), title)
    shown = rows[:MOST]
    table = TextTable(
        [words("moves.number"), words("moves.when"), words("moves.what")],
        shown,
        [True, False, False],
    )
    blocks: list[Any] = [table]
    if len(rows) > MOST:
        blocks.append(Items([words("moves.more", n=words.number(len(rows) - MOST))]))
    return Section("moves", words("topic.moves"), title, words("moves.lead"), blocks)


def strip(record: Record, words: Words, days: Days) -> list[dict[str, Any]]:
    """For the figure: the number of each change, its description, and its periods as parts of the
    width."""
    entries: list[dict[str, Any]] = []
    free = [-9.0] * STRIP_ROWS  # percent; where the last of each row ends
    for number, (what, spells) in enumerate(_done(record, words), 1):
        places = []
        for first, last in spells[:MOST_STRIP]:
            x = days.percent(max(first - 0.5, 0))
            places.append((x, round(days.percent(min(last + 0.5, days.count - 1)) - x, 3)))
        row = next((row for row, end in enumerate(free) if places[0][0] - ROOM > end), None)
        if row is not None:
            entries.append(spell(number, what, places, row))
            free[row] = entries[-1]["stop"] + _wide(entries[-1]["label"])
    return entries


def spell(number: int, what: str, places: list[tuple[float, float]], row: int) -> dict[str, Any]:
    """For the figure: a change that lasts for some periods (start and width in percent), in a
    row."""
    stop = sum(places[-1])
    label = what if stop + _wide(what) < EDGE else ""
    return {"number": number, "what": what, "spells": places, "row": row, "label": label,
            "stop": round(stop, 3)}  # fmt: skip


def _wide(text: str) -> float:
    """The approximate width of a text, in percent of a wide page."""
    return 1.0 + sum(LETTER if ord(letter) < 0x2E80 else 2 * LETTER for letter in text)


def _done(record: Record, words: Words) -> list[tuple[str, list[tuple[int, int]]]]:
    """(description, periods), in order of first days."""
    shocks = record.summary.get("shocks", ())
    moves = [(what, [spell]) for what, spell in planned(record.scenario, shocks, words)]
    rules = {rule.name: rule for rule in record.scenario.rules}
    for name, spells in record.summary["rule_days"].items():
        if spells:
            what = words("moves.rule", name=name, does=does_in_words(rules[name], words))
            moves.append((what, [tuple(spell) for spell in spells]))
    return sorted(moves, key=lambda item: item[1][0])


def planned(
    scenario: Scenario, shocks: Iterable[dict[str, Any]], words: Words
) -> list[tuple[str, tuple[int, int]]]:
    """(description, first and last day) of everything planned in advance: scheduled changes of
    levers, then shocks (with `day`, `kind`, `severity` and `reach`)."""
    moves = []
    for move in policy_moves(scenario):
        change = move.change
        last = change.day + change.lasts - 1 if change.lasts else change.last
        moves.append((move_in_words(move, words), (change.day, last)))
    for shock in shocks:
        moves.append((shock_in_words(shock, words), (shock["day"], shock["day"])))
    return moves


def _rows(record: Record, words: Words) -> list[list[str]]:
    rows = []
    for number, (what, spells) in enumerate(_done(record, words), 1):
        dates = [
            words.date(first) if first == last
            else words("moves.span", first=words.date(first), last=words.date(last))
            for first, last in spells[:MOST_SPELLS]
        ]  # fmt: skip
        if len(spells) > MOST_SPELLS:
            dates.append(words("moves.more_spells", n=words.times(len(spells) - MOST_SPELLS)))
        rows.append([str(number), "\n".join(dates), what])
    return rows


def move_in_words(move: ScheduledMove, words: Words) -> str:
    """A change of a lever, in words."""
    change = move.change
    key = "moves.ramp" if change.last > change.day else "moves.campaign" if change.lasts else ""
    text = words(
        key or "moves.step",
        lever=words.label(LEVERS, move.lever),
        old=words.short(change.old),
        new=words.short(change.new),
        until=words.date(change.last),
        days=words.days(change.lasts),
    )
    return words("moves.of_group", what=text, group=group_in_words(move.group, words)) \
        if move.group else text  # fmt: skip


def shock_in_words(shock: dict[str, Any], words: Words) -> str:
    """A shock, in words."""
    key = "moves.shock" if shock["reach"] == 1.0 else "moves.shock_part"
    return words(
        key,
        kind=words.label(SHOCKS, shock["kind"]),
        severity=words.short(shock["severity"]),
        reach=words.percent(shock["reach"]),
    )


def group_in_words(group: str, words: Words) -> str:
    """`newcomers`, `segment:NAME` or `arm:NAME`."""
    kind, _, name = group.partition(":")
    return words(f"group.{kind}", name=name)


def does_in_words(rule: Rule, words: Words) -> str:
    """What a rule does to levers, in words."""
    parts = []
    for action in rule.do:
        value = words.short(getattr(action, action.how))
        text = words(f"rule.{action.how}", lever=words.label(LEVERS, action.lever), value=value)
        if action.group != "all":
            group = group_in_words(action.group, words)
            text = words("moves.of_group", what=text, group=group)
        parts.append(text)
    return words.listed(parts)


def rule_in_words(rule: Rule, words: Words) -> str:
    """A whole rule in words: when it acts, what it does, for how long, while which conditions hold,
    and how long it rests."""
    text = words(
        "rule.whole",
        when=words("rule.and").join(condition_in_words(c, words) for c in rule.when),
        does=does_in_words(rule, words),
        days=words.days(rule.days),
    )
    if rule.while_:
        conditions = words("rule.and").join(condition_in_words(c, words) for c in rule.while_)
        text += words("rule.while", conditions=conditions)
    if rule.cooldown:
        text += words("rule.cooldown", days=words.days(rule.cooldown))
    return text


def condition_in_words(condition: Condition, words: Words) -> str:
    """A condition of a rule, in words."""
    value = getattr(condition, condition.test)
    return words(
        f"rule.{condition.test}",
        metric=words.label(DAILY, condition.metric),
        window=words.days(condition.window),
        value=words.short(value) if condition.test in ("above", "below") else value,
    )
