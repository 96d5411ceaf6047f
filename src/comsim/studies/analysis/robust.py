"""Robust policies: each policy over all uncertainties.

A policy is a combination of values of the levers. A future is a combination of values of the
uncertain factors, in a world. All policies are run in the same futures, which have equal weights:

    expected     the mean over futures
    worst tenth  the mean over the worst tenth of futures (conditional value at risk; see
                 `comsim.statistics.risk`)
    regret       the shortfall from the best policy of that future (Savage 1951, Journal of the
                 American Statistical Association 46:55-67): its mean, and the largest observed
    wins         the share of futures in which no policy is better; ties are split
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.scenario.worlds import ENOUGH_SAMPLES
from comsim.statistics import intervals as statistics
from comsim.statistics import resampling
from comsim.statistics.risk import pareto_front, tail_mean
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.futures import Futures, futures_of, resampled
from comsim.studies.analysis.phrasing import amount, between, gaps, listed, upper
from comsim.studies.analysis.split import Split, best_split

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.analysis.swept import Outcome, Swept

TAIL = 0.1  # of futures, those that count as the worst
MONEY = ("profit", "roi")  # outcomes that include costs


def robust(swept: Swept, outcome: str) -> Answer:
    """Each policy's expected value, worst tenth, regret and wins, with 95 % bootstrap intervals
    over worlds (with one world, over uncertain points).

    The table has one row per policy, best expected value first: `policy`, its levers, `futures`,
    `expected`, `behind` (the expected value of the best policy minus its own, in the same futures),
    `worst`, `regret`, each with `_low` and `_high`; `regret_most` (the largest observed; a maximum
    has no interval), `wins` with `_low` and `_high`, and `front` (no policy is better in both
    expected and worst). A day that never comes counts as the horizon. InputError if policies were
    not run in the same futures, or the outcome is neither good nor bad.
    """
    about = swept.outcome(outcome)
    futures = futures_of(swept, about)
    table = _table(futures)
    split = best_split(futures, swept, about.unit)
    money = None
    if about.name not in MONEY:
        money = next((o for o in swept.outcomes if o.name in MONEY), None)
    alike = table[table["behind_low"] <= 0]  # the best one, and those not separated from it
    pays = _pays(swept, money, alike, list(futures.levers)) if money else ""
    title, sentence = _described(table, alike, about, futures, split, pays)
    data = {"table": table, "label": about.label, "unit": about.unit, "better": futures.sign,
            "split": split.words if split else ""}  # fmt: skip
    notes = tuple(_warnings(swept, about, futures, money))
    return Answer(f"robust_{outcome}", title, sentence, table, notes, "robust.robust", data)


def _table(futures: Futures) -> pd.DataFrame:
    """The table of the answer."""
    import pandas as pd

    measured, again = _measures(futures)
    order = np.argsort(-measured["expected"], kind="stable")
    best = order[0]
    measured["behind"] = measured["expected"][best] - measured["expected"]
    again["behind"] = again["expected"][:, [best]] - again["expected"]
    columns: dict[str, Any] = {"policy": list(futures.names)}
    columns |= {name: futures.levers[name].to_numpy() for name in futures.levers}
    total = columns["futures"] = int(futures.complete.sum())
    for name in ("expected", "behind", "worst", "regret"):
        turn = futures.sign if name in ("expected", "worst") else 1
        ends = np.sort(turn * np.quantile(again[name], resampling.ENDS, axis=0), axis=0)
        columns |= {name: turn * measured[name], f"{name}_low": ends[0], f"{name}_high": ends[1]}
    columns |= {name: measured[name] for name in ("regret_most", "wins")}
    ends = [resampling.wilson(share, many, futures.independent, total)
            for share, many in zip(measured["wins"], again["wins"].T, strict=True)]  # fmt: skip
    columns["wins_low"], columns["wins_high"] = np.array(ends).T
    columns["front"] = pareto_front(measured["expected"], measured["worst"])
    return pd.DataFrame(columns).iloc[order].reset_index(drop=True)


def _warnings(
    swept: Swept, about: Outcome, futures: Futures, money: Outcome | None
) -> Iterator[str]:
    yield from gaps(swept, about)
    if futures.lost:
        yield f"{futures.lost:,} policies are excluded: none of their runs has a value."
    if lost := int((~futures.complete).sum()):
        yield (
            f"{lost:,} of {futures.complete.size:,} futures are excluded: they lack a value for "
            "some policy."
        )
    if len(futures.uncertain.columns):
        yield "Each combination of uncertain values has the same weight, whatever its probability."
    elif not swept.drawn:
        yield "Futures differ in stochastic variation only: no uncertain factor varies."
    if not about.validated:
        yield f"{upper(about.label)}: its level is an assumption, not validated with data."
    if money:
        yield f"Costs of policies are not considered; --outcome {money.name} includes them."
    if swept.worlds == 1:
        yield "There is one world: intervals do not include stochastic variation."
    elif futures.independent < ENOUGH_SAMPLES:
        what = "parameter samples" if swept.replications > 1 else "worlds"
        yield f"Intervals are based on {futures.independent} {what}, which are few."


def _measures(futures: Futures) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The measures of each policy (policies), and their bootstrap samples (resamples, policies)."""
    values = futures.values.transpose(0, 2, 1)[futures.complete]  # (futures, policies)
    top = values.max(axis=1, keepdims=True)
    regret, best = top - values, values == top
    wins = best / best.sum(axis=1, keepdims=True)

    def measures(weights: np.ndarray) -> dict[str, np.ndarray]:
        share = weights / weights.sum(axis=1, keepdims=True)
        worst = [tail_mean(column, share, TAIL) for column in values.T]
        return {"expected": share @ values, "worst": np.stack(worst, axis=1),
                "regret": share @ regret, "wins": share @ wins}  # fmt: skip

    once = {name: value[0] for name, value in measures(np.ones((1, len(values)))).items()}
    once["regret_most"] = regret.max(axis=0)
    blocks = resampled(futures, measures)
    return once, {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _pays(swept: Swept, money: Outcome, alike: pd.DataFrame, levers: list[str]) -> str:
    """A sentence on the policy that clearly pays better than the first, among policies that are not
    separated; empty if there is none."""
    worlds = swept.runs.groupby([*levers, "world"])[money.name].mean().unstack("world")
    each = worlds.reindex(alike.set_index(levers).index).to_numpy()  # (policies, worlds)
    if np.isnan(each).any():
        return ""
    best = int(each.mean(axis=1).argmax())
    lead = statistics.mean((each[best] - each[0]).reshape(-1, swept.replications))
    if not lead.low > 0:
        return ""
    more, most = (amount(each[k].mean(), money.unit) for k in (0, best))
    ahead = f"{amount(lead.value, money.unit)} {between(lead.low, lead.high, money.unit)}"
    return (
        f"Among these, {alike['policy'].iloc[best]} has the highest {money.label}: {most} on "
        f"average, compared with {more} ({ahead} more)."
    )


def _described(
    table: pd.DataFrame, alike: pd.DataFrame, about: Outcome, futures: Futures,
    split: Split | None, pays: str,
) -> tuple[str, str]:  # fmt: skip
    """The title and the sentences."""
    unit = about.unit
    first, equals = table.iloc[0], list(alike["policy"])[1:]
    careful = table.loc[(futures.sign * table["worst"]).idxmax()]
    calm = table.loc[table["regret"].idxmin()]
    less = "less" if futures.sign > 0 else "more"

    def figure(row: pd.Series, name: str) -> str:
        return f"{amount(row[name], unit)} {between(row[name + '_low'], row[name + '_high'], unit)}"

    mean = figure(first, "expected")
    lines = [f"{upper(about.label)}: {first.policy} is best on average, {mean}."]
    if equals:
        many = listed(equals) if len(equals) <= 3 else f"{len(equals)} others"
        lines.append(f"These worlds do not separate it from {many}.")
        lines += [pays] if pays else []
    else:
        second = table.iloc[1]
        lines.append(f"The next, {second.policy}, has {figure(second, 'behind')} {less}.")
    if careful.policy == first.policy:
        title = f"{upper(first.policy)}: best on average and in the worst futures"
        lines.append(f"It is also best in the worst tenth of futures: {figure(first, 'worst')}.")
    else:
        title = f"{upper(first.policy)} is best on average, {careful.policy} in the worst futures"
        front = listed(list(table.loc[table["front"], "policy"]))
        lines.append(
            f"In the worst tenth of futures {careful.policy} is best, {figure(careful, 'worst')}, "
            f"compared with {figure(first, 'worst')} for {first.policy}: the choice depends on how "
            f"much risk is acceptable (no policy beats {front} in both)."
        )
    if equals:
        title = f"{upper(first.policy)}: best on average, but not clearly"
    lines.append(
        f"{upper(first.policy)} is the best policy in {100 * first.wins:.0f} % "
        f"[{100 * first.wins_low:.0f}, {100 * first.wins_high:.0f}] of {first.futures:,} futures; "
        f"its regret is {figure(first, 'regret')} on average and {amount(first.regret_most, unit)} "
        "at most"
        + ("." if calm.policy == first.policy else f"; {calm.policy} has the lowest mean regret.")
    )
    if split:
        lines.append(split.words)
    elif len(futures.uncertain.columns):
        lines.append("No single uncertain factor clearly changes which policy is best.")
    return title, " ".join(lines)
