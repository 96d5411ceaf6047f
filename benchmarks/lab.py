"""How quick the lab's page is, in a headless Chromium: `python benchmarks/lab.py` (a minute).

For communities of 10,000 and of 100,000 members who all join on day 0: seconds to the first paint
of a page with a community on it; updates of the charts, pictures of the field and days a second,
where 30 days a second are asked for; and seconds from a lever's move to its mark on the charts, at
rest and while it plays. The browser draws without a graphics card, on the processors that live the
days.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

LAB = "document.querySelector('.world').lab"
SECONDS = 5  # of playing
MOVES = 5
SCENARIO = """
name = "{members} members"
days = 3650
community = {{ market = {members} }}
policy = {{ seed_group = {members} }}
parameters = {{ founder_days = 1 }}  # all at once
"""
# From the press of a key in a lever's field to the frame that has its mark.
MOVE = """async value => {
  const lab = document.querySelector('.world').lab, marks = lab.marks;
  const field = document.querySelector('#lever-ad_pressure-number');
  const began = performance.now();
  field.value = value;
  field.dispatchEvent(new Event('change'));
  while (lab.marks === marks) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return (performance.now() - began) / 1000;
}"""
COUNT_FIELDS = """() => {
  const lab = document.querySelector('.world').lab;
  lab.fields = 0;
  const whole = lab.drawMembers;
  lab.drawMembers = () => { lab.fields += 1; whole(); };
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--members", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args()
    names = ("members", "first paint s", "updates/s", "fields/s", "days/s", "lever s", "playing s")
    print("  ".join(f"{name:>13}" for name in names))
    for members in asked.members:
        row = measured(members, asked.seconds)
        print("  ".join(f"{value:13,.3g}" if value < 1000 else f"{value:13,}" for value in row))


def measured(members: int, seconds: float) -> list[float]:
    """The figures of a community of so many."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        path = Path(folder) / "scenario.toml"
        path.write_text(SCENARIO.format(members=members))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "comsim.cli", "lab", path, "--no-browser", "--port", port]
        server = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
        try:
            server.stdout.readline()
            time.sleep(5)  # the model is being loaded
            browser = play.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            return [members, *of_page(page, f"http://127.0.0.1:{port}/", seconds)]
        finally:
            server.terminate()
            server.wait(10)


def of_page(page: Page, address: str, seconds: float) -> list[float]:
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_function("document.querySelector('.world')?.lab?.frames > 0")
    first = time.perf_counter() - began
    page.evaluate(COUNT_FIELDS)
    page.select_option(".speed select", "30")
    page.click(".play")
    page.wait_for_function(f"{LAB}.day > 5")
    before, at = counts(page), time.perf_counter()
    time.sleep(seconds)
    after, spent = counts(page), time.perf_counter() - at
    updates, fields, days = ((b - a) / spent for a, b in zip(before, after, strict=True))
    playing = [page.evaluate(MOVE, str(i + 2)) for i in range(MOVES)]
    page.click(".play")
    page.wait_for_function(f"!{LAB}.playing")
    resting = [page.evaluate(MOVE, str(i + 2.5)) for i in range(MOVES)]
    return [first, updates, fields, days, statistics.median(resting), statistics.median(playing)]


def counts(page: Page) -> list[int]:
    return page.evaluate(f"[{LAB}.frames, {LAB}.fields, {LAB}.day]")


if __name__ == "__main__":
    main()
