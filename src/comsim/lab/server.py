"""The lab's server: one page for each visitor, on this machine and from this machine alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from socket import create_server

from nicegui import app, background_tasks, run, ui

from comsim.errors import InputError
from comsim.lab import limits
from comsim.lab.page.page import Page
from comsim.lab.visit import Visit, prepare
from comsim.lab.words import LANGUAGES, Words
from comsim.scenario import Scenario

STYLE = Path(__file__).parent / "page" / "style.css"
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path '
    'd="M1 13C6 13 5 3 9 3s3 7 6 8" fill="none" stroke="#0072B2" stroke-width="2"/></svg>'
)


def serve(scenario: Scenario | None, seed: int | None, host: str, port: int, browser: bool) -> None:
    """Serve the lab until it is stopped; the page opens with `scenario`, or with the shelf."""
    _check(host, port)
    here: dict[str, Page] = {}
    style = f"<style>{STYLE.read_text('utf-8')}</style>"

    @ui.page("/", title="comsim lab")
    async def index(lang: str = "en") -> None:
        ui.add_head_html(style)
        language = lang if lang in LANGUAGES else "en"
        client = ui.context.client
        if len(here) >= limits.VISITORS:
            ui.label(Words(language)("lab.full", n=limits.VISITORS)).classes("lab")
            return
        visit = line = None
        try:
            if scenario is not None:
                visit = await run.io_bound(Visit, scenario, seed)
        except InputError as error:  # no room for it now; a smaller one may be chosen
            line = str(error)
        here[client.id] = page = Page(scenario, seed, language, visit)
        client.on_delete(lambda: here.pop(client.id, None))
        if line is not None:
            page.say_line(line)

    def close() -> None:
        for page in here.values():
            page.leave()  # and with it what is computed in the background

    app.on_shutdown(close)
    app.on_startup(_prepare)
    app.on_startup(lambda: print(f"The lab: http://{host}:{port}   (Ctrl-C stops it)", flush=True))
    with suppress(KeyboardInterrupt):  # that is how it is stopped
        ui.run(
            host=host, port=port, show=browser, reload=False, tailwind=False, title="comsim lab",
            favicon=ICON, show_welcome_message=False, reconnect_timeout=20,
            binding_refresh_interval=None, ws_per_message_deflate=False,
        )  # fmt: skip


def _check(host: str, port: int) -> None:
    """InputError for an address that can't be had."""
    try:
        create_server((host, port)).close()
    except OSError as error:
        found = f"{host}:{port} ({str(error.strerror).partition(' (')[0]})"
        raise InputError.at(
            "comsim lab", "--host, --port", found, "an address that is free"
        ) from None


async def _prepare() -> None:
    """Have the model ready before the first visitor presses play."""
    background_tasks.create(run.io_bound(prepare))
