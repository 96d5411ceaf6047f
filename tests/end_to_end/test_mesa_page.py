"""The code of docs/mesa.md runs, block after block, and does what the page says."""

import pytest

from .pages import DOCS, played


@pytest.mark.long
def test_the_page_runs(monkeypatch):
    monkeypatch.chdir(DOCS.parent)
    scope = {}
    shown = [shown for _, shown, _ in played("mesa.md", scope)]
    assert len(shown) == 4
    assert not scope["community"].running and len(scope["community"].daily) == 730
    assert len(scope["wary"]) > 0
    trust = {(run["hosts"], run["seed"]): run["trust"] for run in scope["runs"]}
    assert all(trust[1, seed] != trust[0, seed] for seed in (1, 2))
    assert "mean trust" in shown[0]
