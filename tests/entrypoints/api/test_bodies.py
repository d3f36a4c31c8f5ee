"""Bodies that are too large, too slow, too deep, or can be read in two ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from pressroom.entrypoints.api import bodies
from pressroom.entrypoints.api.bodies import DEEPEST, GRACE_SECONDS, SLOWEST_BYTES_A_SECOND, bounded, strict_json
from pressroom.entrypoints.api.guard import Guard
from tests.entrypoints.api.desk import a_desk

JSON = {"content-type": "application/json"}
ORDERS = "/api/v1/orders"


def refused(content: bytes, headers: dict[str, str] = JSON) -> Any:
    desk = a_desk()
    answer = desk.client.post(ORDERS, content=content, headers=headers)
    assert desk.jobs() == []
    assert answer.headers["content-type"] == "application/problem+json"
    return answer


# --- size


class Counted:
    """A body that counts what is read of it."""

    def __init__(self, chunks: int, chunk: bytes = b" " * 100_000) -> None:
        self.chunks, self.chunk, self.read = chunks, chunk, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self.chunks):
            self.read += len(self.chunk)
            yield self.chunk


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read() -> None:
    body = Counted(100)
    desk = a_desk()
    answer = desk.client.post(ORDERS, content=body, headers=JSON | {"content-length": "10000000"})
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"
    assert body.read == 0


def test_a_body_that_says_nothing_of_its_size_is_read_no_further_than_the_limit() -> None:
    body = Counted(1000)
    desk = a_desk()
    assert desk.client.post(ORDERS, content=body, headers=JSON).status_code == 413
    assert body.read <= 1_300_000


def test_the_limit_is_a_setting() -> None:
    desk = a_desk(largest_body_bytes=2048)
    assert desk.order("x" * 900).status_code == 202
    assert desk.client.post(ORDERS, content=b" " * 2049, headers=JSON).status_code == 413


@pytest.mark.parametrize("length", ["9" * 400, "99999999999999999999"])
def test_a_size_beyond_every_number_is_too_large(length: str) -> None:
    assert (
        a_desk().client.post(ORDERS, content=Counted(1), headers=JSON | {"content-length": length}).status_code == 413
    )


def test_a_route_may_take_more_than_the_others() -> None:
    desk = a_desk()
    assert desk.client.request("PUT", f"{ORDERS}/large", content=b"x" * 2_000_000).json() == {"bytes": 2_000_000}
    assert desk.client.request("PUT", f"{ORDERS}/large", content=b"x" * 3_000_001).status_code == 413
    assert desk.client.request("PUT", f"{ORDERS}/large", content=Counted(40)).status_code == 413


# --- time


class Line:
    """A line over which the body comes at the times it is told, and a clock that goes with it."""

    def __init__(self, *pauses: float, size: int = 0) -> None:
        self.pauses, self.size, self.now = list(pauses), size, 0.0

    def clock(self) -> float:
        return self.now

    async def receive(self) -> dict[str, Any]:
        if not self.pauses:
            return {"type": "http.disconnect"}
        self.now += self.pauses.pop(0)
        return {"type": "http.request", "body": b"x" * self.size, "more_body": bool(self.pauses)}


def read_over(line: Line) -> int:
    async def read() -> int:
        receive, taken = bounded(line.receive, 10**9, line.clock), 0
        while (message := await receive())["type"] == "http.request":
            taken += len(message["body"])
            if not message["more_body"]:
                break
            await asyncio.sleep(0)
        return taken

    return asyncio.run(read())


def test_a_body_that_comes_in_time_is_read() -> None:
    assert read_over(Line(*[1.0] * 9, size=1)) == 9


def test_a_body_that_trickles_is_given_up() -> None:
    with pytest.raises(HTTPException) as caught:
        read_over(Line(*[1.0] * 60, size=1))
    assert caught.value.status_code == 408


def test_a_large_body_may_take_the_longer_the_more_of_it_has_come() -> None:
    seconds = int(GRACE_SECONDS) * 6
    assert read_over(Line(*[1.0] * seconds, size=SLOWEST_BYTES_A_SECOND)) == seconds * SLOWEST_BYTES_A_SECOND


def test_a_body_that_stops_coming_is_given_up_without_waiting_for_more() -> None:
    async def nothing() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {}

    line = Line()

    def late() -> float:
        line.now += GRACE_SECONDS - 0.01
        return line.now

    with pytest.raises(HTTPException) as caught:
        asyncio.run(bounded(nothing, 100, late)())  # type: ignore[arg-type]
    assert caught.value.status_code == 408


def test_after_the_end_of_the_body_waiting_for_the_caller_to_leave_takes_as_long_as_it_takes() -> None:
    line = Line(0.0, size=3)

    async def read() -> dict[str, Any]:
        receive = bounded(line.receive, 100, line.clock)
        await receive()
        line.now += 10_000
        return dict(await receive())

    assert asyncio.run(read()) == {"type": "http.disconnect"}


def test_a_stream_is_read_on_although_the_body_that_its_reader_announced_never_comes() -> None:
    """Whether the reader is still there is asked of the same line, for as long as the stream goes on."""
    line = Line(0.0, 0.0)
    left: list[dict[str, Any]] = []

    async def stream(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] != "http.disconnect":
            left.append(message)

    async def send(message: Any) -> None: ...

    [guard] = [each for each in a_desk().client.app.user_middleware if "house" in each.kwargs]
    scope = {
        "type": "http",
        "method": "GET",
        "path": ORDERS,
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"content-length", b"10")],
        "app": a_desk().client.app,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bodies, "GRACE_SECONDS", -1.0)
        asyncio.run(Guard(stream, *guard.args, **guard.kwargs)(scope, line.receive, send))  # type: ignore[arg-type]
    assert len(left) == 2


# --- what it says


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"\xff\xfe",
        b'{"word": "a", "word": "b"}',
        b'{"word": "Boo", "times": NaN}',
        b'{"word": "Boo", "times": Infinity}',
        b'{"word": "Boo", "times": 1e999}',
        b'{"word": "\\ud800"}',
        b'{"word": ' + b"[" * 100 + b"]" * 100 + b"}",
        b"[" * 500_000,
        b'{"a":' * 100_000,
        b'{"word": "Boo", "times": ' + b"9" * 10_000 + b"}",
        b"'Boo'",
        b'{"word": "Boo"} {"word": "Boo"}',
    ],
)
def test_what_is_not_json_in_one_way_only_is_malformed(content: bytes) -> None:
    assert refused(content).status_code == 400


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b'"Boo"',
        b"{}",
        b'{"word": ""}',
        b'{"word": 7}',
        b'{"word": "Boo", "times": "often"}',
        b'{"word": "Boo", "times": 1.5}',
        b'{"word": "Boo", "more": 1}',
        b'{"word": ["Boo"]}',
    ],
)
def test_what_is_json_and_does_not_fit_is_told_place_by_place(content: bytes) -> None:
    answer = refused(content)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert {mistake["part"] for mistake in answer.json()["errors"]} == {"body"}


def test_every_place_that_is_wrong_is_named() -> None:
    errors = refused(b'{"word": "", "times": "often", "more": 1}').json()["errors"]
    assert {mistake["name"] for mistake in errors} == {"word", "times", "more"}


def test_what_was_given_is_not_repeated_since_it_may_be_a_secret() -> None:
    answer = refused(b'{"word": "Boo", "password": {"a": "hunter2"}, "sk-abcdefghijkl": 1}')
    assert answer.status_code == 422
    assert "hunter2" not in answer.text
    assert "sk-abcdefghijkl" not in answer.text


def test_a_thousand_mistakes_are_not_all_told() -> None:
    content = b'{"word": "Boo"' + b"".join(b', "more%d": 1' % number for number in range(1000)) + b"}"
    assert len(refused(content).json()["errors"]) == 50


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "", "json"])
def test_another_type_than_json_is_refused_by_its_name(kind: str) -> None:
    answer = refused(b'{"word": "Boo"}', {"content-type": kind})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["todo"]


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.order+json"])
def test_json_by_any_of_its_names_is_taken(kind: str) -> None:
    answer = a_desk().client.post(ORDERS, content=b'{"word": "Boo"}', headers={"content-type": kind})
    assert answer.status_code == 202


def test_a_document_as_deep_as_may_be_is_read() -> None:
    assert strict_json(b"[" * (DEEPEST - 1) + b"1" + b"]" * (DEEPEST - 1)) is not None
    assert strict_json(b"") is None
    assert strict_json('{"a": "\U0001f383", "b": [1, 2.5e3, null]}'.encode()) == {"a": "🎃", "b": [1, 2500.0, None]}
