"""The code of docs/mesa.md runs, block after block, and does what the page says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_the_page_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "mesa.md").read_text(), re.DOTALL)
    assert len(blocks) == 4
    scope = {}
    for block in blocks:
        exec(compile(block, "docs/mesa.md", "exec"), scope)
    assert not scope["community"].running and len(scope["community"].daily) == 730
    assert len(scope["wary"]) > 0
    trust = {(run["hosts"], run["seed"]): run["trust"] for run in scope["runs"]}
    assert all(trust[1, seed] != trust[0, seed] for seed in (1, 2))
    assert "mean trust" in capsys.readouterr().out
