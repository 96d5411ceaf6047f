"""The world of one run: all arrays that the functions of the day read and write.

Arrays with one entry per member have room for the whole market, but use memory only for filled
rows, in order of joining. All states of a member are zero until they are set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comsim.common.copies import read_only
from comsim.model.catalogue import (
    ARRAYS,
    COLUMNS,
    COSTS,
    DAY_RECORD,
    LEVER_RECORD,
    LEVERS,
    OWN,
    OWN_RECORD,
    PARAMETER_RECORD,
    REVENUES,
    TRAITS,
)
from comsim.model.kernel.arrive import INVITATION
from comsim.model.kernel.bundle import Bundle
from comsim.model.kernel.mechanisms.belonging import MOST_SUBGROUPS, SUBGROUP
from comsim.model.kernel.mechanisms.conduct import HARM
from comsim.model.kernel.mechanisms.membership import PAID_DAYS
from comsim.model.kernel.mechanisms.moderate import REMOVED
from comsim.model.kernel.mechanisms.persuade import OUTSIDE
from comsim.model.kernel.mechanisms.respond import HELPED
from comsim.model.kernel.mechanisms.roles import ROLES
from comsim.model.kernel.mechanisms.topics import ABOUT
from comsim.model.kernel.people import TRAIT
from comsim.model.kernel.publish import ECHO, MOST_POSTS, POST
from comsim.model.kernel.record import EVENT
from comsim.model.kernel.reply import MOST_REPLIES, REPLY
from comsim.model.kernel.tally import ACTED, AUTHOR, TALLIED_WEEK, TALLY, WEEKS
from comsim.model.kernel.visit import AT_ONCE, BLOCK, CHUNK, VISIT
from comsim.model.periods import MONTH
from comsim.scenario.pace import paced, paced_traits, unequal
from comsim.scenario.plan import Plan
from comsim.scenario.worlds import DEFAULTS

# The state carried from day to day: filled rows of each list, sums, and yesterday's values.
NOW_RECORD = np.dtype(
    [(name, "i8") for name in (
        "rows", "first_new", "queue", "members", "muted", "dormant", "visitors", "absent",
        "posts", "leavers", "switched", "orders", "events", "interest_sum",
        "spent", "profit", "stage", "kol_queue", "pushing", "payers", "losing", "stopped",
        "recognition_known", "next_shock", "removed", "helped", "subgroups", "children",
        "founders", "walk_in_queue", "answered", "called",
    )]
    + [(name, "f8") for name in (
        "intake_carry", "novelty", "stage_age", "stage_level", "stage_peak", "stage_top",
        "stage_low", "stage_mark", "stage_calm", "stage_under", "stage_over", "kol_carry",
        "rhythm", "raffle_norm", "bad_press", "founder_carry", "mention", "burst", "weather",
        "mood",
    )]
)  # fmt: skip


class Setting(NamedTuple):
    """What a run is made from, in addition to its plan."""

    market: int
    days: int
    newcomer_days: int
    seed: int
    parameters: dict[str, float]
    events: int = 0  # room for this number of events; 0 records none
    sources: Sequence[ArrayLike] = ()  # tally posts as these show them (`is_shown`)
    blank: bool = False  # whether unused parts of lists are zero; this takes longer


def parameter_record(values: dict[str, float]) -> NDArray[np.void]:
    """The parameters, at the community's pace, as a record array of length 1, as compiled code
    takes them."""
    filled = list(paced(DEFAULTS | values).values())
    return np.array(filled, np.float64).view(PARAMETER_RECORD)


def trait_table(plan: Plan, clock: float, inequality: float) -> NDArray[np.void]:
    """The traits of each segment (TRAIT, segments x traits), as compiled code takes them."""
    table = np.empty(plan.trait_value.shape, TRAIT)
    table[:] = TRAIT_LIMITS
    table["value"] = paced_traits(plan.trait_value, clock)
    table["spread"] = unequal(plan.trait_spread, inequality)
    return table


def member_field(members: Bundle, name: str) -> NDArray[Any]:
    """A field of all members by name, wherever it is stored."""
    return members.own[name] if name in OWN else getattr(members, name)


def close(world: Bundle) -> None:
    """Make the arrays of a finished world read-only."""
    for part in vars(world).values():
        if isinstance(part, Bundle):
            close(part)
        elif isinstance(part, np.ndarray):
            read_only(part)


def column_numbers(names: list[str]) -> NDArray[np.int64]:
    """The positions of daily columns in `daily_table`."""
    return np.array([list(COLUMNS).index(name) for name in names], np.int64)


# The same in every run, and never changed.
LEVER_RANGE = np.array([(lever.low, lever.high) for lever in LEVERS.values()], np.float64)
LEVER_IDLE = np.array([lever.idle for lever in LEVERS.values()], np.float64)
LEDGER_COST, LEDGER_REVENUE = column_numbers(COSTS), column_numbers(REVENUES)
TRAIT_LIMITS = np.array(
    [(0.0, 0.0, x.low, x.high, x.shape == "lognormal") for x in TRAITS.values()], TRAIT
)


def make_world(setting: Setting, plan: Plan) -> Bundle:
    """The world on the morning of day 0: a market and a plan, and no members yet."""
    market, days = setting.market, setting.days
    blocks, chunks = market // BLOCK + 1, market // CHUNK + 1
    empty = np.zeros if setting.blank else np.empty
    lever_table = np.array(plan.lever_table, np.float64)  # rules will write to it
    daily_table = np.zeros((days, len(COLUMNS)), np.int64)
    now = np.zeros(1, NOW_RECORD)
    now["novelty"] = 1.0
    sources = np.array(setting.sources, np.float64).reshape(-1, 2, 2)
    tally = np.zeros(len(sources), TALLY)
    tally["first_day"] = -1
    # One array for each of the catalogue's ARRAYS, and `own`, the records of the rest.
    members = Bundle(
        **{
            field.name: np.zeros(market if field.width == 1 else (market, field.width), field.dtype)
            for field in ARRAYS.values()
        },
        own=np.zeros(market, OWN_RECORD),
    )
    parameters = parameter_record(setting.parameters)
    people = Bundle(
        size=market,
        half_bits=max(1, (max(market - 1, 1).bit_length() + 1) // 2),  # of its numbers, rounded up
        key=np.array([setting.seed & 0xFFFFFFFF, setting.seed >> 32], np.uint32),
        segment_bound=plan.segment_bound.copy(),  # shares, added up
        arm_bound=plan.arm_bound.copy(),
        traits=trait_table(plan, parameters["clock"][0], parameters["inequality"][0]),
    )
    return Bundle(
        # fixed for the run: parameters, the market, visiting and walk-ins by day
        p=parameters,
        people=people,
        newcomer_days=setting.newcomer_days,
        rhythm=plan.rhythm.copy(),
        season=plan.season.copy(),
        # the operator: `levers` is the same memory as `lever_table`, by name
        levers=lever_table.view(LEVER_RECORD)[..., 0],
        lever_table=lever_table,
        lever_range=LEVER_RANGE.copy(),
        lever_idle=LEVER_IDLE.copy(),
        rules=plan.rules.copy(),
        conditions=plan.conditions.copy(),
        actions=plan.actions.copy(),
        owner=plan.owner.copy(),
        # what happens to it
        shocks=plan.shocks.copy(),
        # the members, and what is known of everyone in the market
        m=members,
        row_of=np.full(market, OUTSIDE, np.int32),
        waiting=np.full(days + 1, -1, np.int32),  # people persuaded, by day of joining
        inviter_of=np.zeros(market, np.int32),  # of those who wait
        visit_count=np.zeros(days, np.int64),
        # by day of joining and month of membership: who visited in that month, from the second on
        month_count=np.zeros((days, days // MONTH + 1), np.int32),
        poster_count=np.zeros(days, np.int64),
        paid_ends=np.zeros(days + PAID_DAYS + 1, np.int64),
        # today: scalars, then lists of what happens
        now=now,
        role_count=np.zeros(len(ROLES), np.int64),
        content_carry=np.zeros(lever_table.shape[1]),
        official_today=np.zeros(lever_table.shape[1], np.int64),
        invitations=empty(2 * market, INVITATION),  # one for a visit, one for an order
        attendees=empty(market, np.int32),
        lift=empty(market, np.float32),
        called=empty(market, np.int32),
        visits=empty(market, VISIT),
        absent=empty(market, np.int32),
        answered=empty(market, np.int32),
        posts=empty(market * MOST_POSTS, POST),
        standings=empty(market * MOST_POSTS, np.float32),
        echoes=empty(market * MOST_POSTS, ECHO),
        replies=empty(chunks * CHUNK * MOST_REPLIES, REPLY),
        replied=np.zeros(chunks, np.int64),
        seen=np.zeros((chunks, 4), np.int64),
        leavers=empty(market, np.int32),
        switched=empty(3 * market, np.int32),  # at a push, on a visit, at a leak
        was_muted=empty(3 * market, np.uint8),
        orders=empty(market, np.int32),
        about=np.zeros(market * MOST_POSTS, ABOUT),  # zero means: no topic, good
        harm=np.zeros(market, HARM),
        removed=empty(market * MOST_POSTS, REMOVED),
        helped=empty(market, HELPED),
        # the subgroups, and today's posts by subgroup
        subgroups=np.zeros(MOST_SUBGROUPS, SUBGROUP),
        order=empty(market * MOST_POSTS, np.int32),
        # room for blocks of members to work in apart
        marked=empty(blocks * BLOCK, np.int32),
        marks=np.zeros(blocks * BLOCK, np.uint8),  # 0 past the last member
        word=empty((blocks, AT_ONCE, BLOCK), np.uint32),
        hits=np.zeros(blocks, np.int64),
        interest_sum=np.zeros(blocks, np.int64),
        woken=np.zeros(chunks, np.int64),
        change=np.zeros((chunks, 3), np.int64),
        role_change=np.zeros((chunks, len(ROLES)), np.int64),
        # what is kept: `daily` is the same memory as `daily_table`, by name
        daily=daily_table.view(DAY_RECORD)[:, 0],
        daily_table=daily_table,
        ledger_cost=LEDGER_COST.copy(),
        ledger_revenue=LEDGER_REVENUE.copy(),
        events=empty(setting.events, EVENT),
        sources=sources,
        tally=tally,
        tallied_weeks=np.zeros((len(sources), WEEKS), TALLIED_WEEK),
        authors=np.zeros((len(sources), market), AUTHOR),
        acted=np.zeros(market if len(sources) else 0, ACTED),
    )
