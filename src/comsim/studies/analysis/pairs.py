"""Interactions: pairs of factors of which one changes what the other does.

A pair's share is the part of the variance between points that it makes beyond the main effects of
its two factors and of all others:

    squares = rest of a fit of main effects - rest of the same with the pair's products

with chance taken off (`fit`), as luck shows it in a full grid, and else as what the fit with the
pair leaves. A pair is
clear if it makes 1 % of the variance or more, and Fisher's F finds it so with an error anywhere in
the list rarer than 1 in 20 (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from comsim.statistics.intervals import FAMILY_ERROR
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.effects import Look, look
from comsim.studies.analysis.fit import NOTHING, chance, estimable, fit, product, with_mean
from comsim.studies.analysis.phrasing import amount, bare, gaps, setting, share, upper
from comsim.studies.analysis.swept import Swept

MANY = 3  # pairs that are told
LEAST = 0.01  # of the variance: a pair that makes less is not told as clear


def pairs(swept: Swept, name: str) -> Answer:
    """Which pairs of factors work on each other.

    The table has a row a pair, largest share first: `factor` and `other` with their labels (of a
    lever and an uncertainty, the lever is `factor`), `share`, `chance` (how probable such a pair is
    by luck), `clear`; and what `factor` does to the outcome over its range, `from` to `to`, with
    the other one at `other_low` (`change_low`) and at `other_high` (`change_high`), where it does
    the least and the most.
    """
    seen = look(swept, name)
    together = list(combinations(range(len(seen.parts)), 2))
    rows = [_pair(seen, *pair, many=len(together)) for pair in together]
    table = pd.DataFrame(rows)
    if len(table):
        table = table.sort_values("share", ascending=False, kind="stable", ignore_index=True)
    label = upper(seen.outcome.label)
    clear = table[table["clear"]] if len(table) else table
    if len(clear):
        first = clear.iloc[0]
        title = f"{label}: {_joined(first)} work on each other"
        said = "; ".join(_told(seen, row) for _, row in clear.head(MANY).iterrows())
        more = f"; and {len(clear) - MANY} more" if len(clear) > MANY else ""
        sentence = (
            f"{label}: what one factor does hangs on another in {len(clear)} of {len(table)} "
            f"pairs. {said}{more}."
        )
    elif not len(table):
        title = f"{label}: no two factors were varied"
        sentence = f"{title}."
    elif table["share"].isna().all():
        title = f"{label}: whether factors work on each other, these runs can't tell"
        sentence = f"{title}."
    else:
        title = f"{label}: no two factors clearly work on each other"
        sentence = (
            f"{title}: {'the pair' if len(table) == 1 else f'each of {len(table)} pairs'} makes "
            f"less than {share(LEAST)} of what differs between points, or no more than chance may."
        )
    return Answer(
        name=f"pairs_{name}",
        title=title,
        sentence=sentence,
        table=table,
        warnings=tuple(_warnings(seen, table)),
        figure="indices.pairs" if len(clear) else "",
        data={"rows": table, "outcome": seen.outcome.label, "unit": seen.outcome.unit},
    )


def _pair(seen: Look, one: int, other: int, many: int) -> dict[str, object]:
    """A row of the table."""
    one, other = _order(seen, one, other)
    blocks = seen.parts[one], seen.parts[other]
    columns = with_mean([part.columns for part in seen.parts])
    products = product(blocks[0].factors, blocks[1].factors)
    found = fit(np.column_stack([columns, products]), seen.means)
    squares, freedom = seen.main.rest - found.rest, seen.main.freedom - found.freedom
    noise, others = seen.noise(found)
    if seen.swept.design == "grid" and not seen.complete:
        noise, others = _left_by_all(seen)
    by_chance = chance(squares, freedom, noise, others, seen.total)
    told = not np.isnan(by_chance)
    part = seen.share(seen.main, found, noise) if told else np.nan
    start, stop = seen.ends(one)
    weights = np.zeros((len(blocks[1].places), len(found.beta)))
    step = blocks[0].places[stop] - blocks[0].places[start]
    weights[:, seen.place(one)] = step
    bend = blocks[0].factor_places[stop] - blocks[0].factor_places[start]
    weights[:, columns.shape[1] :] = product(
        np.tile(bend, (len(weights), 1)), blocks[1].factor_places
    )
    changes = np.where(estimable(found, weights), weights @ found.beta, np.nan)
    changes[changes**2 <= NOTHING * seen.total] = 0.0
    known = np.isfinite(changes)
    ends = [0, len(changes) - 1]
    if known.any():
        ends = sorted([int(np.nanargmin(changes)), int(np.nanargmax(changes))])
    return {
        "factor": blocks[0].factor.name, "other": blocks[1].factor.name,
        "label": blocks[0].factor.label, "other_label": blocks[1].factor.label,
        "share": part, "chance": by_chance,
        "clear": bool(told and part >= LEAST and by_chance < FAMILY_ERROR / many),
        "from": blocks[0].settings[start], "to": blocks[0].settings[stop],
        "other_low": blocks[1].settings[ends[0]], "other_high": blocks[1].settings[ends[1]],
        "change_low": changes[ends[0]], "change_high": changes[ends[1]],
    }  # fmt: skip


def _order(seen: Look, one: int, other: int) -> tuple[int, int]:
    """What the operator chooses first; else what moves the outcome more."""
    kinds = [seen.parts[part].factor.kind for part in (one, other)]
    if kinds[0] != kinds[1]:
        return (one, other) if kinds[0] == "lever" else (other, one)
    return (one, other) if np.ptp(seen.curve(one)) >= np.ptp(seen.curve(other)) else (other, one)


def _left_by_all(seen: Look) -> tuple[float, int]:
    """What the main effects and all pairs together leave: mean square, degrees of freedom."""
    products = [
        product(*(seen.parts[part].factors for part in pair))
        for pair in combinations(range(len(seen.parts)), 2)
    ]
    found = fit(with_mean([part.columns for part in seen.parts] + products), seen.means)
    if found.freedom <= 0:
        return np.inf, 0
    return found.rest / found.freedom, found.freedom


def _joined(row: pd.Series) -> str:
    return f"{row['label']} and {row['other_label']}"


def _told(seen: Look, row: pd.Series) -> str:
    """ads and posts (12 % of the variance): ads from 0 to 8, −210 people where posts is 0, ..."""
    factor, other = seen.swept.factor(row["factor"]), seen.swept.factor(row["other"])
    changes = [
        f"{amount(row[f'change_{end}'], seen.outcome.unit, sign=True)} where {other.label} is "
        f"{setting(other, row[f'other_{end}'])}"
        for end in ("low", "high")
    ]
    return (
        f"{upper(_joined(row))} ({share(row['share'])} of what differs between points): "
        f"{factor.label} from {bare(row['from'])} to {setting(factor, row['to'])} means "
        f"{', but '.join(changes)}"
    )


def _warnings(seen: Look, table: pd.DataFrame) -> Iterator[str]:
    yield from gaps(seen.swept, seen.outcome)
    if len(table) and (lost := int(table["share"].isna().sum())):
        yield (
            f"Too few points, or worlds, to tell {lost} of {len(table)} pairs from luck or from "
            "main effects."
        )
