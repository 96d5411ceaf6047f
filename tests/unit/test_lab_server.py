"""The lab on one's own machine answers to no other name."""

import pytest

starlette = pytest.importorskip("starlette.testclient")
pytest.importorskip("nicegui")

from starlette.applications import Starlette  # noqa: E402
from starlette.responses import PlainTextResponse  # noqa: E402
from starlette.routing import Route  # noqa: E402

from comsim.lab.server import guard  # noqa: E402


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
