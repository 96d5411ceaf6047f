"""Everything the model is made of: the parameters, traits, levers, daily columns and member
fields that the files of `comsim.model.kernel` declare, in one place.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import numpy as np

from comsim.model import kernel
from comsim.model.declare import Column, Field, Lever, Parameter, Trait

# In the order of their own names, wherever they lie: moving a file reorders no table.
MECHANISMS = sorted(
    (import_module(found.name) for found in walk_packages(kernel.__path__, f"{kernel.__name__}.")),
    key=lambda module: module.__name__.rpartition(".")[2],
)


def declared(what: str) -> dict[str, Any]:
    """All that the mechanisms declare of one kind, by name; a name may stand only once."""
    found: dict[str, Any] = {}
    for mechanism in MECHANISMS:
        for item in getattr(mechanism, what, []):
            if item.name in found:
                raise ValueError(f"{what}: {item.name!r} is declared twice")
            found[item.name] = item
    return found


PARAMETERS: dict[str, Parameter] = declared("PARAMETERS")
TRAITS: dict[str, Trait] = declared("TRAITS")
LEVERS: dict[str, Lever] = declared("LEVERS")
COLUMNS: dict[str, Column] = declared("COLUMNS")
ARRAYS: dict[str, Field] = declared("ARRAYS")
OWN: dict[str, Field] = declared("FIELDS")
FIELDS: dict[str, Field] = ARRAYS | OWN

# The daily columns that add up to the day's cost, and to its revenue.
COSTS = [column.name for column in COLUMNS.values() if column.ledger == "cost"]
# The levers that cost money, and the column that each of them is paid from.
COST_OF = {lever: cost for cost in COSTS for lever in COLUMNS[cost].levers}
REVENUES = [column.name for column in COLUMNS.values() if column.ledger == "revenue"]

PARAMETER_RECORD = np.dtype([(name, "f8") for name in PARAMETERS])
LEVER_RECORD = np.dtype([(name, "f8") for name in LEVERS])
OWN_RECORD = np.dtype([(name, field.dtype) for name, field in OWN.items()], align=True)
DAY_RECORD = np.dtype([(name, "i8") for name in COLUMNS])
