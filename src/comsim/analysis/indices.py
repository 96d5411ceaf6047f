"""Which factors an outcome hangs on: Sobol's indices, and Morris' elementary effects, by SALib.

Both are taken of each point's mean over worlds. A point with a run that failed, or where the
outcome does not exist in some world, takes its whole block (Sobol) or trajectory (Morris) with it,
since these methods compare the points of one.

Sobol's first-order index is the share of the variance that goes if the factor is known; the total
index the share that stays if all others are (Sobol 2001, Mathematics and Computers in Simulation
55:271-280; estimators of Saltelli and others 2010, Computer Physics Communications 181:259-270).
Morris' mu* is the mean size of the change as one factor goes over its range, in straight lines, and
sigma how much that change differs from place to place (Morris 1991, Technometrics 33:161-174;
Campolongo, Cariboni and Saltelli 2007, Environmental Modelling & Software 22:1509-1518).

Luck that means over worlds keep differs from point to point, and looks like something that every
factor does. How much of it there is shows in how a difference between two points varies over the
worlds (s2; W worlds):

    part of a total index that is luck = mean of s2 / W / 2 / variance of the outcome
    mu* of luck alone = mean of sqrt(2 / pi) s / sqrt(W) / step        (mean size of a normal error)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from comsim.analysis.answer import Answer
from comsim.analysis.ranking import Order, order, told
from comsim.analysis.swept import Outcome, Swept
from comsim.analysis.words import KINDS, amount, gaps, listed, upper
from comsim.comparison.statistics import LEVEL, mean

RESAMPLES = 1000
FEWEST = 8  # blocks or trajectories: below, resampling them says nothing
LITTLE = 0.05  # total index, or share of the largest mu*, that surely smaller factors lie below
MANY = 3  # factors of a kind that are told


def indices(swept: Swept, name: str) -> list[Answer]:
    """The answers that a design gives; none for designs without indices."""
    asked = {"sobol": (sobol, sobol_pairs), "morris": (morris,)}.get(swept.design, ())
    return [answer for ask in asked if (answer := ask(swept, name)) is not None]


def sobol(swept: Swept, name: str) -> Answer:
    """Sobol's indices of an outcome.

    The table has a row a factor, largest total first: `factor`, `label`, `kind`, `first` and
    `total` with their 95 % intervals by bootstrap over blocks (`first_low`, `first_high`,
    `total_low`, `total_high`), and `luck`, the part of `total` that is luck (NaN with one world).
    """
    outcome, factors = swept.outcome(name), len(swept.factors)
    blocks = _blocks(swept, name, (2 if swept.second_order else 1) * factors + 2)
    whole = blocks[np.isfinite(blocks).all(axis=(1, 2))]
    means = whole.mean(axis=2)
    columns = ("first", "first_low", "first_high", "total", "total_low", "total_high", "luck")
    table = _table(swept, columns)
    enough = len(whole) >= FEWEST
    varies = enough and np.ptp(means) > 0
    if varies:
        found = _salib_sobol(swept, means)
        for column, key in (("first", "S1"), ("total", "ST")):
            table[column] = found[key]
            table[f"{column}_low"] = found[key] - found[f"{key}_conf"]
            table[f"{column}_high"] = found[key] + found[f"{key}_conf"]
        if swept.worlds > 1:
            steps = whole[:, 1 : factors + 1] - whole[:, :1]
            variance = np.var(means[:, [0, -1]])
            table["luck"] = steps.var(axis=2, ddof=1).mean(axis=0) / swept.worlds / 2 / variance
    half = (table["total_high"] - table["total"]).to_numpy()
    ranks = _ranks(table, table["total"].to_numpy(), half, LITTLE, varies)
    table = table.sort_values("total", ascending=False, kind="stable", ignore_index=True)
    title = _none(outcome, enough, "blocks")
    if varies:
        row = table.iloc[0]
        title = _finding(
            outcome, table, "total",
            f"{_percent(row['first'])} of what varies by itself, {_percent(row['total'])} with "
            "others",
        )  # fmt: skip
    sentence = _sobol_sentence(swept, outcome, table, ranks) if varies else f"{title}."
    return Answer(
        name=f"sobol_{name}",
        title=title,
        sentence=sentence,
        table=table,
        warnings=tuple(_warnings(swept, outcome, table, len(blocks), len(whole), ranks, True)),
        figure="indices.sobol" if varies else "",
        data={"rows": table, "outcome": outcome.label},
    )


def sobol_pairs(swept: Swept, name: str) -> Answer | None:
    """Sobol's second-order indices: the share of the variance that two factors make only together.

    None for a design without them. The table has a row a pair, largest first: `factor`, `other`,
    their labels, `share` with its 95 % interval `low`, `high`, and `clear` (it leaves out zero).
    """
    if not swept.second_order or len(swept.factors) < 2:
        return None
    outcome = swept.outcome(name)
    blocks = _blocks(swept, name, 2 * len(swept.factors) + 2)
    whole = blocks[np.isfinite(blocks).all(axis=(1, 2))]
    means = whole.mean(axis=2)
    rows = []
    if len(whole) >= FEWEST and np.ptp(means) > 0:
        found = _salib_sobol(swept, means)
        for (j, one), (k, other) in combinations(enumerate(swept.factors), 2):
            share, half = found["S2"][j, k], found["S2_conf"][j, k]
            rows.append(
                {
                    "factor": one.name, "other": other.name, "label": one.label,
                    "other_label": other.label, "share": share, "low": share - half,
                    "high": share + half, "clear": bool(share - half > 0),
                }
            )  # fmt: skip
    table = pd.DataFrame(rows)
    if len(rows):
        table = table.sort_values("share", ascending=False, kind="stable", ignore_index=True)
    clear = [
        f"{row.label} and {row.other_label} {row.share:.0%} [{_percent(row.low)}, {row.high:.0%}]"
        for row in table.itertuples()
        if row.clear
    ]
    label = upper(outcome.label)
    title = f"{label}: no pair of factors makes a clear share"
    if clear:
        title = f"{label}: {table['label'][0]} and {table['other_label'][0]} work on each other"
    said = f"Of what varies, two factors make only together: {'; '.join(clear[:MANY])}."
    return Answer(
        name=f"sobol_pairs_{name}",
        title=title,
        sentence=f"{label}. {said}" if clear else f"{title}.",
        table=table,
        warnings=tuple(gaps(swept, outcome)),
        figure="indices.pairs" if rows else "",
        data={"rows": table, "outcome": outcome.label, "unit": outcome.unit},
    )


def morris(swept: Swept, name: str) -> Answer:
    """Morris' measures of an outcome, in its unit, for a factor's whole range.

    The table has a row a factor, largest mu* first: `factor`, `label`, `kind`, `mu` (mean change
    with its sign) with Student's interval over trajectories, `mu_star` and `sigma` with theirs by
    bootstrap (each with `_low` and `_high`), and `luck`, what luck alone would make of `mu_star`
    (NaN with one world).
    """
    outcome, size = swept.outcome(name), len(swept.factors) + 1
    blocks = _blocks(swept, name, size)
    kept = np.isfinite(blocks).all(axis=(1, 2))
    whole = blocks[kept]
    measures = ("mu", "mu_star", "sigma")
    columns = [f"{m}{end}" for m in measures for end in ("", "_low", "_high")]
    table = _table(swept, (*columns, "luck"))
    enough = len(whole) >= FEWEST
    varies = enough and np.ptp(whole.mean(axis=2)) > 0
    if varies:
        inputs = swept.matrix().reshape(len(blocks), size, -1)[kept]
        step = swept.levels / (2 * (swept.levels - 1))
        found = _salib_morris(swept, inputs, whole.mean(axis=2))
        effects = elementary(inputs, whole.mean(axis=2), step)
        for measure in measures:
            table[measure] = np.asarray(found[measure], np.float64)
        signed = mean(effects[:, None, :])
        table["mu_low"], table["mu_high"] = signed.low, signed.high
        conf = np.asarray(found["mu_star_conf"], np.float64)
        table["mu_star_low"], table["mu_star_high"] = (
            table["mu_star"] - conf, table["mu_star"] + conf,
        )  # fmt: skip
        table["sigma_low"], table["sigma_high"] = _spread_interval(effects, swept.seed)
        if swept.worlds > 1:
            worlds = np.stack([elementary(inputs, y, step) for y in np.moveaxis(whole, 2, 0)])
            error = worlds.std(axis=0, ddof=1) / np.sqrt(swept.worlds)
            table["luck"] = np.sqrt(2 / np.pi) * error.mean(axis=0)
    star, most = table["mu_star"].to_numpy(), float(table["mu_star"].max())
    half = (table["mu_star_high"] - table["mu_star"]).to_numpy()
    ranks = _ranks(table, star, half, LITTLE * most, varies)
    table = table.sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)
    title = _none(outcome, enough, "trajectories")
    if varies:
        row = table.iloc[0]
        words = f"{amount(row['mu_star'], outcome.unit)} over its range"
        title = _finding(outcome, table, "mu_star", words)
    return Answer(
        name=f"morris_{name}",
        title=title,
        sentence=_morris_sentence(swept, outcome, table, ranks) if varies else f"{title}.",
        table=table,
        warnings=tuple(_warnings(swept, outcome, table, len(blocks), len(whole), ranks, False)),
        figure="indices.morris" if varies else "",
        data={"rows": table, "outcome": outcome.label, "unit": outcome.unit},
    )


def elementary(inputs: np.ndarray, outputs: np.ndarray, step: float) -> np.ndarray:
    """Elementary effects: inputs (trajectories, d + 1, d), outputs (trajectories, d + 1) ->
    (trajectories, d), zero where rounding left a factor where it was."""
    moves = np.sign(np.diff(inputs, axis=1))
    return (moves * np.diff(outputs, axis=1)[:, :, None]).sum(axis=1) / step


def _blocks(swept: Swept, name: str, size: int) -> np.ndarray:
    """The outcome as (blocks, points of a block, worlds)."""
    return swept.by_point(name).reshape(-1, size, swept.worlds)


def _problem(swept: Swept) -> dict[str, Any]:
    names = [factor.name for factor in swept.factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _salib_sobol(swept: Swept, means: np.ndarray) -> dict[str, np.ndarray]:
    from SALib.analyze import sobol as analysis

    return analysis.analyze(
        _problem(swept), means.ravel(), calc_second_order=swept.second_order,
        num_resamples=RESAMPLES, conf_level=LEVEL, seed=swept.seed + 1,  # 0 would be none
    )  # fmt: skip


def _salib_morris(swept: Swept, inputs: np.ndarray, means: np.ndarray) -> dict[str, Any]:
    from SALib.analyze import morris as analysis

    return analysis.analyze(
        _problem(swept), inputs.reshape(means.size, -1), means.ravel(),
        num_resamples=RESAMPLES, conf_level=LEVEL, num_levels=swept.levels, seed=swept.seed + 1,
    )  # fmt: skip


def _spread_interval(effects: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each column's standard deviation, by resampling rows (percentiles)."""
    from scipy.stats import bootstrap

    ends = bootstrap(
        (effects,), lambda x, axis: np.std(x, axis=axis, ddof=1), axis=0, rng=seed + 1,
        n_resamples=RESAMPLES, confidence_level=LEVEL, method="percentile", batch=50,
    ).confidence_interval  # fmt: skip
    return ends.low, ends.high


def _table(swept: Swept, columns: tuple[str, ...]) -> pd.DataFrame:
    rows = [{"factor": f.name, "label": f.label, "kind": f.kind} for f in swept.factors]
    return pd.DataFrame(rows).assign(**dict.fromkeys(columns, np.nan))


def _ranks(
    table: pd.DataFrame, value: np.ndarray, half: np.ndarray, little: float, varies: bool
) -> Order | None:
    return order(list(table["label"]), value, half, little) if varies else None


def _none(outcome: Outcome, enough: bool, what: str) -> str:
    why = "the same at all points" if enough else f"too few whole {what} for indices"
    return f"{upper(outcome.label)}: {why}"


def _finding(outcome: Outcome, table: pd.DataFrame, level: str, words: str) -> str:
    """What matters most, if any factor is clear of all others; `table` in order."""
    ends = table[[f"{level}_low", f"{level}_high"]].to_numpy()
    tied = list(table["label"][ends[:, 1] >= ends[0, 0]])
    label = upper(outcome.label)
    if len(tied) > MANY:
        return f"{label}: {', '.join(tied[:MANY])} and others matter most, in what order is open"
    if len(tied) > 1:
        return f"{label}: {listed(tied)} matter most, in what order is open"
    return f"{label}: {tied[0]} matters most, {words}"


def _percent(value: float) -> str:
    return f"{max(value, 0.0):.0%}"


def _by_kind(table: pd.DataFrame, small: tuple[str, ...], tell: Any) -> str:
    parts = []
    for kind, words in KINDS.items():
        rows = table[(table["kind"] == kind) & ~table["label"].isin(small)]
        if len(rows):
            said = [tell(row) for _, row in rows.head(MANY).iterrows()]
            more = f"; and {len(rows) - MANY} more" if len(rows) > MANY else ""
            parts.append(f"{upper(words)}: {'; '.join(said)}{more}.")
    return " ".join(parts)


def _sobol_sentence(swept: Swept, outcome: Outcome, table: pd.DataFrame, ranks: Order) -> str:
    def tell(row: pd.Series) -> str:
        return (
            f"{row['label']} {_percent(row['first'])} by itself, {_percent(row['total'])} "
            f"[{_percent(row['total_low'])}, {_percent(row['total_high'])}] with others"
        )

    text = (
        f"{upper(outcome.label)}: shares of what varies as all factors do. "
        f"{_by_kind(table, ranks.small, tell)}"
    )
    together = 1 - table["first"].clip(lower=0).sum()
    if together > LITTLE:
        text += f" {together:.0%} comes only from factors together, or from luck that is left."
    if ranks.small:
        text += f" Hardly matter (under {LITTLE:.0%} each): {listed(ranks.small)}."
    return text


def _morris_sentence(swept: Swept, outcome: Outcome, table: pd.DataFrame, ranks: Order) -> str:
    def tell(row: pd.Series) -> str:
        even = row["sigma"] < row["mu_star"] / 2
        way = "up" if row["mu_low"] > 0 else "down" if row["mu_high"] < 0 else "up or down"
        return (
            f"{row['label']} {amount(row['mu_star'], outcome.unit)} ± "
            f"{amount(row['mu_star_high'] - row['mu_star'], '')}, {way}"
            f"{'' if even else ', not the same everywhere'}"
        )

    text = (
        f"{upper(outcome.label)}: how far a factor moves it over its range, on average. "
        f"{_by_kind(table, ranks.small, tell)}"
    )
    if ranks.small:
        text += f" Hardly matter (under {LITTLE:.0%} of the first): {listed(ranks.small)}."
    return text


def _warnings(
    swept: Swept, outcome: Outcome, table: pd.DataFrame, blocks: int, whole: int,
    ranks: Order | None, power: bool,
) -> Iterator[str]:  # fmt: skip
    what = "base points" if power else "trajectories"
    yield from gaps(swept, outcome)
    if whole < blocks:
        yield (
            f"{blocks - whole:,} of {blocks:,} {what} are left out, since a run of theirs "
            f"failed or has no {outcome.label}: the indices hold for the others."
        )
    if ranks is None:
        return
    if text := told(ranks, whole, what, power):
        yield text
    level, of = ("total", 1.0) if power else ("mu_star", float(table["mu_star"].max()))
    if table["luck"].max() > LITTLE * of:
        share = f"{table['luck'].max() / of:.0%}"
        yield (
            f"Luck that means over {swept.worlds} worlds keep makes up to {share} "
            + (
                "of what varies, in each total index"
                if power
                else "of the first factor's mean change"
            )
            + "; more worlds would lower it."
        )
    if lost := list(table.loc[table[f"{level}_low"] <= table["luck"], "label"]):
        yield f"Not told from luck: {listed(lost)}."
