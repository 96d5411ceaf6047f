"""Periods of days, each defined once for the model, the metrics and the reports.

`MONTH` is the month of every figure that counts months: monthly active members, retention, a paid
membership, revenue per member. Months that are given a name (March 2024) are calendar months.

`FOUR_WEEKS` is the period over which daily series are averaged or summed, since whole weeks level
out the days of the week. It is never called a month.
"""

WEEK = 7

MONTH = 30
"""As in the usual definition of monthly active users (Meta Platforms, Form 10-K for 2023: "in the
last 30 days"). Elsewhere an assumption: months of equal length can be compared."""

FOUR_WEEKS = 28

TWO_YEARS = 728
"""104 whole weeks, over which the variability and shape of a community are measured."""

DORMANT_AFTER = FOUR_WEEKS
"""Days without a visit after which a member is dormant. Assumption."""
