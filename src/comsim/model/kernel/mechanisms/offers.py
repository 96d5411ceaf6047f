"""Offers: official posts that sell. They say less, tire, cost trust, and bring orders.

Part of `read`, `learn` and `settle`. Without offers nothing is changed, to the last bit.
"""

import numpy as np

from comsim.model.declare import Lever, Parameter
from comsim.model.kernel.basics import saturating
from comsim.model.kernel.compile import njit

PARAMETERS = [
    Parameter("offer_dullness", 0.7, "share", 0, 1,
              "how much less an offer is worth to read than other official posts",
              "assumption; the sign after [004]: nothing but offers is a billboard", effect=True),
    Parameter("offer_fatigue", 0.118, "an offer", 0, 1,
              "how far an offer tires, besides what any official post does",
              "assumption; the sign after [004]: a billboard is muted", fitted=True, effect=True),
    Parameter("offer_distrust", 0.004, "an offer", 0, 1, "share of trust that one offer takes",
              effect=True),
    Parameter("offer_sales", 2.0, "share", 0, 10, "how much very many offers raise ordering",
              effect=True),
    Parameter("offer_half", 1.5, "offers a visit", 0.01, 100, "offers read that do half of it",
              effect=True),
]  # fmt: skip

LEVERS = [Lever("offers", 0.0, "share", 0, 1, "official posts that are offers")]


@njit
def content_worth(p, levers):
    """What an official post of today is worth to each group: quality, less for offers."""
    worth = np.empty(levers.shape[0])
    for cell in range(levers.shape[0]):
        here = levers[cell]
        worth[cell] = here.content_quality * (1.0 - p.offer_dullness * here.offers)
    return worth


@njit
def offer_lift(p, official, offers):
    """How much more somebody orders who has read offers, from 1 to 1 + `offer_sales`."""
    return 1.0 + p.offer_sales * saturating(offers * official, p.offer_half)
