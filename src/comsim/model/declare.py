"""How a mechanism declares its levers, parameters, traits, columns, member fields and shocks.

Each file of `comsim.model.kernel` declares what it needs in lists, next to its equations.
`comsim.model.catalogue` gathers the lists. Everything that other rooms show of a declaration (the
scenario schema, the lab's controls, reports, equal budgets, the ODD document) is read from it, so a
declaration holds all that is known of its item, in English and Chinese.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal, get_args

ASSUMPTION = "assumption"

# The factor by which a number may be off. All three are assumptions. The effects of levers are the
# least known; fitted values are held in place by the facts that they were fitted to.
DOUBT_ASSUMED, DOUBT_EFFECT, DOUBT_FITTED = 2.0, 3.0, 1.25

# How well an effect or a number is known:
# measured    a randomised or otherwise identified study measured the size of the effect, for this
#             lever and this outcome, in an online community
# elsewhere   the size is known for another outcome, another population (customers, donors, users of
#             an app) or a closely related lever; or the number was fitted to real data
# sign only   only the direction is known
# none        no study shows what it does, or how large the number is
Grade = Literal["measured", "elsewhere", "sign only", "none"]
GRADES: tuple[Grade, ...] = get_args(Grade)

# What defaults were fitted to (scripts/fit_defaults.py). All were fitted together; each names the
# target that informs it most. Textbooks are no data.
R4DS = "R4DS, a learning community"
LISTENERS = "an experiment with ads on listeners (F8)"
TEXTBOOKS = "what textbooks say of launches and billboards"


@dataclass(frozen=True)
class Declared:
    """Anything declared: its name in files, and what reports and the lab call it.

    `label` is a short English name; by default, `name` with spaces. `label_zh` is the Chinese one;
    by default, the English one.
    """

    name: str
    _: KW_ONLY
    label: str = ""
    label_zh: str = ""

    def called(self, language: str) -> str:
        """The label in a language, "en" or "zh"."""
        if language == "zh" and self.label_zh:
            return self.label_zh
        return self.label or self.name.replace("_", " ")


@dataclass(frozen=True)
class Unit(Declared):
    """A unit of levers, with its Chinese name."""


@dataclass(frozen=True)
class LeverGroup(Declared):
    """A group of levers that serve one purpose."""


# In the order of the README's table.
GROUPS = {
    group.name: group
    for group in (
        LeverGroup("recruit", label="Recruit", label_zh="招募"),
        LeverGroup("welcome", label="Welcome", label_zh="迎新"),
        LeverGroup("content", label="Content", label_zh="内容"),
        LeverGroup("reach", label="Reach: ads and pushes", label_zh="触达：广告与推送"),
        LeverGroup("incentives", label="Incentives", label_zh="激励"),
        LeverGroup("rules", label="Moderation and answers", label_zh="管理与回应"),
        LeverGroup("structure", label="Structure", label_zh="结构"),
        LeverGroup("events", label="Events", label_zh="活动"),
        LeverGroup("business", label="Business", label_zh="经营"),
    )
}


@dataclass(frozen=True)
class Parameter(Declared):
    """A number that the model needs and the operator does not choose.

    A scenario may set it to any value from `low` to `high`. `source` is a citation, or the word
    "assumption", with a reason if there is one. `sign` cites the study from which only the
    direction of the effect is known. `fitted` names what the value was fitted to, together with
    others (docs/design.md), so it is no evidence for those facts. `effect` is the lever whose
    effect on members the parameter describes: how strongly, how fast, or at which level. `absent`
    is the value at which this part of the effect does not exist. `doubt` is the
    factor by which the value may be off, and 1 for what operators know or can look up in their
    books; by default, it follows from `fitted` and `effect`. `grade` is given if `source` is a
    citation; otherwise it follows (`grade_of`). `clock` is 1 for a rate per day (the parameter
    `clock` multiplies it), -1 for a duration in days (which it divides), and 0 for all others.
    """

    value: float
    unit: str
    low: float
    high: float
    meaning: str
    source: str = ASSUMPTION
    whole: bool = False
    sign: str = ""
    fitted: str = ""
    effect: str = ""
    absent: float | None = None
    doubt: float | None = None
    grade: Grade | None = None
    clock: Literal[-1, 0, 1] = 0


@dataclass(frozen=True)
class Trait(Declared):
    """A property in which members differ: a distribution, set for each segment of the market.

    `shape` is "lognormal" (`value` is the median, `spread` the standard deviation of the logarithm)
    or "uniform" (`value` is the mean, `spread` the half width). Each person's value is drawn with
    their own random numbers and clipped to [low, high]. `doubt` and `clock` refer to `value`;
    `sign`, `fitted` and `grade` are those of a Parameter.
    """

    value: float
    spread: float
    low: float
    high: float
    unit: str
    meaning: str
    shape: Literal["lognormal", "uniform"] = "uniform"
    source: str = ASSUMPTION
    sign: str = ""
    fitted: str = ""
    doubt: float | None = None
    grade: Grade | None = None
    clock: Literal[-1, 0, 1] = 0


def doubt(number: Parameter | Trait) -> float:
    """The factor by which a default may be off, 1 or more."""
    if number.doubt is not None:
        return number.doubt
    if number.fitted:
        return DOUBT_FITTED
    return DOUBT_EFFECT if isinstance(number, Parameter) and number.effect else DOUBT_ASSUMED


def origin(number: Parameter | Trait) -> str:
    """Where a default comes from, as text."""
    parts = [number.source]
    if number.sign:
        parts.append(f"the sign after {number.sign}")
    if number.fitted:
        parts.append(f"fitted to {number.fitted}")
    return "; ".join(parts)


def grade_of(number: Parameter | Trait) -> Grade:
    """How well a default is known."""
    if number.grade is not None:
        return number.grade
    if number.fitted and number.fitted != TEXTBOOKS:
        return "elsewhere"
    return "sign only" if number.sign else "none"


@dataclass(frozen=True)
class Lever(Declared):
    """A number that the operator sets for each day and group of members.

    `unit` is the name of a declared `Unit`, `group` a key of GROUPS. `scope` is "member" if groups
    may have different values, "community" if there is one value for all. `idle` is the value once
    nobody operates the community any more.

    An `act` takes place on single days, as an event does; other levers are settings that hold until
    they are changed. If a scenario gives a lever with `once` a plain number, it holds on day 0
    only.

    A lever that costs money names the cost column that it is `paid_from` and, in `price`, how much
    it costs. `whole` levers take whole numbers. `slider` is the top of the lab's slider; by
    default, `high`. `felt_as` is for a lever that moves trust before members learn from their
    visits: the cause that the lab's story of a member names. `grade` says how well the
    lever's effect is known, and `sources` cite the studies that support the grade. All studies are
    in `comsim/evidence/effects.toml`.
    """

    default: float
    unit: str
    low: float
    high: float
    meaning: str
    _: KW_ONLY
    meaning_zh: str
    group: str
    grade: Grade
    sources: tuple[str, ...] = ()
    scope: Literal["member", "community"] = "member"
    idle: float = 0.0
    act: bool = False
    once: bool = False
    paid_from: str = ""
    price: str = ""
    whole: bool = False
    slider: float | None = None
    felt_as: str = ""

    def explained(self, language: str) -> str:
        """The meaning in a language, "en" or "zh"."""
        return self.meaning_zh if language == "zh" else self.meaning

    @property
    def evidence(self) -> str:
        """The grade with its sources, as text."""
        return f"{self.grade} ({'; '.join(self.sources)})" if self.sources else self.grade


@dataclass(frozen=True)
class Column(Declared):
    """A daily count, kept as a 64-bit integer.

    The integer divided by `scale` is in `unit` (100 for money kept in cents). `observable` columns
    can be seen by an operator, so that rules may use them. `ledger` marks money that is part of the
    day's "cost" or "revenue"; the label then says for what, or from what. A
    sum of a member state appears in the daily table as a mean, under the name `mean`: the sum over
    the last `days` days, divided by the sum of the column `over`.
    """

    unit: str
    meaning: str
    scale: float = 1.0
    observable: bool = True
    ledger: Literal["", "cost", "revenue"] = ""
    mean: str = ""
    over: str = "members"
    days: int = 1

    def called(self, language: str) -> str:
        """The label in a language, such as "cost of gifts"."""
        text = self.entry(language)
        pattern = LEDGERS[self.ledger, language] if self.ledger else "{}"
        return pattern.format(text)

    def entry(self, language: str) -> str:
        """The label where a ledger is shown: "gifts" among the costs."""
        return super().called(language)


LEDGERS = {
    ("cost", "en"): "cost of {}",
    ("cost", "zh"): "{}成本",
    ("revenue", "en"): "revenue from {}",
    ("revenue", "zh"): "{}收入",
}


@dataclass(frozen=True)
class MemberField:
    """A piece of member state: one value for each member, in order of joining.

    Each entry of a mechanism's ARRAYS becomes a separate array. The entries of FIELDS become fields
    of one record per member, which holds what only the member's own visits use. An array with
    `width` > 1 has shape (members, width). `public` fields are columns of `members.parquet`.
    """

    name: str
    dtype: str
    meaning: str
    width: int = 1
    public: bool = True


@dataclass(frozen=True)
class ShockKind(Declared):
    """A kind of event beyond the operator's control. `takes_trust` marks those that reduce the
    trust of members."""

    meaning: str
    takes_trust: bool = False
