"""Effects and base rates that need their own measures: figures by name, as in `facts`.

    own.toml   a description of each experiment, and what switches its mechanism off
    looks      what members have done by given days
    ratios     effects in percent

A new measure needs a function of a world, one line here, and a table in own.toml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from comsim.evidence.trials.own import (
    invitations,
    leaving,
    orders,
    rates,
    removals,
    replies,
    thanks,
)
from comsim.evidence.world import FactWorld

OWN: dict[str, Callable[[FactWorld], Mapping[str, float | None]]] = {
    "newcomer_nudge_deals": replies.nudged,
    "facebook_peer_feedback": replies.heard,
    "delete_comment_rdd": removals.removed,
    "china_block": leaving.block,
    "friends_defect": leaving.friends,
    "viral_features": invitations.viral,
    "referred_stay": invitations.referred,
    "recommenders_stay": invitations.recruiters,
    "dating_policy": invitations.rewarded,
    "subscription_buying": orders.payers,
    "data_breach": orders.breach,
    "thanks_contagion": thanks.contagion,
    "lurkers_health": rates.posters,
    "recruiters": rates.recruiters,
    "invitation_conversion": rates.conversion,
    "k_factor": rates.recruits,
    "bbs_quarter": rates.several_posts,
    "dau_mau": rates.sticky,
}
