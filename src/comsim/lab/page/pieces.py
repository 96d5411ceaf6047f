"""Small pieces of the page. Text may be a stranger's: it is shown, and never run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nicegui import Client, ui


def button(text: str, act: Any, classes: str = "") -> ui.element:
    """A plain button of the browser's. One that was clicked leaves the keys to the page; with one
    that was pressed by a key they stay, after a dialog too."""
    with ui.element("button").classes(classes).on("click", act) as made:
        ui.label(text).style("display: inline")
    made.on("click", js_handler="(click) => click.detail && click.currentTarget.blur()")
    return made


def heading(level: int, text: str) -> ui.element:
    with ui.element(f"h{level}") as made:
        ui.label(text)
    return made


def linked(text: str, classes: str = "") -> ui.element:
    """A paragraph whose addresses can be followed; nothing is asked of them before."""
    with ui.element("p").classes(classes) as made:
        for part in re.split(r"(https://\S+)", text):
            if part.startswith("https://"):
                ui.link(part.removeprefix("https://"), part, new_tab=True).props("rel=noreferrer")
            else:
                ui.label(part).style("display: inline")
    return made


def paragraph(text: str, classes: str = "") -> ui.element:
    with ui.element("p").classes(classes) as made:
        ui.label(text)
    return made


def when_cut_off(client: Client, text: str) -> None:
    """Replace the text that NiceGUI shows while there is no connection."""
    client.run_javascript(
        f"document.querySelectorAll('#popup span')"
        f".forEach((span, at) => {{ span.textContent = at ? '' : {json.dumps(text)}; }})"
    )


def focus(element: ui.element, taken: str = "body") -> None:
    """Give an element the keys, where they are with nobody, or with what may be `taken` from."""
    element.client.run_javascript(
        f"setTimeout(() => document.activeElement.matches('{taken}') && "
        f"getHtmlElement({element.id})?.focus({{preventScroll: true}}))"
    )


@contextmanager
def dialog(title: str, hint: str = "", classes: str = "") -> Iterator[ui.dialog]:
    """A dialog; when closed, it returns the focus to the element that had it."""
    with ui.dialog() as made, ui.element("div").classes(f"panel {classes}"):
        made.props["aria-label"] = title
        heading(2, title)
        if hint:
            ui.label(hint).classes("hint")
        yield made
