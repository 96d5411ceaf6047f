"""The tutorial, from its first block of code to the last, in an empty folder."""

from __future__ import annotations

import pytest

from .pages import DOCS, played


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.long
def test_the_tutorial_runs_and_shows_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    scope, compared = {}, 0
    for code, shown, said in played("tutorial.md", scope):
        if said:
            assert lines(shown) == lines(said), code
            compared += 1
    assert compared == (DOCS / "tutorial.md").read_text("utf-8").count("```text") > 0
    assert "--resume: found a different sweep" in shown
