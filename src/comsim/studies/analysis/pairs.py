"""Interactions: pairs of factors of which one changes the effect of the other.

The share of a pair is the variance between points that it explains beyond all main effects:

    squares = residual of a fit of main effects - residual of the same fit with the pair's products

corrected for chance (`comsim.statistics.least_squares`). The error is the stochastic error in a
full grid, otherwise the residual of the fit with the pair. A pair is clear if it explains at least
1 % of the variance, and Fisher's F test is significant at 5 % for the whole list (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from comsim.statistics.least_squares import (
    NOTHING,
    estimable,
    fit,
    p_value,
    product,
    with_mean,
)
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.effects import FAMILY_ERROR, MainFit, main_fit
from comsim.studies.analysis.phrasing import amount, bare, gaps, setting, share, upper
from comsim.studies.analysis.swept import Swept

MANY = 3  # pairs that are described
LEAST = 0.01  # of the variance: the smallest share of a clear pair


def pairs(swept: Swept, name: str) -> Answer:
    """Which pairs of factors interact.

    The table has one row per pair, largest share first: `factor` and `other` with their labels (if
    one is a lever and the other an uncertainty, `factor` is the lever), `share`, `chance` (the
    p-value), `clear`; and the effect of `factor` over its range, `from` to `to`, with the other at
    `other_low` (`change_low`) and at `other_high` (`change_high`), where it is smallest and
    largest.
    """
    main = main_fit(swept, name)
    together = list(combinations(range(len(main.parts)), 2))
    rows = [_pair(main, *pair, many=len(together)) for pair in together]
    table = pd.DataFrame(rows)
    if len(table):
        table = table.sort_values("share", ascending=False, kind="stable", ignore_index=True)
    label = upper(main.outcome.label)
    clear = table[table["clear"]] if len(table) else table
    if len(clear):
        first = clear.iloc[0]
        title = f"{label}: {_joined(first)} interact"
        described = "; ".join(_described(main, row) for _, row in clear.head(MANY).iterrows())
        more = f"; and {len(clear) - MANY} more" if len(clear) > MANY else ""
        sentence = (
            f"{label}: {len(clear)} of {len(table)} pairs of factors interact. {described}{more}."
        )
    elif not len(table):
        title = f"{label}: fewer than two factors vary"
        sentence = f"{title}."
    elif table["share"].isna().all():
        title = f"{label}: interactions can't be determined from these runs"
        sentence = f"{title}."
    else:
        title = f"{label}: no two factors clearly interact"
        sentence = (
            f"{title}: {'the pair' if len(table) == 1 else f'each of {len(table)} pairs'} explains "
            f"less than {share(LEAST)} of the variance between points, or is not significant."
        )
    return Answer(
        name=f"pairs_{name}",
        title=title,
        sentence=sentence,
        table=table,
        warnings=tuple(_warnings(main, table)),
        figure="indices.pairs" if len(clear) else "",
        data={"rows": table, "outcome": main.outcome.label, "unit": main.outcome.unit},
    )


def _pair(main: MainFit, one: int, other: int, many: int) -> dict[str, object]:
    """A row of the table."""
    one, other = _order(main, one, other)
    blocks = main.parts[one], main.parts[other]
    columns = with_mean([part.columns for part in main.parts])
    products = product(blocks[0].factors, blocks[1].factors)
    fitted = fit(np.column_stack([columns, products]), main.means)
    squares, freedom = main.fitted.rest - fitted.rest, main.fitted.freedom - fitted.freedom
    noise, others = main.noise(fitted)
    if main.swept.design == "grid" and not main.complete:
        noise, others = _residual_of_all(main)
    p = p_value(squares, freedom, noise, others, main.total)
    known = not np.isnan(p)
    part = main.share(main.fitted, fitted, noise) if known else np.nan
    start, stop = main.ends(one)
    weights = np.zeros((len(blocks[1].places), len(fitted.beta)))
    step = blocks[0].places[stop] - blocks[0].places[start]
    weights[:, main.place(one)] = step
    bend = blocks[0].factor_places[stop] - blocks[0].factor_places[start]
    weights[:, columns.shape[1] :] = product(
        np.tile(bend, (len(weights), 1)), blocks[1].factor_places
    )
    changes = np.where(estimable(fitted, weights), weights @ fitted.beta, np.nan)
    changes[changes**2 <= NOTHING * main.total] = 0.0
    ends = [0, len(changes) - 1]
    if np.isfinite(changes).any():
        ends = sorted([int(np.nanargmin(changes)), int(np.nanargmax(changes))])
    return {
        "factor": blocks[0].factor.name, "other": blocks[1].factor.name,
        "label": blocks[0].factor.label, "other_label": blocks[1].factor.label,
        "share": part, "chance": p,
        "clear": bool(known and part >= LEAST and p < FAMILY_ERROR / many),
        "from": blocks[0].settings[start], "to": blocks[0].settings[stop],
        "other_low": blocks[1].settings[ends[0]], "other_high": blocks[1].settings[ends[1]],
        "change_low": changes[ends[0]], "change_high": changes[ends[1]],
    }  # fmt: skip


def _order(main: MainFit, one: int, other: int) -> tuple[int, int]:
    """A lever first, otherwise the factor with the larger effect."""
    kinds = [main.parts[part].factor.kind for part in (one, other)]
    if kinds[0] != kinds[1]:
        return (one, other) if kinds[0] == "lever" else (other, one)
    return (one, other) if np.ptp(main.curve(one)) >= np.ptp(main.curve(other)) else (other, one)


def _residual_of_all(main: MainFit) -> tuple[float, int]:
    """The residual mean square of main effects and all pairs together, and its degrees of
    freedom."""
    products = [
        product(*(main.parts[part].factors for part in pair))
        for pair in combinations(range(len(main.parts)), 2)
    ]
    fitted = fit(with_mean([part.columns for part in main.parts] + products), main.means)
    if fitted.freedom <= 0:
        return np.inf, 0
    return fitted.rest / fitted.freedom, fitted.freedom


def _joined(row: pd.Series) -> str:
    return f"{row['label']} and {row['other_label']}"


def _described(main: MainFit, row: pd.Series) -> str:
    """Ads and posts (12 % of the variance between points): ads from 0 to 8 change it by ..."""
    factor, other = main.swept.factor(row["factor"]), main.swept.factor(row["other"])
    changes = [
        f"{amount(row[f'change_{end}'], main.outcome.unit, sign=True)} where {other.label} is "
        f"{setting(other, row[f'other_{end}'])}"
        for end in ("low", "high")
    ]
    return (
        f"{upper(_joined(row))} ({share(row['share'])} of the variance between points): "
        f"{factor.label} from {bare(row['from'])} to {setting(factor, row['to'])} means "
        f"{', but '.join(changes)}"
    )


def _warnings(main: MainFit, table: pd.DataFrame) -> Iterator[str]:
    yield from gaps(main.swept, main.outcome)
    if len(table) and (lost := int(table["share"].isna().sum())):
        yield (
            f"There are too few points or worlds to separate {lost} of {len(table)} pairs from "
            "main effects and stochastic variation."
        )
