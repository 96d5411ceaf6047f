"""A page taken apart, as a browser would."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

EMPTY = {"meta", "link", "br", "img", "input", "hr", "base"}
LOADS = {"src", "href", "xlink:href", "srcset", "action", "data", "poster", "background"}


class Page(HTMLParser):
    """Tags, attributes and text of a page; `open` is empty if every tag was closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag == "script":
            self.scripts.append((dict(attributes), ""))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)
        elif inside != "style":
            self.text.append(data)

    @property
    def words(self) -> str:
        return "\n".join(self.text)

    def check(self, pictures: bool = False) -> None:
        """Well formed, asks nobody for anything, and runs no script but its own; `pictures` may
        travel in it."""
        assert self.open == []
        ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        for tag, attributes in self.tags:
            if pictures and tag == "img":
                assert set(attributes) == {"src", "alt"}
                assert attributes["src"].startswith("data:image/png;base64,")
                continue
            assert not LOADS & set(attributes), (tag, attributes)
            assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
            assert tag not in {"img", "iframe", "object", "embed", "link", "base", "form", "a"}
        assert "url(" not in self.html and "@import" not in self.html
        assert not re.search(r"https?:", self.html)
        run = [text for attributes, text in self.scripts if "type" not in attributes]
        assert len(run) == 1
        for attributes, text in self.scripts:
            if "type" in attributes:
                assert attributes["type"] == "application/json"
                json.loads(text)
        policy = next(
            attributes["content"]
            for tag, attributes in self.tags
            if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
        )
        digest = base64.b64encode(hashlib.sha256(run[0].encode()).digest()).decode()
        assert "default-src 'none'" in policy
        assert f"script-src 'sha256-{digest}'" in policy
        assert ("img-src data:;" in policy) == pictures
