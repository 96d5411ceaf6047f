"""Share: invitations by members who have just bought something, and rewards for both sides.

Part of `arrive`. An invitation goes to one contact. A member who ordered yesterday may send one
more. If the newcomer is rewarded too (fission), an invitation persuades more people (see Persuade).
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import LEFT
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.persuade import is_outside, persuades
from comsim.model.kernel.mechanisms.trust import bearing
from comsim.model.kernel.people import contact, draw
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

SHARE_DRAW = np.uint32(Purpose.SHARE)

PARAMETERS = [
    Parameter("share_after_order", 0.0, "an order", 0, 1,
              "chance that a buyer with full interest and trust invites one more contact",
              label="sharing after an order", label_zh="购后分享"),
    Parameter("newcomer_pull", 0.55, "share", -1, 1,
              "by how much a very large newcomer reward raises the chance that an invitation "
              "persuades",
              effect="newcomer_reward", absent=0, label="pull of newcomer rewards",
              label_zh="裂变奖励的拉力"),
    Parameter("newcomer_half", 5.0, "currency", 0.01, 1e4,
              "newcomer reward that has half of that effect", effect="newcomer_reward",
              label="newcomer reward of half effect", label_zh="半效裂变奖励"),
]  # fmt: skip

LEVERS = [
    Lever("newcomer_reward", 0, "currency a recruit", 0, 1e3,
          "reward for a newcomer whom a member brings", meaning_zh="被成员带来的新人得到的奖励",
          group="recruit", grade="none", paid_from="cost_fission",
          price="its value for each recruit", slider=50, label_zh="裂变奖励（新人）"),
]  # fmt: skip

COLUMNS = [
    Column("invitations_shared", "invitations", "invitations that followed an order",
           observable=False, label="invitations after an order", label_zh="购后邀请"),
    Column("cost_fission", "currency", "rewards for newcomers who were invited", 100, ledger="cost",
           label="newcomer rewards", label_zh="裂变奖励"),
]  # fmt: skip


@njit
def send(w, day, sent, row, person, word):
    """A member invites the contact that a random word selects. Returns how many of today's
    invitations have persuaded an outsider so far, including this one."""
    p = w.p[0]
    near = 2 * (np.int64(min(p.near_contacts, p.contacts)) // 2)  # both sides of the ring
    other = contact(w.people, person, np.int64(uniform(word) * p.contacts), near)
    if other < 0 or not is_outside(w, other):
        return sent
    w.daily[day].invitations += 1
    if not persuades(w, day, row, person, other):
        return sent
    w.invitations[sent].person = other
    w.invitations[sent].inviter = row
    return sent + 1


@njit
def share(w, day, sent):
    """Yesterday's buyers invite contacts. Returns how many invitations have persuaded so far."""
    m, now, rate = w.m, w.now[0], w.p[0].share_after_order
    if rate <= 0.0:
        return sent
    before = w.daily[day].invitations
    for at in range(now.orders):
        row = np.int64(w.orders[at])
        if m.status[row] == LEFT:
            continue
        person = np.int64(m.person[row])
        words = draw(w.people.key, SHARE_DRAW, day, person, 0)
        chance = rate * np.float64(m.interest[row])
        chance *= bearing(w.p[0].trust_invitations, np.float64(m.own[row].trust))
        if uniform(words[0]) < chance:
            sent = send(w, day, sent, row, person, words[1])
    w.daily[day].invitations_shared = w.daily[day].invitations - before
    return sent
