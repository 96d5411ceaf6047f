"""Which policy is robust: each one over everything that nobody knows.

A policy is a combination of the levers' values; a future is a combination of the uncertain factors'
values in a world. All policies are run in the same futures, and each future counts the same:

    expected     the mean over futures
    worst tenth  the mean over the worst tenth of futures (conditional value at risk, Rockafellar
                 and Uryasev 2000, Journal of Risk 2:21-41; with the fraction of a future that a
                 tenth may end in)
    regret       what the best policy of that future would have brought more (Savage 1951, Journal
                 of the American Statistical Association 46:55-67): its mean, and the greatest seen
    wins         the share of futures in which no policy is better; ties are shared
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.scenario.worlds import ENOUGH_SAMPLES
from comsim.statistics import intervals as statistics
from comsim.statistics import resampling as chance
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.futures import Futures, futures_of, resampled
from comsim.studies.analysis.phrasing import amount, between, gaps, listed, upper
from comsim.studies.analysis.split import Split, best_split

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.analysis.swept import Outcome, Swept

TAIL = 0.1  # of futures, those that count as the worst
MONEY = ("profit", "roi")  # outcomes in which costs are weighed


def robust(swept: Swept, outcome: str) -> Answer:
    """Each policy's expected value, worst tenth, regret and wins, with 95 % intervals by the
    bootstrap over worlds (with one world, over uncertain points).

    The table has a row a policy, best expected first: `policy`, its levers, `futures`, `expected`,
    `behind` (the best one's expected less its own, in the same futures), `worst`, `regret`, each
    with `_low` and `_high`; `regret_most` (the greatest seen; no interval holds for a greatest),
    `wins` with `_low` and `_high`, and `front` (no policy is better in both expected and worst).
    A day that never came counts as the horizon. InputError where policies were not run in the same
    futures, or the outcome is neither good nor bad.
    """
    import pandas as pd

    about = swept.outcome(outcome)
    futures = futures_of(swept, about)
    notes = list(gaps(swept, about))
    if futures.lost:
        notes.append(f"{futures.lost:,} policies are left out: no run of theirs has a value.")
    lost = int((~futures.complete).sum())
    if lost:
        notes.append(
            f"{lost:,} of {futures.complete.size:,} futures are left out: some policy lacks them."
        )
    measured, again = _measures(futures)
    order = np.argsort(-measured["expected"], kind="stable")
    best = order[0]
    measured["behind"] = measured["expected"][best] - measured["expected"]
    again["behind"] = again["expected"][:, [best]] - again["expected"]
    columns: dict[str, Any] = {"policy": list(futures.names)}
    columns |= {name: futures.levers[name].to_numpy() for name in futures.levers}
    columns["futures"] = int(futures.complete.sum())
    for name in ("expected", "behind", "worst", "regret"):
        turn = futures.sign if name in ("expected", "worst") else 1
        ends = np.sort(turn * np.quantile(again[name], chance.ENDS, axis=0), axis=0)
        columns |= {name: turn * measured[name], f"{name}_low": ends[0], f"{name}_high": ends[1]}
    columns["regret_most"] = measured["regret_most"]
    columns["wins"] = measured["wins"]
    total, witnesses = columns["futures"], futures.witnesses
    ends = [chance.wilson(share, many, witnesses, total)
            for share, many in zip(measured["wins"], again["wins"].T, strict=True)]  # fmt: skip
    columns["wins_low"], columns["wins_high"] = np.array(ends).T
    columns["front"] = _front(measured["expected"], measured["worst"])
    table = pd.DataFrame(columns).iloc[order].reset_index(drop=True)
    split = best_split(futures, swept, about.unit)
    if not len(futures.uncertain.columns) and not swept.drawn:
        notes.append("Futures differ in luck alone: nothing that nobody knows was varied.")
    if len(futures.uncertain.columns):
        notes.append("Each combination of uncertain values counts the same, likely or not.")
    if not about.validated:
        notes.append(f"{upper(about.label)}: its level is an assumption, no data has tested it.")
    also = None
    if about.name not in MONEY:
        also = next((o for o in swept.outcomes if o.name in MONEY), None)
    if also:
        notes.append(f"What a policy costs is not weighed here: --outcome {also.name} does.")
    if swept.worlds == 1:
        notes.append("Intervals know nothing of luck: there is one world.")
    elif witnesses < ENOUGH_SAMPLES:
        what = "draws of what nobody knows" if swept.lucks > 1 else "worlds"
        notes.append(f"Intervals rest on {witnesses} {what}, too few to know luck by.")
    alike = table[table["behind_low"] <= 0]  # the best one, and what can't be told from it
    pays = _pays(swept, also, alike, list(futures.levers)) if also else ""
    title, sentence = _told(table, alike, about, futures, split, pays)
    data = {"table": table, "label": about.label, "unit": about.unit, "better": futures.sign,
            "split": split.words if split else ""}  # fmt: skip
    return Answer(f"robust_{outcome}", title, sentence, table, tuple(notes), "robust.robust", data)


def _measures(futures: Futures) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Of each policy (policies), and resampled (resamples, policies)."""
    values = futures.values.transpose(0, 2, 1)[futures.complete]  # (futures, policies)
    top = values.max(axis=1, keepdims=True)
    regret, best = top - values, values == top
    wins = best / best.sum(axis=1, keepdims=True)

    def measures(weights: np.ndarray) -> dict[str, np.ndarray]:
        share = weights / weights.sum(axis=1, keepdims=True)
        worst = [_worst(column, share) for column in values.T]
        return {"expected": share @ values, "worst": np.stack(worst, axis=1),
                "regret": share @ regret, "wins": share @ wins}  # fmt: skip

    once = {name: found[0] for name, found in measures(np.ones((1, len(values)))).items()}
    once["regret_most"] = regret.max(axis=0)
    blocks = resampled(futures, measures)
    return once, {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _worst(values: np.ndarray, share: np.ndarray) -> np.ndarray:
    """The mean of the worst tenth; share (resamples, futures) adds up to 1."""
    order = np.argsort(values, kind="stable")
    sorted_ = share[:, order]
    before = np.cumsum(sorted_, axis=1) - sorted_
    return np.clip(TAIL - before, 0, sorted_) @ values[order] / TAIL


def _front(expected: np.ndarray, worst: np.ndarray) -> np.ndarray:
    """Which policies no other one beats in one of both without losing in the other (Pareto)."""
    return np.array([
        not ((expected >= e) & (worst >= w) & ((expected > e) | (worst > w))).any()
        for e, w in zip(expected, worst, strict=True)
    ])  # fmt: skip


def _pays(swept: Swept, money: Outcome, alike: pd.DataFrame, levers: list[str]) -> str:
    """Which of the policies that can't be told apart clearly pays better than the first of them, a
    sentence; empty where none does."""
    worlds = swept.runs.groupby([*levers, "world"])[money.name].mean().unstack("world")
    each = worlds.reindex(alike.set_index(levers).index).to_numpy()  # (policies, worlds)
    if np.isnan(each).any():
        return ""
    best = int(each.mean(axis=1).argmax())
    lead = statistics.mean((each[best] - each[0]).reshape(-1, swept.lucks))
    if not lead.low > 0:
        return ""
    more, most = (amount(each[k].mean(), money.unit) for k in (0, best))
    ahead = f"{amount(lead.value, money.unit)} {between(lead.low, lead.high, money.unit)}"
    return (
        f"Of these, {alike['policy'].iloc[best]} has the better {money.label}: {most} on average, "
        f"against {more}, {ahead} more."
    )


def _told(
    table: pd.DataFrame, alike: pd.DataFrame, about: Outcome, futures: Futures,
    split: Split | None, pays: str,
) -> tuple[str, str]:  # fmt: skip
    """The title and the sentences."""
    unit = about.unit
    first, equals = table.iloc[0], list(alike["policy"])[1:]
    careful = table.loc[(futures.sign * table["worst"]).idxmax()]
    calm = table.loc[table["regret"].idxmin()]
    less = "less" if futures.sign > 0 else "more"

    def told(row: pd.Series, name: str) -> str:
        return f"{amount(row[name], unit)} {between(row[name + '_low'], row[name + '_high'], unit)}"

    lines = [f"{upper(about.label)}: {first.policy} is best on average, {told(first, 'expected')}."]
    if equals:
        many = listed(equals) if len(equals) <= 3 else f"{len(equals)} others"
        lines.append(f"But {many} can't be told from it by these worlds.")
        lines += [pays] if pays else []
    else:
        second = table.iloc[1]
        lines.append(f"The next, {second.policy}, has {told(second, 'behind')} {less}.")
    if careful.policy == first.policy:
        title = f"{upper(first.policy)}: best on average, and when it goes badly"
        lines.append(f"So it is in the worst tenth of futures: {told(first, 'worst')}.")
    else:
        title = f"{upper(first.policy)} is best on average, {careful.policy} when it goes badly"
        front = listed(list(table.loc[table["front"], "policy"]))
        lines.append(
            f"In the worst tenth of futures {careful.policy} is best, {told(careful, 'worst')}, "
            f"against {told(first, 'worst')}: which to take hangs on how much risk is borne "
            f"({front} are not beaten in both)."
        )
    if equals:
        title = f"{upper(first.policy)}: best on average, though not clearly"
    lines.append(
        f"{upper(first.policy)} wins in {100 * first.wins:.0f} % [{100 * first.wins_low:.0f}, "
        f"{100 * first.wins_high:.0f}] of {first.futures:,} futures; its regret is "
        f"{told(first, 'regret')} on average and {amount(first.regret_most, unit)} at most"
        + ("." if calm.policy == first.policy else f"; {calm.policy} has the least on average.")
    )
    if split:
        lines.append(split.words)
    elif len(futures.uncertain.columns):
        lines.append("No single uncertain factor clearly changes which one to take.")
    return title, " ".join(lines)
