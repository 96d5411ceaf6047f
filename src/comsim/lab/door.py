"""Requests that the server accepts: small ones, addressed to the lab's own host names."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from comsim.common.errors import InputError
from comsim.lab import limits
from comsim.lab.dropped import DROPPED

BODY = limits.BYTES + 10_000  # bytes of a request: a file, and the form around it


class TooLarge(Exception):
    """A request is larger than allowed."""


class BodyLimit:
    """ASGI middleware that answers a request with a body of over `most` bytes with status 413 and
    one line.

    A body with a declared length is refused unread, any other body once it exceeds `most`. The
    server discards the rest, so nothing is stored.
    """

    def __init__(self, app: ASGIApp, most: int = BODY) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.most:
                raise TooLarge
            return message

        announced = Headers(scope=scope).get("content-length", "")
        try:
            if announced.isdecimal() and int(announced) > self.most:
                raise TooLarge
            await self.app(scope, bounded, send)
        except TooLarge:
            size, allowed = f"more than {self.most:,} bytes", f"at most {limits.BYTES:,} bytes"
            line = str(InputError.at(DROPPED, "file", size, allowed))
            await PlainTextResponse(f"{line}\n", 413)(scope, receive, send)


def guard(server: Starlette, host: str) -> None:
    """Limit the bodies of requests. A server that listens on this machine only also refuses foreign
    host names, so a foreign page can't reach it through a name of its own (DNS rebinding)."""
    server.add_middleware(BodyLimit)
    if host == "localhost" or host.startswith("127."):
        names = [host, "127.0.0.1", "localhost"]
        server.add_middleware(TrustedHostMiddleware, allowed_hosts=names)
