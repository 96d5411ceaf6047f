"""Empower: volunteers take over work of the operator, who turns from leader to enabler.

Volunteers (`roles`) who visit are at work: they reply more, and take over a share of the work that
staff are paid for. Being trusted with it lifts their trust and their voice, and the work tires
them.
"""

import numpy as np

from comsim.model.declare import Column, Lever, Parameter
from comsim.model.kernel.basics import ONE, cents, fixed, saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.roles import VOLUNTEER
from comsim.model.kernel.mechanisms.trust import lift

PARAMETERS = [
    Parameter("volunteer_relief", 0.7, "share", 0, 1,
              "share of the staff cost that very many volunteers take over, with full empowerment",
              "assumption; that self-organisation lowers the cost of operation greatly: textbooks "
              "of enterprise communities", effect="empowerment", label="relief by volunteers",
              label_zh="志愿者分担的工作"),
    Parameter("volunteer_half", 2.0, "volunteers at work for 100 visitors", 0.01, 100,
              "volunteers who have half of that effect", effect="empowerment",
              label="volunteers of half relief", label_zh="半效志愿者数"),
    Parameter("volunteer_cost", 0.5, "currency a volunteer and day", 0, 1e4,
              "training and tools of a volunteer at work", doubt=1, label="cost of a volunteer",
              label_zh="志愿者成本"),
    Parameter("volunteer_zeal", 1.0, "share", 0, 20,
              "how much more a fully empowered volunteer replies", effect="empowerment",
              label="zeal of volunteers", label_zh="志愿者的热心"),
    Parameter("volunteer_pride", 0.02, "share", 0, 1,
              "how far a day's work lifts a volunteer's trust and voice",
              "assumption; psychological ownership (Pierce, Kostova and Dirks 2001)",
              effect="empowerment", label="pride of volunteers", label_zh="志愿者的自豪"),
    Parameter("volunteer_effort", 0.015, "a day's work", 0, 1, "how far a day's work tires",
              effect="empowerment", label="effort of volunteers", label_zh="志愿者的辛劳"),
]  # fmt: skip

LEVERS = [
    Lever("empowerment", 0.0, "0 to 1", 0, 1, "how much work and say members are given",
          meaning_zh="给成员多少事做、多少话语权", group="structure", grade="sign only",
          sources=("Self-Governance of Online Communities 2017 (ICIS)", "Bassellier 2018"),
          scope="community", paid_from="cost_empowerment",
          price="volunteer_cost for each volunteer at work", label_zh="赋能"),
]  # fmt: skip

COLUMNS = [
    Column("self_organised", "share", "share of the staff's work that volunteers did today", ONE,
           label="self-organisation", label_zh="自组织程度"),
    Column("cost_empowerment", "currency", "training and tools of volunteers", 100, ledger="cost",
           label="volunteers", label_zh="志愿者"),
]  # fmt: skip


@njit
def encourage(row, p, empowerment, records, keen):
    """Make the volunteers among a chunk of visitors more likely to reply."""
    more = 1.0 + p.volunteer_zeal * empowerment
    for at in range(row.shape[0]):
        if records[row[at]].role == VOLUNTEER:
            keen[at] = np.float64(keen[at]) * more


@njit
def at_work(w, empowerment):
    """Volunteers work, which makes them proud and tires them; returns how many there are."""
    m, p, now = w.m, w.p[0], w.now[0]
    pride, effort = p.volunteer_pride * empowerment, p.volunteer_effort * empowerment
    number = 0
    for at in range(now.visitors):
        visit = w.visits[at]
        mine = m.own[visit.row]
        if mine.role != VOLUNTEER:
            continue
        number += 1
        voice = np.float64(mine.voice)
        lift(w, visit, pride)
        mine.voice = voice + pride * (1.0 - voice)
        tired = np.float64(m.fatigue[visit.row])
        m.fatigue[visit.row] = tired + effort * (1.0 - tired)
    return number


@njit
def empower(w, day):
    """The day's volunteers, if any: what they do for the operator, and what they cost."""
    p, daily = w.p[0], w.daily[day]
    empowerment = w.levers[day, 0].empowerment
    if empowerment <= 0.0:
        return
    number = at_work(w, empowerment)
    if number > 0:
        of_hundred = 100.0 * number / w.now[0].visitors
        relief = p.volunteer_relief * empowerment
        daily.self_organised = fixed(relief * saturating(of_hundred, p.volunteer_half))
        daily.cost_empowerment = number * cents(p.volunteer_cost)
