"""The state of a page that its parts share, and the lines that tell a visitor what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui
from nicegui.logging import log

from comsim.common.errors import InputError
from comsim.lab.phrasebook import LabPhrases
from comsim.lab.shelf import Card
from comsim.lab.visit import Visit
from comsim.model.catalogue import LEVERS
from comsim.scenario import Scenario


class PageState:
    """The visit that a page shows, its language and its connection.

    Parts of the page read it and report errors through it. They change the page through callbacks,
    which `LabPage` passes to them.
    """

    def __init__(self, scenario: Scenario | None, seed: int | None, language: str) -> None:
        self.say = LabPhrases(language)
        self.given, self.seed = scenario, seed  # what the lab was started with
        self.visit: Visit | None = None
        self.card: Card | None = None
        self.title: dict[str, str] = {}  # by language; empty: the name of the scenario
        self.making = False  # whether a report or data is being made
        self.lock = asyncio.Lock()  # of the visit
        self.client = ui.context.client
        self.tab = self.client.tab_id
        self.root = ui.element("div").classes("lab")  # the layout around it is the main landmark
        self.note: ui.notification | None = None  # the last error

    def say_line(self, line: str, stays: bool = False) -> None:
        """Show one line. It disappears after 5 seconds; if it `stays`, once it is closed or the
        visitor does something else."""
        with self.root:
            if not stays:
                return ui.notify(line, position="bottom", timeout=5000, multi_line=True)
            self.forget_note()
            close = self.say("lab.done")
            self.note = ui.notification(line, position="bottom", timeout=None, close_button=close)

    def forget_note(self) -> None:
        if self.note is not None:
            self.note.dismiss()
            self.note = None

    def say_error(self, error: InputError, about: str = "request") -> None:
        """Show an error, after a few plain words in the visitor's language; a lever beyond its
        bounds, in plain words only. `about` is a key of the phrases "wrong"."""
        if bounds := LEVERS.get(error.key):
            lever = self.say.label(LEVERS, error.key)
            low, high = (self.say.short(end) for end in (bounds.low, bounds.high))
            line = self.say("wrong.bounds", lever=lever, low=low, high=high, found=error.found)
            return self.say_line(line[:1].upper() + line[1:], stays=True)
        key = "" if about == "back" else error.key
        plain = self.say.name("wrong", key, self.say(f"wrong.{about}"))
        self.say_line(f"{plain} ({error})", stays=True)

    @contextmanager
    def careful(self, about: str = "request") -> Iterator[None]:
        """Show any error within as one line."""
        try:
            yield
        except InputError as error:
            self.say_error(error, about)
        except Exception:
            log.exception("the lab could not do what a page asked for")
            self.say_line(self.say("lab.went_wrong"), stays=True)
