"""The lab's server: one page per visitor. By default, only this machine can reach it."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from socket import create_server
from threading import Thread

from nicegui import Client, app, background_tasks, ui
from nicegui.server import Server
from starlette.responses import PlainTextResponse, Response

from comsim.common.errors import InputError
from comsim.lab import limits
from comsim.lab.door import guard
from comsim.lab.page.kept import handed_back
from comsim.lab.page.page import LabPage
from comsim.lab.phrasebook import LANGUAGES, LabPhrases
from comsim.lab.visit import prepare
from comsim.present import palette
from comsim.scenario import Scenario

STYLE = Path(__file__).parent / "page" / "style.css"
COMING = 30  # seconds that a browser has to connect after requesting the page
AWAY = 20  # seconds without a connection until a page is released; its browser can restore it
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path '
    f'd="M1 13C6 13 5 3 9 3s3 7 6 8" fill="none" stroke="{palette.BLUE}" stroke-width="2"/></svg>'
)


def serve(
    scenario: Scenario | None, seed: int | None, host: str, port: int, browser: bool,
    away: float = AWAY,
) -> None:  # fmt: skip
    """Serve the lab until it is stopped, and end the process.

    The page opens with `scenario`, or with the list of scenarios. The worlds of a page without a
    connection are released after `away` seconds.

    Raises InputError if the address can't be used.
    """
    _check(host, port)
    here: dict[str, LabPage] = {}
    style = f"<style>{palette.css()}\n{STYLE.read_text('utf-8')}</style>"

    @ui.page("/", title="comsim lab")
    async def index(lang: str = "en") -> Response | None:
        language = lang if lang in LANGUAGES else "en"
        client, full = ui.context.client, LabPhrases(language)("lab.full", n=limits.VISITORS)
        if len(Client.instances) > limits.PAGES:
            client.delete()
            return PlainTextResponse(full, 503)
        ui.add_head_html(style)
        try:  # a request that never shows the page is not a visitor
            await client.connected(COMING)
        except TimeoutError:
            client.delete()
            return None
        if sum(page.client.has_socket_connection for page in here.values()) >= limits.VISITORS:
            ui.query("html").props(f"lang={language}")
            ui.label(full).classes("lab")
            return None
        for page in here.values():  # release what this tab showed before
            if page.tab == client.tab_id and not page.client.has_socket_connection:
                page.leave()
        here[client.id] = page = LabPage(scenario, seed, language)
        client.on_delete(lambda: here.pop(client.id, None))
        await page.start(await handed_back(client))
        return None

    def close() -> None:
        for page in here.values():
            page.leave()  # and what it computes in the background

    guard(app, host)
    app.config.quasar_config["loadingBar"]["skipHijack"] = True  # no request takes that long
    app.on_shutdown(close)
    # Compile the model before the first visitor presses play, in a daemon thread, so that stopping
    # does not wait for it.
    app.on_startup(Thread(target=prepare, daemon=True).start)
    app.on_startup(partial(_announce, host, port))
    with suppress(KeyboardInterrupt):  # the way to stop it
        ui.run(
            host=host, port=port, show=browser, reload=False, tailwind=False, title="comsim lab",
            favicon=ICON, show_welcome_message=False, reconnect_timeout=away,
            binding_refresh_interval=None, ws_per_message_deflate=False,
            ws_max_size=limits.MESSAGE, limit_concurrency=limits.CONNECTIONS,
            http="h11",  # limits the size of headers and addresses, too
        )  # fmt: skip
    os._exit(0)  # without waiting for threads that still compile, simulate or write


async def _announce(host: str, port: int) -> None:
    """Print the address once the server listens, which is after the start-up."""

    async def when_listening() -> None:
        while not Server.instance.started:
            await asyncio.sleep(0.02)
        print(f"The lab: http://{host}:{port}   (press Ctrl-C to stop)", flush=True)

    background_tasks.create(when_listening())


def _check(host: str, port: int) -> None:
    """Raise InputError if the address can't be used."""
    try:
        create_server((host, port)).close()
    except OSError as error:
        address = f"{host}:{port} ({str(error.strerror).partition(' (')[0]})"
        raise InputError.at("comsim lab", "--host, --port", address, "a free address") from None
