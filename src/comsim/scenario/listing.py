"""The parameters and traits of the model as a list, and how far each may be off."""

from __future__ import annotations

from typing import Any

from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.model.declare import Parameter, Trait, grade_of, origin
from comsim.scenario.rows import PLAUSIBLE, rows_of
from comsim.scenario.worlds import NULL, around_default

DISTRIBUTION = {
    ("log", False): "triangular in the logarithm",
    ("odds", False): "triangular in the log odds",
    ("log", True): "uniform in the logarithm",
    ("odds", True): "uniform in the log odds",
}


def parameter_list() -> list[dict[str, Any]]:
    """One dict per parameter and trait: `name`, `kind`, `value` (the default), `unit`, `low` and
    `high` (the range in independent samples), `distribution` ("known" if it is the same in all
    samples), `factor` (by which the value, or its odds if the distribution says so, may be off),
    `effect` (the lever whose effect it describes, if any), `null` (the share of samples in which
    that lever has no effect, and the value is `absent`), `grade` (how well it is known), `source`,
    `meaning`, `plausible_low` and `plausible_high` (nine of ten plausible worlds have a value
    between them; None if none of them sets it)."""
    rows, plausible = [], rows_of(PLAUSIBLE, "parameters")
    for number in (*PARAMETERS.values(), *TRAITS.values()):
        doubt = around_default(number)
        known = doubt.low == doubt.high
        inside = plausible.between(number.name) if number.name in plausible.names else (None, None)
        rows.append(
            {
                "name": number.name,
                "kind": "trait" if isinstance(number, Trait) else "parameter",
                "value": number.value,
                "unit": number.unit,
                "low": doubt.low,
                "high": doubt.high,
                "distribution": "known" if known else DISTRIBUTION[doubt.shape, doubt.flat],
                "factor": 1.0 if known else doubt.factor,
                "effect": number.effect if isinstance(number, Parameter) else "",
                "null": NULL if doubt.lever else 0.0,
                "absent": doubt.absent if doubt.lever else None,
                "grade": grade_of(number),
                "source": origin(number),
                "meaning": number.meaning,
                "plausible_low": inside[0],
                "plausible_high": inside[1],
            }
        )
    return rows
