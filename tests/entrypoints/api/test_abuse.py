"""What a hostile client sends over a real connection."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest

from pressroom.entrypoints.cli._serving import Pages, listen
from tests.entrypoints.api.desk import a_desk


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    bound = listen("127.0.0.1", 0)
    pages = Pages(a_desk().runtime, None, bound)
    pages.start()
    yield bound.getsockname()[1]
    assert pages.stop(10)


def said_to(port: int, request: bytes) -> bytes:
    """Return all that is answered until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        # A connection that is closed with something unread is reset; what came before that counts.
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                answer += piece
        return answer


def head(*lines: str, start: str = "POST /api/v1/nowhere HTTP/1.1") -> bytes:
    return "\r\n".join([start, "Host: 127.0.0.1", *lines, "", ""]).encode()


def test_a_body_announced_as_huge_is_refused_and_the_connection_closed_before_it_comes(port: int) -> None:
    request = head("Content-Length: 10000000000", start="POST /webhooks/main HTTP/1.1")
    assert said_to(port, request).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "request_",
    [
        head("X-Much: " + "x" * 200_000),
        head("Content-Length: 5", "Content-Length: 6"),
        head("Content-Length: -1"),
        head("Content-Length: 5", "Transfer-Encoding: chunked") + b"ZZ\r\n",
        head("Transfer-Encoding: chunked") + b"ffffffffffffffffffffffff\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        head(start="GET / HTTP"),
    ],
)
def test_what_is_no_request_ends_with_its_connection(port: int, request_: bytes) -> None:
    assert said_to(port, request_)[:10] in (b"HTTP/1.1 4", b"")


def test_the_server_still_answers(port: int) -> None:
    assert said_to(port, head("Connection: close", start="GET /healthz HTTP/1.1")).startswith(b"HTTP/1.1 200 ")
