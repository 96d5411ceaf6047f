"""The lab lets little in, and on one's own machine answers to no other name."""

import asyncio

import pytest

starlette = pytest.importorskip("starlette.testclient")
pytest.importorskip("nicegui")

from starlette.applications import Starlette  # noqa: E402
from starlette.responses import PlainTextResponse  # noqa: E402
from starlette.routing import Route  # noqa: E402

from comsim.lab.door import BODY, BodyLimit, guard  # noqa: E402


@pytest.mark.parametrize("host,name,status", [
    ("127.0.0.1", "127.0.0.1:8765", 200), ("127.0.0.1", "localhost:8765", 200),
    ("localhost", "127.0.0.1:8765", 200), ("127.0.0.1", "evil.example", 400),
    ("localhost", "evil.example:8765", 400), ("0.0.0.0", "lab.example:8765", 200),
])  # fmt: skip
def test_a_page_that_has_its_own_name_lead_here_is_refused(host, name, status):
    server = Starlette(routes=[Route("/", lambda request: PlainTextResponse("the lab"))])
    guard(server, host)
    with starlette.TestClient(server) as client:
        assert client.get("/", headers={"Host": name}).status_code == status


@pytest.mark.parametrize("announced,chunks,status,passed", [
    (str(BODY), [BODY], 200, BODY), (None, [BODY], 200, BODY), (None, [], 200, 0),
    (str(BODY + 1), [BODY + 1], 413, 0), ("400000000", [1000] * 9, 413, 0),
    (None, [1000] * 400, 413, BODY), ("12", [1000] * 400, 413, BODY),
    ("nonsense", [BODY + 1], 413, 0), (None, [BODY, 1], 413, BODY),
])  # fmt: skip
def test_no_more_of_a_body_is_passed_on_than_a_request_may_have(announced, chunks, status, passed):
    came, sent = [], []

    async def app(scope, receive, send):
        while True:
            message = await receive()
            came.append(len(message["body"]))
            if not message["more_body"]:
                break
        await PlainTextResponse("the lab")(scope, receive, send)

    async def post():
        parts = iter([
            {"type": "http.request", "body": b"#" * size, "more_body": at + 1 < len(chunks)}
            for at, size in enumerate(chunks or [0])
        ])  # fmt: skip

        async def receive():
            return next(parts)

        async def send(message):
            sent.append(message)

        headers = [] if announced is None else [(b"content-length", announced.encode())]
        await BodyLimit(app)({"type": "http", "headers": headers}, receive, send)

    asyncio.run(post())
    assert sent[0]["status"] == status
    assert sum(came) == passed
    if status == 413:
        body = sent[1]["body"].decode()
        assert body == (
            "your file: file: found more than 210,000 bytes; allowed: at most 200,000 bytes\n"
        )
