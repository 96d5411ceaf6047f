"""Figures draw in seaborn's theme, and leave a notebook's settings as they were."""

from __future__ import annotations

import matplotlib
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from comsim.common.errors import InputError
from comsim.present import palette
from comsim.present.figures.lifecycle import lifecycle
from comsim.present.figures.retention import retention
from comsim.present.figures.style import theme
from comsim.results.run import draw
from comsim.run.simulation import simulate
from comsim.scenario import Scenario


@pytest.fixture(scope="module")
def run():
    return simulate(Scenario.from_dict({"name": "S", "days": 120, "community": {"market": 500}}))


def cohorts(members=100):
    """Two cohorts: half of the first come back in its first month, a fifth in its second."""
    rows = [(0, 0, members, 1.0), (0, 1, members, 0.5), (0, 2, members, 0.2), (1, 0, 9, 1.0),
            (1, 1, 9, 1.0)]  # fmt: skip
    return pd.DataFrame(rows, columns=["cohort", "month", "members", "share"])


def test_a_notebooks_settings_and_colour_codes_stay(run):
    before, blue = dict(matplotlib.rcParams), to_rgb("b")
    lifecycle(run)
    draw(run, "retention")
    with theme("开"):
        assert dict(matplotlib.rcParams) != before
    assert dict(matplotlib.rcParams) == before and to_rgb("b") == blue


def test_stages_and_lines_have_the_colours_of_the_palette(run):
    figure = lifecycle(run)
    strip, active = figure.axes[0], figure.axes[1]
    stages = [stage for stage, *_ in run.stages]
    assert [matplotlib.colors.to_hex(patch.get_facecolor()) for patch in strip.patches] == [
        palette.STAGES[stage] for stage in stages
    ]
    drawn = {matplotlib.colors.to_hex(line.get_color()) for line in active.lines}
    assert {palette.metric("wau"), palette.metric("dau")} <= drawn


def test_a_line_with_a_gap_stays_broken():
    from matplotlib.figure import Figure

    from comsim.present.figures.style import lines

    axes = Figure().add_subplot()
    lines(axes, pd.DataFrame({"trust": [0.1, 0.2, None, 0.4, 0.5]}))
    assert [list(line.get_xdata()) for line in axes.lines] == [[0, 1], [3, 4]]


def test_retention_is_a_heat_map_of_large_cohorts():
    figure = retention(cohorts(), "S")
    assert figure.texts[0].get_text() == "S: retention is 50% after one month"
    assert [text.get_text() for text in figure.axes[0].texts] == ["50", "20"]
    with pytest.raises(InputError, match="retention: found no cohort"):
        retention(cohorts(members=5), "S")


def test_an_unknown_figure_is_refused(run):
    with pytest.raises(InputError, match="'stages'; allowed: lifecycle, retention"):
        draw(run, "stages")
