"""The page: sections of blocks, which templates lay out as one file without external resources.

The templates escape all text, and no module here writes HTML. The page's security policy blocks all
external resources and all scripts but its own, which is identified by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from comsim.common.version import __version__
from comsim.language.phrases import Words
from comsim.present import palette

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = "templates"


@dataclass(frozen=True)
class Tile:
    """A key figure."""

    name: str
    value: str
    note: str = ""
    unvalidated: bool = False


@dataclass(frozen=True)
class Tiles:
    tiles: Sequence[Tile]
    kind: str = "tiles"


@dataclass(frozen=True)
class Items:
    """A list of sentences; `unvalidated` holds the positions of those not tested against data."""

    items: Sequence[str]
    unvalidated: Sequence[int] = ()
    kind: str = "items"


@dataclass(frozen=True)
class Code:
    """Lines to copy."""

    text: str
    kind: str = "code"


@dataclass(frozen=True)
class Section:
    """A part of the page. Its title is a finding. Each block has a `kind`, the name of the template
    in `blocks.html` that draws it."""

    id: str
    topic: str
    title: str
    lead: str = ""
    blocks: Sequence[Any] = ()
    unvalidated: bool = False
    half: bool = False
    """Whether it may be beside another on a wide page."""


@dataclass(frozen=True)
class Page:
    kicker: str
    title: str
    lead: str
    facts: Sequence[tuple[str, str]]
    sections: list[Section]
    about: str
    """What kind of page it is."""
    pictures: bool = False
    """Whether it contains pictures, as data URIs."""
    readout: dict[str, Any] = field(default_factory=dict)
    """What the script needs: `start` (a date), `day` (numbers of the days shown)."""
    appendix: list[Section] = field(default_factory=list)
    """Sections that begin on a new sheet of paper."""


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("comsim.present.report", TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["shade"] = shade
    return environment


def render(page: Page, words: Words) -> str:
    """The whole HTML file."""
    script = _text("page.js").strip()
    digest = hashlib.sha256(script.encode()).digest()
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            t=words,
            style=palette.css() + "\n" + _text("page.css"),
            script=script,
            version=__version__,
            script_hash=base64.b64encode(digest).decode(),
        )
    )


def fragment(template: str, **what: Any) -> str:
    """A piece of HTML for another page."""
    return _environment().get_template(template).render(**what)


def shade(share: float) -> str:
    """The colour of a share, #rrggbb: white to deep blue."""
    share = min(max(share, 0.0), 1.0) ** 0.75
    ends = (bytes.fromhex(end[1:]) for end in (palette.LOW, palette.HIGH))
    mixed = (round(a + (b - a) * share) for a, b in zip(*ends, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _text(name: str) -> str:
    return files("comsim.present.report").joinpath(TEMPLATES, name).read_text("utf-8")
