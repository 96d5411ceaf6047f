"""The code of docs/mesa.md runs, block after block, and does what the page says."""

from pathlib import Path

import pytest

from .pages import DOCS, played

DAYS = 150  # the page lives two years


@pytest.mark.long
def test_the_page_runs(tmp_path, monkeypatch):
    """As it stands, with a launch that is shorter."""
    launch = Path("scenarios", "brand_launch.toml")
    text = (DOCS.parent / launch).read_text("utf-8")
    (tmp_path / launch.parent).mkdir()
    (tmp_path / launch).write_text(text.replace("\ndays = 730\n", f"\ndays = {DAYS}\n"), "utf-8")
    monkeypatch.chdir(tmp_path)
    scope = {}
    shown = [shown for _, shown, _ in played("mesa.md", scope)]
    assert len(shown) == 4
    assert not scope["community"].running and len(scope["community"].daily) == DAYS
    assert len(scope["wary"]) > 0
    trust = {(run["hosts"], run["seed"]): run["trust"] for run in scope["runs"]}
    assert all(trust[1, seed] != trust[0, seed] for seed in (1, 2))
    assert "mean trust" in shown[0]
