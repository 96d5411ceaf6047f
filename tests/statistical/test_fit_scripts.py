"""The fitting scripts run: a tiny budget, on the real data."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "r4ds" / "daily.csv"
SCRIPT = ROOT / "scripts" / "fit_learning_community.py"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=600)


def test_without_the_data_it_says_so_in_one_line(tmp_path):
    ran = run(tmp_path / "nothing.csv", "--rounds", 1, "--jobs", 1, "--out", tmp_path)
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1 and "nothing.csv" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(not DATA.is_file(), reason="R4DS (../shared/data) is not on this machine")
def test_forecasts_are_compared(tmp_path, monkeypatch):
    pytest.importorskip("statsmodels", reason="pip install 'comsim[fit]'")
    monkeypatch.syspath_prepend(SCRIPT.parent)
    import fit_learning_community as script

    monkeypatch.setattr(script, "PEOPLE", 1)  # eight candidates a round instead of 64
    script.main(DATA, rounds=1, out=tmp_path, jobs=1)
    table = pd.read_csv(tmp_path / "forecast.csv").set_index("forecast")
    # Baselines hang on the data alone: known figures, by hand from the same columns.
    daily = pd.read_csv(DATA)["weekly_active_members"].to_numpy(float)
    last = abs(daily[217:308] - daily[216]).mean() / daily[217:308].mean()
    assert table.loc["last value", "error"] == pytest.approx(last)
    assert 0 < table.loc["ETS", "error"] < 0.5
    alone = table.loc["comsim, a world by itself"]
    assert 0 < alone["low"] < alone["error"] < alone["high"] < 5
    assert (tmp_path / "forecast.png").stat().st_size > 10_000
