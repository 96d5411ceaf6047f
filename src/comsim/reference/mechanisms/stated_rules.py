"""Stated rules: newcomers who see the rules break them less often, and more of them post.

Part of `publish` and Conduct. Lever: `stated_rules`. Outcome: newcomers' first posts, and their
toxic and off-topic posts.
"""

from __future__ import annotations

from comsim.reference.member import ReferenceMember
from comsim.reference.rounding import single


def conduct_under_rules(author: ReferenceMember) -> float:
    """The factor of an author's probabilities of toxic and off-topic posts.

    careless = 1 - rules_conduct x stated_rules for newcomers, 1 for others
    """
    if not author.is_newcomer:
        return 1.0
    return 1.0 - author.model.p.rules_conduct * author.levers.stated_rules


def first_post_invited(member: ReferenceMember, contribution: float) -> float:
    """The contribution of a newcomer who has never posted, raised by stated rules.

    contribution x (1 + rules_voice x stated_rules)
    """
    if not member.is_newcomer or member.last_post >= 0:
        return contribution
    return single(contribution * (1.0 + member.model.p.rules_voice * member.levers.stated_rules))
