"""Small pieces of the page. Text may come from strangers: it is shown, never executed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nicegui import Client, ui


def button(text: str, act: Any, classes: str = "") -> ui.element:
    """A plain browser button. After a click, the focus returns to the page; after a key press, it
    stays on the button, also after a dialog."""
    with ui.element("button").classes(classes).on("click", act) as made:
        ui.label(text).style("display: inline")
    made.on("click", js_handler="(click) => click.detail && click.currentTarget.blur()")
    return made


def heading(level: int, text: str) -> ui.element:
    with ui.element(f"h{level}") as made:
        ui.label(text)
    return made


def linked(text: str, classes: str = "") -> ui.element:
    """A paragraph with links, which are not loaded in advance."""
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
    """Give the focus to an element, if no element has it or one that matches `taken`."""
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
