"""The verdict: in a sentence, in a row of figures, and outcome by outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.report import told
from comsim.report.chart import Table
from comsim.report.page import Items, Section, Tile, Tiles
from comsim.report.strips import Row, Strips, parts
from comsim.report.told import HEADLINE, SHARES
from comsim.report.words import Words

if TYPE_CHECKING:
    import pandas as pd

    from comsim.report.compared import Compared

WHOLE = {"people", "days", "day", "currency"}  # units in which fractions say nothing


def sentence(comparison: Compared, policy: str, words: Words, brief: bool = False) -> str:
    """The verdict on one policy against the first, on mean weekly members."""
    row = comparison.of(HEADLINE, policy)
    return words(
        f"verdict.sentence_{told.kind(row)}",
        first=comparison.policies[0],
        policy=policy,
        outcome=words.name("outcome", HEADLINE),
        wins=words.number(row["wins"]),
        losses=words.number(row["losses"]),
        n=words.number(row["worlds"]),
        of=words("verdict.draws" if comparison.fixed_world else "verdict.worlds"),
        change=_change(row, words, "verdict.brief" if brief else "verdict.change"),
    )


def headline(comparison: Compared, words: Words) -> str:
    """One sentence for the top of the page."""
    first, *others = comparison.policies
    if len(others) == 1:
        return sentence(comparison, others[0], words, brief=True)
    rows = {name: comparison.of(HEADLINE, name) for name in others}
    best = max(others, key=lambda name: rows[name]["difference"])
    if all(row["verdict"] == "no difference" for row in rows.values()):
        key = "verdict.many_same"
    elif rows[best]["difference"] > 0:
        key = "verdict.many"
    else:
        key = "verdict.many_first"
    return words(
        key,
        n=words.number(len(others)),
        first=first,
        worlds=words.number(comparison.number),
        of=words("verdict.draws" if comparison.fixed_world else "verdict.worlds"),
        best=sentence(comparison, best, words, brief=True),
    )


def section(comparison: Compared, words: Words) -> Section:
    """The sentence for each policy, and key figures of the first of them."""
    others = comparison.policies[1:]
    blocks: list[Any] = [_tiles(comparison, name, words) for name in others]
    texts = [sentence(comparison, name, words) for name in others]
    texts += [
        _why(comparison.of(HEADLINE, name), name, comparison.fixed_world, words) for name in others
    ]
    blocks.append(Items([words.stop(text) for text in texts if text]))
    return Section("finding", words("topic.verdict"), "", "", blocks)


def _why(row: pd.Series, name: str, fixed: bool, words: Words) -> str:
    """What the difference varies by, and how many worlds it takes."""
    if row["verdict"] == "no difference":
        return ""
    reasons, parts = told.why(row, fixed), []
    if reasons.unknown:
        unknown, low, high = map(words.percent, reasons.unknown)
        parts.append(words("verdict.why", unknown=unknown, low=low, high=high))
    if reasons.pairing:
        parts.append(words("verdict.pairing", pairing=words.short(reasons.pairing)))
    if reasons.to_tell:
        parts.append(words("verdict.to_tell", worlds=words.number(reasons.to_tell)))
    return words("verdict.of", policy=name) + words.clauses(parts) if parts else ""


def _tiles(comparison: Compared, name: str, words: Words) -> Tiles:
    head = comparison.of(HEADLINE, name)
    tiles = []
    if head["verdict"] != "no difference":  # a tie is no chance of being better
        low, high = words.percent(head["better_low"]), words.percent(head["better_high"])
        note = words("verdict.tile_better_note", policy=name, low=low, high=high)
        tiles.append(Tile(words("verdict.tile_better"), words.percent(head["better"]), note))
    for outcome in (HEADLINE, "retention_90", "trust", "profit"):
        one = comparison.of(outcome, name)
        if one["verdict"] != "does not exist":
            tiles.append(
                Tile(
                    words.name("outcome", outcome, one["label"]),
                    _difference(one, words),
                    words("verdict.interval", **_bounds(one, words)),
                    unvalidated=not one["validated"],
                )
            )
    tiles.append(
        Tile(words("verdict.tile_worlds"), words.number(comparison.number),
             words("verdict.tile_fixed" if comparison.fixed_world else "verdict.tile_drawn"))
    )  # fmt: skip
    return Tiles(tiles)


def _difference(row: pd.Series, words: Words) -> str:
    """The difference, as a share where that has a meaning."""
    value, _, _, how = told.change(row)
    if how == "points":
        return words("verdict.points", n=words.signed(value))
    return words.signed(100 * value, "%") if how == "relative" else words.signed(value)


def _bounds(row: pd.Series, words: Words) -> dict[str, str]:
    """The ends of its interval, in the same way."""
    _, low, high, how = told.change(row)
    if how == "relative":
        return {"low": words.signed(100 * low, "%"), "high": words.signed(100 * high, "%")}
    return {"low": words.signed(low), "high": words.signed(high)}


def _change(row: pd.Series, words: Words, phrase: str = "verdict.brief") -> str:
    """The difference with its interval, where there is one; a dash where it doesn't exist."""
    if row["verdict"] == "does not exist":
        return "–"
    value = _difference(row, words)
    if not np.isfinite(told.change(row).low):
        return value
    return words(phrase, value=value, **_bounds(row, words))


def table_section(comparison: Compared, words: Words) -> Section:
    """Every outcome, with the difference, its interval and the verdict; one table a policy."""
    blocks: list[Any] = []
    for name in comparison.policies[1:]:
        rows = comparison.verdicts[comparison.verdicts["policy"] == name]
        blocks.append(_table(comparison, name, rows, words))
        begin = rows[rows["begins_a"].notna()]
        if len(begin):
            blocks.append(_begun(comparison, name, begin, words))
    blocks.append(Items([words("verdict.censored", n=words.number(comparison.days))]))
    verdicts = comparison.verdicts["verdict"]
    verdicts = verdicts[verdicts != "does not exist"]
    clear = int((~verdicts.isin(["not clear", "no difference"])).sum())
    title = words("verdict.title", clear=words.number(clear), n=words.number(len(verdicts)))
    return Section("verdicts", words("topic.outcomes"), title, words("verdict.lead"), blocks)


def _table(comparison: Compared, name: str, rows: pd.DataFrame, words: Words) -> Table:
    lines = []
    for _, row in rows.iterrows():
        exists = row["verdict"] != "does not exist"
        lines.append(
            [
                words.name("outcome", row["outcome"], row["label"]),
                _level(row["mean_a"], row["unit"], words),
                _level(row["mean_b"], row["unit"], words),
                _change(row, words),
                words.percent(row["better"]) if row["good"] and exists else "–",
                words.name("verdict", row["verdict"].replace(" ", "_")),
            ]
        )
    columns = [
        words("verdict.outcome"), comparison.policies[0], name, words("verdict.difference"),
        words("verdict.better_share"), words("verdict.verdict"),
    ]  # fmt: skip
    untested = tuple(np.flatnonzero(~rows["validated"].to_numpy(bool)).tolist())
    return Table(columns, lines, [False, True, True, True, True, False], rows_unvalidated=untested)


def _begun(comparison: Compared, name: str, rows: pd.DataFrame, words: Words) -> Table:
    """In how many worlds something begins, and how much later where it does under both."""
    lines = []
    for _, row in rows.iterrows():
        change = words(
            "verdict.brief",
            value=words.signed(row["both_difference"]),
            low=words.signed(row["both_low"]),
            high=words.signed(row["both_high"]),
        )
        lines.append(
            [
                words.name("outcome", row["outcome"], row["label"]),
                words.percent(row["begins_a"]),
                words.percent(row["begins_b"]),
                words.number(row["both"]),
                change if np.isfinite(row["both_low"]) else "–",
            ]
        )
    columns = [
        words("verdict.begins"), comparison.policies[0], name, words("verdict.both"),
        words("verdict.both_difference"),
    ]  # fmt: skip
    untested = tuple(np.flatnonzero(~rows["validated"].to_numpy(bool)).tolist())
    return Table(columns, lines, [False, True, True, True, True], rows_unvalidated=untested)


def _level(value: float, unit: str, words: Words) -> str:
    if unit in SHARES:
        return words.percent(value)
    return words.number(value) if unit in WHOLE and abs(value) >= 10 else words.short(value)


def variance_section(comparison: Compared, words: Words) -> Section:
    """What makes outcomes differ: luck, not knowing the parameters, the policy."""
    kinds = (("policy", "orange"), ("parameters", "sky"), ("luck", "pale"))
    blocks = []
    for name in comparison.policies[1:]:
        rows = comparison.verdicts[comparison.verdicts["policy"] == name]
        drawn = []
        for _, row in rows.iterrows():
            shares = [(row[f"share_{kind}"], colour) for kind, colour in kinds]
            if not all(np.isfinite(share) for share, _ in shares):
                continue
            label = words.name("outcome", row["outcome"], row["label"])
            shown = [words.percent(share) for share, _ in shares]
            strokes = parts(shares, shown)
            drawn.append(Row(label, strokes, "", not row["validated"]))
        legend = [(words(f"variance.{kind}"), colour) for kind, colour in kinds]
        blocks.append(Strips(name, words("variance.unit"), drawn, legend))
    name = comparison.policies[1]
    head = comparison.of(HEADLINE, name)
    title = words(
        "variance.title_fixed" if comparison.fixed_world else "variance.title",
        policy=words.percent(head["share_policy"]),
        parameters=words.percent(head["share_parameters"]),
        luck=words.percent(head["share_luck"]),
    )
    if comparison.number_of_draws < told.ENOUGH_DRAWS or not np.isfinite(head["share_luck"]):
        return Section(
            "variance", words("topic.variance"),
            words("variance.few", n=words.number(comparison.number_of_draws)),
            words("variance.lead"), blocks,
        )  # fmt: skip
    if len(blocks) > 1:
        title = words("verdict.of", policy=name) + title
    return Section("variance", words("topic.variance"), title, words("variance.lead"), blocks)
