"""The verdict: in a sentence, in a row of figures, and outcome by outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.language.amounts import probability, rounded
from comsim.language.phrases import Words
from comsim.present.report.chart import Table
from comsim.present.report.page import Items, Section, Tile, Tiles
from comsim.present.report.strips import Row, Strips, parts
from comsim.studies.comparison import finding as told
from comsim.studies.comparison.finding import HEADLINE, SHARES

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.comparison.comparison import Comparison


def sentence(comparison: Comparison, policy: str, words: Words, brief: bool = False) -> str:
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
        change=_ranged(row, words, "verdict.brief" if brief else "verdict.change"),
    )


def headline(comparison: Comparison, words: Words) -> str:
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


def measured(comparison: Comparison, words: Words) -> str:
    """The day from which effects are measured; empty if that is day 0 for all policies."""
    others = comparison.policies[1:]
    since = dict(zip(others, comparison.since[1:], strict=True))
    if not any(since.values()):
        return ""
    told_of = {
        name: words("verdict.since", date=words.date(day), day=words.number(day))
        if day
        else words("verdict.whole_run")
        for name, day in since.items()
    }
    if len(set(since.values())) == 1:
        return words.stop(words.sentence([told_of[others[0]]]))
    named = [words("verdict.of", policy=name) + text for name, text in told_of.items()]
    return words.stop(words.clauses(named))


def section(comparison: Comparison, words: Words) -> Section:
    """The sentence for each policy, and key figures of the first of them."""
    others = comparison.policies[1:]
    blocks: list[Any] = [_tiles(comparison, name, words) for name in others]
    texts = [sentence(comparison, name, words) for name in others]
    texts += [_why(comparison, name, words) for name in others]
    blocks.append(Items([words.stop(text) for text in texts if text]))
    return Section("finding", words("topic.verdict"), "", "", blocks)


def _why(comparison: Comparison, name: str, words: Words) -> str:
    """What the difference varies by, and how many worlds it takes."""
    row = comparison.of(HEADLINE, name)
    if row["verdict"] == "no difference":
        return ""
    reasons, parts = told.why(row, comparison), []
    if reasons.unknown:
        unknown, low, high = map(words.percent, reasons.unknown)
        parts.append(words("verdict.why", unknown=unknown, low=low, high=high))
    if reasons.pairing:
        parts.append(words("verdict.pairing", pairing=rounded(reasons.pairing)[0]))
    if reasons.to_tell:
        parts.append(words("verdict.to_tell", worlds=rounded(reasons.to_tell)[0]))
    return words("verdict.of", policy=name) + words.clauses(parts) if parts else ""


def _tiles(comparison: Comparison, name: str, words: Words) -> Tiles:
    head = comparison.of(HEADLINE, name)
    tiles = []
    for outcome in (HEADLINE, "retention_90", "trust", "profit"):
        one = comparison.of(outcome, name)
        if _exists(one):
            _, middle, _ = _spread(one)
            tiles.append(
                Tile(
                    words.name("outcome", outcome, one["label"]),
                    _ranged(one, words, "verdict.range"),
                    words("verdict.range_note", value=_pointed(middle, one, words)),
                    unvalidated=not one["validated"],
                )
            )
    if head["verdict"] != "no difference":  # a tie is not a chance of being better
        low, high = probability(head["better_low"]), probability(head["better_high"])
        wins, n = words.number(head["wins"]), words.number(head["worlds"])
        value = words("verdict.tile_wins", wins=wins, n=n)
        key = "verdict.tile_ties_note" if head["ties"] else "verdict.tile_better_note"
        ties = words.number(head["ties"])
        note = words(key, policy=name, ties=ties, low=low, high=high)
        tiles.append(Tile(words("verdict.tile_better"), value, note))
    tiles.append(
        Tile(words("verdict.tile_worlds"), words.number(comparison.number),
             words("verdict.tile_fixed" if comparison.fixed_world else "verdict.tile_drawn"))
    )  # fmt: skip
    return Tiles(tiles)


def _exists(row: pd.Series) -> bool:
    return row["verdict"] not in ("does not exist", "begun before")


def _spread(row: pd.Series) -> tuple[str, str, str]:
    """The ends of the range over worlds, and the median between them."""
    *values, how = told.spread(row)
    return _in_units(values, how)


def _in_units(values: Sequence[float], how: told.How) -> tuple[str, ...]:
    """Differences shown together: in percent if they are relative."""
    scale, unit = (100, "%") if how == "relative" else (1, "")
    texts = rounded(*(scale * value for value in values), sign=True)
    return tuple(text + unit if text != "–" else text for text in texts)


def _ranged(row: pd.Series, words: Words, phrase: str) -> str:
    """The difference over worlds, in this phrase; a dash if it doesn't exist."""
    if not _exists(row):
        return "–"
    low, middle, high = _spread(row)
    text = _pointed(words("verdict.range", low=low, high=high), row, words)
    return text if phrase == "verdict.range" else words(phrase, range=text, value=middle)


def _mean(row: pd.Series, words: Words) -> str:
    """The mean difference, with its confidence interval if there is one."""
    if not _exists(row):
        return "–"
    value, low, high, how = told.change(row)
    middle, *ends = _in_units([value, low, high], how)
    text = middle
    if np.isfinite(low):
        text = words("verdict.mean_interval", value=middle, low=ends[0], high=ends[1])
    return _pointed(text, row, words)


def _pointed(text: str, row: pd.Series, words: Words) -> str:
    """Differences of shares are in points."""
    return words("verdict.points", n=text) if told.how(row) == "points" else text


def table_section(comparison: Comparison, words: Words) -> Section:
    """Every outcome, with the difference, its interval and the verdict; one table a policy."""
    blocks: list[Any] = []
    for name in comparison.policies[1:]:
        rows = comparison.verdicts[comparison.verdicts["policy"] == name]
        blocks.append(_table(comparison, name, rows, words))
        begin = rows[rows["begins_a"].notna() | (rows["before"] > 0)]
        if len(begin):
            blocks.append(_begun(comparison, name, begin, words))
    notes = [words("verdict.censored", n=words.number(comparison.days))]
    if any(comparison.since):
        notes.append(words("verdict.retrospect"))
    blocks.append(Items(notes))
    verdicts = comparison.verdicts["verdict"]
    verdicts = verdicts[~verdicts.isin(["does not exist", "begun before"])]
    clear = int((~verdicts.isin(["not clear", "no difference"])).sum())
    title = words("verdict.title", clear=words.number(clear), n=words.number(len(verdicts)))
    return Section("verdicts", words("topic.outcomes"), title, words("verdict.lead"), blocks)


def _table(comparison: Comparison, name: str, rows: pd.DataFrame, words: Words) -> Table:
    lines = []
    for _, row in rows.iterrows():
        exists = _exists(row)
        levels = _levels(row, words) if exists else ("–", "–")
        lines.append(
            [
                words.name("outcome", row["outcome"], row["label"]),
                _ranged(row, words, "verdict.range"),
                _pointed(_spread(row)[1], row, words) if exists else "–",
                *levels,
                _mean(row, words),
                probability(row["better"]) if row["good"] and exists else "–",
                words.name("verdict", row["verdict"].replace(" ", "_")),
            ]
        )
    first = comparison.policies[0]
    columns = [
        words("verdict.outcome"), words("verdict.difference"), words("verdict.median"),
        words("verdict.level", policy=first), words("verdict.level", policy=name),
        words("verdict.mean_difference"), words("verdict.better_share"), words("verdict.verdict"),
    ]  # fmt: skip
    untested = tuple(np.flatnonzero(~rows["validated"].to_numpy(bool)).tolist())
    return Table(columns, lines, [False, *[True] * 6, False], rows_unvalidated=untested)


def _begun(comparison: Comparison, name: str, rows: pd.DataFrame, words: Words) -> Table:
    """In how many worlds something begins, and how much later where it does under both."""
    since = comparison.since[comparison.policies.index(name)]
    lines = []
    for _, row in rows.iterrows():
        change = "–"
        if np.isfinite(row["both_mean_low"]):
            value, low, high = rounded(
                *(row[f"both_{end}"] for end in ("difference", "mean_low", "mean_high")), sign=True
            )
            change = words("verdict.mean_interval", value=value, low=low, high=high)
        lines.append(
            [
                words.name("outcome", row["outcome"], row["label"]),
                *([words.number(row["before"])] if since else []),
                words.percent(row["begins_a"]),
                words.percent(row["begins_b"]),
                words.number(row["both"]),
                change,
            ]
        )
    before = [words("verdict.before", day=words.number(since))] if since else []
    columns = [
        words("verdict.begins"), *before, comparison.policies[0], name, words("verdict.both"),
        words("verdict.both_difference"),
    ]  # fmt: skip
    untested = tuple(np.flatnonzero(~rows["validated"].to_numpy(bool)).tolist())
    numeric = [False, *[True] * (len(columns) - 1)]
    return Table(columns, lines, numeric, rows_unvalidated=untested)


def _levels(row: pd.Series, words: Words) -> tuple[str, ...]:
    """The means under both policies."""
    share = row["unit"] in SHARES
    texts = rounded(*((100 if share else 1) * row[name] for name in ("mean_a", "mean_b")))
    return tuple(f"{text}%" if share else text for text in texts)


def variance_section(comparison: Comparison, words: Words) -> Section:
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
