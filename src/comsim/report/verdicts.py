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
WHOLE = {"people", "days", "day", "currency"}  # units in which fractions say nothing


def sentence(comparison: Compared, policy: str, words: Words) -> str:
    """The verdict on one policy against the first, on mean weekly members."""
    row = comparison.of(HEADLINE, policy)
    key = row["verdict"].replace(" ", "_")
    return words(
        f"verdict.sentence_{key}",
        first=comparison.policies[0],
        policy=policy,
        outcome=words.name("outcome", HEADLINE),
        wins=words.number(row["wins"]),
        losses=words.number(row["losses"]),
        n=words.number(row["worlds"]),
        of=words("verdict.draws" if comparison.fixed_world else "verdict.worlds"),
        change=_change(row, words),
    )


def _change(row: pd.Series, words: Words) -> str:
    """How large the difference is, with its interval."""
    if np.isfinite(row["relative"]):
        shown = [words.signed(100 * row[f"relative{x}"], "%") for x in ("", "_low", "_high")]
    else:
        shown = [words.signed(row[x]) for x in ("difference", "low", "high")]
    return words("verdict.change", value=shown[0], low=shown[1], high=shown[2])


def headline(comparison: Compared, words: Words) -> str:
    """One sentence for the top of the page."""
    others = comparison.policies[1:]
    if len(others) == 1:
        return sentence(comparison, others[0], words)
    first = words("verdict.many", n=words.number(len(others)), first=comparison.policies[0])
    best = max(others, key=lambda name: comparison.of(HEADLINE, name)["difference"])
    return f"{first}{sentence(comparison, best, words)}"


def section(comparison: Compared, words: Words) -> Section:
    """The sentence for each policy, and key figures of the first of them."""
    others = comparison.policies[1:]
    blocks: list[Any] = [_tiles(comparison, name, words) for name in others]
    told = [words.stop(sentence(comparison, name, words)) for name in others]
    told += [words.stop(_why(comparison.of(HEADLINE, name), name, words)) for name in others]
    blocks.append(Items(told))
    return Section("finding", words("topic.verdict"), "", "", blocks)


def _why(row: pd.Series, name: str, words: Words) -> str:
    """What the difference varies by, and how many worlds it takes."""
    return words(
        "verdict.why",
        policy=name,
        unknown=words.percent(row["difference_parameters"]),
        luck=words.percent(1 - row["difference_parameters"]),
        pairing=words.short(row["pairing"]),
        worlds=words.number(row["worlds_to_tell"]),
    )


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
            tiles.append(
                Tile(
                    words.name("outcome", outcome, one["label"]),
                    _difference(one, words),
                    _interval(one, words),
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
    if row["unit"] == "share":
        return words("verdict.points", n=words.signed(100 * row["difference"]))
    if np.isfinite(row["relative"]):
        return words.signed(100 * row["relative"], "%")
    return words.signed(row["difference"])


def _interval(row: pd.Series, words: Words) -> str:
    if row["unit"] == "share":
        low, high = (words.signed(100 * row[key]) for key in ("low", "high"))
    elif np.isfinite(row["relative"]):
        low, high = (words.signed(100 * row[f"relative_{key}"], "%") for key in ("low", "high"))
    else:
        low, high = (words.signed(row[key]) for key in ("low", "high"))
    return words("verdict.interval", low=low, high=high)


def table_section(comparison: Compared, words: Words) -> Section:
    """Every outcome, with the difference, its interval and the verdict; one table a policy."""
    blocks: list[Any] = []
    for name in comparison.policies[1:]:
        rows = comparison.verdicts[comparison.verdicts["policy"] == name]
        blocks.append(_table(comparison, name, rows, words))
    verdicts = comparison.verdicts["verdict"]
    clear = int((~verdicts.isin(["not clear", "no difference"])).sum())
    title = words("verdict.title", clear=words.number(clear), n=words.number(len(verdicts)))
    return Section("verdicts", words("topic.outcomes"), title, words("verdict.lead"), blocks)


def _table(comparison: Compared, name: str, rows: pd.DataFrame, words: Words) -> Table:
    told = []
    for _, row in rows.iterrows():
        verdict = words.name("verdict", row["verdict"].replace(" ", "_"))
        told.append(
            [
                words.name("outcome", row["outcome"], row["label"]),
                _level(row["mean_a"], row["unit"], words),
                _level(row["mean_b"], row["unit"], words),
                f"{_difference(row, words)}\n{_interval(row, words)}",
                words.percent(row["better"]),
                verdict,
            ]
        )
    columns = [
        words("verdict.outcome"), comparison.policies[0], name, words("verdict.difference"),
        words("verdict.better_share"), words("verdict.verdict"),
    ]  # fmt: skip
    untested = tuple(np.flatnonzero(~rows["validated"].to_numpy(bool)).tolist())
    return Table(columns, told, [False, True, True, True, True, False], rows_unvalidated=untested)


def _level(value: float, unit: str, words: Words) -> str:
    if unit == "share":
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
    head = comparison.of(HEADLINE, comparison.policies[1])
    title = words(
        "variance.title",
        policy=words.percent(head["share_policy"]),
        parameters=words.percent(head["share_parameters"]),
        luck=words.percent(head["share_luck"]),
    )
    return Section("variance", words("topic.variance"), title, words("variance.lead"), blocks)
