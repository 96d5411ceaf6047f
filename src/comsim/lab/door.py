"""What the server lets in: small requests, under the lab's own names."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from comsim.errors import InputError
from comsim.lab import limits
from comsim.lab.dropped import DROPPED

BODY = limits.BYTES + 10_000  # bytes of a request: a file, and the form around it


class TooLarge(Exception):
    """More bytes have come than a request may have."""


class BodyLimit:
    """ASGI middleware: a request with a body of more than `most` bytes is answered with status 413
    and one line.

    A body that announces its length is refused unread; any other once it has gone beyond `most`.
    The server discards the rest, so none of it is stored.
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
            found, allowed = f"more than {self.most:,} bytes", f"at most {limits.BYTES:,} bytes"
            line = str(InputError.at(DROPPED, "file", found, allowed))
            await PlainTextResponse(f"{line}\n", 413)(scope, receive, send)


def guard(server: Starlette, host: str) -> None:
    """Bound the bodies of requests; on this machine alone, answer to its own names: a page from
    elsewhere that has its own name lead here is refused."""
    server.add_middleware(BodyLimit)
    if host == "localhost" or host.startswith("127."):
        names = [host, "127.0.0.1", "localhost"]
        server.add_middleware(TrustedHostMiddleware, allowed_hosts=names)
