"""The table of real communities is what the script makes of the logs."""

import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from scipy.stats import spearmanr

from comsim.evidence import real
from comsim.evidence.collection import facts
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


def test_f5_cites_the_medians_and_quartiles_of_real_communities():
    known = real.communities().dropna(subset="joiners")
    text = facts()["F5"].published["en"]
    assert f"In {len(known)} real communities" in text
    for column in real.MONTHS:
        low, middle, high = known[column].quantile([0.25, 0.5, 0.75])
        assert re.search(rf"{middle:.2f} \([^)]*{low:.2f} and {high:.2f}\)", text), column


def test_f21_is_printed_beside_its_correlations_in_real_communities():
    whole = real.communities().dropna(subset="authors").rename(columns={"authors": "growth"})
    published = {check.figure: check.published for check in facts()["F21"].checks}
    assert f"over {len(whole)} real communities" in facts()["F21"].published["en"]
    for a, b in combinations(METRICS, 2):
        assert published[f"{a}_{b}"] == (round(spearmanr(whole[a], whole[b]).statistic, 2),)
