"""Reports from the command line, and in a real browser."""

from __future__ import annotations

import json
import shutil
import subprocess

import pandas as pd
import pytest

from .command import comsim, small

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
in_browser = pytest.mark.skipif(BROWSER is None, reason="no chromium here (apt install chromium)")

HOSTILE = """
name = "<img src=x onerror=document.body.id='x'>"
description = "<script>document.body.id='x'</script>"
days = 100
[community]
market = 400
[[segments]]
name = "</svg><script>document.body.id='x'</script>"
[[rules]]
name = "</script><script>document.body.id='x'//"
when = [{ metric = "members", above = 1 }]
do = [{ lever = "ad_pressure", set = 2 }]
days = 30
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the run of a hostile scenario as `run`, its report in Chinese."""
    folder = tmp_path_factory.mktemp("reports")
    (folder / "hostile.toml").write_text(HOSTILE)
    done = comsim("run", folder / "hostile.toml", "--out", folder / "run", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert str(folder / "run" / "report.html") in done.stdout
    return folder


def browser(*arguments: object) -> str:
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@in_browser
def test_in_a_browser_a_name_does_nothing_and_the_page_lives(folder):
    page = browser("--dump-dom", f"file://{folder / 'run' / 'report.html'}")
    assert 'id="x"' not in page  # what the scenario's names would have done
    assert page.count('tabindex="0"') > 5  # what the page's own script does to its charts
    assert "&lt;img src=x onerror=" in page


@in_browser
def test_in_a_browser_a_script_that_slipped_in_would_not_run(folder, tmp_path):
    html = (folder / "run" / "report.html").read_text("utf-8")
    broken = html.replace("</main>", "<script>document.body.id='x'</script></main>")
    (tmp_path / "broken.html").write_text(broken)
    assert 'id="x"' not in browser("--dump-dom", f"file://{tmp_path / 'broken.html'}")


@in_browser
def test_it_prints(folder, tmp_path):
    browser(f"--print-to-pdf={tmp_path / 'report.pdf'}", f"file://{folder / 'run' / 'report.html'}")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_a_report_is_made_again(folder, tmp_path, here):
    run = folder / "run"
    first = (run / "report.html").read_text("utf-8")
    assert '<html lang="zh-Hans">' in first
    out = tmp_path / "en.html"
    assert comsim("report", run, "--out", out).returncode == 0
    assert '<html lang="en">' in out.read_text("utf-8")
    refused = here("report", run, "--out", out)
    assert refused.returncode == 2 and "--force" in refused.stderr
    assert here("report", run, "--lang", "zh").returncode == 0
    assert (run / "report.html").read_text("utf-8") == first


def test_what_is_no_run_is_told_in_one_line(folder, tmp_path, here):
    pd.DataFrame({"day": [0]}).to_parquet(tmp_path / "daily.parquet")
    broken = shutil.copytree(folder / "run", tmp_path / "broken")
    (broken / "summary.json").write_text("{")
    cut = shutil.copytree(folder / "run", tmp_path / "cut")
    (cut / "members.parquet").write_bytes((cut / "members.parquet").read_bytes()[:500])
    old = shutil.copytree(folder / "run", tmp_path / "old")
    numbers = json.loads((old / "summary.json").read_text("utf-8"))
    del numbers["retention"]
    (old / "summary.json").write_text(json.dumps(numbers))
    for wrong in (tmp_path, tmp_path / "nowhere", broken, cut, old, small(tmp_path)):
        done = here("report", wrong)
        assert done.returncode == 2, done.stderr
        said = "since it was written" if (wrong / "figures").exists() else "the folder of a run"
        assert done.stderr.count("\n") == 1 and said in done.stderr
    assert here("run", small(tmp_path), "--lang", "fr").returncode == 2
