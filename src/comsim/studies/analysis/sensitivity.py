"""Sensitivity indices as answers: which factors matter, and whether their order is resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from comsim.statistics.ranking import Ranking, ranking
from comsim.studies.analysis import indices
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.indices import Indices
from comsim.studies.analysis.phrasing import KINDS, amount, between, gaps, listed, share, upper
from comsim.studies.analysis.swept import Outcome, Swept

LITTLE = 0.05  # of the variance, or of the largest mu*: factors below it hardly matter
MANY = 3  # factors of a kind, or pairs, that are described
UNRESOLVED = "may be stochastic variation"
MOST = 64.0  # times as many points: beyond, a tie is not worth resolving


@dataclass(frozen=True)
class Method:
    """A design with sensitivity indices."""

    level: str
    """The column by which factors are ordered."""
    blocks: str
    """The units of the design."""
    powers: bool
    """Whether their number must be a power of two."""
    relative: bool
    """Whether LITTLE is relative to the largest value."""


SOBOL = Method("total", "base points", powers=True, relative=False)
MORRIS = Method("mu_star", "trajectories", powers=False, relative=True)


def sensitivity(swept: Swept, name: str) -> list[Answer]:
    """The sensitivity indices of an outcome; none for other designs."""
    if swept.design == "morris":
        return [morris(swept, name)]
    if swept.design != "sobol":
        return []
    more = swept.second_order and len(swept.factors) > 1
    return [sobol(swept, name), *([sobol_pairs(swept, name)] if more else [])]


def sobol(swept: Swept, name: str) -> Answer:
    """Sobol's first-order and total indices; the table is that of `indices.sobol`."""
    outcome, result = swept.outcome(name), indices.sobol(swept, name)
    if not result.varies:
        return _nothing(swept, outcome, result, SOBOL, f"sobol_{name}")
    table, ranks = result.table, _order(result, SOBOL)
    first, unsure = table.iloc[0], table[~table["told"]]

    def span(row: pd.Series) -> str:
        return f"[{share(row['total_low'])}, {share(row['total_high'])}] including interactions"

    def describe(row: pd.Series) -> str:
        if not row["told"]:
            return f"{row['label']} uncertain {span(row)}"
        return f"{row['label']} {share(row['first'])} alone, {share(row['total'])} {span(row)}"

    if first["told"]:
        words = (
            f"{share(first['first'])} of the variance alone, {share(first['total'])} including "
            "interactions"
        )
        title = _title(outcome, table, SOBOL.level, words)
        text = f"shares of the variance. {_by_kind(table, ranks.small, describe)}"
        together = 1 - float(table["first"].sum())
        if together > LITTLE and unsure.empty:
            text += f" {share(together)} is due to interactions or stochastic variation."
        if ranks.small:
            text += f" Hardly matter (below {share(LITTLE)} each): {listed(ranks.small)}."
    else:
        title = f"{upper(outcome.label)}: too few base points to see which factor matters most"
        spans = "; ".join(f"{row['label']} {span(row)}" for _, row in unsure.head(MANY).iterrows())
        text = f"intervals are too wide to report shares of the variance: {spans}."
    return Answer(
        name=f"sobol_{name}",
        title=title,
        sentence=f"{upper(outcome.label)}: {text}",
        table=table,
        warnings=tuple(_warnings(swept, outcome, result, ranks, SOBOL)),
        figure="indices.sobol",
        data={"rows": table, "outcome": outcome.label},
    )


def sobol_pairs(swept: Swept, name: str) -> Answer:
    """Sobol's second-order indices; the table is that of `indices.sobol_pairs`."""
    outcome, result = swept.outcome(name), indices.sobol_pairs(swept, name)
    if not result.varies:
        return _nothing(swept, outcome, result, SOBOL, f"sobol_pairs_{name}")
    clear = [
        f"{row.label} and {row.other_label} {share(row.share)} [{share(row.low)}, "
        f"{share(row.high)}]"
        for row in result.table.itertuples()
        if row.clear
    ]
    label = upper(outcome.label)
    title = f"{label}: no pair of factors clearly interacts"
    if not result.table["told"].all():
        title = f"{label}: too few base points to report shares of pairs"
    sentence = f"{title}."
    if clear:
        first = result.table[result.table["clear"]].iloc[0]
        title = f"{label}: {first['label']} and {first['other_label']} interact"
        more = f"; and {len(clear) - MANY} more" if len(clear) > MANY else ""
        sentence = (
            f"{label}, share of the variance due to the interaction of two factors: "
            f"{'; '.join(clear[:MANY])}{more}."
        )
    return Answer(
        name=f"sobol_pairs_{name}",
        title=title,
        sentence=sentence,
        table=result.table,
        warnings=tuple(_warnings(swept, outcome, result, None, SOBOL)),
        figure="indices.pairs",
        data={"rows": result.table, "outcome": outcome.label, "unit": outcome.unit},
    )


def morris(swept: Swept, name: str) -> Answer:
    """Morris' measures; the table is that of `indices.morris`."""
    outcome, result = swept.outcome(name), indices.morris(swept, name)
    if not result.varies:
        return _nothing(swept, outcome, result, MORRIS, f"morris_{name}")
    table, ranks = result.table, _order(result, MORRIS)

    def describe(row: pd.Series) -> str:
        way = "up" if row["mu_low"] > 0 else "down" if row["mu_high"] < 0 else "up or down"
        if row["mu_star_low"] <= row["luck"]:
            way = UNRESOLVED
        even = row["sigma"] < row["mu_star"] / 2 or way == UNRESOLVED
        return (
            f"{row['label']} {amount(row['mu_star'], outcome.unit)} "
            f"{between(row['mu_star_low'], row['mu_star_high'], outcome.unit)}, {way}"
            f"{'' if even else ', different from place to place'}"
        )

    each = _by_kind(table, ranks.small, describe)
    text = f"mean absolute change over the range of a factor. {each}"
    if ranks.small:
        text += f" Hardly matter (below {share(LITTLE)} of the first): {listed(ranks.small)}."
    words = f"{amount(table['mu_star'][0], outcome.unit)} over its range"
    return Answer(
        name=f"morris_{name}",
        title=_title(outcome, table, MORRIS.level, words),
        sentence=f"{upper(outcome.label)}: {text}",
        table=table,
        warnings=tuple(_warnings(swept, outcome, result, ranks, MORRIS)),
        figure="indices.morris",
        data={"rows": table, "outcome": outcome.label, "unit": outcome.unit},
    )


def _nothing(swept: Swept, outcome: Outcome, result: Indices, method: Method, name: str) -> Answer:
    same = "the same at all base points" if method is SOBOL else "the same at all points"
    why = same if result.enough else f"too few {method.blocks} for indices"
    title = f"{upper(outcome.label)}: {why}"
    lines = tuple(_warnings(swept, outcome, result, None, method))
    return Answer(name=name, title=title, sentence=f"{title}.", table=result.table, warnings=lines)


def _order(result: Indices, method: Method) -> Ranking:
    table, level = result.table, method.level
    little = LITTLE * (float(table[level].max()) if method.relative else 1.0)
    half = table["total_half"] if level == "total" else table[f"{level}_high"] - table[level]
    return ranking(list(table["label"]), table[level].to_numpy(), half.to_numpy(), little)


def _title(outcome: Outcome, table: pd.DataFrame, level: str, words: str) -> str:
    """Which factor matters most, if it is clear of all others."""
    tied = list(table["label"][table[f"{level}_high"] >= table[f"{level}_low"][0]])
    label = upper(outcome.label)
    if len(tied) == 1:
        return f"{label}: {tied[0]} matters most, {words}"
    names = listed(tied if len(tied) <= MANY else [*tied[:MANY], "others"], "or")
    return f"{label}: {names} matters most; which of them is unresolved"


def _by_kind(table: pd.DataFrame, small: tuple[str, ...], describe: Callable[..., str]) -> str:
    parts = []
    for kind, words in KINDS.items():
        rows = table[(table["kind"] == kind) & ~table["label"].isin(small)]
        if len(rows):
            described = [describe(row) for _, row in rows.head(MANY).iterrows()]
            more = f"; and {len(rows) - MANY} more" if len(rows) > MANY else ""
            parts.append(f"{upper(words)}: {'; '.join(described)}{more}.")
    return " ".join(parts)


def _more_points(result: Indices) -> str:
    """A note on the points needed if intervals are too wide; the width falls with the square root
    of their number."""
    halves = result.table[[name for name in result.table if name.endswith("_half")]].max(axis=1)
    wanted = 2 ** np.ceil(np.log2(result.complete * (halves.max() / indices.WIDE) ** 2))
    return (
        f"{result.complete:,} base points are too few: intervals are up to "
        f"{200 * halves.max():,.0f} percentage points wide. About {wanted:,.0f} base points would "
        f"make all of them narrower than {200 * indices.WIDE:.0f}, so that all shares could be "
        "reported."
    )


def _warnings(
    swept: Swept, outcome: Outcome, result: Indices, ranks: Ranking | None, method: Method
) -> Iterator[str]:
    yield from gaps(swept, outcome)
    if left := result.blocks - result.complete:
        yield (
            f"{left:,} of {result.blocks:,} {method.blocks} are excluded, since a run in them "
            f"failed or has no {outcome.label}: the indices apply to the others."
        )
    unsure = method is SOBOL and result.varies and not result.table["told"].all()
    if unsure:
        yield _more_points(result)
    if ranks is None:
        return
    # Shares that are not reported have no order, either.
    if not unsure and (text := _ties(ranks, result.complete, method)):
        yield text
    variation, level = result.table["luck"], method.level
    most = float(result.table[level].max()) if method.relative else 1.0
    if variation.max() > LITTLE * most:
        part = share(float(variation.max()) / most)
        of = "the first factor's mean change" if method.relative else "the variance in each total"
        yield (
            f"Stochastic variation that remains in means over {swept.worlds} worlds accounts for "
            f"up to {part} of {of}; more worlds would reduce it."
        )
    if lost := list(result.table["label"][result.table[f"{level}_low"] <= variation]):
        yield f"Not distinguishable from stochastic variation: {listed(lost)}."


def _ties(ranks: Ranking, points: int, method: Method) -> str:
    """A sentence on an unresolved order, for so many points; empty if the order is clear."""
    if not ranks.tied:
        return ""
    groups = "; ".join(listed(names) for names in ranks.tied)
    if ranks.times > MOST:
        more = f"needs more than {MOST:.0f} times as many {method.blocks}: treat them as equal"
    else:
        wanted = points * ranks.times
        wanted = 2 ** np.ceil(np.log2(wanted)) if method.powers else np.ceil(wanted / 10) * 10
        more = (
            f"needs about {wanted:,.0f} {method.blocks} (there are {points:,}), if they differ as "
            "much as estimated"
        )
    first = listed(ranks.tied[0])
    return f"The order is unresolved (intervals overlap): {groups}. To separate {first} {more}."
