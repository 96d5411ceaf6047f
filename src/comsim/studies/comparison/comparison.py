"""What a comparison leaves: verdicts, and the tables they are read from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from comsim.common.copies import Copied

if TYPE_CHECKING:
    import pandas as pd

    from comsim.scenario import Scenario
    from comsim.studies.comparison.budget import Budget


@dataclass(frozen=True, repr=False)
class Comparison:
    """Policies in the same worlds, each held against the first one.

    A world is a seed (luck) and a draw of every uncertain parameter. Worlds come in pairs that
    share a draw and differ in luck, so that the two can be told apart; in a fixed world every
    parameter has its default, and each world is a draw of its own.
    """

    policies: tuple[str, ...]
    """A name for each policy, all different; the first is the one that others are held against."""
    scenarios: tuple[Scenario, ...]
    """The scenario of each policy as it was written; of a policy for a share of the members, the
    one that they have."""
    number: int
    """Worlds."""
    seed: int
    fixed_world: bool
    share: float | None
    """The share of the members to whom each further policy is also given, if any."""
    start: date
    """Date of day 0."""
    days: int
    since: tuple[int, ...]
    """For each policy, the first day on which it can differ from the first one; its effects are
    measured from that day on. 0 for the first policy, and for one that never differs."""
    verdicts: pd.DataFrame = Copied()
    """A row for each policy but the first and each outcome (`comsim.studies.comparison.outcomes`):

    - `policy`, `outcome`, `label` (in words), `unit`, `good` (1 more is better, -1 less is, 0
      neither), `validated` (whether any data has tested the level of such an outcome);
    - `worlds` in which the outcome exists under both policies;
    - `q05`, `q50`, `q95`: the difference (the policy less the first) in the same world, its
      median over worlds and the ends of the range in which nine of ten worlds lie; `relative_q05`,
      `relative_q50`, `relative_q95`: the same as a share of the first policy's level in that world
      (NaN where that has no meaning);
    - `mean_a`, `mean_b`, `difference`: means over worlds; `standard_error` of the mean difference
      and its 95 % confidence interval `mean_low`, `mean_high`, which shows how precisely
      the mean is known and narrows with more worlds; `relative`, `relative_mean_low`,
      `relative_mean_high`: the same as a share of `mean_a`;
    - `wins`, `ties`, `losses` (worlds), `better`, `better_low`, `better_high`: the probability
      that the policy is better (where `good` is 0: has more), ties counted half;
    - `verdict`: "better" or "worse" (where `good` is 0: "more", "less", "later", "earlier") if the
      confidence interval of the mean that is shown (`comsim.studies.comparison.finding.change`:
      the relative one, for amounts, unless it is too wide) lies on one side of zero, "not clear",
      "no difference" (in any world), "does not exist" (in more than one draw, under both
      policies), "begun before" (of a stage: the policies part, in all draws but one or none);
    - `share_luck`, `share_parameters`, `share_policy`: of the variance of the outcome over worlds
      and the two policies (add up to 1); `difference_parameters`: of the variance of the
      difference over worlds, the share that comes from not knowing the parameters (the rest is
      luck), with its interval `difference_parameters_low`, `difference_parameters_high`;
    - `pairing`: by what factor the variance of the difference is smaller than with independent
      worlds; `worlds_to_tell`: worlds for the interval to exclude zero, if the difference is
      what it looks like; `worlds_to_measure`: for half an interval of 5 % of `mean_a` (NaN, both,
      for days on which something begins);
    - for days on which something begins (counted as the horizon where it never does):
      `before` (worlds in which it did before the policies part; they are left out, since
      later days may move the date of a stage), `begins_a`, `begins_b` (share of worlds
      in which it does), `both` (worlds in which it does under both), `both_difference`,
      `both_mean_low`, `both_mean_high` (days, mean among those).
    """
    worlds: pd.DataFrame = Copied()
    """A row a run: `world`, `draw` (which parameters), `seed` (its random seed), `policy`, `since`
    (the first day measured; the first policy has a row for each such day), then a column for each
    outcome; days on which something begins are NaN if it never does, and stages may begin before
    `since`."""
    draws: pd.DataFrame = Copied()
    """A row a draw of the parameters: `draw`, then a column for each uncertain parameter."""
    series: pd.DataFrame = Copied()
    """Fans: a row for each `metric` ("wau", "trust", "profit"), `policy`, `of` and `day`. `of` is
    "level", or "difference" from the first policy. `q05`, `q25`, `q50`, `q75`, `q95` over worlds;
    `mean` with its 95 % interval `mean_low`, `mean_high`; and for differences `ahead`,
    `ahead_low`, `ahead_high`: the probability of being above the first policy, ties half, and
    `tied`, the share of worlds with a tie. Worlds without members on a day have no trust then, and
    are left out of it; NaN where there are none."""
    hinges: pd.DataFrame = Copied()
    """What the answer hangs on: a row for each `policy`, `outcome` and uncertain `parameter`.
    `correlation` (Spearman's, of the difference with the parameter, over draws), its 95 % interval
    `low`, `high`, and `clear`: whether it is one even when all the parameters are looked at."""
    arms: pd.DataFrame = Copied()
    """Empty without arms. A row for each `policy`, `arm`, `outcome` and `effect`:
    "same people" (the arm's people under the policy, and under the first policy) or
    "within" (the arm's people, and the other people of the same community; left out where the
    policy treats them alike); `label`, `unit`,
    and the columns from `q05` to `relative_mean_high` of the verdicts."""
    budget: tuple[Budget, ...]
    """With an equal budget: how each policy but the first was scaled."""
    notes: tuple[str, ...]
    """What the owner of the scenarios should know."""
    seconds: float

    @property
    def sentence(self) -> str:
        """The verdict in one sentence a policy, on mean weekly members over the run."""
        from comsim.studies.comparison.sentences import sentences

        return "\n".join(sentences(self))

    @property
    def cannot_say(self) -> tuple[str, ...]:
        """What no such comparison can say, in sentences."""
        from comsim.studies.comparison.sentences import cannot_say

        return cannot_say(self)

    @property
    def shared(self) -> dict[str, str]:
        """The policies for a share of the members, and what each of them is for all."""
        if self.share is None:
            return {}
        return dict(zip(self.policies[1::2], self.policies[2::2], strict=True))

    @property
    def number_of_draws(self) -> int:
        """Independent draws: of the parameters or, in a fixed world, of luck."""
        return self.number if self.fixed_world else len(self.draws)

    def since_of(self, policy: str) -> int:
        """The first day on which a policy can differ from the first one."""
        return self.since[self.policies.index(policy)]

    def of(self, outcome: str, policy: str | None = None) -> pd.Series:
        """The verdict on one outcome, by default of the second policy."""
        policy = self.policies[1] if policy is None else policy
        table = self.verdicts
        return table[(table["policy"] == policy) & (table["outcome"] == outcome)].iloc[0]

    # Attached by `comsim.results.comparison`.
    save: ClassVar[Callable[..., Path]]
    report: ClassVar[Callable[..., str]]

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(map(repr, self.policies))} in {self.number} worlds>"
