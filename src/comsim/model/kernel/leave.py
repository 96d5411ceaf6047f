"""Leave: mute, unmute, or leave for good."""

import numpy as np

from comsim.model.declare import TEXTBOOKS, Column, Parameter
from comsim.model.kernel.basics import ACTIVE, GONE, LEFT, MUTED, NOTHING, fixed
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.membership import staying
from comsim.model.kernel.mechanisms.overload import strain_on, weigh_on
from comsim.model.kernel.mechanisms.trust import parting, trust_on
from comsim.model.kernel.people import key_of
from comsim.model.kernel.prefetch import AHEAD, prefetch
from comsim.model.kernel.random import philox4x32, uniform
from comsim.model.kernel.visit import CHUNK, DAY_DRAW, chunks_of

PARAMETERS = [
    Parameter("mute_threshold", 0.336, "0 to 1", 0, 0.99, "fatigue above which members mute",
              fitted=TEXTBOOKS, label="fatigue at which members mute", label_zh="屏蔽的疲劳阈值"),
    Parameter("mute_rate", 0.457, "a visit", 0, 1,
              "chance that a visitor at full fatigue mutes the community", fitted=TEXTBOOKS,
              label_zh="屏蔽率"),
    Parameter("unmute_rate", 0.15, "a visit", 0, 1,
              "chance that a muted visitor with less than half the threshold's fatigue unmutes it",
              label_zh="解除屏蔽率"),
    Parameter("leave_rate", 0.003, "a visit", 0, 1,
              "chance that a visitor without interest and trust leaves", label_zh="离开率"),
    Parameter("leave_with_friends", 8.0, "share a friend", 0, 20,
              "how much more likely a member is to leave on finding that a friend has left",
              sign="Garcia et al. 2013", label="leaving with friends", label_zh="随朋友离开"),
    Parameter("lapse_rate", 0.005, "every 28 days away", 0, 1,
              "chance that an absent member without trust leaves, each time 28 days have passed",
              "assumption; accounts are hardly ever removed (R4DS)", clock=1,
              label="leave rate of the absent", label_zh="久未到访者的离开率"),
]  # fmt: skip

COLUMNS = [
    Column("left", "people", "members who left today", label_zh="离开"),
    Column("muted", "people", "members who have muted the community", label_zh="已屏蔽"),
    Column("mutes", "people", "members who muted it today", label_zh="屏蔽"),
    Column("unmutes", "people", "members who unmuted it today", label_zh="解除屏蔽"),
]  # fmt: skip


@njit(from_python=True)
def go(w, day, row):
    """A member leaves for good."""
    m, now = w.m, w.now[0]
    now.members -= 1
    now.muted -= np.int64(m.status[row] == MUTED)
    now.dormant -= np.int64(m.dormant[row])
    now.interest_sum -= fixed(m.interest[row])
    w.role_count[m.own[row].role] -= 1
    m.dormant[row] = 0
    m.status[row] = LEFT
    m.own[row].left_day = day
    m.post_of[row] = GONE
    w.leavers[now.leavers] = row
    now.leavers += 1


@njit
def switch(w, day, row):
    """A member mutes or unmutes the community."""
    m, now = w.m, w.now[0]
    if m.status[row] == ACTIVE:
        m.status[row] = MUTED
        now.muted += 1
        w.daily[day].mutes += 1
    else:
        m.status[row] = ACTIVE
        now.muted -= 1
        w.daily[day].unmutes += 1
    w.switched[now.switched] = row
    w.was_muted[now.switched] = m.status[row] == MUTED
    now.switched += 1


@njit
def mute(w, day, row, tired, u):
    """Tired visitors mute the community; rested ones unmute it."""
    m, p = w.m, w.p[0]
    if m.status[row] == ACTIVE:
        over = (tired - p.mute_threshold) / (1.0 - p.mute_threshold)
        changes = u < p.mute_rate * over
    else:
        changes = 2.0 * tired < p.mute_threshold and u < p.unmute_rate
    if changes:
        switch(w, day, row)


@njit
def lapse(w, day):
    """Long absent members may leave. Random numbers are drawn in batches, which vectorises."""
    m, p, now = w.m, w.p[0], w.now[0]
    k0, k1 = key_of(w)
    person, word = np.empty(CHUNK, np.uint32), np.empty(CHUNK, np.uint32)
    for chunk in range(chunks_of(now.absent)):
        start, stop = chunk * CHUNK, min((chunk + 1) * CHUNK, now.absent)
        for at in range(stop - start):
            person[at] = m.person[w.absent[start + at]]
        for at in range(stop - start):
            word[at] = philox4x32(person[at], np.uint32(0), np.uint32(day), DAY_DRAW, k0, k1)[1]
        for at in range(stop - start):
            u = uniform(word[at])
            # The first comparison spares most of the members a look at their trust.
            if u < p.lapse_rate * (1.0 + p.overload):
                row = np.int64(w.absent[start + at])
                chance = p.lapse_rate * parting(p, trust_on(p, m.own[row], day))
                if u < chance * strain_on(w, row):
                    go(w, day, row)


@njit
def leave(w, day):
    """Today's visitors mute, unmute or leave; long absent members may leave too."""
    m, p, now = w.m, w.p[0], w.now[0]
    for post in range(now.posts):
        prefetch(m.post_of, np.int64(w.posts[min(post + AHEAD, now.posts - 1)].author))
        m.post_of[w.posts[post].author] = NOTHING
    now.leavers = 0
    weigh_on(w)
    for at in range(now.visitors):
        prefetch(m.status, np.int64(w.visits[min(at + AHEAD, now.visitors - 1)].row))
        visit = w.visits[at]
        row = np.int64(visit.row)
        mute(w, day, row, np.float64(visit.fatigue), uniform(visit.mute))
        x, t = np.float64(visit.interest), np.float64(visit.trust)
        chance = p.leave_rate * (1.0 - x) * parting(p, t)
        chance *= 1.0 + p.leave_with_friends * np.float64(visit.lost)
        u = uniform(visit.leave)
        if u < chance * (1.0 + p.overload):
            chance *= strain_on(w, row)
            if u < chance * staying(w, day, row):
                go(w, day, row)
    lapse(w, day)
    w.daily[day].left = now.leavers
