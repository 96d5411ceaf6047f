"""Everything that the kernel's files declare, gathered: parameters, traits, levers, daily columns,
member fields and kinds of shocks.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import numpy as np

from comsim.model import kernel
from comsim.model.declare import (
    GROUPS,
    Column,
    Lever,
    MemberField,
    Parameter,
    ShockKind,
    Trait,
    Unit,
)

# Sorted by module name, wherever the modules lie: moving a file changes the order of no table.
MECHANISMS = sorted(
    (import_module(info.name) for info in walk_packages(kernel.__path__, f"{kernel.__name__}.")),
    key=lambda module: module.__name__.rpartition(".")[2],
)


def declared(kind: str) -> dict[str, Any]:
    """All declarations in the lists named `kind`, by name. ValueError if a name occurs twice."""
    items: dict[str, Any] = {}
    for mechanism in MECHANISMS:
        for item in getattr(mechanism, kind, []):
            if item.name in items:
                raise ValueError(f"{kind}: {item.name!r} is declared twice")
            items[item.name] = item
    return items


PARAMETERS: dict[str, Parameter] = declared("PARAMETERS")
TRAITS: dict[str, Trait] = declared("TRAITS")
UNITS: dict[str, Unit] = declared("UNITS")
LEVERS: dict[str, Lever] = declared("LEVERS")
COLUMNS: dict[str, Column] = declared("COLUMNS")
ARRAYS: dict[str, MemberField] = declared("ARRAYS")
OWN: dict[str, MemberField] = declared("FIELDS")
FIELDS: dict[str, MemberField] = ARRAYS | OWN
SHOCKS: dict[str, ShockKind] = declared("SHOCKS")

# The columns of the daily table, by their names there: means stand in for sums.
DAILY = {column.mean or name: column for name, column in COLUMNS.items()}
# The daily columns that add up to the day's cost, and to its revenue.
COSTS = [column.name for column in COLUMNS.values() if column.ledger == "cost"]
REVENUES = [column.name for column in COLUMNS.values() if column.ledger == "revenue"]
# The levers that cost money, and the cost column that each is paid from.
COST_OF = {lever.name: lever.paid_from for lever in LEVERS.values() if lever.paid_from}
# The levers that are acts of single days.
ACTS = [lever.name for lever in LEVERS.values() if lever.act]


def levers_in(group: str) -> list[Lever]:
    """The levers of a group, those that are on by default first."""
    levers = [lever for lever in LEVERS.values() if lever.group == group]
    return sorted(levers, key=lambda lever: lever.default == lever.idle)


# The levers of each group, in the order in which groups are shown.
LEVERS_BY_GROUP = {group: levers_in(group) for group in GROUPS}

PARAMETER_RECORD = np.dtype([(name, "f8") for name in PARAMETERS])
LEVER_RECORD = np.dtype([(name, "f8") for name in LEVERS])
OWN_RECORD = np.dtype([(name, field.dtype) for name, field in OWN.items()], align=True)
DAY_RECORD = np.dtype([(name, "i8") for name in COLUMNS])
