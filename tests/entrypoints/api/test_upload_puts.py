"""`PUT /uploads/…`: open to whoever has the signed address, for one file as announced; also over real sockets."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pressroom.entrypoints.api import bodies, upload_puts
from pressroom.jobs import JobStatus
from pressroom.testing import work_off
from pressroom.uploads import Receiving
from tests.entrypoints.api.upload_site import TYPE, UploadSite, a_line, a_site, path_of, served
from tests.uploading import OTHER_PNG, PNG, looking

LARGE = 8_000_000


@pytest.fixture
def site(tmp_path: Path) -> UploadSite:
    return a_site(tmp_path)


@pytest.fixture
def net(tmp_path: Path) -> Iterator[tuple[UploadSite, tuple[str, int]]]:
    with served(tmp_path, looking(max_bytes=LARGE)) as found:
        yield found


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    ends = time.monotonic() + seconds
    while not holds() and time.monotonic() < ends:
        time.sleep(0.01)
    return holds()


# --- the address


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (r"uploads/job_", "uploads/jab_"),
        (r"\.png\?", ".jpg?"),
        (r"max_bytes=100000", "max_bytes=100001"),
        (r"max_bytes=100000", "bytes=100000"),
        (r"expires=(\d+)", r"expires=9\1"),
        (r"type=image%2Fpng", "type=image%2Fgif"),
        (r"signature=\w", "signature=_"),
        (r"&signature=\w+", ""),
        (r"$", "&max_bytes=100000"),
        (r"$", "&extra=1"),
        (r"\?.*", ""),
        (r"\?.*", "?max_bytes=&expires=&type=&signature="),
    ],
)
def test_a_forged_or_altered_address_is_refused(site: UploadSite, part: str, other: str) -> None:
    asked = site.ask()
    altered = re.sub(part, other, asked["upload_url"], count=1)
    assert altered != asked["upload_url"]
    answer = site.put(altered)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:pressroom:problem:upload-forged")
    assert site.still_waits(asked)


def test_an_address_that_expired_is_gone(site: UploadSite) -> None:
    asked = site.ask()
    site.runtime.ports.clock.advance(timedelta(minutes=10))  # type: ignore[attr-defined]
    assert site.put(asked["upload_url"]).status_code == 410
    assert site.still_waits(asked)


@pytest.mark.parametrize("data", [PNG, OTHER_PNG])
def test_an_address_takes_one_file_once(site: UploadSite, data: bytes) -> None:
    asked = site.ask()
    assert site.put(asked["upload_url"]).status_code == 201
    again = site.put(asked["upload_url"], data)
    assert (again.status_code, again.json()["type"]) == (409, "urn:pressroom:problem:upload-has-file")
    assert site.runtime.ports.blobs.get(asked["key"], 1) == PNG


def test_an_upload_of_a_cancelled_job_is_gone(site: UploadSite) -> None:
    asked = site.ask()
    site.runtime.runner.cancel(asked["job_id"])
    answer = site.put(asked["upload_url"])
    assert (answer.status_code, answer.json()["type"]) == (410, "urn:pressroom:problem:upload-ended")


def test_reading_at_the_address_shows_nothing(site: UploadSite) -> None:
    asked = site.ask()
    site.put(asked["upload_url"])
    for method in ("GET", "POST", "DELETE"):
        assert site.client.request(method, path_of(asked["upload_url"])).status_code == 405


# --- the headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "image/jpeg"},
        {"Content-Type": "image/png; charset=utf-8"},
        [("Content-Type", "image/png"), ("Content-Type", "image/png")],
        TYPE | {"Content-Encoding": "gzip"},
        TYPE | {"Content-Range": "bytes 0-10/20"},
    ],
)
def test_a_file_that_comes_as_another_than_was_announced_is_refused(site: UploadSite, headers: Any) -> None:
    asked = site.ask()
    assert site.put(asked["upload_url"], headers=headers).status_code == 415
    assert site.still_waits(asked)


@pytest.mark.parametrize(
    ("announced", "size", "status"), [(None, 100_001, 413), (80, 81, 413), (80, 79, 400), (None, 0, 400)]
)
def test_a_file_of_another_size_is_refused_before_a_byte_of_it_is_read(
    site: UploadSite, announced: int | None, size: int, status: int
) -> None:
    read: list[bool] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(True)
        yield bytes(size)

    asked = site.ask(bytes=announced)
    answer = site.put(asked["upload_url"], body(), TYPE | {"Content-Length": str(size)})
    assert (answer.status_code, read) == (status, [])
    assert answer.headers["connection"] == "close"
    assert site.still_waits(asked)


@pytest.mark.parametrize("length", ["9" * 400, "9" * 19, "-1", "1e3", "²"])
def test_a_length_that_is_none_is_refused(site: UploadSite, length: str) -> None:
    asked = site.ask()
    headers = [(b"Content-Type", b"image/png"), (b"Content-Length", length.encode("latin-1"))]
    assert site.put(asked["upload_url"], PNG, headers).status_code == 413
    assert site.still_waits(asked)


# --- the body


@pytest.mark.parametrize(
    ("announced", "size", "status"), [(None, 100_001, 413), (80, 81, 413), (80, 79, 400), (None, 0, 400)]
)
def test_a_file_whose_size_nobody_told_is_counted(
    site: UploadSite, announced: int | None, size: int, status: int
) -> None:
    async def body() -> AsyncIterator[bytes]:
        for at in range(0, size, 1000):
            yield bytes(min(1000, size - at))

    asked = site.ask(bytes=announced)
    assert site.put(asked["upload_url"], body()).status_code == status
    assert site.still_waits(asked)
    assert site.put(asked["upload_url"], bytes(announced or 100_000)).status_code == 201


def test_an_endless_body_is_read_no_further_than_what_is_taken(site: UploadSite) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield bytes(65_536)

    asked = site.ask()
    assert site.put(asked["upload_url"], body()).status_code == 413
    assert sent <= 100_000 + upload_puts.PIECE_BYTES + 65_536
    assert site.still_waits(asked)


def test_a_body_that_stops_coming_is_given_up(site: UploadSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_puts, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(bodies, "GRACE_SECONDS", 600)  # which every body has
    given_up = threading.Event()

    async def body() -> AsyncIterator[bytes]:
        yield PNG[:50]
        try:
            await asyncio.sleep(5)
        finally:
            given_up.set()

    asked = site.ask()
    assert site.put(asked["upload_url"], body()).status_code == 408
    assert given_up.is_set()
    assert site.still_waits(asked)
    assert site.put(asked["upload_url"]).status_code == 201


def test_a_slow_client_is_not_given_up_while_something_comes(site: UploadSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_puts, "LONGEST_PAUSE", 5.0)

    async def body() -> AsyncIterator[bytes]:
        for at in range(len(PNG)):
            yield PNG[at : at + 1]

    asked = site.ask()
    assert site.put(asked["upload_url"], body()).status_code == 201
    assert site.runtime.ports.blobs.get(asked["key"], 1) == PNG


def test_so_many_files_are_taken_in_at_once_and_no_more(site: UploadSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_puts, "MOST_OF_ONE", 0)
    asked = site.ask()
    assert site.put(asked["upload_url"]).status_code == 503
    monkeypatch.setattr(upload_puts, "MOST_OF_ONE", 1)
    assert site.put(asked["upload_url"]).status_code == 201
    assert site.app.state.uploads_under_way._keys == {}


# --- over real sockets


def test_the_same_file_sent_many_times_at_the_same_moment_is_taken_once(
    net: tuple[UploadSite, tuple[str, int]],
) -> None:
    site, (host, port) = net
    asked = site.ask()
    files = [bytes([number]) * 300_000 for number in (1, 2, 1, 2)]
    start = threading.Barrier(len(files))

    def put(data: bytes) -> int:
        start.wait(20)
        return httpx.put(f"http://{host}:{port}{path_of(asked['upload_url'])}", content=data, headers=TYPE).status_code

    with ThreadPoolExecutor(len(files)) as pool:
        statuses = list(pool.map(put, files))
    assert sorted(statuses) == [201, 409, 409, 409]
    assert site.runtime.ports.blobs.get(asked["key"], 1) == files[statuses.index(201)]
    assert len([event for event in site.runtime.ports.events.of_job(asked["job_id"]) if "Upload" in event.type]) == 1
    assert eventually(lambda: not list((site.folder / ".incoming").iterdir()))


def test_a_client_that_vanishes_half_way_leaves_nothing_and_may_try_again(
    net: tuple[UploadSite, tuple[str, int]],
) -> None:
    site, address = net
    asked = site.ask()
    half = bytes(1_000_000)
    with a_line(address) as line:
        line.begin(asked["upload_url"], Content_Length="2000000")
        line.send(half)
        assert eventually(lambda: any(path.is_file() for path in site.folder.rglob("*")))
    assert eventually(lambda: site.still_waits(asked))
    with a_line(address) as line:
        line.begin(asked["upload_url"], Content_Length="2000000")
        line.send(half + half)
        assert line.answer()[0] == 201
    assert site.job(asked).status is JobStatus.PENDING


def test_a_client_that_vanishes_in_a_chunk_leaves_nothing(net: tuple[UploadSite, tuple[str, int]]) -> None:
    site, address = net
    asked = site.ask()
    with a_line(address) as line:
        line.begin(asked["upload_url"], Transfer_Encoding="chunked")
        line.chunk(bytes(500_000))
        line.send(b"fffff\r\nhalf")
        assert eventually(lambda: any(path.is_file() for path in site.folder.rglob("*")))
    assert eventually(lambda: site.still_waits(asked))


def test_a_length_that_is_too_large_is_answered_before_anything_is_sent(
    net: tuple[UploadSite, tuple[str, int]],
) -> None:
    site, address = net
    asked = site.ask()
    with a_line(address) as line:
        line.begin(asked["upload_url"], Content_Length=str(LARGE + 1))
        status, document = line.answer()
        assert (status, document["type"]) == (413, "urn:pressroom:problem:upload-too-large")
        assert line.socket.recv(1) == b""  # and hangs up
    assert site.still_waits(asked)


def test_a_client_that_asks_first_is_not_told_to_go_on_with_what_is_refused(
    net: tuple[UploadSite, tuple[str, int]],
) -> None:
    site, address = net
    asked = site.ask()
    with a_line(address) as line:
        line.begin(asked["upload_url"], Content_Length=str(LARGE + 1), Expect="100-continue")
        assert line.answer()[0] == 413
    with a_line(address) as line:
        line.begin(asked["upload_url"], Content_Length=str(len(PNG)), Expect="100-continue")
        assert line.answer()[0] == 100
        line.send(PNG)
        assert line.answer()[0] == 201


def test_more_than_the_length_that_was_told_is_not_part_of_the_file(net: tuple[UploadSite, tuple[str, int]]) -> None:
    site, address = net
    asked = site.ask()
    with a_line(address) as line:
        line.begin(asked["upload_url"], Content_Length=str(len(PNG)))
        line.send(PNG + b"and more")
        assert line.answer()[0] == 201
    assert site.runtime.ports.blobs.get(asked["key"], 1) == PNG


def test_two_ways_of_telling_the_length_do_not_smuggle_anything_past_the_count(
    net: tuple[UploadSite, tuple[str, int]],
) -> None:
    site, address = net
    asked = site.ask(bytes=50)
    with a_line(address) as line:
        line.begin(asked["upload_url"], Content_Length="50", Transfer_Encoding="chunked")
        line.chunk(bytes(51))
        line.chunk(b"")
        assert line.answer()[0] in (400, 413)
    assert eventually(lambda: site.still_waits(asked))


def test_chunks_that_come_to_more_than_is_taken_are_cut_off(net: tuple[UploadSite, tuple[str, int]]) -> None:
    site, address = net
    asked = site.ask(bytes=1000)
    with a_line(address) as line:
        line.begin(asked["upload_url"], Transfer_Encoding="chunked")
        line.chunk(bytes(300_000))
        assert line.answer()[0] == 413
    assert eventually(lambda: site.still_waits(asked))


def test_a_large_file_arrives_whole_and_its_memory_is_a_few_pieces(
    net: tuple[UploadSite, tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, (host, port) = net
    pieces: list[int] = []
    taken = Receiving.write

    def told(self: Receiving, piece: bytes) -> None:
        pieces.append(len(piece))
        taken(self, piece)

    monkeypatch.setattr(Receiving, "write", told)
    data = bytes(range(256)) * (LARGE // 256)
    asked = site.ask(bytes=len(data))
    url = f"http://{host}:{port}{path_of(asked['upload_url'])}"
    assert httpx.put(url, content=data, headers=TYPE).status_code == 201
    assert site.runtime.ports.blobs.get(asked["key"], 1) == data
    assert max(pieces) < 2 * upload_puts.PIECE_BYTES
    work_off(site.runtime)
    assert site.job(asked).result["seen"] == len(data)


def test_a_server_that_stops_while_a_file_comes_leaves_nothing_of_it(tmp_path: Path) -> None:
    with served(tmp_path) as (site, address):
        asked = site.ask(bytes=90_000)
        with a_line(address) as line:
            line.begin(asked["upload_url"], Content_Length="90000")
            line.send(bytes(50_000))
            assert eventually(lambda: (site.folder / ".incoming").exists())
    assert site.still_waits(asked)


def test_whoever_has_no_address_of_ours_is_told_so_whatever_he_sends(net: tuple[UploadSite, tuple[str, int]]) -> None:
    site, (host, port) = net
    asked = site.ask()
    forged = path_of(asked["upload_url"]).replace("signature=", "signature=0")
    answer = httpx.put(f"http://{host}:{port}{forged}", content=bytes(60_000), headers=TYPE)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:pressroom:problem:upload-forged")
    assert site.still_waits(asked)
