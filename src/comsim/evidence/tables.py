"""A validation as a data frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from comsim.evidence.fact import NONE, Check, Coverage, Finding, Measurement
from comsim.evidence.runner import BESIDE


def as_frame(findings: Iterable[Finding], headline: str) -> pd.DataFrame:
    """One row per figure of each fact, in the order of the files; one row for a fact without
    figures.

    - `fact`, `kind` (F, E, B, V), `mark` (used, held, known, shown), `title`, `lever`, `family`,
      `study`, `design`, `seen` (V, R, D, S, M: `comsim.evidence.fact.Fact`), `citation`, `doi`,
      `url`, `horizon_days`, `transfer`, `before_look`, and in words `population`, `varied`,
      `outcome`, `scenario`, `criterion`, `note`, and `missing` (what the model lacks to measure the
      fact);
    - `verdict` on the fact, `counts` (whether it counts for the headline), `precise` (whether the
      simulation error is small compared with the band), `off_passes` and `november_passes` (whether
      the fact is met without its mechanism, and by the model of November 2026; empty if unknown);
    - `figure`, `label`, `unit`, `published` (numbers, as text), `published_error`;
    - `low`, `high`: the band (infinite where it is open); `contains`: the value that the interval
      must contain; `side`: the side of 0 on which the interval must lie; `decides`: whether the
      verdict depends on the figure;
    - `worlds` in which the figure exists (communities, for a distance), `absent`: those in which it
      does not; `mean`, `mean_low`, `mean_high`: the mean over them with its 95 % confidence
      interval; `met`;
    - `rest`, `whole`: for a randomised effect, the effect on the others, and the effect on the
      community if everybody gets the lever, with `_low` and `_high`;
    - for a distance, `median_real`, `median_simulated`: over the matched communities; `matched`,
      `to_match`: real communities with a match, and all that have the feature; `matched_by_type`:
      the same by type of source, as text; `simulated`: the simulated communities that match them;
      `enough`: whether enough are matched to judge the distance;
    - `off`, `off_low`, `off_high`, `november`, `november_low`, `november_high`: the same for the
      rivals.
    """
    rows = []
    for one in findings:
        for check in one.fact.checks or (None,):
            rows.append(_fact(one) | (_figure(check, one) if check else {}))
    table = pd.DataFrame(rows)
    table.attrs["headline"] = headline
    return table


def _fact(one: Finding) -> dict[str, Any]:
    fact = one.fact
    plain = ("lever", "family", "study", "design", "seen", "citation", "doi", "url",
             "horizon_days", "transfer", "before_look")  # fmt: skip
    texts = ("population", "varied", "outcome", "scenario", "criterion", "note", "missing")
    return {
        "fact": fact.id,
        "kind": fact.kind,
        "mark": fact.mark,
        "verdict": one.verdict,
        "counts": one.counts,
        "precise": one.precise,
        "off_passes": one.off.passes(fact) if one.off and fact.deciding else None,
        "november_passes": one.november.passes(fact) if one.november and fact.deciding else None,
        "title": fact.title["en"],
        **{name: getattr(fact, name) for name in plain},
        **{name: (getattr(fact, name) or {"en": ""})["en"] for name in texts},
    }


def _figure(check: Check, one: Finding) -> dict[str, Any]:
    absent = one.measured.absent.get(check.figure, 0)
    return {
        "figure": check.figure,
        "label": check.label["en"],
        "unit": check.unit,
        "published": ", ".join(f"{x:g}" for x in check.published),
        "published_error": check.published_error,
        "low": check.low,
        "high": check.high,
        "contains": check.contains,
        "side": check.side,
        "decides": check.decides,
        "worlds": one.measured.worlds - absent,
        "absent": absent,
        **_interval("mean", one.measured, check.figure),
        "met": one.measured.met(check) if check.decides else None,
        **{
            key: value
            for name in BESIDE
            for key, value in _interval(name, one.measured, name).items()
        },
        **_coverage(one.measured.coverage.get(check.figure)),
        **_interval("off", one.off, check.figure),
        **_interval("november", one.november, check.figure),
    }


def _coverage(of: Coverage | None) -> dict[str, Any]:
    if of is None:
        names = ("median_real", "median_simulated", "matched", "to_match", "matched_by_type",
                 "simulated", "enough")  # fmt: skip
        return dict.fromkeys(names)
    by_type = (f"{source} {n} of {all}" for source, (n, all) in of.matched.items())
    return {
        "median_real": of.medians[0],
        "median_simulated": of.medians[1],
        "matched": of.total[0],
        "to_match": of.total[1],
        "matched_by_type": ", ".join(by_type),
        "simulated": of.simulated,
        "enough": of.enough,
    }


def _interval(name: str, of: Measurement | None, figure: str) -> dict[str, float]:
    value, low, high = of.figures.get(figure, NONE) if of else NONE
    column = f"{name}_{{}}".format
    return {name: value, column("low"): low, column("high"): high}
