"""One palette for figures, reports and the lab: it can be read, and nothing else names a colour."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import comsim
from comsim.lab.view import KINDS
from comsim.language.phrases import Words
from comsim.model.stages import STAGES
from comsim.present import palette
from comsim.present.report.page import Page, render

PACKAGE = Path(comsim.__file__).parent
DARK = "#14181f"
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]
    ),
    "deuteranopia": np.array(
        [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]
    ),
    "tritanopia": np.array(
        [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]
    ),
}
TO_XYZ = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]])


def linear(colour: str) -> np.ndarray:
    share = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB, under D65."""
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


TEXT = ("blue", "orange", "green", "red", "pink", "brown", "grey", "ink", "soft")


def test_text_and_lines_can_be_read():
    for name in TEXT:
        colour = palette.COLOURS[name]
        assert contrast(colour, palette.PAPER) >= 4.5, name
        for stage, tint in palette.STAGES.items():
            assert contrast(colour, tint) >= 3, (name, stage)
        assert name in ("ink", "soft") or contrast(colour, DARK) >= 3, name
    assert contrast(palette.SKY, palette.PAPER) >= 3


@pytest.mark.parametrize("kind", BLINDNESS)
def test_the_hues_stay_apart_for_the_colour_blind(kind):
    hues = [BLINDNESS[kind] @ linear(palette.COLOURS[name]) for name in TEXT[:5]]
    assert min(np.linalg.norm(lab(a) - lab(b)) for a, b in combinations(hues, 2)) > 15


def test_each_stage_and_kind_of_member_has_its_colour():
    assert tuple(palette.STAGES) == STAGES and tuple(palette.MEMBERS) == KINDS
    named = [*palette.METRICS.values(), *palette.MEMBERS.values(), *palette.SERIES]
    assert set(named) <= set(palette.COLOURS)


FACES = [
    path
    for room in ("present", "lab/page")
    for path in sorted((PACKAGE / room).rglob("*"))
    if path.suffix in (".py", ".css", ".js", ".html") and path.name != "palette.py"
]


@pytest.mark.parametrize("path", FACES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_other_file_has_colours_of_its_own(path):
    assert not re.findall(r"#(?:[0-9a-fA-F]{3,4}){1,2}\b", path.read_text("utf-8"))


def test_the_report_and_the_lab_bring_the_palette_and_ask_for_nothing_else():
    lab_style = (PACKAGE / "lab/page/style.css").read_text("utf-8")
    report = render(Page("", "", "", [], [], ""), Words("en"))
    assert palette.css() in report
    for style in (lab_style, report):
        defined = set(re.findall(r"--([a-z]+):", palette.css() + style))
        assert set(re.findall(r"var\(--([a-z]+)\)", style)) <= defined
