"""Dilution: the more people talk in one room, the less members know each of them. Part of `read`.

The more authors share the feed on a day, the less a stranger's post is worth, and the less often it
is replied to. Posts by friends are not affected.
"""

import numpy as np

from comsim.model.declare import Parameter
from comsim.model.kernel.basics import saturating
from comsim.model.kernel.compile import njit
from comsim.model.kernel.feed import chance_to_reply
from comsim.model.kernel.random import uniform

PARAMETERS = [
    Parameter("dilution", 0.0, "share", 0, 1,
              "share of the value of a stranger's post, and of the chance of a reply to it, that "
              "is lost if very many people post; 0 for none",
              sign="Butler 2001 (scale dilutes the atmosphere)", label="dilution by scale",
              label_zh="规模稀释"),
    Parameter("dilution_half", 60.0, "authors a day", 0.01, 1e6,
              "authors in one feed that have half of that effect", label="authors of half dilution",
              label_zh="半效稀释的发帖人数"),
]  # fmt: skip


@njit
def familiarity(p, authors):
    """The remaining value of a stranger's post: 1 - dilution x authors / (authors + half)."""
    return 1.0 - p.dilution * saturating(np.float64(authors), p.dilution_half)


@njit
def dilute(p, reader, sight, interest, value, friend, word, worth, wants):
    """Lower the value of strangers' posts, and the chance of replies to them."""
    known = np.empty(sight.shape[0])
    for at in range(sight.shape[0]):
        known[at] = familiarity(p, sight[at].authors)
    for place in range(worth.shape[0]):
        if friend[place] == 0:
            familiar = known[reader[place]]
            worth[place] *= familiar
            chance = chance_to_reply(p, interest[place], value[place], friend[place]) * familiar
            wants[place] &= np.uint8(uniform(word[place]) < chance)
