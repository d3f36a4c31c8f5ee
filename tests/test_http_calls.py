"""A call ends in time, and knows whether anything of it went out."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest

from pressroom.http_answers import LARGEST_ANSWER_BYTES, Answer, Deadline, NoAnswer, NotSent
from pressroom.http_calls import HttpCalls

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Serve = Callable[[socket.socket, threading.Event], None]


@contextmanager
def a_server(serve: Serve) -> Iterator[str]:
    """Accept one connection and let `serve` have it; the event is set when the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    serve(connection, over)
                except OSError:
                    return  # the client gave up, as it should

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        received = connection.recv(65536)
        if not received:
            raise ConnectionError("the client left")
        data += received
    return data


def call(url: str, seconds: float = 5, **content: object) -> Answer:
    request = httpx.Request("POST", url, **content)  # type: ignore[arg-type]
    return HttpCalls().call(request, Deadline(timedelta(seconds=seconds)))


def answering(answer: bytes) -> Serve:
    def serve(connection: socket.socket, over: threading.Event) -> None:
        read_request(connection)
        connection.sendall(answer)

    return serve


def silent(connection: socket.socket, over: threading.Event) -> None:
    over.wait()


def babbling(connection: socket.socket, over: threading.Event) -> None:
    connection.recv(65536)
    connection.sendall(OK)
    over.wait()


def cutting(connection: socket.socket, over: threading.Event) -> None:
    read_request(connection)


def dripping(beginning: bytes) -> Serve:
    """Send a byte now and then, each well within any time-out for one reading."""

    def serve(connection: socket.socket, over: threading.Event) -> None:
        read_request(connection)
        connection.sendall(beginning)
        while not over.wait(0.02):
            connection.sendall(b"x")

    return serve


def test_an_answer_is_given_whatever_its_status() -> None:
    with a_server(answering(b"HTTP/1.1 418 No\r\nX-Reset: 5\r\nContent-Length: 2\r\n\r\n{}")) as url:
        assert call(url) == Answer(418, {"x-reset": "5", "content-length": "2"}, b"{}")


def test_a_redirect_is_not_followed() -> None:
    with a_server(answering(b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")) as url:
        assert call(url).status == 302


def test_a_refused_connection_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotSent, match="refused"):
        call(f"http://127.0.0.1:{port}")


def test_a_name_that_does_not_exist_sent_nothing() -> None:
    with pytest.raises(NotSent, match="cannot be resolved"):
        call("http://nowhere.invalid/")


def test_a_failed_handshake_sent_nothing() -> None:
    with a_server(babbling) as url, pytest.raises(NotSent, match="SSL"):
        call(url.replace("http:", "https:"))


def test_a_silent_handshake_ends_with_the_deadline_and_sent_nothing() -> None:
    with a_server(silent) as url, pytest.raises(NotSent):
        call(url.replace("http:", "https:"), seconds=0.1)


def test_a_deadline_that_is_over_sends_nothing() -> None:
    with a_server(answering(OK)) as url, pytest.raises(NotSent):
        call(url, seconds=0)


def test_a_cut_after_the_request_may_have_been_carried_out() -> None:
    with a_server(cutting) as url, pytest.raises(NoAnswer):
        call(url)


def test_a_silent_server_is_given_up_in_time() -> None:
    began = time.monotonic()
    with a_server(silent) as url, pytest.raises(NoAnswer, match="no answer within"):
        call(url, seconds=0.2)
    assert time.monotonic() - began < 2


def test_a_server_that_drips_its_headers_is_given_up_in_time() -> None:
    began = time.monotonic()
    with a_server(dripping(b"HTTP/1.1 200 OK\r\nX-Drip: ")) as url, pytest.raises(NoAnswer):
        call(url, seconds=0.3)
    assert time.monotonic() - began < 2


def test_a_server_that_drips_its_body_gives_its_status_and_no_document() -> None:
    with a_server(dripping(b"HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n{")) as url:
        answer = call(url, seconds=0.3)
    assert (answer.status, answer.is_whole, answer.document()) == (201, False, None)


def test_a_body_that_is_cut_short_is_not_whole() -> None:
    with a_server(answering(b'HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"data":')) as url:
        answer = call(url)
    assert (answer.status, answer.is_whole) == (201, False)


def test_a_body_without_end_is_not_read_to_its_end() -> None:
    def serve(connection: socket.socket, over: threading.Event) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            connection.sendall(b" " * 65536)

    with a_server(serve) as url:
        answer = call(url, seconds=20)
    assert len(answer.body) == LARGEST_ANSWER_BYTES
    assert not answer.is_whole


@pytest.mark.parametrize(("largest", "is_whole"), [(9, False), (10, True)])
def test_how_large_an_answer_may_be_is_up_to_whoever_calls(largest: int, is_whole: bool) -> None:
    with a_server(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789")) as url:
        answer = HttpCalls().call(httpx.Request("GET", url), Deadline(timedelta(seconds=5)), largest)
    assert (answer.body, answer.is_whole) == (b"0123456789"[:largest], is_whole)


def test_a_server_that_does_not_read_is_given_up_in_time() -> None:
    began = time.monotonic()
    with a_server(silent) as url, pytest.raises(NoAnswer):
        call(url, seconds=0.3, content=b"x" * 50_000_000)
    assert time.monotonic() - began < 3


def test_what_is_not_http_is_no_answer() -> None:
    with a_server(answering(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")) as url, pytest.raises(NoAnswer):
        call(url)


def test_a_header_that_cannot_be_written_is_not_quoted() -> None:
    with a_server(answering(OK)) as url, pytest.raises(NotSent) as raised:
        call(url, headers={"authorization": "Bearer hidden\nX: y"})
    assert "hidden" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_addresses_other_than_http_are_refused() -> None:
    with pytest.raises(NotSent):
        call("ftp://127.0.0.1/")
