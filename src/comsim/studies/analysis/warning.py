"""Early warning: which daily signs predict decline, how many days ahead, and with how many false
alarms.

A sign raises an alarm on the first day on which it reaches a threshold. In a run that declines, an
alarm is in time if it comes before the decline begins, but at most half a year before (an earlier
one would be unrelated). In a run that does not decline, every alarm is false. Thresholds are chosen
on half of the runs (caught in time minus false alarms: Youden 1950, Cancer 3:32-35). On the other
half, every sign is compared with a naive rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from comsim.common.errors import InputError
from comsim.statistics import resampling
from comsim.studies.analysis.answer import Answer
from comsim.studies.analysis.indicators import QUIET, Sign, first_alarms, signs
from comsim.studies.analysis.phrasing import listed, share, upper

if TYPE_CHECKING:
    import pandas as pd

    from comsim.studies.analysis.swept import Swept

HORIZON = 182  # days: half a year (an assumption)
HALF = 0.5  # of declines: a sign that catches fewer is not named as the first
MANY = 3  # signs that are described in full
FEWEST = 20  # runs that decline, and runs that don't, to evaluate a sign (an assumption)
BLOCK = 10**7  # numbers at a time


def early_warning(
    swept: Swept,
    series: Iterable[pd.DataFrame],
    decline: str = "decline",
    metric: str = "wau",
    label: str = "weekly members",
) -> Answer:
    """How well rising variance, rising autocorrelation and falling rates predict the outcome
    `decline`.

    `series` are tables of complete runs, read one after the other: `run` (point times worlds plus
    world), `day`, `metric`, and further columns that are watched for a fall (`answered` as a share
    of `posts` if both exist). The table has one row per sign and threshold: `sign`, `label`,
    `threshold`, `reads` (in words), `caught` (in time), `early`, `missed` (shares of the runs that
    decline), `false` (share of those that do not), `caught` and `false` with `_low` and `_high`;
    `lead` (days, median of those caught) with `_low`, `_high` (95 % interval), `lead_q25`,
    `lead_q75`; `chosen`. For the chosen thresholds, on runs that did not determine them: `skill`
    (caught minus false; zero by chance), and the improvement over the naive rule in skill (`gain`)
    and in mean days of warning (`days`; zero without a warning), all with `_low` and `_high`, and
    `verdict` ("better", "worse", "no better", or "not known" if all runs decline). InputError if
    there are no such series.
    """
    import pandas as pd

    begins = swept.by_point(decline).ravel()
    watched, runs, alarms = _all_alarms(series, metric, label)
    begins = begins[runs]
    stopped = int(np.isnan(begins).sum())
    kept = (begins >= QUIET) & np.isfinite(begins)
    runs, begins = runs[kept], begins[kept]
    alarms = {name: days[kept] for name, days in alarms.items()}
    declines = begins < swept.days
    notes = _notes(declines, int(swept.failed.sum()), stopped, int((~kept).sum()) - stopped)
    half = resampling.search_half(int(runs.max(initial=0)) + 1)[runs]
    if not ((declines & half).any() and (declines & ~half).any()):
        many = f"{declines.sum():,} runs declined late enough for a warning"
        return Answer("warning", "No decline to predict", f"{many}: too few to evaluate signs.",
                      pd.DataFrame(), notes)  # fmt: skip
    table = _table(watched, alarms, begins, declines, half, _Weights(swept, runs))
    title, sentence = _described(table)
    data = {"table": table, "horizon": HORIZON}
    return Answer("warning", title, sentence, table, notes, "warning.warning", data)


def _table(
    watched: tuple[Sign, ...], alarms: dict[str, np.ndarray], begins: np.ndarray,
    declines: np.ndarray, half: np.ndarray, weights: _Weights,
) -> pd.DataFrame:  # fmt: skip
    """The table of the answer. Thresholds are chosen on the runs `half`."""
    import pandas as pd

    rows, chosen = [], {}
    for sign in watched:
        mine = [_judged(alarms[sign.name][:, k], begins, declines) for k in
                range(len(sign.thresholds))]  # fmt: skip
        skill = [_skill(one, declines, half[None].astype(float))[0] for one in mine]
        best = int(np.nanargmax(skill))
        chosen[sign.name] = mine[best]
        rows += [
            {"sign": sign.name, "label": sign.label, "threshold": threshold,
             "reads": sign.in_words(threshold), "chosen": k == best,
             **_shares(mine[k], declines, weights)}
            for k, threshold in enumerate(sign.thresholds)
        ]  # fmt: skip
    table = pd.DataFrame(rows)
    for name, days in chosen.items():
        where = (table["sign"] == name) & table["chosen"]
        for column, value in _against(days, chosen["naive"], declines, weights, ~half).items():
            table.loc[where, column] = value
    return table


class _Weights:
    """How often each run occurs in the bootstrap samples of points and worlds."""

    def __init__(self, swept: Swept, runs: np.ndarray) -> None:
        self.points = resampling.counts(len(swept.points), resampling.POINTS)
        self.worlds = resampling.counts(swept.worlds, resampling.WORLDS, swept.replications)
        self.point, self.world = np.divmod(runs, swept.worlds)

    def blocks(self) -> Iterable[np.ndarray]:
        """float64 (some resamples, runs)."""
        size = max(BLOCK // len(self.point), 1)
        for at in range(0, len(self.points), size):
            some = slice(at, at + size)
            yield (
                self.points[some][:, self.point] * self.worlds[some][:, self.world]
            ).astype(float)  # fmt: skip

    def of(self, function: Any, *more: Any) -> np.ndarray:
        """A function of weights, for all resamples."""
        return np.concatenate([function(block, *more) for block in self.blocks()])


def _all_alarms(
    series: Iterable[pd.DataFrame], metric: str, label: str
) -> tuple[tuple[Sign, ...], np.ndarray, dict[str, np.ndarray]]:
    watched: tuple[Sign, ...] = ()
    runs, parts = [], []
    for table in series:
        if metric not in table:
            columns = listed([str(name) for name in table.columns])
            raise InputError.at("analysis", "series", columns, f"series with {metric}")
        others = [name for name in table.columns if name not in ("run", "day", metric)]
        watched = watched or signs(metric, label, others)
        if not len(table):
            continue
        some, alarms = first_alarms(table, watched)
        runs.append(some)
        parts.append(alarms)
    if not runs:
        raise InputError.at("analysis", "series", "none", f"a daily series of {metric}")
    return watched, np.concatenate(runs), {
        sign.name: np.concatenate([alarms[sign.name] for alarms in parts]) for sign in watched
    }  # fmt: skip


def _judged(alarm: np.ndarray, begins: np.ndarray, declines: np.ndarray) -> np.ndarray:
    """Days of warning; 0 without a warning before the decline, infinite for an alarm that is too
    early or, in a run that does not decline, false."""
    lead = begins - alarm
    with np.errstate(invalid="ignore"):
        late = np.isnan(lead) | (lead <= 0)
        early = lead > HORIZON
    days = np.where(late, 0.0, np.where(early, np.inf, lead))
    return np.where(declines, days, np.where(np.isnan(alarm), 0.0, np.inf))


def _in_time(days: np.ndarray) -> np.ndarray:
    return np.isfinite(days) & (days > 0)


def _share(weights: np.ndarray, of: np.ndarray, among: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return weights @ (of & among).astype(float) / (weights @ among.astype(float))


def _skill(days: np.ndarray, declines: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Caught in time minus false alarms, or only caught if all runs decline."""
    caught = _share(weights, _in_time(days), declines)
    false = _share(weights, np.isinf(days), ~declines)
    return caught - np.nan_to_num(false)


def _shares(days: np.ndarray, declines: np.ndarray, weights: _Weights) -> dict[str, float]:
    """The figures of a sign at a threshold, for a row of the table."""
    once = np.ones((1, len(days)))
    cases = {
        "caught": (_in_time(days), declines), "early": (np.isinf(days), declines),
        "missed": (days == 0, declines), "false": (np.isinf(days), ~declines),
    }  # fmt: skip
    row: dict[str, float] = {}
    for name, (of, among) in cases.items():
        value = float(_share(once, of, among)[0])
        row[name] = value
        if name in ("caught", "false"):
            again = weights.of(_share, of, among)
            many = among.sum()
            ends = resampling.wilson(value, again, many, many) if many else (np.nan, np.nan)
            row |= dict(zip((f"{name}_low", f"{name}_high"), ends, strict=True))
    mine = np.where(_in_time(days) & declines, days, np.nan)
    known = mine[np.isfinite(mine)]
    quartiles = np.quantile(known, [0.5, 0.25, 0.75]) if len(known) else np.full(3, np.nan)
    row |= dict(zip(("lead", "lead_q25", "lead_q75"), quartiles, strict=True))
    ends = resampling.interval(weights.of(_median, mine)) if len(known) else (np.nan, np.nan)
    return row | dict(zip(("lead_low", "lead_high"), ends, strict=True))


def _median(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Weighted median of the finite values."""
    order = np.argsort(values)[: np.isfinite(values).sum()]
    total = np.cumsum(weights[:, order], axis=1)
    with np.errstate(invalid="ignore"):
        at = (total >= total[:, -1:] / 2).argmax(axis=1)
    return np.where(total[:, -1] > 0, values[order][at], np.nan)


def _against(
    mine: np.ndarray, naive: np.ndarray, declines: np.ndarray, weights: _Weights, at: np.ndarray
) -> dict[str, Any]:
    """The skill of a sign, and its improvement over the naive rule, on the runs `at`."""

    def skill(w: np.ndarray) -> np.ndarray:
        return _skill(mine, declines, w * at)

    def gain(w: np.ndarray) -> np.ndarray:
        return _skill(mine, declines, w * at) - _skill(naive, declines, w * at)

    def days(w: np.ndarray) -> np.ndarray:
        more = np.where(np.isinf(mine), 0, mine) - np.where(np.isinf(naive), 0, naive)
        with np.errstate(invalid="ignore", divide="ignore"):
            return (w @ (more * declines * at)) / (w @ (declines * at).astype(float))

    once, row = np.ones((1, len(mine))), {}
    for name, function in (("skill", skill), ("gain", gain), ("days", days)):
        low, high = resampling.interval(weights.of(function))
        row |= {name: float(function(once)[0]), f"{name}_low": low, f"{name}_high": high}
    better = row["gain_low"] > 0 or (row["gain"] >= 0 and row["days_low"] > 0)
    better, worse = better and row["skill_low"] > 0, row["gain_high"] < 0
    if not (~declines & at).any():
        return row | {"verdict": "not known"}
    return row | {"verdict": "better" if better else "worse" if worse else "no better"}


def _notes(declines: np.ndarray, failed: int, stopped: int, soon: int) -> tuple[str, ...]:
    notes, yes, no = [], int(declines.sum()), int((~declines).sum())
    if failed:
        notes.append(f"{failed:,} runs failed and are excluded.")
    if stopped:
        notes.append(
            f"{stopped:,} runs were stopped before it was known whether they decline, and are "
            "excluded."
        )
    if soon:
        notes.append(
            f"{soon:,} runs declined before day {QUIET}, when signs had no history for comparison, "
            "and are excluded."
        )
    if not no:
        notes.append("All runs declined: the rate of false alarms can't be estimated.")
    elif min(yes, no) < FEWEST:
        notes.append(f"{yes:,} runs declined and {no:,} did not: too few to evaluate signs.")
    else:
        notes.append(
            "Days and shares come from all runs, including those used to choose the thresholds, "
            "and are slightly optimistic. The comparison with the naive rule uses the others only."
        )
    return tuple(notes)


def _described(table: pd.DataFrame) -> tuple[str, str]:
    """The title and the sentences."""
    rows = table[table["chosen"]].set_index("sign")
    naive, others = rows.loc["naive"], rows.drop(index="naive")
    if not np.isfinite(naive.false):
        return _all_declined(rows)
    lines = [f"The naive rule ({naive.reads}) {_does(naive)}."]
    better = others[others["verdict"] == "better"].sort_values("gain", ascending=False)
    lines += [
        f"{upper(row.label)} ({row.reads}) {_does(row)}: better than the naive rule ({_gain(row)})."
        for row in better.head(MANY).itertuples()
    ]
    if more := list(better["label"][MANY:]):
        lines.append(f"Also better: {listed(more)}.")
    for verdict in ("no better", "worse"):
        named = [f"{row.label} ({_gain(row)})"
                 for row in others[others["verdict"] == verdict].itertuples()]  # fmt: skip
        if named:
            lines.append(f"{upper(verdict)} than the naive rule: {listed(named)}.")
    if len(better):
        best = better.iloc[0]
        title = f"{upper(best.label)} predicts decline better than {naive.label}"
        if np.isfinite(best.lead):
            title += f": {best.lead:.0f} days ahead"
    elif naive.skill_low <= 0:
        title = "No sign predicts decline better than chance"
        lines.append("No sign, including the naive rule, is clearly better than random alarms.")
    elif len(others) > MANY:
        title = f"No sign predicts decline better than {naive.label}"
    else:
        title = (
            f"{upper(listed(list(others['label']), 'or'))}: no better a predictor of decline "
            f"than {naive.label}"
        )
    return title, " ".join(lines)


def _all_declined(rows: pd.DataFrame) -> tuple[str, str]:
    """The title and the sentence if all runs decline: how early each sign raises an alarm."""
    title = "All runs decline: the rate of false alarms is unknown"
    some = rows[rows["caught"] > HALF].sort_values("lead", ascending=False)
    if len(some):
        first = some.iloc[0]
        title = (
            f"All runs decline: {first.label} comes first, {first.lead:.0f} days ahead; the rate "
            "of false alarms is unknown"
        )
    leads = [
        f"{row.label} {row.lead:.0f} [{row.lead_low:.0f}, {row.lead_high:.0f}], {share(row.caught)}"
        if np.isfinite(row.lead) else f"{row.label} never in time"
        for row in rows.itertuples()
    ]  # fmt: skip
    return title, (
        f"Median days of warning, and share of declines caught in time: {'; '.join(leads)}."
    )


def _gain(row: Any) -> str:
    """The improvement of a sign over the naive rule."""
    return (
        f"caught minus false alarms {100 * row.gain:+.0f} percentage points "
        f"[{100 * row.gain_low:.0f}, {100 * row.gain_high:.0f}], {row.days:+.0f} days of warning "
        f"[{row.days_low:.0f}, {row.days_high:.0f}]"
    ).replace("-", "−")


def _does(row: Any) -> str:
    """The performance of a sign at its chosen threshold."""
    text = (
        f"predicts {100 * row.caught:.0f} % [{100 * row.caught_low:.0f}, "
        f"{100 * row.caught_high:.0f}] of declines in time"
    )
    if np.isfinite(row.lead):
        text += f", {row.lead:.0f} days [{row.lead_low:.0f}, {row.lead_high:.0f}] ahead"
    if np.isfinite(row.false):
        text += (
            f", with false alarms in {100 * row.false:.0f} % [{100 * row.false_low:.0f}, "
            f"{100 * row.false_high:.0f}] of runs without decline"
        )
    return text
