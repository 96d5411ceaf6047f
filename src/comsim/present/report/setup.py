"""The scenario, shown as differences from the defaults, and where the numbers come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comsim.language.phrases import Words
from comsim.measure.record import Record
from comsim.model.catalogue import DAILY, LEVERS, PARAMETERS, TRAITS
from comsim.present.report.chart import TextTable
from comsim.present.report.moves import group_in_words, rule_in_words
from comsim.present.report.page import Items, Section
from comsim.scenario import Scenario
from comsim.today.extend import MOMENTS

SHOWN_ELSEWHERE = ("name", "description", "rules", "seed")
LONGEST = 400  # letters of one value
DATED = (*MOMENTS, "today")  # keys whose value is a day

Row = tuple[str, str, str, str]


def scenario_section(record: Record, words: Words) -> Section:
    """Keys of the file whose values are not the defaults; rules in words; sampled parameters."""
    rows = differences(record.scenario, words)
    blocks: list[Any] = []
    if rows:
        columns = [words(f"setup.{name}") for name in ("what", "key", "value", "default")]
        blocks.append(TextTable(columns, rows, [False, False, False, False]))
    rules = [
        words("setup.rule", name=rule.name, whole=rule_in_words(rule, words))
        for rule in record.scenario.rules
    ]
    if rules:
        blocks.append(Items(rules))
    if drawn := record.summary["drawn_parameters"]:
        blocks.append(
            TextTable(
                [words("setup.drawn"), words("setup.key"), words("setup.value")],
                [
                    [_meaning("parameters", name, words), f"parameters.{name}", words.short(value)]
                    for name, value in drawn.items()
                ],
                [False, False, True],
            )
        )
    title = words("setup.title", n=words.number(len(rows) + len(rules)))
    return Section("scenario", words("topic.scenario"), title, words("setup.lead"), blocks)


def differences(scenario: Scenario, words: Words) -> list[Row]:
    """(meaning, key, value, default) of each value of a scenario that is not the default."""
    given = scenario.to_dict()
    usual = Scenario(name="usual").model_dump(mode="json", by_alias=True)
    rows = []
    for key, value, default in _leaves(given, usual):
        room, _, name = key.partition(".")
        if room == "segments":
            continue
        rows.append(
            (
                _meaning(room, name, words),
                key,
                _short(_value(value, room, words, key.rpartition(".")[2])),
                _default(room, name, default, words),
            )
        )
    return rows + _segments(scenario, words)


def _leaves(given: dict[str, Any], usual: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """(key, value, default) of each difference, down to one level within tables."""
    for room, value in given.items():
        if room in SHOWN_ELSEWHERE or (default := usual.get(room)) == value:
            continue
        if not isinstance(value, dict) or not isinstance(default, dict):
            yield room, value, default
            continue
        for name, part in value.items():
            standard = default.get(name)
            if isinstance(part, dict) and isinstance(standard, dict):
                same = all(standard.get(key) == x for key, x in part.items())
                if room == "policy" and part == {"base": LEVERS[name].default}:
                    same = True
            else:
                same = part == standard
            if not same:
                yield f"{room}.{name}", part, standard


def _segments(scenario: Scenario, words: Words) -> list[Row]:
    """One row per segment, unless the only one is the default market."""
    rows = []
    for segment in scenario.segments:
        given = segment.model_dump(mode="json", exclude_unset=True)
        traits = {name: given[name] for name in TRAITS if given.get(name)}
        if len(scenario.segments) == 1 and not traits:
            continue
        lines = [words("setup.share", share=words.percent(segment.share))]
        for name, spread in traits.items():
            lines.append(f"{words.label(TRAITS, name)} {_value(spread, 'segments', words)}")
        what = words("setup.segment", name=segment.name)
        rows.append((what, "segments", _short(words.listed(lines)), ""))
    return rows


def _meaning(room: str, name: str, words: Words) -> str:
    """The meaning of a key of the file."""
    if room == "policy":
        return words.label(LEVERS, name)
    if room == "parameters":
        return words.label(PARAMETERS, name)
    return words.name("key", f"{room}_{name}".strip("_"), "")


def _default(room: str, name: str, default: Any, words: Words) -> str:
    if room == "policy":
        return words.short(LEVERS[name].default)
    if room == "parameters":
        return words.short(PARAMETERS[name].value)
    return "" if default is None else _short(_value(default, room, words))


def _value(value: Any, room: str, words: Words, key: str = "") -> str:
    """The value of a key of the file; in words for a lever that changes."""
    if isinstance(value, bool):
        return words("setup.yes" if value else "setup.no")
    if isinstance(value, int) and key in DATED:
        return words.moment(value)
    if isinstance(value, (int, float)):
        return words.short(value)
    if isinstance(value, str):
        return words.iso(value)
    if isinstance(value, list):
        return words.listed([_value(part, room, words) for part in value])
    if set(value) == {"base"}:
        return words.short(value["base"])
    if room == "policy":
        return _schedule(value, words)
    if set(value) == {"low", "high"}:
        low, high = words.short(value["low"]), words.short(value["high"])
        return low if low == high else words("setup.range", low=low, high=high)
    pairs = [f"{name} = {_value(part, room, words, name)}" for name, part in value.items()]
    return words.listed(pairs)


def _schedule(layer: dict[str, Any], words: Words) -> str:
    """A lever over time."""

    def when(moment: Any) -> str:
        return words.moment(moment) if isinstance(moment, int) else words.iso(moment)

    lines = []
    if layer.get("base") is not None:
        lines.append(words.short(layer["base"]))
    for key in ("steps", "on"):
        lines += [
            words(f"schedule.{key}", day=when(x["day"]), value=words.short(x["value"]))
            for x in layer.get(key, [])
        ]
    for key in ("ramps", "yearly", "during"):
        lines += [
            words(f"schedule.{key}", first=when(x["from"]), last=when(x["to"]),
                  value=words.short(x["value"]))
            for x in layer.get(key, [])
        ]  # fmt: skip
    if layer.get("weekday"):
        lines.append(words("schedule.weekday", week=" ".join(map(words.short, layer["weekday"]))))
    for group, part in layer.get("groups", {}).items():
        own = part if isinstance(part, dict) else {"base": part}
        lines.append(
            words("schedule.group", group=group_in_words(group, words), value=_schedule(own, words))
        )
    return words.clauses(lines)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def limits_section(record: Record, words: Words) -> Section:
    """What this report cannot show."""
    lines = [words(f"limits.{key}") for key in ("one_world", "trust", "money", "default", "policy")]
    lines += [words("limits.note", note=note) for note in record.summary["notes"]]
    for metric, error in record.summary["observed"].items():
        if error.get("error_share") is not None:
            lines.append(
                words("limits.observed", metric=words.label(DAILY, metric),
                      share=words.percent(error["error_share"]), days=words.days(error["days"]))
            )  # fmt: skip
    return Section("limits", words("topic.limits"), words("limits.title"), "", [Items(lines)])


def provenance_section(made: dict[str, Any], words: Words) -> Section:
    """Version, code, seed and packages: everything needed to reproduce the same bits."""
    rows = [
        ("comsim", made["comsim"]),
        (words("provenance.code"), made["code"]),
        (words("provenance.seed"), str(made["seed"])),
        ("Python", made["python"]),
        *((name, number or "–") for name, number in made["packages"].items()),
        (words("provenance.platform"), made["platform"]),
        *((words("provenance.series", name=name), mark) for name, mark in made["series"].items()),
    ]
    table = TextTable([words("provenance.what"), words("provenance.value")], rows, [False, False])
    return Section(
        "provenance", words("topic.provenance"), words("provenance.title"),
        words("provenance.lead"), [table],
    )  # fmt: skip
