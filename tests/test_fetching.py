"""Fetching from real servers: what comes back, and every limit on it."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

import pressroom
from pressroom.config import Fetch
from pressroom.errors import BadInput, NotFound, RateLimited, Unavailable
from pressroom.fetching import Fetched, Fetching
from pressroom.name_resolution import NoAddressYet, NoSuchHost, resolve
from pressroom.testing import ManualClock
from tests.fakes.smtp_certificate import write_certificate
from tests.raw_server import Answering, RawServer, answer

PAGE = b"<h1>Lamp</h1>"
HTML = "Content-Type: text/html; charset=UTF-8"


def fetching(server: RawServer, **system: Any) -> Fetching:
    return Fetching(Fetch(allow_hosts=(server.entry,)), ManualClock(), **system)


def fetched(answering: Answering | bytes, path: str = "/", **how: Any) -> Fetched:
    serve = answering if callable(answering) else lambda path: [answering]
    with RawServer(serve) as server:
        return fetching(server).get(server.url + path, **how)


def by_path(**answers: bytes | Iterable[bytes]) -> Answering:
    def serve(path: str) -> Iterable[bytes]:
        found = answers[path.lstrip("/") or "start"]
        return [found] if isinstance(found, bytes) else found

    return serve


def to(location: str, *headers: str) -> bytes:
    return answer(b"elsewhere", f"Location: {location}", *headers, status="302 Found")


def test_a_page_comes_with_what_the_server_says_of_it() -> None:
    with RawServer(lambda path: [answer(PAGE, HTML)]) as server:
        found = fetching(server).get(f"{server.url}/lamp?colour=blue#more", accept=("text/html",))
    url = f"{server.url}/lamp?colour=blue"
    assert found == Fetched(url=url, status=200, media_type="text/html", charset="UTF-8", data=PAGE)
    assert "Lamp" not in repr(found)


def test_a_request_is_honest_and_tells_nothing_else() -> None:
    with RawServer(by_path(**{"?secret=1": to("/next", "Set-Cookie: id=1")}, next=answer(PAGE))) as server:
        fetching(server).get(f"{server.url}/?secret=1", accept=("text/html", "image/*"))
    first, second = server.requests
    assert first.splitlines() == [
        b"GET /?secret=1 HTTP/1.1",
        f"host: {server.entry}".encode(),
        f"user-agent: Pressroom/{pressroom.__version__}".encode(),
        b"accept: text/html, image/*",
        b"accept-encoding: gzip, deflate",
        b"connection: close",
        b"",
    ]
    assert b"secret" not in second
    assert b"ookie" not in second


def test_variables_that_name_a_proxy_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetched(answer(PAGE)).data == PAGE


def test_redirects_are_followed_and_told() -> None:
    answers = by_path(
        start=to("/a%20b"), **{"a%20b": to("c?d=e f"), "c?d=e%20f": to("/café"), "caf%C3%A9": answer(PAGE)}
    )
    with RawServer(answers) as server:
        found = fetching(server).get(server.url)
    assert found.data == PAGE
    assert found.url == f"{server.url}/caf%C3%A9"
    assert found.redirected_from == (f"{server.url}/", f"{server.url}/a%20b", f"{server.url}/c?d=e%20f")


def test_a_path_of_another_alphabet_is_read_as_servers_write_it() -> None:
    raw = b"HTTP/1.1 302 Found\r\nLocation: /\xc3\xbc\r\nContent-Length: 0\r\n\r\n"
    assert fetched(by_path(start=raw, **{"%C3%BC": answer(PAGE)})).data == PAGE


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    chain = {str(number): to(f"/{number + 1}") for number in range(1, 7)} | {"7": answer(PAGE)}
    assert len(fetched(by_path(**chain), "/2").redirected_from) == 5
    with pytest.raises(BadInput, match="more than 5 redirects"):
        fetched(by_path(**chain), "/1")


@pytest.mark.parametrize("loop", [{"start": to("/")}, {"start": to("/a"), "a": to("/b"), "b": to("/a")}])
def test_a_circle_of_redirects_ends(loop: dict[str, bytes]) -> None:
    with pytest.raises(BadInput, match="lead in a circle"):
        fetched(by_path(**loop))


def test_a_circle_and_too_many_redirects_are_told_with_the_whole_address() -> None:
    for path, said in (("/loop", "lead in a circle"), ("/1", "more than 5 redirects")):
        chain = {"loop": to("/loop")} | {str(number): to(f"/{number + 1}") for number in range(1, 7)}
        with RawServer(by_path(**chain)) as server, pytest.raises(BadInput, match=said) as refused:
            fetching(server).get(server.url + path)
        assert f"{server.url}{'/loop' if path == '/loop' else '/7'}, where {server.url}{path} leads" in str(
            refused.value
        )


def test_a_redirect_to_an_address_that_is_not_public_names_who_led_there_and_what_would_be_opened() -> None:
    with RawServer(by_path(**{"shop": to("http://10.1.2.3:8080/admin")})) as server, pytest.raises(BadInput) as refused:
        fetching(server).get(f"{server.url}/shop")
    todo = refused.value.todo
    assert todo.startswith(f"It is {server.url}/shop that leads there: give the address of the page itself.")
    assert 'add "10.1.2.3:8080"' in todo
    assert "opens it for every page" in todo


def test_a_redirect_without_a_place_is_an_answer_without_a_page() -> None:
    with pytest.raises(BadInput, match="it answered 302"):
        fetched(answer(b"", status="302 Found"))


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        ("401 No", BadInput, "does not let programs read it: it answered 401"),
        ("403 No", BadInput, "does not let programs read it: it answered 403"),
        ("404 No", NotFound, "There is nothing at"),
        ("410 Gone", NotFound, "There is nothing at"),
        ("418 Teapot", BadInput, "it answered 418"),
        ("300 Choices", BadInput, "it answered 300"),
        ("304 Not Modified", BadInput, "it answered 304"),
        ("408 Timeout", Unavailable, "it answered 408"),
        ("500 Oops", Unavailable, "it answered 500"),
        ("503 Busy", Unavailable, "it answered 503"),
        ("999 Denied", Unavailable, "it answered 999"),
    ],
)
def test_a_status_says_whether_it_may_pass(status: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said) as told:
        fetched(answer(b"secret words", status=status), "/lamp?token=abc")
    assert "token" not in str(told.value)


@pytest.mark.parametrize(("status", "error"), [("429 Slow", RateLimited), ("503 Busy", Unavailable)])
def test_a_server_that_asks_to_wait_is_left_alone_for_so_long(status: str, error: type[Unavailable]) -> None:
    with pytest.raises(error) as told:
        fetched(answer(b"", "Retry-After: 120", status=status))
    assert told.value.retry_at == ManualClock().now() + timedelta(seconds=120)


@pytest.mark.parametrize(
    ("header", "accept"),
    [
        ("Content-Type: text/html", ("text/html",)),
        ("Content-Type: TEXT/HTML ; charset=x", ("application/xhtml+xml", "text/html")),
        ("Content-Type: image/avif", ("image/*",)),
        ("Content-Type: video/mp4", ("*/*",)),
        ("Content-Type: video/mp4", ()),
        ("Content-Type: rubbish", ("text/html",)),
        ("X-Type: none", ("text/html",)),
    ],
)
def test_what_is_wanted_or_says_nothing_is_taken(header: str, accept: tuple[str, ...]) -> None:
    assert fetched(answer(PAGE, header), accept=accept).data == PAGE


@pytest.mark.parametrize("kind", ["application/pdf", "text/htmlx", "imagex/png"])
def test_what_is_not_wanted_is_not_read(kind: str) -> None:
    def endless(path: str) -> Iterator[bytes]:
        yield f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode()
        while True:
            yield b"x" * 65536

    with pytest.raises(BadInput, match=f"is {kind}, which is not what is looked for there: text/html, image/\\*"):
        fetched(endless, accept=("text/html", "image/*"))


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/html; charset=iso-8859-1", "iso-8859-1"),
        ('text/html; CHARSET="Shift_JIS"', "Shift_JIS"),
        ("text/html", ""),
        ("text/html; charset=", ""),
        ("text/html; charset=a\x01b", ""),
    ],
)
def test_the_charset_is_as_the_server_says(header: str, charset: str) -> None:
    raw = f"HTTP/1.1 200 OK\r\nContent-Type: {header}\r\nContent-Length: 0\r\n\r\n".encode()
    assert fetched(raw).charset == charset


# Bytes


def test_the_limit_on_bytes_is_exact() -> None:
    assert len(fetched(answer(b"x" * 1000), max_bytes=1000).data) == 1000
    with pytest.raises(BadInput, match="has more than 999 bytes"):
        fetched(answer(b"x" * 1000), max_bytes=999)


def test_what_announces_too_much_is_not_read() -> None:
    with pytest.raises(BadInput, match="more than 1,000 bytes"):
        fetched(answer(b"x" * 10, length=10**12), max_bytes=1000)


@pytest.mark.parametrize("chunked", [True, False])
def test_an_endless_body_ends_at_the_limit(chunked: bool) -> None:
    sent = []

    def endless(path: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n" + (b"Transfer-Encoding: chunked\r\n" if chunked else b"") + b"\r\n"
        while True:
            sent.append(65536)
            yield b"10000\r\n" + b"x" * 65536 + b"\r\n" if chunked else b"x" * 65536

    with pytest.raises(BadInput, match="more than 100,000 bytes"):
        fetched(endless, max_bytes=100_000)
    assert sum(sent) < 20_000_000


@pytest.mark.parametrize("extension", [b"", b";" + b"e" * 500])
def test_chunks_of_a_byte_each_do_not_pass_the_limit_on_the_wire(extension: bytes) -> None:
    def crumbs(path: str) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            yield (b"1" + extension + b"\r\nx\r\n") * 1000

    with pytest.raises(BadInput, match="more than 500,000 bytes"):
        fetched(crumbs, max_bytes=500_000)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_too_large(coding: str) -> None:
    import zlib

    bomb = gzip.compress(b"\0" * 50_000_000) if coding == "gzip" else zlib.compress(b"\0" * 50_000_000)
    with pytest.raises(BadInput, match="more than 1,000,000 bytes"):
        fetched(answer(bomb, f"Content-Encoding: {coding}"), max_bytes=1_000_000)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "nonsense"])
def test_a_compression_that_was_not_asked_for_is_not_undone(coding: str) -> None:
    with pytest.raises(BadInput, match="cannot be read: it is compressed"):
        fetched(answer(PAGE, f"Content-Encoding: {coding}"))


def test_a_compressed_page_comes_out_whole() -> None:
    assert fetched(answer(gzip.compress(PAGE, mtime=0), "Content-Encoding: gzip")).data == PAGE


@pytest.mark.parametrize(
    "raw",
    [
        answer(PAGE, length=1000),
        answer(gzip.compress(PAGE, mtime=0)[:-4], "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabcde\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcdefgh\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
    ],
)
def test_an_answer_that_breaks_off_or_lies_of_its_length_is_not_taken_for_whole(raw: bytes) -> None:
    with pytest.raises(Unavailable, match="its answer was cut off, or is no HTTP"):
        fetched(raw)


def test_what_is_sent_beyond_the_announced_length_is_left_alone() -> None:
    assert fetched(answer(PAGE + b"more", length=len(PAGE))).data == PAGE


def test_headers_have_a_limit() -> None:
    with pytest.raises(Unavailable, match="no HTTP"):
        fetched(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n")


def test_beginnings_without_end_have_a_limit() -> None:
    def hinting(path: str) -> Iterator[bytes]:
        while True:
            yield b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1000

    with pytest.raises(BadInput, match="has more than"):
        fetched(hinting)


# Time


@pytest.mark.parametrize(
    "beginning", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n", answer(b"x", length=100_000)]
)
def test_a_server_that_drips_is_left_when_the_time_is_over(beginning: bytes) -> None:
    def drip(path: str) -> Iterator[bytes]:
        yield beginning
        while not server.over.wait(0.02):
            yield b"x"

    with RawServer(drip) as server, pytest.raises(Unavailable, match=r"did not answer completely within 0\.3 s"):
        fetching(server).get(server.url, timeout=timedelta(seconds=0.3))


def test_redirects_share_one_time() -> None:
    def slow(path: str) -> Iterator[bytes]:
        server.over.wait(0.15)
        yield to(f"/{len(server.requests)}")

    with RawServer(slow) as server:
        with pytest.raises(Unavailable, match="did not answer completely"):
            fetching(server).get(server.url, timeout=timedelta(seconds=0.4))
        assert 2 <= len(server.requests) <= 3


def test_a_name_that_nobody_answers_for_takes_no_longer_than_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def ask(*rest: Any, **more: Any) -> list[Any]:
        over.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    try:
        with pytest.raises(Unavailable, match=r"shop\.example was not resolved in time"):
            Fetching(Fetch(), ManualClock()).get("http://shop.example/", timeout=timedelta(seconds=0.05))
    finally:
        over.set()


# Names and connections


@pytest.mark.parametrize(
    ("number", "kind", "error", "said"),
    [
        (socket.EAI_NONAME, NoSuchHost, NotFound, "there is no host called shop.example"),
        (socket.EAI_AGAIN, NoAddressYet, Unavailable, "cannot be resolved now: try again"),
        (socket.EAI_FAIL, NoAddressYet, Unavailable, "cannot be resolved now"),
    ],
)
def test_a_name_without_an_answer_says_whether_that_may_pass(
    number: int, kind: type[Exception], error: type[Exception], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*rest: Any, **more: Any) -> None:
        raise socket.gaierror(number, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(kind):
        resolve("shop.example", 80, 5)
    with pytest.raises(error, match=said):
        Fetching(Fetch(), ManualClock()).get("http://shop.example/")


def test_the_system_is_asked_for_every_address() -> None:
    assert ip_address("127.0.0.1") in resolve("localhost", 80, 5)


def test_a_refused_connection_may_pass() -> None:
    with RawServer(lambda path: []) as server:
        pass
    with pytest.raises(Unavailable, match="no connection could be made"):
        fetching(server).get(server.url)


def test_the_next_address_is_tried_where_one_refuses() -> None:
    with RawServer(lambda path: [answer(PAGE)]) as server:
        settings = Fetch(allow_hosts=(f"shop.example:{server.port}",))
        addresses = [ip_address("127.0.0.2"), ip_address("127.0.0.1")]
        client = Fetching(settings, ManualClock(), resolve=lambda *_: addresses)
        assert client.get(f"http://shop.example:{server.port}/").data == PAGE
    assert f"host: shop.example:{server.port}".encode() in server.requests[0]


# Certificates


def served_by(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what the server proves itself with, and what trusts only that."""
    file = write_certificate(folder, name)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


def test_a_host_is_asked_for_by_its_name_and_proves_it(tmp_path: Path) -> None:
    proving, trusting = served_by(tmp_path, "shop.example")
    names: list[str | None] = []
    proving.sni_callback = lambda stream, name, context: names.append(name)
    with RawServer(lambda path: [answer(PAGE)], proving) as server:
        settings = Fetch(allow_hosts=(f"shop.example:{server.port}",))
        client = Fetching(settings, ManualClock(), resolve=lambda *_: [ip_address("127.0.0.1")], tls=trusting)
        assert client.get(f"https://shop.example:{server.port}/").data == PAGE
    assert names == ["shop.example"]


def test_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    proving, trusting = served_by(tmp_path, "other.example")
    with RawServer(lambda path: [answer(PAGE)], proving) as server:
        settings = Fetch(allow_hosts=(f"shop.example:{server.port}",))
        client = Fetching(settings, ManualClock(), resolve=lambda *_: [ip_address("127.0.0.1")], tls=trusting)
        with pytest.raises(BadInput, match=r"its certificate does not prove that it is shop\.example"):
            client.get(f"https://shop.example:{server.port}/")
    assert server.requests == []


def test_a_certificate_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    proving, _ = served_by(tmp_path, "localhost")
    with (
        RawServer(lambda path: [answer(PAGE)], proving) as server,
        pytest.raises(BadInput, match="its certificate does not prove"),
    ):
        fetching(server).get(server.url)


def test_a_server_that_wants_tls_may_be_asked_again(tmp_path: Path) -> None:
    proving, _ = served_by(tmp_path, "localhost")
    with (
        RawServer(lambda path: [answer(PAGE)], proving) as server,
        pytest.raises(Unavailable, match="its answer was cut off, or is no HTTP"),
    ):
        fetching(server).get(server.url.replace("https:", "http:"))
