"""How much of an outcome is stochastic variation: what differs between runs of the same point."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from comsim.statistics.variance import stochastic_share
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.phrasing import gaps, listed, share, upper
from comsim.studies.analysis.swept import Swept

MUCH = 0.5  # of the variance


def stochastic(swept: Swept) -> Answer:
    """The share of stochastic variation in each outcome.

    The table has one row per outcome, the largest share first: `outcome`, `label`, `share` of
    stochastic variation in the variance over all runs with its 95 % interval `low`, `high`;
    `shared` (the part of it that is the same at all points, and cancels between them), `kept` (the
    share that remains in the variance of points' means over worlds) and the number of `points`
    used. Points without a value in some world are excluded. NaN with one world.
    """
    rows = []
    for outcome in swept.outcomes:
        values = swept.by_point(outcome.name)
        values = values[np.isfinite(values).all(axis=1)]
        result = stochastic_share(values, swept.replications)
        rows.append(
            {
                "outcome": outcome.name, "label": outcome.label, "share": result.share.value,
                "low": result.share.low, "high": result.share.high, "shared": result.shared,
                "kept": result.kept, "points": len(values),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows).sort_values(
        "share", ascending=False, kind="stable", ignore_index=True
    )
    known = table[table["share"].notna()]
    sampled = swept.drawn and swept.worlds > swept.replications  # else there is one sample
    what = "stochastic variation and parameter uncertainty" if sampled else "stochastic variation"
    verb = "make up" if sampled else "makes up"
    if not len(known):
        title = "The share of stochastic variation is unknown"
        sentence = f"{title}: this needs at least two worlds per point, and outcomes that differ."
    else:
        most = known.iloc[0]
        title = f"{upper(what)} {verb} {share(most['share'])} of the variance of {most['label']}"
        if len(known) > 1:
            title += f", and {share(known.iloc[-1]['share'])} of that of {known.iloc[-1]['label']}"
        each = [
            f"{row.label} {share(row.share)} [{share(row.low)}, {share(row.high)}]"
            for row in known.itertuples()
        ]
        sentence = (
            f"Of the variance between runs, {what} {verb}: {', '.join(each)}. The factors account "
            "for the rest."
        )
        if np.isfinite(most_kept := known["kept"].max()):
            sentence += (
                f" Of the variance between the means of points over {swept.worlds} worlds, it is "
                f"at most {share(most_kept)}."
            )
    return Answer(
        name="stochastic",
        title=title,
        sentence=sentence,
        table=table,
        warnings=tuple(_warnings(swept, table)),
        figure="indices.stochastic" if len(known) else "",
        data={"rows": known, "drawn": sampled},
    )


def _warnings(swept: Swept, table: pd.DataFrame) -> Iterator[str]:
    if swept.worlds < 2:
        yield "One world per point: stochastic variation can't be separated from the factors."
        return
    for outcome in swept.outcomes:
        yield from (text for text in gaps(swept, outcome) if not text.endswith("excluded."))
    if loud := list(table.loc[table["kept"] > MUCH, "label"]):
        yield (
            "More than half of the variance between points is stochastic variation: "
            f"{listed(loud)}."
        )
