"""The lab's server: one page for each visitor, on this machine and from this machine alone."""

from __future__ import annotations

from pathlib import Path

from nicegui import app, background_tasks, run, ui

from comsim.lab import limits
from comsim.lab.page.page import Page
from comsim.lab.visit import prepare
from comsim.lab.words import LANGUAGES, Words
from comsim.scenario import Scenario

STYLE = Path(__file__).parent / "page" / "style.css"
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path '
    'd="M1 13C6 13 5 3 9 3s3 7 6 8" fill="none" stroke="#0072B2" stroke-width="2"/></svg>'
)


def serve(scenario: Scenario | None, seed: int | None, host: str, port: int, browser: bool) -> None:
    """Serve the lab until it is stopped; the page opens with `scenario`, or with the shelf."""
    here: set[str] = set()
    style = f"<style>{STYLE.read_text('utf-8')}</style>"

    @ui.page("/", title="comsim lab")
    def index(lang: str = "en") -> None:
        ui.add_head_html(style)
        language = lang if lang in LANGUAGES else "en"
        client = ui.context.client
        if len(here) >= limits.VISITORS:
            ui.label(Words(language)("lab.full", n=limits.VISITORS)).classes("lab")
            return
        here.add(client.id)
        client.on_delete(lambda: here.discard(client.id))
        Page(scenario, seed, language)

    app.on_startup(_prepare)
    app.on_startup(lambda: print(f"The lab: http://{host}:{port}   (Ctrl-C stops it)", flush=True))
    ui.run(
        host=host, port=port, show=browser, reload=False, tailwind=False, title="comsim lab",
        favicon=ICON, show_welcome_message=False, reconnect_timeout=20,
        binding_refresh_interval=None, ws_per_message_deflate=False,
    )  # fmt: skip


async def _prepare() -> None:
    """Have the model ready before the first visitor presses play."""
    background_tasks.create(run.io_bound(prepare))
