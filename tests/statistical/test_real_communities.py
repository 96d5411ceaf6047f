"""The table of real communities is what the script makes of the logs."""

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from scipy.stats import spearmanr

from comsim.evidence import real
from comsim.evidence.fact import facts
from comsim.evidence.facts.success import METRICS

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


@pytest.mark.skipif(
    not DATA.is_dir(), reason="the real communities (../shared/data) are not on this machine"
)
def test_the_script_makes_the_table():
    script = ROOT / "scripts" / "real_communities.py"
    made = subprocess.run(
        [sys.executable, script, DATA], capture_output=True, text=True, check=True
    )
    assert made.stdout == Path(real.__file__).with_name("real.csv").read_text("utf-8")


def test_f21_is_printed_beside_its_correlations_in_real_communities():
    whole = real.communities().dropna(subset="authors").rename(columns={"authors": "growth"})
    published = {check.figure: check.published for check in facts()["F21"].checks}
    for a, b in combinations(METRICS, 2):
        assert published[f"{a}_{b}"] == (round(spearmanr(whole[a], whole[b]).statistic, 2),)
