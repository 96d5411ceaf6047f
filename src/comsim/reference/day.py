"""The order of the steps of a day: `DAY`.

Members do not see what others do in the same step, so the order of members does not matter
(`CommunityState.each`). The night passes within `visit`. Steps before it (greetings, events,
releases, pushes) therefore act on interest, habit and fatigue as of the evening before.
"""

from __future__ import annotations

from collections import Counter

from comsim.reference.arrive import arrive
from comsim.reference.community import CommunityState
from comsim.reference.decide import decide
from comsim.reference.learn import learn
from comsim.reference.leave import leave
from comsim.reference.mechanisms.empower import empower
from comsim.reference.mechanisms.gather import gather
from comsim.reference.mechanisms.kol import campaign
from comsim.reference.mechanisms.nudge import nudge
from comsim.reference.mechanisms.onboard import give_tasks, greet
from comsim.reference.mechanisms.push import push
from comsim.reference.mechanisms.raffle import raffle
from comsim.reference.mechanisms.recognise import recognise
from comsim.reference.mechanisms.release import release
from comsim.reference.mechanisms.shocks import shake
from comsim.reference.mechanisms.subgroups import count_subgroups, form_subgroups
from comsim.reference.mechanisms.walkins import walk_in
from comsim.reference.observe import observe
from comsim.reference.publish import publish
from comsim.reference.read import read
from comsim.reference.settle import settle
from comsim.reference.visit import visit

DAY = (
    *(decide, arrive, walk_in, campaign, form_subgroups, greet, gather, release, push, visit),
    *(give_tasks, publish, read, raffle, empower, learn, recognise, leave, nudge, shake),
    *(count_subgroups, settle, observe),
)


class ReferenceCommunity(CommunityState):
    """A community and its operator. One step is one day."""

    functions = DAY

    def run(self) -> ReferenceCommunity:
        """Simulate all days that are left."""
        while self.running:
            self.step()
        return self

    def step(self) -> None:
        """Simulate one day."""
        self.day += 1
        self.today = Counter()
        self.rhythm = float(self.plan.rhythm[self.day])
        for function in self.functions:
            function(self)
        self.running = self.day + 1 < self.setting.days
