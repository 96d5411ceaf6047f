"""Arrive: recruitment by the operator, and word of mouth.

The operator recruits along a keyed queue of the market, so the same people are reached in the same
order under every policy; the seed group may trickle in. Word of mouth: yesterday's visitors invite
contacts who have not joined; an invitation may persuade them, and they join after a lag (see
Persuade).
"""

import numpy as np

from comsim.model.declare import R4DS, TEXTBOOKS, Column, Lever, MemberField, Parameter
from comsim.model.kernel.basics import (
    FOUNDER,
    LEFT,
    NOBODY,
    NOTHING,
    TIE_SLOTS,
    cell_of,
    cents,
    ranked,
    saturating,
    whole_of,
)
from comsim.model.kernel.compile import njit
from comsim.model.kernel.mechanisms.membership import charge_entry, declines
from comsim.model.kernel.mechanisms.persuade import is_outside, next_due, wait
from comsim.model.kernel.mechanisms.roles import LURKER
from comsim.model.kernel.mechanisms.share import send, share
from comsim.model.kernel.mechanisms.trust import bearing, lifted
from comsim.model.kernel.people import (
    ACTIVITY,
    CONTRIBUTION,
    FIRST_INTEREST,
    FIRST_TRUST,
    FORGETFULNESS,
    POWER,
    RECRUIT_DRAW,
    TASTE,
    draw,
    permuted,
    resistance,
    segment_and_arm,
    trait,
)
from comsim.model.kernel.random import uniform
from comsim.model.periods import DORMANT_AFTER
from comsim.model.rng import Purpose

INVITER_DRAW = np.uint32(Purpose.INVITER)
GIFT_DRAW = np.uint32(Purpose.GIFT)

PARAMETERS = [
    Parameter("contacts", 14, "people", 0, 64, "acquaintances of a person in the market",
              whole=True, fitted=TEXTBOOKS, label="acquaintances", label_zh="熟人数"),
    Parameter("near_contacts", 9, "people", 0, 64,
              "of these acquaintances, how many also know one another (ring neighbours)",
              whole=True, fitted=TEXTBOOKS, label="acquaintances who know one another",
              label_zh="彼此相识的熟人数"),
    Parameter("invitation_rate", 0.5, "a visit", 0, 1,
              "chance that a visitor with full interest and trust invites one contact",
              fitted=TEXTBOOKS, label_zh="邀请率"),
    Parameter("talk_of_new", 0.627, "share", 0, 1,
              "share of invitations that are about what is new, and end when nothing is",
              sign="Berger and Schwartz 2011: what is new is talked about", fitted=TEXTBOOKS,
              label="talk of what is new", label_zh="对新鲜事的口碑"),
    Parameter("keenness", 0.6, "share", 0, 1,
              "by how much the most easily persuaded people visit more often than average, and the "
              "least easily persuaded less often", label="keenness of the easily persuaded",
              label_zh="易被说服者的热衷"),
    Parameter("referral_pull", 1.5, "share", 0, 10,
              "by how much a very large referral reward raises the chance to invite",
              effect="referral_reward", label="pull of referral rewards",
              label_zh="推荐奖励的拉力"),
    Parameter("referral_half", 5.0, "currency", 0.01, 1e4,
              "referral reward that has half of that effect", effect="referral_reward",
              label="referral reward of half effect", label_zh="半效推荐奖励"),
    Parameter("recruit_cost", 3.0, "currency a person", 0, 1e4,
              "what the operator pays to recruit one person", doubt=1, label="cost of recruiting",
              label_zh="招募成本"),
    Parameter("founder_days", 30, "days", 1, 365,
              "mean time that people of the seed group take to come; 1: all come at once",
              effect="seed_group", clock=-1, label="time to gather the seed group",
              label_zh="种子成员到齐的时间"),
    Parameter("founder_interest", 0.9, "0 to 1", 0, 1, "interest of the seed group on joining",
              effect="seed_group", label="seed group's interest",
              label_zh="种子成员的兴趣"),
    Parameter("founder_trust", 0.7, "0 to 1", 0, 1, "trust of the seed group on joining",
              effect="seed_group", label="seed group's trust", label_zh="种子成员的信任"),
    Parameter("founder_contribution", 3.0, "multiple", 0, 20,
              "how much more the seed group, which is chosen for it, posts than others",
              "assumption; textbooks of community marketing have core fans chosen by hand",
              effect="seed_group", label="seed group's contribution",
              label_zh="种子成员的贡献倍数"),
    Parameter("gift_warmth", 0.35, "0 to 1", 0, 1,
              "share of the way to 1 that a very large welcome gift lifts interest and trust",
              effect="welcome_gift", label="warmth of a welcome gift", label_zh="入群礼的暖意"),
    Parameter("gift_half", 10.0, "currency", 0.01, 1e4, "welcome gift that has half of that effect",
              effect="welcome_gift", label="welcome gift of half effect", label_zh="半效入群礼"),
    Parameter("gift_redemption", 0.7, "share", 0, 1,
              "share of newcomers who redeem their welcome gift", effect="welcome_gift",
              label="redemption of welcome gifts", label_zh="入群礼领取率"),
    Parameter("first_expectation", 0.221, "value of a visit", 0, 1,
              "value that a newcomer expects of a visit", fitted=R4DS,
              label="newcomer's expectation", label_zh="新成员的期望"),
    Parameter("inherited_novelty", 0.3, "share", 0, 1,
              "how far the place is as used up for a newcomer as for those who visit it; the rest "
              "is new to them", fitted=TEXTBOOKS, label="novelty inherited by newcomers",
              label_zh="新成员继承的新鲜感消耗"),
]  # fmt: skip

INVITATION = np.dtype([("person", "i4"), ("inviter", "i4")])

LEVERS = [
    Lever("seed_group", 30, "people", 0, 1e6, "core members whom the operator invites personally",
          meaning_zh="运营者亲手邀请的核心成员", group="recruit", grade="none", scope="community",
          act=True, once=True, paid_from="cost_recruitment", price="recruit_cost for each person",
          whole=True, slider=300, label_zh="种子成员"),
    Lever("intake", 0, "people a day", 0, 1e7, "people whom the operator recruits",
          meaning_zh="运营者每天招募的人", group="recruit", grade="none", scope="community",
          paid_from="cost_recruitment", price="recruit_cost for each person", slider=50,
          label="recruitment", label_zh="招募"),
    Lever("welcome_gift", 0, "currency a newcomer", 0, 1e3, "value of the welcome gift",
          meaning_zh="入群礼的价值", group="welcome", grade="elsewhere", sources=("Falk 2007",),
          paid_from="cost_gifts", price="its value for each gift redeemed", slider=50,
          label_zh="入群礼"),
    Lever("referral_reward", 0, "currency a recruit", 0, 1e3,
          "reward for a member who brings a new one", meaning_zh="带来新人的成员得到的奖励",
          group="recruit", grade="elsewhere", sources=("Jung et al. 2020", "Li et al. 2025"),
          paid_from="cost_recruitment", price="its value for each recruit", slider=50,
          label_zh="推荐奖励"),
]  # fmt: skip

COLUMNS = [
    Column("members", "people", "members at the end of the day", label_zh="成员"),
    Column("joined", "people", "people who joined today", label_zh="加入"),
    Column("joined_invited", "people", "of these, people who joined by word of mouth",
           label="joined by word of mouth", label_zh="口碑加入"),
    Column("invitations", "invitations", "invitations that reached outsiders", observable=False,
           label_zh="口碑邀请"),
    Column("gifts", "gifts", "welcome gifts redeemed today", label_zh="礼品"),
    Column("cost_gifts", "currency", "welcome gifts redeemed", 100, ledger="cost", label="gifts",
           label_zh="礼品"),
    Column("cost_recruitment", "currency", "recruiting, and referral rewards", 100, ledger="cost",
           label="recruitment", label_zh="招募"),
]  # fmt: skip

# Gathered together, so kept together: a record for each member.
FIELDS = [
    MemberField("joined_day", "i4", "day of joining"),
    MemberField("inviter", "i4",
                "member row of the member who invited this one; -1 for nobody, -2 for the seed "
                "group", public=False),
    MemberField("expectation", "f4", "expected value of a visit, 0 to 1"),
    MemberField("novelty", "f4", "what is still new to this member, 0 to 1"),
    MemberField("voice", "f4", "confidence to post, 0 to 1, learned from replies"),
    MemberField("standing", "f4", "replies that this member's posts get, smoothed, 0 to 1"),
    MemberField("reward_norm", "f4",
                "contribution reward that this member has come to count on, 0 to 1"),
    MemberField("coupon_norm", "f4", "coupon that this member has come to count on, 0 to 1"),
    MemberField("last_visit", "i4", "day of the last visit"),
    MemberField("last_post", "i4", "day of the last post, -1 for never"),
    MemberField("left_day", "i4", "day of leaving, -1 for not left"),
    MemberField("visits", "i4", "days visited so far"),
    MemberField("posts", "i4", "posts so far"),
    MemberField("replies_received", "i4", "replies received so far"),
]  # fmt: skip

# Read in the pass over all members, or by others: arrays of their own.
ARRAYS = [
    MemberField("interest", "f4", "interest, 0 to 1"),
    MemberField("habit", "f4", "habit, 0 to 1"),
    MemberField("fatigue", "f4", "fatigue, 0 to 1"),
    MemberField("status", "u1", "0 active, 1 muted, 2 left"),
    MemberField("bonds", "u1", "number of ties"),
    MemberField("dormant", "u1", "1 if dormant: no visit for 28 days"),
    MemberField("phase", "u1", "day of the last visit, modulo 28", public=False),
    MemberField("post_of", "i4",
                "number of this member's first post of today; -1 none, -2 has left", public=False),
    MemberField("tie", "i4", "member rows of ties, -1 for an empty slot", width=TIE_SLOTS,
                public=False),
    MemberField("tie_strength", "u1", "strength of each tie", width=TIE_SLOTS, public=False),
]  # fmt: skip


@njit
def activity_of(w, segment, person, founder):
    """How often a person would visit at best. The most easily persuaded people are the keenest, and
    so is the seed group, which is chosen by hand."""
    p, range_ = w.p[0], w.people.traits[segment, ACTIVITY]
    activity = trait(w.people, segment, person, ACTIVITY)
    if p.keenness > 0.0:
        keen = 1.0 if founder else 1.0 - 2.0 * resistance(w.people, person)
        activity = min(max(activity * (1.0 + p.keenness * keen), range_.low), range_.high)
    return activity


@njit
def join(w, day, person, inviter):
    """A person becomes a member, in the next free row; returns the row. All states are zero
    (`status` ACTIVE), except those set here."""
    m, p, now = w.m, w.p[0], w.now[0]
    row = now.rows
    now.rows += 1
    w.row_of[person] = row
    segment, arm = segment_and_arm(w.people, person)
    m.person[row] = person
    m.own[row].segment = segment
    m.own[row].arm = arm
    m.own[row].group = segment * w.people.arm_bound.shape[0] + arm
    m.own[row].joined_day = day
    m.own[row].inviter = inviter
    founder = inviter == FOUNDER
    contribution = trait(w.people, segment, person, CONTRIBUTION)
    interest = trait(w.people, segment, person, FIRST_INTEREST)
    disposition = trait(w.people, segment, person, FIRST_TRUST)
    trust = disposition
    if founder:
        contribution = min(
            contribution * p.founder_contribution, w.people.traits[segment, CONTRIBUTION].high
        )
        interest = max(interest, p.founder_interest)
        trust = max(trust, p.founder_trust)
    gift = w.levers[day, cell_of(w, row, day)].welcome_gift
    if gift > 0.0 and (
        uniform(draw(w.people.key, GIFT_DRAW, day, person, 0)[0]) < p.gift_redemption
    ):
        lift = p.gift_warmth * saturating(gift, p.gift_half)
        interest += lift * (1.0 - interest)
        trust = lifted(trust, 0.0, lift)
        w.daily[day].gifts += 1
        w.daily[day].cost_gifts += cents(gift)
    m.activity[row] = activity_of(w, segment, person, founder)
    m.forgetfulness[row] = trait(w.people, segment, person, FORGETFULNESS)
    m.own[row].contribution = contribution
    m.own[row].taste = trait(w.people, segment, person, TASTE)
    m.own[row].power = trait(w.people, segment, person, POWER)
    m.interest[row] = interest
    m.own[row].trust = trust * (1.0 - now.bad_press)
    m.own[row].first_trust, m.own[row].trust_day = disposition, day
    m.own[row].expectation = p.first_expectation
    m.own[row].novelty = 1.0 - p.inherited_novelty * (1.0 - now.novelty)
    m.own[row].voice = 0.5
    m.own[row].last_visit = day
    m.phase[row] = day % DORMANT_AFTER
    m.own[row].last_post = -1
    m.own[row].left_day = -1
    m.post_of[row] = NOTHING
    m.tie[row, :] = -1
    w.role_count[LURKER] += 1
    return row


@njit
def enter(w, day, person, inviter, fee):
    """A person joins and pays the entry fee, if there is one, or declines because of it."""
    if fee <= 0.0:
        join(w, day, person, inviter)
    elif declines(w, person, fee):
        w.daily[day].declined += 1
    else:
        charge_entry(w, day, join(w, day, person, inviter), fee)


@njit
def recruit(w, day, number, by):
    """The next `number` people of the queue join, as founders or invited by NOBODY; members and
    those who wait to join are skipped.

    The seed group does not pay to join; others may decline because of the fee. Returns how many
    people were recruited, including those who declined.
    """
    now = w.now[0]
    fee = 0.0 if by == FOUNDER else w.levers[day, 0].entry_fee
    recruited = 0
    while recruited < number and now.queue < w.people.size:
        person = permuted(w.people, RECRUIT_DRAW, 0, now.queue, True)
        now.queue += 1
        if is_outside(w, person):
            recruited += 1
            enter(w, day, person, by, fee)
    return recruited


@njit
def found(w, day):
    """The seed group comes, or trickles in: one part in `founder_days` of those who are still to
    come. Nobody comes once the owner has stopped. Returns how many people were recruited."""
    now = w.now[0]
    now.founders += np.int64(w.levers[day, 0].seed_group)
    if now.stopped or now.founders == 0:
        now.founder_carry = 0.0
        return 0
    now.founder_carry += np.float64(now.founders) / w.p[0].founder_days
    whole = min(whole_of(now.founder_carry), now.founders)
    now.founder_carry -= whole
    now.founders -= whole
    return recruit(w, day, whole, FOUNDER)


@njit
def invite(w, day):
    """Yesterday's visitors invite contacts; returns how many invitations have persuaded one."""
    m, p, now = w.m, w.p[0], w.now[0]
    rate = p.invitation_rate * (1.0 - now.bad_press)
    sent = 0
    for at in range(now.visitors):
        visit = w.visits[at]
        row = np.int64(visit.row)
        if m.status[row] == LEFT:
            continue
        u = uniform(visit.invite)
        chance = rate * np.float64(visit.interest)
        chance *= bearing(p.trust_invitations, np.float64(visit.trust))
        if u >= chance * (1.0 + p.referral_pull):
            continue  # nothing that is looked up below can change it
        chance *= 1.0 - p.talk_of_new * (1.0 - np.float64(m.own[row].novelty))
        reward = w.levers[day, cell_of(w, row, day)].referral_reward
        if u >= chance * (1.0 + p.referral_pull * saturating(reward, p.referral_half)):
            continue
        sent = send(w, day, sent, row, np.int64(visit.person), visit.contact)
    return sent


@njit
def rank_for(w, day, row, person):
    """The rank of a member among those who may count as the inviter of a person."""
    here = w.m.person[row]
    return ranked(draw(w.people.key, INVITER_DRAW, day, here, person)[0], here)


@njit
def come(w, day):
    """People who were persuaded join today, if that is when they are due; the last one persuaded
    comes first. Returns how many joined."""
    now, daily, fee = w.now[0], w.daily[day], w.levers[day, 0].entry_fee
    before = now.rows
    person = next_due(w, day)
    while person >= 0:
        enter(w, day, person, np.int64(w.inviter_of[person]), fee)
        person = next_due(w, day)
    for row in range(before, now.rows):
        inviter = np.int64(w.m.own[row].inviter)
        w.m.own[inviter].recruits += 1
        here = w.levers[day, cell_of(w, inviter, day)]
        if w.m.status[inviter] != LEFT:
            daily.cost_recruitment += cents(here.referral_reward)
        daily.cost_fission += cents(here.newcomer_reward)
    return now.rows - before


@njit
def word_of_mouth(w, day):
    """Members invite; those whom they persuade wait to join, and one inviter counts as theirs."""
    if w.p[0].contacts < 1.0 or w.now[0].rows == w.people.size:
        return 0
    sent = share(w, day, invite(w, day))
    for at in range(sent):
        person, inviter = np.int64(w.invitations[at].person), np.int64(w.invitations[at].inviter)
        if is_outside(w, person):
            wait(w, day, person, inviter)
        else:  # waits since a moment ago
            rival = np.int64(w.inviter_of[person])
            if rank_for(w, day, inviter, person) > rank_for(w, day, rival, person):
                w.inviter_of[person] = inviter
    return come(w, day)


@njit
def arrive(w, day):
    """Recruitment by the operator, then word of mouth by yesterday's visitors."""
    now, daily = w.now[0], w.daily[day]
    now.first_new = now.rows
    recruited = found(w, day)
    now.intake_carry += w.levers[day, 0].intake
    whole = whole_of(now.intake_carry)
    now.intake_carry -= whole
    recruited += recruit(w, day, whole, NOBODY)
    daily.cost_recruitment += recruited * cents(w.p[0].recruit_cost)
    daily.joined_invited = word_of_mouth(w, day)
    daily.joined = now.rows - now.first_new
    now.members += daily.joined
