"""Pictures of boxes, tipping points, policies and warnings: they say the finding, in any words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from comsim.studies.analysis.boxes import boxes
from comsim.studies.analysis.maps import smallest_core, tipping
from comsim.studies.analysis.robust import robust
from comsim.studies.analysis.swept import FactorColumn
from comsim.studies.analysis.warning import early_warning

from . import test_boxes, test_maps, test_robust, test_warning
from .sweeps import swept


def box():
    table = test_boxes.points(300).assign(opening=np.array(["a$b", "开", "both"] * 100))
    opening = FactorColumn("opening", "opening_1", values=("a$b", "开", "both"))
    sweep = swept(
        table,
        (test_boxes.ADS, opening, test_boxes.POSTS),
        lambda p, n, luck: test_boxes.dead((p.ads > 4) & (p.opening != "both"), n),
    )
    return boxes(sweep, test_boxes.DEAD)[0]  # fmt: skip


def one_factor():
    sweep = swept(test_boxes.points(200), (test_boxes.ADS, test_boxes.POSTS),
                  lambda p, n, luck: test_boxes.dead(p.ads > 6, n))  # fmt: skip
    return boxes(sweep, test_boxes.DEAD)[0]


def tip():
    sweep = swept(test_maps.grid(), (test_maps.ADS, test_maps.POSTS), test_maps.cliff(), 10)
    return tipping(sweep, test_maps.DEAD, "ads", "posts")


def nowhere():
    sweep = swept(test_maps.grid(), (test_maps.ADS, test_maps.POSTS), lambda p, n, luck: 9 + n)
    return tipping(sweep, test_maps.DEAD, "ads", "posts")


def core():
    points = pd.DataFrame({"core": np.arange(0, 101, 10.0)})
    return smallest_core(test_maps.core(points, 20, "grid"), test_maps.DEAD, "core")


def policies():
    sweep = swept(test_robust.grid(0.1, 0.2, 0.3), (test_robust.POLICY, test_robust.WEAR),
                  test_robust.gamble, 10, design="grid")  # fmt: skip
    return robust(sweep, "wau")


def herald():
    return test_warning.answered("rate")


def all_decline():
    begins, columns = test_warning.series(5, test_warning.half_decline(), "rate")
    everywhere = np.where(np.isnan(begins), 350.0, begins).reshape(4, test_warning.WORLDS)
    return early_warning(test_warning.sweep(everywhere), [test_warning.table(columns)])


@pytest.mark.parametrize(
    "answer", [box, one_factor, tip, nowhere, core, policies, herald, all_decline]
)
def test_the_picture_says_the_finding_and_keeps_inside_its_edges(answer, tmp_path):
    from matplotlib.text import Annotation

    from comsim.present.figures.style import write_png

    found = answer()
    figure = found.draw()
    texts = [*figure.texts, *figure.findobj(Annotation)]
    said = " ".join(text.get_text() for text in texts).split()
    assert " ".join(found.title.split()) in " ".join(said)
    write_png(figure, tmp_path / "picture.png")
    wide, high = figure.get_size_inches() * figure.dpi
    for text in texts:
        if text.get_visible() and text.get_text():
            ends = text.get_window_extent()
            assert -1 <= ends.x0 and ends.x1 <= wide + 1, text.get_text()
            assert -1 <= ends.y0 and ends.y1 <= high + 1, text.get_text()
