"""A lab that is served, and what the tests of its page do there."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from .command import COMMAND

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
CARD = "contrasts/ads_doubled"
ADS = "#lever-ad_pressure-number"
LAB = "document.querySelector('.world').lab"
MOVED = 100  # the day of the move


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serving(port: int, command: list[str] | None = None) -> Iterator[str]:
    """A lab on a port, once it listens: its address."""
    command = command or [*COMMAND, "lab", "--no-browser", "--port", str(port)]
    # NiceGUI behaves otherwise where it believes itself in a test.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=plain) as server:
        late = Timer(120, server.kill)
        late.start()
        try:
            assert "The lab:" in server.stdout.readline()
            late.cancel()
            yield f"http://127.0.0.1:{port}/"
        finally:
            late.cancel()
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def column(page, name, future=0):
    return page.evaluate(f"{LAB}.lives.get({future}).columns['{name}']")


def go_to(page, day):
    page.evaluate(f"{LAB}.seek({day})")
    page.wait_for_function(f"{LAB}.day === {day} && !{LAB}.playing")


def begin(page, day):
    """A community, on a day."""
    page.click(f"[data-card='{CARD}']")
    page.wait_for_function("document.querySelector('.world')?.lab?.futures.length === 1")
    go_to(page, day)


def part(page, name):
    """Two futures from day MOVED on, with more ads in the second."""
    begin(page, MOVED)
    page.click("text=From here, what if")
    page.fill(".q-dialog input", name)
    page.click(".q-dialog button.strong")
    page.wait_for_function(f"{LAB}.futures.length === 2")
    page.fill(ADS, "6")  # three times the 2 that it was
    page.press(ADS, "Enter")
    page.wait_for_function(f"{LAB}.marks.length === 1")


def choose_first(page):
    """Nobody waits for the difference then."""
    page.click(".future button >> nth=0")
    page.wait_for_function(f"{LAB}.chosen === 0")


def send_file(page, text):
    file = {"name": "bad.toml", "mimeType": "text/plain", "buffer": text.encode()}
    page.set_input_files(".drop input[type=file]", file)
