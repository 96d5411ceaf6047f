"""Share: invitations by members who have just bought something, and rewards for both sides.

Part of `arrive`. An invitation goes to one contact. A member who ordered yesterday may send one
more. If the newcomer is rewarded too (fission), an invitation may count as two, so that people join
sooner.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import LEFT, cell_of, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.trust import bearing
from comsim.model.kernel.people import contact, draw
from comsim.model.kernel.random import uniform
from comsim.model.rng import Purpose

SHARE_DRAW = np.uint32(Purpose.SHARE)
FISSION_DRAW = np.uint32(Purpose.FISSION)
MOST_INVITATIONS = 255  # what is counted of those that a person has had
BY_VISIT, BY_ORDER = np.int64(0), np.int64(1)

PARAMETERS = [
    Parameter("share_after_order", 0.0, "an order", 0, 1,
              "chance that a buyer with full interest and trust invites one more contact",
              label="sharing after an order", label_zh="购后分享"),
    Parameter("newcomer_pull", 0.8, "share", 0, 1,
              "chance that an invitation with a very large newcomer reward counts as two",
              effect=True, label="pull of newcomer rewards", label_zh="裂变奖励的拉力"),
    Parameter("newcomer_half", 5.0, "currency", 0.01, 1e4,
              "newcomer reward that has half of that effect", effect=True,
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
def counts_as(w, day, row, kind):
    """How many invitations one of this member's counts as: 2 for some, drawn at random, if there is
    a reward; else 1."""
    reward = w.levers[day, cell_of(w, row, day)].newcomer_reward
    if reward <= 0.0:
        return 1
    u = uniform(draw(w.people.key, FISSION_DRAW, day, w.m.person[row], kind)[0])
    return 1 + np.int64(u < w.p[0].newcomer_pull * saturating(reward, w.p[0].newcomer_half))


@njit
def send(w, day, sent, row, person, word, kind):
    """A member invites the contact that a random word selects; returns how many were sent so far,
    which is one more if the contact is an outsider."""
    p = w.p[0]
    near = 2 * (np.int64(min(p.near_contacts, p.contacts)) // 2)  # both sides of the ring
    other = contact(w.people, person, np.int64(uniform(word) * p.contacts), near)
    if other < 0 or w.row_of[other] >= 0:
        return sent
    w.invitations[sent].person = other
    w.invitations[sent].inviter = row
    had = np.int64(w.exposure[other]) + counts_as(w, day, row, kind)
    w.exposure[other] = min(had, MOST_INVITATIONS)
    return sent + 1


@njit
def share(w, day, sent):
    """Members who ordered yesterday share it; returns how many invitations were sent so far."""
    m, now, rate = w.m, w.now[0], w.p[0].share_after_order
    if rate <= 0.0:
        return sent
    before = sent
    for at in range(now.orders):
        row = np.int64(w.orders[at])
        if m.status[row] == LEFT:
            continue
        person = np.int64(m.person[row])
        words = draw(w.people.key, SHARE_DRAW, day, person, 0)
        chance = rate * np.float64(m.interest[row])
        chance *= bearing(w.p[0].trust_invitations, np.float64(m.own[row].trust))
        if uniform(words[0]) < chance:
            sent = send(w, day, sent, row, person, words[1], BY_ORDER)
    w.daily[day].invitations_shared = sent - before
    return sent
