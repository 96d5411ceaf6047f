"""The verdict: in a sentence, in a row of figures, and outcome by outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.report.chart import Table
from comsim.report.page import Items, Section, Tile, Tiles
from comsim.report.strips import Row, Strips, parts
from comsim.report.words import Words

if TYPE_CHECKING:
    import pandas as pd

    from comsim.report.compared import Compared

HEADLINE = "wau_mean"
HARDLY = 0.02  # as a share: a difference that is surely smaller is told as hardly any
VAGUE = 2.0  # width of an interval, as a share, from which a difference is told in its unit
SHARES = {"share", "ratio"}
WHOLE = {"people", "days", "day", "currency"}  # units in which fractions say nothing


def sentence(comparison: Compared, policy: str, words: Words, brief: bool = False) -> str:
    """The verdict on one policy against the first, on mean weekly members."""
    row = comparison.of(HEADLINE, policy)
    key = "verdict.brief" if brief else "verdict.change"
    low, high = _bounds(row, words)
    small = all(abs(row[f"relative_{end}"]) < HARDLY for end in ("low", "high"))
    verdict = "hardly" if small and row["verdict"] != "no difference" else row["verdict"]
    return words(
        f"verdict.sentence_{verdict.replace(' ', '_')}",
        first=comparison.policies[0],
        policy=policy,
        outcome=words.name("outcome", HEADLINE),
        wins=words.number(row["wins"]),
        losses=words.number(row["losses"]),
        n=words.number(row["worlds"]),
        of=words("verdict.draws" if comparison.fixed_world else "verdict.worlds"),
        change=words(key, value=_difference(row, words), low=low, high=high),
    )


def headline(comparison: Compared, words: Words) -> str:
    """One sentence for the top of the page."""
    others = comparison.policies[1:]
    if len(others) == 1:
        return sentence(comparison, others[0], words, brief=True)
    first = words("verdict.many", n=words.number(len(others)), first=comparison.policies[0])
    best = max(others, key=lambda name: comparison.of(HEADLINE, name)["difference"])
    return f"{first}{sentence(comparison, best, words, brief=True)}"


def section(comparison: Compared, words: Words) -> Section:
    """The sentence for each policy, and key figures of the first of them."""
    others = comparison.policies[1:]
    blocks: list[Any] = [_tiles(comparison, name, words) for name in others]
    told = [sentence(comparison, name, words) for name in others]
    told += [
        _why(comparison.of(HEADLINE, name), name, comparison.fixed_world, words) for name in others
    ]
    blocks.append(Items([words.stop(text) for text in told if text]))
    return Section("finding", words("topic.verdict"), "", "", blocks)


def _why(row: pd.Series, name: str, fixed: bool, words: Words) -> str:
    """What the difference varies by, and how many worlds it takes."""
    told, unknown = [], row["difference_parameters"]
    if np.isfinite(unknown) and not fixed:
        told.append(
            words("verdict.why", unknown=words.percent(unknown), luck=words.percent(1 - unknown))
        )
    if np.isfinite(row["pairing"]):
        told.append(words("verdict.pairing", pairing=words.short(row["pairing"])))
    if np.isfinite(row["worlds_to_tell"]):
        told.append(words("verdict.to_tell", worlds=words.number(row["worlds_to_tell"])))
    return words("verdict.of", policy=name) + words.clauses(told) if told else ""


def _tiles(comparison: Compared, name: str, words: Words) -> Tiles:
    head = comparison.of(HEADLINE, name)
    tiles = [
        Tile(
            words("verdict.tile_better"),
            words.percent(head["better"]),
            words("verdict.tile_better_note", policy=name, low=words.percent(head["better_low"]),
                  high=words.percent(head["better_high"])),
        )
    ]  # fmt: skip
    for outcome in (HEADLINE, "retention_90", "trust", "profit"):
        found = comparison.verdicts
        row = found[(found["policy"] == name) & (found["outcome"] == outcome)]
        if len(row):
            one = row.iloc[0]
            low, high = _bounds(one, words)
            tiles.append(
                Tile(
                    words.name("outcome", outcome, one["label"]),
                    _difference(one, words),
                    words("verdict.interval", low=low, high=high),
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
    if row["unit"] in SHARES:
        return words("verdict.points", n=words.signed(100 * row["difference"]))
    if _relative(row):
        return words.signed(100 * row["relative"], "%")
    return words.signed(row["difference"])


def _relative(row: pd.Series) -> bool:
    """Whether a difference is told as a share of the first policy's mean."""
    wide = row["relative_high"] - row["relative_low"]
    return bool(np.isfinite(row["relative"]) and wide < VAGUE)


def _bounds(row: pd.Series, words: Words) -> tuple[str, str]:
    """The ends of its interval, in the same way."""
    if row["unit"] in SHARES:
        return words.signed(100 * row["low"]), words.signed(100 * row["high"])
    if _relative(row):
        low, high = row["relative_low"], row["relative_high"]
        return words.signed(100 * low, "%"), words.signed(100 * high, "%")
    return words.signed(row["low"]), words.signed(row["high"])


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
    clear = int((~verdicts.isin(["not clear", "no difference"])).sum())
    title = words("verdict.title", clear=words.number(clear), n=words.number(len(verdicts)))
    return Section("verdicts", words("topic.outcomes"), title, words("verdict.lead"), blocks)


def _table(comparison: Compared, name: str, rows: pd.DataFrame, words: Words) -> Table:
    told = []
    for _, row in rows.iterrows():
        low, high = _bounds(row, words)
        change = words("verdict.brief", value=_difference(row, words), low=low, high=high)
        told.append(
            [
                words.name("outcome", row["outcome"], row["label"]),
                _level(row["mean_a"], row["unit"], words),
                _level(row["mean_b"], row["unit"], words),
                change if np.isfinite(row["low"]) else _difference(row, words),
                words.percent(row["better"]) if row["good"] else "–",
                words.name("verdict", row["verdict"].replace(" ", "_")),
            ]
        )
    columns = [
        words("verdict.outcome"), comparison.policies[0], name, words("verdict.difference"),
        words("verdict.better_share"), words("verdict.verdict"),
    ]  # fmt: skip
    untested = tuple(np.flatnonzero(~rows["validated"].to_numpy(bool)).tolist())
    return Table(columns, told, [False, True, True, True, True, False], rows_unvalidated=untested)


def _begun(comparison: Compared, name: str, rows: pd.DataFrame, words: Words) -> Table:
    """In how many worlds something begins, and how much later where it does under both."""
    told = []
    for _, row in rows.iterrows():
        change = words(
            "verdict.brief",
            value=words.signed(row["both_difference"]),
            low=words.signed(row["both_low"]),
            high=words.signed(row["both_high"]),
        )
        told.append(
            [
                words.name("outcome", row["outcome"], row["label"]),
                words.percent(row["begins_a"]),
                words.percent(row["begins_b"]),
                words.number(row["both"]),
                change if np.isfinite(row["both_difference"]) else "–",
            ]
        )
    columns = [
        words("verdict.begins"), comparison.policies[0], name, words("verdict.both"),
        words("verdict.both_difference"),
    ]  # fmt: skip
    untested = tuple(np.flatnonzero(~rows["validated"].to_numpy(bool)).tolist())
    return Table(columns, told, [False, True, True, True, True], rows_unvalidated=untested)


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
    if len(blocks) > 1:
        title = words("verdict.of", policy=name) + title
    return Section("variance", words("topic.variance"), title, words("variance.lead"), blocks)
