"""Push: notifications that call members in; they tire, lose their effect with habituation, and make
members mute.

Before the day's visits, each member who has not muted the community gets the pushes of their group.
They raise today's chance to visit, with diminishing returns, and less for members who are used to
them. They tire members whether or not they come, and tired members mute. More pushes therefore
bring more visits at first and fewer after a year, as in two field tests of 2022.
"""

import numpy as np
from numba import prange

from comsim.model.declare import Column, Lever, MemberField, Parameter
from comsim.model.kernel.basics import ACTIVE, LEFT, cell, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.leave import switch
from comsim.model.kernel.people import key_of
from comsim.model.kernel.random import philox4x32, uniform
from comsim.model.kernel.visit import BLOCK
from comsim.model.rng import Purpose

PUSH_DRAW = np.uint32(Purpose.PUSH)
UNTOUCHED, PUSHED, ANNOYED = 0, 1, 2

PARAMETERS = [
    Parameter("push_pull", 0.5, "share", 0, 10,
              "by how much very many pushes a day raise the chance to visit", effect="pushes",
              label="pull of pushes", label_zh="推送的拉力"),
    Parameter("push_half", 1.0, "pushes a day", 0.01, 100, "pushes that have half of that effect",
              effect="pushes", label="pushes of half effect", label_zh="半效推送数"),
    Parameter("push_adaptation", 0.015, "share", 0, 1,
              "how far one day of pushes moves the number that a member is used to",
              effect="pushes", clock=1, label="getting used to pushes",
              label_zh="对推送的习惯速度"),
    Parameter("push_habituation", 0.9, "share", 0, 1,
              "share of the effect that is lost on a member who is fully used to pushes",
              effect="pushes", label="effect lost by habituation to pushes",
              label_zh="习惯推送后失去的效果"),
    Parameter("push_fatigue", 0.006, "a push", 0, 1, "how far one push tires", effect="pushes",
              label="fatigue from a push", label_zh="推送带来的疲劳"),
    Parameter("push_mute", 0.03, "a push", 0, 1,
              "chance that a fully tired member mutes the community at a push", effect="pushes",
              label="muting at a push", label_zh="因推送而屏蔽"),
]  # fmt: skip

LEVERS = [
    Lever("pushes", 0.0, "pushes a day", 0, 20,
          "notifications to members who have not muted the community",
          meaning_zh="每天发给未屏蔽成员的通知数", group="reach", grade="elsewhere",
          sources=("Analytics at Meta 2022", "Wohllebe et al. 2021"), slider=5,
          label_zh="消息推送"),
]  # fmt: skip

COLUMNS = [
    Column("pushed", "people", "members who received pushes today", label="got pushes",
           label_zh="收到推送人数"),
]  # fmt: skip

ARRAYS = [
    MemberField("push_norm", "f4", "pushes that this member is used to, 0 to 1"),
]  # fmt: skip


@njit
def received(day, newcomer_days, levers, own, status, number):
    """The number of pushes that each member of a block gets."""
    for at in range(number.shape[0]):
        here = cell(own[at].group, own[at].joined_day, day, newcomer_days)
        number[at] = levers[here].pushes if status[at] == ACTIVE else 0.0


@njit
def react(p, number, u, status, fatigue, push_norm, lift, marks):
    """How far each member is called in, tired, used to pushes, and annoyed enough to mute."""
    for at in range(number.shape[0]):
        f, norm = np.float64(fatigue[at]), np.float64(push_norm[at])
        pull = saturating(number[at], p.push_half)
        annoyed = u[at] < p.push_mute * number[at] * f
        heeded = 0.0 if annoyed else p.push_pull * pull * (1.0 - p.push_habituation * norm)
        lift[at] = 1.0 + heeded
        marks[at] = ANNOYED if annoyed else (PUSHED if number[at] > 0.0 else UNTOUCHED)
        fatigue[at] = f + min(p.push_fatigue * number[at], 1.0) * (1.0 - f)
        rate = 0.0 if status[at] == LEFT else p.push_adaptation
        push_norm[at] = norm + rate * (pull - norm)


@njit
def push_block(w, day, block):
    """One block of members who joined before today."""
    m, p, newcomer_days, (k0, k1) = w.m, w.p, w.newcomer_days, key_of(w)
    person, own, status, fatigue, push_norm = m.person, m.own, m.status, m.fatigue, m.push_norm
    start, stop = block * BLOCK, min((block + 1) * BLOCK, w.now[0].first_new)
    number, u = np.empty(stop - start), np.empty(stop - start)
    received(day, newcomer_days, w.levers[day], own[start:stop], status[start:stop], number)
    for at in range(start, stop):
        word = philox4x32(person[at], np.uint32(0), np.uint32(day), PUSH_DRAW, k0, k1)[0]
        u[at - start] = uniform(word)
    react(
        p[0], number, u, status[start:stop], fatigue[start:stop], push_norm[start:stop],
        w.lift[start:stop], w.marks[start:stop],
    )  # fmt: skip


@njit(parallel=True)
def push_in_threads(w, day, blocks):
    """All blocks, spread over threads."""
    for block in prange(blocks):
        push_block(w, day, np.int64(block))


@njit
def most_pushes(w, day):
    """The largest number of pushes that any group gets today."""
    most = 0.0
    for here in range(w.levers.shape[1]):
        most = max(most, w.levers[day, here].pushes)
    return most


@njit
def push(w, day, threaded):
    """Send today's pushes; annoyed members mute. Once there have been pushes, habituation to them
    fades on days without any; before that there is nothing to do, and `visit` knows it."""
    now = w.now[0]
    now.switched = 0
    now.pushing |= np.int64(most_pushes(w, day) > 0.0)
    if now.pushing == 0:
        return
    blocks = (now.first_new + BLOCK - 1) // BLOCK
    if threaded:
        push_in_threads(w, day, blocks)
    else:
        for block in range(blocks):
            push_block(w, day, block)
    pushed = 0
    for row in range(now.first_new):
        pushed += np.int64(w.marks[row] != UNTOUCHED)
        if w.marks[row] == ANNOYED:
            switch(w, day, row)
    w.daily[day].pushed = pushed
