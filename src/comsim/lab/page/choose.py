"""Choosing a community: the shelf of scenarios, and a file of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nicegui import ui

import comsim
from comsim.lab import limits
from comsim.lab.dropped import from_text
from comsim.lab.page.panels import heading
from comsim.lab.visit import Visit
from comsim.scenario import load_scenario

if TYPE_CHECKING:
    from comsim.lab.page.page import Page

SHELF = Path(comsim.__file__).parents[2] / "scenarios"


def chooser(page: Page) -> None:
    say = page.say
    heading(2, say("lab.choose"))
    ui.label(say("lab.choose_hint")).classes("hint")
    for folder in ("", "archetypes", "cases", "contrasts"):
        heading(2, say.name("shelf", folder or "basic"))
        with ui.element("div").classes("shelf"):
            for path in sorted((SHELF / folder).glob("*.toml")):
                scenario = load_scenario(path)

                async def begin(scenario: Any = scenario) -> None:
                    await page.open(lambda: Visit(scenario, page.seed))

                with ui.element("button").classes("card").on("click", begin):
                    with ui.element("b"):
                        ui.label(scenario.name)
                    with ui.element("span"):
                        ui.label(scenario.description or "")
    dropping(page)


def dropping(page: Page) -> None:
    """A place to drop a scenario file on."""
    say = page.say

    async def dropped(event: Any) -> None:
        if event.file.size() > limits.BYTES:
            return too_big()
        text = await event.file.read()
        await page.open(
            lambda: Visit(from_text(text, event.file.name, limits.MEMBERS, limits.DAYS), page.seed)
        )

    def too_big() -> None:
        page.say_line(say("lab.too_big_file", bytes=say.number(limits.BYTES)))

    ui.upload(
        label=say("lab.drop"), auto_upload=True, max_file_size=limits.BYTES, max_files=1,
        on_upload=dropped, on_rejected=too_big,
    ).classes("drop").props("accept=.toml flat")  # fmt: skip
