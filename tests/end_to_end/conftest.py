"""Shared by the tests of the whole."""

from __future__ import annotations

import subprocess

import pytest

from comsim.cli import main
from comsim.lab.visit import prepare
from comsim.studies.shards.carry_out import carry_out

from ..works import ROOT, contents
from .carried_out import WORK
from .in_the_lab import BROWSER, free_port, serving


@pytest.fixture
def here(capfd):
    """The command in this process, which saves the start of another."""

    def call(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(argument) for argument in arguments]
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main(command)
        return subprocess.CompletedProcess(command, end.value.code, *capfd.readouterr())

    return call


@pytest.fixture
def workers_find_tests(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))


@pytest.fixture(scope="session")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "out"
    carry_out(WORK, folder)
    return contents(folder)


@pytest.fixture(scope="session")
def address():
    prepare()  # compiles, where nothing has yet
    with serving(free_port()) as address:
        yield address


@pytest.fixture(scope="module")  # two of playwright's loops can't run at once
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here")
    with playwright.sync_playwright() as play:
        cut = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # off the network
        browser = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", cut])
        yield browser
        browser.close()


@pytest.fixture
def lab(address, browser):
    """A page that shows the shelf. It may ask nobody but the lab, and its scripts may not fail."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    page.set_default_timeout(30_000)
    page.asked, errors = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("websocket", lambda socket: page.asked.append(socket.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    yield page
    page.close()
    home = (address, address.replace("http", "ws"), "data:", "blob:")
    assert len(page.asked) > 10
    assert [url for url in page.asked if not url.startswith(home)] == []
    assert errors == []
