"""What indices say (`indices`): which factors matter, and how sure their order is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from comsim.studies.analysis import indices
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.indices import Measured
from comsim.studies.analysis.phrasing import KINDS, amount, between, gaps, listed, share, upper
from comsim.studies.analysis.ranking import Order, order, told
from comsim.studies.analysis.swept import Outcome, Swept

LITTLE = 0.05  # of the variance, or of the largest mu*: surely smaller factors hardly matter
MANY = 3  # factors of a kind, or pairs, that are told


@dataclass(frozen=True)
class Method:
    """How a design's indices are told."""

    level: str
    """The column that factors are ordered by."""
    blocks: str
    """What the design is made of."""
    powers: bool
    """Whether it wants a power of two of them."""
    relative: bool
    """Whether what is little is a share of the largest."""


SOBOL = Method("total", "base points", powers=True, relative=False)
MORRIS = Method("mu_star", "trajectories", powers=False, relative=True)


def sensitivity(swept: Swept, name: str) -> list[Answer]:
    """The answers that a design's indices give about an outcome; none for other designs."""
    if swept.design == "morris":
        return [morris(swept, name)]
    if swept.design != "sobol":
        return []
    more = swept.second_order and len(swept.factors) > 1
    return [sobol(swept, name), *([sobol_pairs(swept, name)] if more else [])]


def sobol(swept: Swept, name: str) -> Answer:
    """Sobol's first-order and total indices; the table is that of `indices.sobol`."""
    outcome, found = swept.outcome(name), indices.sobol(swept, name)
    if not found.varies:
        return _nothing(swept, outcome, found, SOBOL, f"sobol_{name}")
    table, ranks = found.table, _order(found, SOBOL)
    first, unsure = table.iloc[0], table[~table["told"]]

    def span(row: pd.Series) -> str:
        return f"[{share(row['total_low'])}, {share(row['total_high'])}] with others"

    def tell(row: pd.Series) -> str:
        if not row["told"]:
            return f"{row['label']} uncertain {span(row)}"
        return f"{row['label']} {share(row['first'])} by itself, {share(row['total'])} {span(row)}"

    if first["told"]:
        words = (
            f"{share(first['first'])} of what varies by itself, {share(first['total'])} with others"
        )
        title = _title(outcome, table, SOBOL.level, words)
        text = f"shares of what varies as all factors do. {_by_kind(table, ranks.small, tell)}"
        together = 1 - float(table["first"].sum())
        if together > LITTLE and unsure.empty:
            text += (
                f" {share(together)} comes only from interactions, or from stochastic variation."
            )
        if ranks.small:
            text += f" Hardly matter (under {share(LITTLE)} each): {listed(ranks.small)}."
    else:
        title = f"{upper(outcome.label)}: too few base points to see what matters most"
        spans = "; ".join(f"{row['label']} {span(row)}" for _, row in unsure.head(MANY).iterrows())
        text = f"intervals are too wide to give shares of what varies: {spans}."
    return Answer(
        name=f"sobol_{name}",
        title=title,
        sentence=f"{upper(outcome.label)}: {text}",
        table=table,
        warnings=tuple(_warnings(swept, outcome, found, ranks, SOBOL)),
        figure="indices.sobol",
        data={"rows": table, "outcome": outcome.label},
    )


def sobol_pairs(swept: Swept, name: str) -> Answer:
    """Sobol's second-order indices; the table is that of `indices.sobol_pairs`."""
    outcome, found = swept.outcome(name), indices.sobol_pairs(swept, name)
    if not found.varies:
        return _nothing(swept, outcome, found, SOBOL, f"sobol_pairs_{name}")
    clear = [
        f"{row.label} and {row.other_label} {share(row.share)} [{share(row.low)}, "
        f"{share(row.high)}]"
        for row in found.table.itertuples()
        if row.clear
    ]
    label = upper(outcome.label)
    title = f"{label}: no pair of factors makes a clear share"
    if not found.table["told"].all():
        title = f"{label}: too few base points to give shares of pairs"
    sentence = f"{title}."
    if clear:
        first = found.table[found.table["clear"]].iloc[0]
        title = f"{label}: {first['label']} and {first['other_label']} work on each other"
        more = f"; and {len(clear) - MANY} more" if len(clear) > MANY else ""
        sentence = (
            f"{label}, of what varies, what two factors make only together: "
            f"{'; '.join(clear[:MANY])}{more}."
        )
    return Answer(
        name=f"sobol_pairs_{name}",
        title=title,
        sentence=sentence,
        table=found.table,
        warnings=tuple(_warnings(swept, outcome, found, None, SOBOL)),
        figure="indices.pairs",
        data={"rows": found.table, "outcome": outcome.label, "unit": outcome.unit},
    )


def morris(swept: Swept, name: str) -> Answer:
    """Morris' measures; the table is that of `indices.morris`."""
    outcome, found = swept.outcome(name), indices.morris(swept, name)
    if not found.varies:
        return _nothing(swept, outcome, found, MORRIS, f"morris_{name}")
    table, ranks = found.table, _order(found, MORRIS)

    def tell(row: pd.Series) -> str:
        way = "up" if row["mu_low"] > 0 else "down" if row["mu_high"] < 0 else "up or down"
        if row["mu_star_low"] <= row["luck"]:
            way = "may be luck"
        even = row["sigma"] < row["mu_star"] / 2 or way == "may be luck"
        return (
            f"{row['label']} {amount(row['mu_star'], outcome.unit)} "
            f"{between(row['mu_star_low'], row['mu_star_high'], outcome.unit)}, {way}"
            f"{'' if even else ', not the same everywhere'}"
        )

    each = _by_kind(table, ranks.small, tell)
    text = f"how far a factor moves it over its range, on average. {each}"
    if ranks.small:
        text += f" Hardly matter (under {share(LITTLE)} of the first): {listed(ranks.small)}."
    words = f"{amount(table['mu_star'][0], outcome.unit)} over its range"
    return Answer(
        name=f"morris_{name}",
        title=_title(outcome, table, MORRIS.level, words),
        sentence=f"{upper(outcome.label)}: {text}",
        table=table,
        warnings=tuple(_warnings(swept, outcome, found, ranks, MORRIS)),
        figure="indices.morris",
        data={"rows": table, "outcome": outcome.label, "unit": outcome.unit},
    )


def _nothing(swept: Swept, outcome: Outcome, found: Measured, method: Method, name: str) -> Answer:
    same = "the same at all base points" if method is SOBOL else "the same at all points"
    why = same if found.enough else f"too few {method.blocks} for indices"
    title = f"{upper(outcome.label)}: {why}"
    lines = tuple(_warnings(swept, outcome, found, None, method))
    return Answer(name=name, title=title, sentence=f"{title}.", table=found.table, warnings=lines)


def _order(found: Measured, method: Method) -> Order:
    table, level = found.table, method.level
    little = LITTLE * (float(table[level].max()) if method.relative else 1.0)
    half = table["total_half"] if level == "total" else table[f"{level}_high"] - table[level]
    return order(list(table["label"]), table[level].to_numpy(), half.to_numpy(), little)


def _title(outcome: Outcome, table: pd.DataFrame, level: str, words: str) -> str:
    """What matters most, if any factor is clear of all others."""
    tied = list(table["label"][table[f"{level}_high"] >= table[f"{level}_low"][0]])
    label = upper(outcome.label)
    if len(tied) == 1:
        return f"{label}: {tied[0]} matters most, {words}"
    names = listed(tied if len(tied) <= MANY else [*tied[:MANY], "others"], "or")
    return f"{label}: {names} matters most, which of them is open"


def _by_kind(table: pd.DataFrame, small: tuple[str, ...], tell: Callable[..., str]) -> str:
    parts = []
    for kind, words in KINDS.items():
        rows = table[(table["kind"] == kind) & ~table["label"].isin(small)]
        if len(rows):
            said = [tell(row) for _, row in rows.head(MANY).iterrows()]
            more = f"; and {len(rows) - MANY} more" if len(rows) > MANY else ""
            parts.append(f"{upper(words)}: {'; '.join(said)}{more}.")
    return " ".join(parts)


def _more_points(found: Measured) -> str:
    """A note on the points needed if intervals are too wide; width falls with the square root."""
    halves = found.table[[name for name in found.table if name.endswith("_half")]].max(axis=1)
    wanted = 2 ** np.ceil(np.log2(found.whole * (halves.max() / indices.WIDE) ** 2))
    return (
        f"{found.whole:,} base points are too few: intervals are up to {200 * halves.max():,.0f} "
        f"points wide. With about {wanted:,.0f} none would be wider than {200 * indices.WIDE:.0f}, "
        "and all shares would be given."
    )


def _warnings(
    swept: Swept, outcome: Outcome, found: Measured, ranks: Order | None, method: Method
) -> Iterator[str]:
    yield from gaps(swept, outcome)
    if left := found.blocks - found.whole:
        yield (
            f"{left:,} of {found.blocks:,} {method.blocks} are left out, since a run of theirs "
            f"failed or has no {outcome.label}: the indices hold for the others."
        )
    unsure = method is SOBOL and found.varies and not found.table["told"].all()
    if unsure:
        yield _more_points(found)
    if ranks is None:
        return
    # Shares that are not given have no order, either.
    if not unsure and (text := told(ranks, found.whole, method.blocks, method.powers)):
        yield text
    luck, level = found.table["luck"], method.level
    most = float(found.table[level].max()) if method.relative else 1.0
    if luck.max() > LITTLE * most:
        part = share(float(luck.max()) / most)
        of = "the first factor's mean change" if method.relative else "what varies, in each total"
        yield (
            f"Luck that means over {swept.worlds} worlds keep makes up to {part} of {of}; more "
            "worlds would lower it."
        )
    if lost := list(found.table["label"][found.table[f"{level}_low"] <= luck]):
        yield f"Not told from luck: {listed(lost)}."
