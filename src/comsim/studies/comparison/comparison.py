"""The result of a comparison: verdicts, and the tables that they are computed from."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from comsim.common.copies import Copied
from comsim.language.dates import Dates
from comsim.language.phrases import Words
from comsim.scenario.rows import DEFAULT
from comsim.statistics.intervals import effective
from comsim.studies.comparison.basis.evidence import Grounds, grounds
from comsim.studies.comparison.choices.spending import more_spending, share_within
from comsim.studies.comparison.finding import HEADLINE, PolicyFinding, clear_drivers, reasons
from comsim.studies.comparison.words import basis_sentences, sentences
from comsim.today import wording

if TYPE_CHECKING:
    import pandas as pd

    from comsim.scenario import Scenario
    from comsim.scenario.rows import Origin
    from comsim.studies.comparison.choices.budget import Budget
    from comsim.today.past import Today


@dataclass(frozen=True, repr=False)
class Comparison:
    """Policies in the same worlds, each compared with the first one.

    A world is a random seed and a value for every uncertain parameter. With the sample "default",
    every parameter has its default.
    """

    policies: tuple[str, ...]
    """A name for each policy, all different; the others are compared with the first."""
    scenarios: tuple[Scenario, ...]
    """The scenario of each policy as written. For a policy that is given to a share of the members,
    the scenario that applies to them."""
    number: int
    """The number of worlds."""
    seed: int
    sample: Origin
    """Where the parameters of the worlds come from."""
    today: Today | None
    """With `[community] today`: what was known, and how well the made-up pasts lead there."""
    share: float | None
    """The share of the members, above 0 and below 1, to whom each further policy is also given."""
    worth: float
    """The relative effect that is worth having; the verdicts give the chance of it."""
    weights: tuple[float, ...]
    """Weights of the worlds, with the sum 1. All quantiles, means and shares over worlds are
    weighted."""
    start: date
    """Date of day 0."""
    days: int
    since: tuple[int, ...]
    """For each policy, the first day on which its effects are measured: that of `starts` or, if a
    programme has several starts, the first of these days for all policies."""
    starts: tuple[int, ...]
    """For each policy, the first day on which it can differ from the first one. 0 for the first
    policy, and for one that never differs."""
    verdicts: pd.DataFrame = Copied()
    """A row for each policy but the first and each outcome (`comsim.studies.comparison.outcomes`):

    - `policy`, `outcome`, `label` (in words), `unit`, `good` (1 more is better, -1 less is, 0
      neither), `validated` (whether data has tested the level of such an outcome);
    - `worlds` in which the outcome exists under both policies;
    - `q05`, `q50`, `q95`: the difference (the policy less the first) in the same world, its
      median over worlds and the ends of the range in which nine of ten worlds lie; `relative_q05`,
      `relative_q50`, `relative_q95`: the same as a share of the first policy's level in that world
      (NaN where that has no meaning);
    - `q05_low`, `q05_high`, `q95_low`, `q95_high`: 95 % confidence intervals of the ends, which
      narrow with more worlds; `relative_q05_low` and so on: of the relative ends;
    - `a_q05`, `a_q50`, `a_q95`, `b_q05`, `b_q50`, `b_q95`: the same of the outcome itself under the
      first policy and under this one;
    - `mean_a`, `mean_b`, `difference`: means over worlds; `standard_error` of the mean difference
      and its 95 % confidence interval `mean_low`, `mean_high`, which shows how precisely
      the mean is known and narrows with more worlds; `relative`, `relative_mean_low`,
      `relative_mean_high`: the same as a share of `mean_a`;
    - `wins`, `ties`, `losses` (worlds), `better`, `better_low`, `better_high`: the probability
      that the policy is better (where `good` is 0: has more), ties counted half;
    - `gains`, with Wilson's interval `gains_low`, `gains_high`: the share of worlds in which an
      amount improves (where `good` is 0: increases) by at least `worth` of the first policy's
      level; `loses`, the share in which it gets worse (decreases) by as much. NaN for others;
    - `verdict`: "better" or "worse" (where `good` is 0: "more", "less", "later", "earlier") if the
      difference has that sign in at least 95 % of the worlds, "probably better" and so on from
      80 %, "not clear", "no difference" (in any world), "does not exist" (it exists under both
      policies in fewer than two worlds), "begun before" (the same, because a stage
      began before the policies differ);
    - `share_luck`, `share_parameters`, `share_policy`: of the variance of the outcome over worlds
      and the two policies (add up to 1); `difference_parameters`: of the variance of the
      difference over worlds, the share that comes from parameter uncertainty (the rest is
      stochastic variation), with its interval `difference_parameters_low`,
      `difference_parameters_high`. `share_luck` is the share of stochastic variation. From a fifth
      of the worlds (at least 20), simulated again with another random seed; NaN with
      `evidence=False`, and with `[community] today`, where another seed has another past;
    - `pairing`: by what factor the variance of the difference is smaller than with independent
      worlds; `worlds_to_tell`: worlds for the interval to exclude zero, if the true difference
      equals the estimate; `worlds_to_measure`: worlds for half an interval of 5 % of `mean_a`
      (both NaN for days on which something begins);
    - for days on which something begins (the horizon if it never does):
      `before` (worlds in which it began before the policies differ; they are left out, since
      later days may move the date of a stage), `begins_a`, `begins_b` (share of worlds
      in which it does), `both` (worlds in which it does under both), `both_difference`,
      `both_mean_low`, `both_mean_high` (days, mean among those).
    """
    worlds: pd.DataFrame = Copied()
    """A row per run: `world`, `draw` (the number of its parameter sample), `seed` (its random
    seed), `policy`, `since` (the first day measured; the first policy has a row for each such day),
    then a column for each outcome. Days on which something begins are NaN if it never does, and
    stages may begin before `since`."""
    draws: pd.DataFrame = Copied()
    """A row per world: `draw` (the number of its parameter sample), then a column for each
    uncertain parameter."""
    series: pd.DataFrame = Copied()
    """Fans: a row for each `metric` ("wau", "trust", "profit"), `policy`, `of` and `day`. `of` is
    "level", or "difference" from the first policy. `q05`, `q25`, `q50`, `q75`, `q95` over worlds;
    `mean` with its 95 % interval `mean_low`, `mean_high`; and for differences `ahead`,
    `ahead_low`, `ahead_high`: the probability of being above the first policy, ties half, and
    `tied`, the share of worlds with a tie. Worlds without members on a day have no trust on that
    day and are left out; NaN where no world is left."""
    key_drivers: pd.DataFrame = Copied()
    """A row for each `policy`, `outcome` and uncertain `parameter` that can act and is likely to
    matter (`comsim.studies.comparison.drivers`): `correlation` (Spearman's, of the difference,
    relative for amounts, with the parameter, weighted over worlds), its 95 % interval
    `low`, `high`, and `clear`: whether it is significant if 1 in 20 of those called clear may be
    chance (Benjamini and Hochberg's false discovery rate)."""
    arms: pd.DataFrame = Copied()
    """Empty without arms. A row for each `policy`, `arm`, `outcome` and `effect`:
    "same people" (the arm's people under the policy, compared with the same people under the
    first policy) or "within" (compared with the other people of the same community; left out if
    the policy treats them alike); `label`, `unit`, and the columns from `q05` to
    `relative_mean_high` of the verdicts."""
    returns: pd.DataFrame = Copied()
    """What each `policy` has more than the policy `against`. A row for each `figure`
    (`comsim.studies.comparison.choices.returns`): "wau_mean", "spending" (all costs but those of
    goods; against the first policy, what a programme costs), "margin" (revenue less goods),
    "profit" (margin less spending) and "return" (profit over spending, only against the first
    policy; NaN if nothing that the policy changes is paid for, and in worlds in which it does not
    spend more). `q05`, `q50`, `q95` over worlds; `mean` (for "return": mean profit over mean
    spending); `ahead`: the share of worlds in which the policy has more, ties half. `against` "all
    others": only `ahead`, the share of worlds in which the policy has the most. Policies are
    compared with one another from the day on which the first of them can differ."""
    tests: pd.DataFrame = Copied()
    """Empty without tests. The operator's own tests (`comsim.studies.comparison.basis.own_tests`),
    a row each: `lever`, `value`, `share`, `from`, `until` (days), `outcome`; the reported `effect`
    and its 95 % interval `low`, `high`; `simulated`, with `simulated_low` and `simulated_high`: the
    effect of the same test in the worlds, median and 2.5 to 97.5 % over worlds; `contradicts`:
    whether the reported effect lies outside 95 % of what the worlds predict, errors included;
    `samples`: in how many the test was possible; `tells`: whether it weighs worlds differently;
    `left`: the effective number of worlds that all tests leave (NaN with default parameters),
    and `used`: whether these are enough, or else weights and figures are those before the
    tests."""
    answers: pd.DataFrame = Copied()
    """Empty without tests. The relative effect of each `policy` on mean weekly members before and
    after the tests: `before_q05`, `before_q50`, `before_q95` over worlds, `before_chance` (the
    share of worlds with at least `worth`), the same from `after_q05` on; and `word`: "contradicts"
    (a test does), "too few" (worlds agree with them), "moves" (the median leaves the former
    quartiles), "narrows", "widens", or "leaves"."""
    by_lot: pd.DataFrame = Copied()
    """The effect of each `policy` on those who get it and on the whole community
    (`comsim.studies.comparison.basis.word_of_mouth`). Relative effects on weekly members, mean over
    the measured weeks, `_q05`, `_q50` and `_q95` over `worlds`: `by_lot` (a random half of the
    people get it and are compared with the others), `whole` (everybody gets it), and
    `word_of_mouth` (`whole` less `by_lot`: the influence of members on one another).
    `rests_on_word_of_mouth`: whether the median of `whole` is over three times that of
    `by_lot`, and over 1 %. `reason`: if the policy can't be given to a random half, the key that
    concerns everybody, or "arms" for a scenario with arms of its own."""
    grades: pd.DataFrame = Copied()
    """A row for each `policy` and `lever` that differs from the first policy: the `grade` of its
    evidence ("own test", "measured", "varied", "elsewhere", "sign only", "none"; docs/evidence.md)
    and the `share` of the effect on mean weekly members that rests on it, with its `contribution`
    (relative, median over worlds); NaN if it is not attributed, as when more than levers differs.
    Each such thing has a row without a lever, with its key in `besides` ("shocks",
    "parameters.bounce"; `comsim.studies.comparison.basis.evidence`)."""
    settling: pd.DataFrame = Copied()
    """The most informative test of a `policy` with weak evidence
    (`comsim.studies.comparison.basis.settling`): `lever`, its `grade`, `value`, `share`, `from`,
    `until` (days), `weeks`, `outcome`; `explains`: the share of the variance of the policy's effect
    (in ranks) that the result explains, and `clear`: whether more than chance does, judged from
    `samples`; `toml`: the lines to fill in."""
    equal_budget: tuple[Budget, ...]
    """With an equal budget: how each policy but the first was scaled."""
    unpriced: tuple[str, ...]
    """Policies part of which has no price in the model: their spending is too low."""
    notes: tuple[str, ...]
    """Remarks on the scenarios, a sentence each."""
    seconds: float
    """How long the comparison took."""

    @property
    def sentence(self) -> str:
        """The verdict on mean weekly members in English, one line per policy."""
        return "\n".join(self.sentences())

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """The verdict on mean weekly members: one sentence for each policy except the first.
        `language`: "en" or "zh"."""
        return tuple(sentences.sentence(one, self.words(language)) for one in self.findings)

    def why(self, policy: str | None = None, language: str = "en") -> tuple[str, ...]:
        """The basis of the verdict on a policy (by default the second), in sentences."""
        return sentences.why(self.finding(policy), self.words(language))

    @property
    def cannot_say(self) -> tuple[str, ...]:
        """The limits of such a comparison, in English sentences."""
        return self.limits()

    def grounds_of(self, policy: str | None = None, language: str = "en") -> tuple[str, ...]:
        """What the answer on a policy (by default the second) rests on, in sentences: evidence,
        word of mouth, tests of one's own, and the test that would settle it."""
        policy, words = self.policies[1] if policy is None else policy, self.words(language)

        def mine(table: pd.DataFrame) -> list[dict]:
            return [row for row in table.to_dict("records") if row["policy"] == policy]

        lines = basis_sentences.ground_sentences(self.grades, policy, words)
        for row in mine(self.by_lot):
            lines += basis_sentences.lot_sentences(row, words)
        lines += basis_sentences.answer_sentences(
            self.answers, self.tests, self.worth, words, policy
        )
        lines += [basis_sentences.settling_sentence(row, words) for row in mine(self.settling)]
        return tuple(lines)

    def basis_in_words(self, language: str = "en") -> tuple[str, ...]:
        """What matters of all policies together: tests of one's own and what they changed, then
        the policies that rest on word of mouth or on nothing measured."""
        words = self.words(language)
        lines = basis_sentences.warnings(self.by_lot, self.grades, words)
        return (*self.tests_in_words(language), *lines)

    def tests_in_words(self, language: str = "en") -> tuple[str, ...]:
        """The operator's own tests beside what the worlds expect, and what they change, in
        sentences."""
        words = self.words(language)
        lines = basis_sentences.test_sentences(self.tests, words)
        if lines:
            lines += basis_sentences.weight_sentences(self.tests, len(self.weights), words)
        lines += basis_sentences.changes_by_tests(
            self.answers, self.tests, self.grades, self.worth, words
        )
        return tuple(lines)

    def limits(self, language: str = "en") -> tuple[str, ...]:
        """The limits of such a comparison, in sentences."""
        words = self.words(language)
        return sentences.limits(self.verdicts, self.finding(), self.sample.name, words)

    def pasts(self, language: str = "en") -> tuple[str, ...]:
        """With `[community] today`: that the past is made up, and how well it fits."""
        if self.today is None:
            return ()
        return tuple(wording.sentences(self.today, self.words(language)))

    def misfit(self, language: str = "en") -> str:
        """The number of today that the worlds miss by over a tenth; empty if there is none."""
        return wording.misfit(self.today, self.words(language)) if self.today else ""

    @property
    def dates(self) -> Dates:
        """The dates of the days, and whether readers know them."""
        return self.scenarios[0].dates

    def words(self, language: str = "en") -> Words:
        """The phrases and dates of this comparison in a language: "en" or "zh"."""
        return Words(language, self.dates)

    @property
    def findings(self) -> tuple[PolicyFinding, ...]:
        """The finding about each policy except the first."""
        return tuple(self.finding(policy) for policy in self.policies[1:])

    def grounds(self, policy: str | None = None) -> Grounds:
        """What the effect of a policy rests on, by default the second."""
        return grounds(self.grades, self.policies[1] if policy is None else policy)

    def finding(self, policy: str | None = None) -> PolicyFinding:
        """The finding about a policy, by default the second."""
        policy = self.policies[1] if policy is None else policy
        row, drivers = self.of(HEADLINE, policy), self.key_drivers
        if len(drivers):
            drivers = drivers[(drivers["policy"] == policy) & (drivers["outcome"] == HEADLINE)]
        return PolicyFinding(
            policy=policy,
            first=self.policies[0],
            row=row,
            profit=self.of("profit", policy),
            since=self.since_of(policy),
            start=self.start_of(policy),
            budget=self.budget,
            within=self.within_budget(policy),
            worth=self.worth,
            worlds=self.effective_worlds,
            fixed_world=self.fixed_world,
            reasons=reasons(row, self.fixed_world),
            drivers=clear_drivers(drivers),
            grade=(rests := self.grounds(policy)).weakest,
            untested=rests.unclear,
        )

    @property
    def hinges(self) -> pd.DataFrame:
        """The old name of `key_drivers`."""
        warnings.warn("hinges is now called key_drivers", DeprecationWarning, stacklevel=2)
        return self.key_drivers

    @property
    def shared(self) -> dict[str, str]:
        """Each policy for a share of the members, with the policy that these members get."""
        if self.share is None:
            return {}
        return dict(zip(self.policies[1::2], self.policies[2::2], strict=True))

    @property
    def fixed_world(self) -> bool:
        """Whether every parameter has its default in all worlds."""
        return self.sample.name == DEFAULT

    @property
    def effective_worlds(self) -> float:
        """The effective number of worlds: the number of equally weighted worlds that are as
        informative. With a past, it is at most that of the plausible worlds behind them."""
        number = effective(np.array(self.weights))
        return min(number, self.today.effective) if self.today else number

    def since_of(self, policy: str) -> int:
        """The first day on which the effects of a policy are measured."""
        return self.since[self.policies.index(policy)]

    def start_of(self, policy: str) -> int:
        """The first day on which a policy can differ from the first one."""
        return self.starts[self.policies.index(policy)]

    @property
    def budget(self) -> float | None:
        """The most that a policy may cost, in currency, compared with the first one: the `budget`
        of the programmes or of the first scenario; None without a budget."""
        return self.scenarios[0].budget

    def within_budget(self, policy: str | None = None, budget: float | None = None) -> float | None:
        """The share of worlds in which the additional cost of a policy (by default the second),
        compared with the first one, is at most a budget (by default `budget`). None without a
        budget."""
        budget = self.budget if budget is None else budget
        if budget is None:
            return None
        policy = self.policies[1] if policy is None else policy
        spending = more_spending(self.worlds, self.policies[0], policy, self.since_of(policy))
        return share_within(spending, budget, self.weights)

    def of(self, outcome: str, policy: str | None = None) -> pd.Series:
        """The verdict on one outcome of a policy, by default the second."""
        policy = self.policies[1] if policy is None else policy
        table = self.verdicts
        return table[(table["policy"] == policy) & (table["outcome"] == outcome)].iloc[0]

    # Attached by `comsim.results.comparison`.
    save: ClassVar[Callable[..., Path]]
    report: ClassVar[Callable[..., str]]

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(map(repr, self.policies))} in {self.number} worlds>"
