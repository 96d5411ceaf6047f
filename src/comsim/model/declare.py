"""What a mechanism may declare: its parameters, levers, daily columns and member fields.

Each file of `comsim.model.kernel` that holds a mechanism declares what it needs with these
classes, next to its equations. `comsim.model.catalogue` puts the lists together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ASSUMPTION = "assumption"

# By what factor a number may be off: assumptions, as the numbers are. What a lever does is known
# least; fitted values are held together by the facts they were fitted to.
DOUBT_ASSUMED, DOUBT_EFFECT, DOUBT_FITTED = 2.0, 3.0, 1.25


@dataclass(frozen=True)
class Parameter:
    """A number that the model needs and the operator does not choose.

    `low` and `high` bound what a scenario may set. `source` is a citation, or the word
    "assumption" (with a reason where there is one). A `fitted` value was chosen together with
    others so that facts named in docs/design.md come out: it is no evidence for them. `effect`
    marks what a lever does to members: how strongly, how fast, or at which level. `doubt` is the
    factor by which the value may be off, 1 for what the operator knows or has in their books;
    left out, it is that of a fitted value, of a lever's effect, or of an assumption.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    meaning: str
    source: str = ASSUMPTION
    whole: bool = False
    fitted: bool = False
    effect: bool = False
    doubt: float | None = None


@dataclass(frozen=True)
class Trait:
    """A property in which members differ: a distribution, set for each segment of the market.

    `shape` says what is drawn from the person's own luck: "lognormal" (`value` is the median,
    `spread` the standard deviation of the logarithm) or "uniform" (`value` is the mean,
    `spread` the half width). Draws are clipped to [low, high]. `doubt` is about `value`.
    """

    name: str
    value: float
    spread: float
    low: float
    high: float
    unit: str
    meaning: str
    shape: Literal["lognormal", "uniform"] = "uniform"
    source: str = ASSUMPTION
    fitted: bool = False
    doubt: float | None = None


def doubt(number: Parameter | Trait) -> float:
    """The factor by which a default may be off, 1 or above."""
    if number.doubt is not None:
        return number.doubt
    if number.fitted:
        return DOUBT_FITTED
    return DOUBT_EFFECT if isinstance(number, Parameter) and number.effect else DOUBT_ASSUMED


def origin(number: Parameter | Trait) -> str:
    """Where a default comes from, in words."""
    return f"{number.source}; value fitted" if number.fitted else number.source


@dataclass(frozen=True)
class Lever:
    """A number that the operator sets for a day and a group of members.

    `scope` is "member" where groups may be given different values, "community" where there is
    one value for all. A plain number given to a lever with `once` holds on day 0 only. `idle` is
    its value once nobody operates the community any more.
    """

    name: str
    default: float
    unit: str
    low: float
    high: float
    meaning: str
    scope: Literal["member", "community"] = "member"
    once: bool = False
    idle: float = 0.0


@dataclass(frozen=True)
class Column:
    """A daily count, kept as a 64-bit integer.

    `scale` is what the integer is divided by to give `unit` (100 for money kept in cents).
    `observable` says whether an operator could see it, so that a rule may use it. `ledger` marks
    money that is part of the day's `cost`, or of its `revenue`; `levers` are those that spend it.
    """

    name: str
    unit: str
    meaning: str
    scale: float = 1.0
    observable: bool = True
    ledger: Literal["", "cost", "revenue"] = ""
    levers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """A piece of member state: a value for each member, in order of joining.

    In a mechanism's ARRAYS it is an array of its own, in its FIELDS a field of the records that
    hold what only the member's own visits touch. `width` > 1 makes an array two-dimensional
    (members, width). `public` ones are columns of `members.parquet`.
    """

    name: str
    dtype: str
    meaning: str
    width: int = 1
    public: bool = True
