"""The pictures of effects and indices: the finding on top, units on axes, a row a factor."""

from __future__ import annotations

import numpy as np
import pytest

from comsim.studies.analysis.effects import main_effects
from comsim.studies.analysis.pairs import pairs
from comsim.studies.analysis.sensitivity import morris, sobol, sobol_pairs
from comsim.studies.analysis.stochastic import stochastic

from .sweeps_by_hand import factors, hypercube, swept
from .test_analysis_indices import morris_sweep, sobol_sweep


def formula(p):
    return 100 * p["a"] - 300 * (p["b"] - 0.5) ** 2 + 80 * p["a"] * p["c"]


VARIED = factors("abc", unknown="c")


def cube():
    return swept("latin_hypercube", hypercube(200, 3), VARIED, formula, own=5)


ASKED = {
    "effects": lambda: main_effects(cube(), "y"),
    "pairs": lambda: pairs(cube(), "y"),
    "stochastic": lambda: stochastic(cube()),
    "sobol": lambda: sobol(sobol_sweep(formula, VARIED, 128, own=5), "y"),
    "sobol_pairs": lambda: sobol_pairs(sobol_sweep(formula, VARIED, 64, True, own=5), "y"),
    "morris": lambda: morris(morris_sweep(formula, VARIED, 20, own=5), "y"),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_picture_says_what_was_found(name):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    answer = ASKED[name]()
    figure = answer.draw()
    axes = figure.axes[0]
    assert figure.texts[0].get_text().replace("\n", " ") == answer.title
    assert "members" in axes.get_xlabel() or name == "stochastic"
    lines = [label.get_text() for label in axes.get_yticklabels()]  # from top to bottom
    heads = [line for line in lines if line.startswith("what ")]
    assert len(lines) - len(heads) == len(answer.table)
    assert heads == (["what you can choose", "what is unknown"] if "kind" in answer.table else [])
    page = FigureCanvasAgg(figure).get_renderer()
    for text in [*figure.texts, *axes.texts, *axes.get_yticklabels()]:
        box = text.get_window_extent(page)
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1


def test_bars_are_as_long_as_what_was_found():
    answer = main_effects(swept("latin_hypercube", hypercube(200, 3), VARIED, formula), "y")
    wide = sorted(bar.get_width() for bar in answer.draw().axes[0].patches)
    assert np.isclose(wide, answer.table["change"].max()).any()
    assert np.isclose(np.abs(wide), answer.table["swing"].max()).any()
