"""Offers: official posts that sell. They are worth less to readers, tire them, cost trust, and
bring orders.

Part of `read`, `learn` and `settle`. Without offers, no bit changes.
"""

import numpy as np

from comsim.model.declare import TEXTBOOKS, Lever, Parameter
from comsim.model.kernel.basics import saturating
from comsim.model.kernel.compile import njit

PARAMETERS = [
    Parameter("offer_dullness", 0.7, "share", 0, 1,
              "how much less value an offer has for readers than other official posts",
              "assumption; [004]: nothing but offers is a billboard", effect="offers",
              label="dullness of offers", label_zh="促销内容的乏味"),
    Parameter("offer_fatigue", 0.18, "an offer", 0, 1,
              "fatigue from one offer, in addition to that of any official post",
              "assumption; [004]: a billboard is muted", fitted=TEXTBOOKS, effect="offers",
              label="fatigue from an offer", label_zh="促销带来的疲劳"),
    Parameter("offer_sales", 2.0, "share", -1, 10, "how much very many offers raise ordering",
              effect="offers", absent=0, label="sales by offers", label_zh="促销促成的销售"),
    Parameter("offer_half", 1.5, "offers a visit", 0.01, 100,
              "offers read that have half of that effect", effect="offers",
              label="offers of half effect", label_zh="半效促销数"),
]  # fmt: skip

LEVERS = [
    Lever("offers", 0.0, "share", 0, 1, "share of official posts that are offers",
          meaning_zh="官方帖中促销帖的比例", group="content", grade="none", label="share of offers",
          label_zh="促销内容占比"),
]  # fmt: skip


@njit
def content_worth(p, levers):
    """The value of one of today's official posts to each group: quality, less for offers."""
    worth = np.empty(levers.shape[0])
    for cell in range(levers.shape[0]):
        here = levers[cell]
        worth[cell] = here.content_quality * (1.0 - p.offer_dullness * here.offers)
    return worth


@njit
def offer_lift(p, official, offers):
    """How much more or less a member who has read offers orders: 1 to 1 + `offer_sales`."""
    return 1.0 + p.offer_sales * saturating(offers * official, p.offer_half)
