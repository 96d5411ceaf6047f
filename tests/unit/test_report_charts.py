"""The geometry of charts, by hand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from comsim.language.dates import Dates
from comsim.language.phrases import Words
from comsim.present.report.calendar import bins, total
from comsim.present.report.chart import (
    MOST_POINTS,
    Days,
    Scale,
    Series,
    nice_ticks,
    panel,
    polyline,
)
from comsim.present.report.inequality import lorenz
from comsim.present.report.retention import MOST, coarser


def days(count: int, start: date = date(2024, 1, 15)) -> Days:
    return Days(Words("en", Dates(start)), count)


def points(d: str) -> list[tuple[int, int]]:
    """The corners of a path."""
    found = []
    for piece in d.split("M")[1:]:
        start, _, steps = piece.removesuffix("z").partition("l")
        x, y = map(int, start.split(","))
        found.append((x, y))
        for step in steps.split():
            dx, dy = map(int, step.split(","))
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


def test_a_line_lies_where_its_values_say():
    line = Series("a", np.array([0.0, 5, 10]), "blue")
    drawn = panel(days(3), "", "", [line], 100, Scale(high=10))
    assert points(drawn.paths[0]["d"]) == [(0, 1000), (5000, 500), (10000, 0)]
    assert drawn.y_ticks[0] == (100.0, "0") and drawn.y_ticks[-1] == (0.0, "10")


def test_a_gap_in_what_is_known_is_a_gap_in_the_line():
    values = np.array([1.0, np.nan, 1, 1])
    drawn = panel(days(4), "", "", [Series("a", values, "blue")], 100)
    assert drawn.paths[0]["d"].count("M") == 2
    assert drawn.readout[0]["values"] == [1.0, None, 1.0, 1.0]


def test_areas_stay_inside_and_tell_their_own_size():
    low, high = np.array([-4.0, -4]), np.array([6.0, 6])
    drawn = panel(days(2), "", "", [Series("a", high, "blue", "area", low)], 100, Scale(low=None))
    assert all(0 <= y <= 1000 for _, y in points(drawn.paths[0]["d"]))
    assert drawn.readout[0]["values"] == [10.0, 10.0]
    assert drawn.level is not None


def test_long_lives_are_thinned_to_what_a_screen_shows():
    shown = days(7300).shown
    assert shown[0] == 0 and shown[-1] == 7299
    assert len(shown) <= MOST_POINTS + 1
    assert len(days(730).shown) == 730


def test_names_at_line_ends_keep_apart_and_inside():
    series = [Series(str(k), np.array([0.0, 0.0]), "blue") for k in range(4)]
    ends = sorted(y for y, _, _ in panel(days(2), "", "", series, 120, Scale(high=1)).ends)
    assert all(b - a >= 16 for a, b in pairwise(ends))
    assert ends[-1] <= 124.5


@pytest.mark.parametrize("low,high", [(0, 1), (0, 913), (-15_000, 21_000), (0, 1e-6), (0, 7e9)])
def test_ticks_are_round_and_few(low, high):
    ticks = nice_ticks(low, high, 4)
    assert 2 <= len(ticks) <= 9
    assert low <= ticks[0] and ticks[-1] <= high * (1 + 1e-9)


def test_ticks_of_days():
    long = days(730).ticks()
    assert long[0][1:3] == ("Apr 2024", "day 77")
    assert len(long) <= 10 and sum(not fine for *_, fine in long) <= 5
    assert days(10).ticks()[0][1] == "15 Jan 2024"
    assert days(1).ticks() == [(0.0, "15 Jan 2024", "day 0", False)]


def test_charts_with_known_dates_show_today_but_no_day_numbers():
    dates = Dates(date(2025, 10, 1), known=True, today=426)
    shown = Days(Words("en", dates), 608, 398)
    *months, today = shown.ticks()
    assert months[0][1:3] == ("Dec 2026", "") and not any(below for _, _, below, _ in months)
    assert today == (shown.percent(426), "", "today", False)
    assert panel(shown, "", "", [Series("a", np.ones(608), "blue")], 100).today == today[0]
    assert shown.script()["word"] == ""
    assert Days(Words("en", dates), 608, 500).today is None


def test_months_and_weeks():
    assert bins(Words("en", Dates(date(2024, 1, 30))), 120)[:3] == [(0, 1), (2, 30), (31, 61)]
    assert bins(Words("en"), 10) == [(0, 6), (7, 9)]
    assert total(np.arange(4.0), [(0, 1), (2, 3)]).tolist() == [1, 1, 5, 5]


def test_polyline():
    assert points(polyline(np.array([3, 5, 4]), np.array([1, 1, 9]))) == [(3, 1), (5, 1), (4, 9)]


def test_lorenz():
    x, y = lorenz(np.array([1, 1, 2]))
    assert x.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert y.tolist() == [0, 0.25, 0.5, 1]


def test_many_cohorts_are_put_together():
    table = pd.DataFrame(
        [(c, m, 10, 10 - m) for c in range(60) for m in range(1, 5)],
        columns=["cohort", "month", "members", "visited"],
    )
    grouped, step = coarser(table)
    assert step == 3 and grouped["cohort"].nunique() <= MOST
    first = grouped[(grouped["cohort"] == 0) & (grouped["month"] == 0)].iloc[0]
    assert (first["members"], first["visited"]) == (30, 21)  # three cohorts, three months on
