"""Methods that an address does not have, and those that every address has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from pressroom.api_keys import Scope
from pressroom.entrypoints.api.app import create_app
from tests.entrypoints.api.desk import a_desk, outside

ORDERS = "/api/v1/orders"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "POSTS"])
def test_a_method_that_an_address_does_not_have_is_answered_with_those_it_has(method: str) -> None:
    answer = a_desk().client.request(method, ORDERS)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_what_methods_there_are_is_told_to_who_asks() -> None:
    answer = a_desk().client.request("OPTIONS", ORDERS)
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_nobody_without_a_key_learns_what_there_is() -> None:
    desk = outside()
    assert {
        desk.client.request(method, path).status_code for method in ("OPTIONS", "PUT") for path in (ORDERS, "/x")
    } == {401}


def test_a_head_is_a_get_without_its_body() -> None:
    desk = a_desk()
    desk.order()
    head, get = desk.client.request("HEAD", ORDERS), desk.client.get(ORDERS)
    assert head.content == b""
    assert head.status_code == 200
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == get.headers["content-length"]


def test_a_head_needs_what_a_get_needs() -> None:
    desk = outside()
    assert desk.client.request("HEAD", ORDERS).status_code == 401
    assert desk.client.request("HEAD", f"{ORDERS}/secret", headers=desk.key(Scope.READ)).status_code == 403
    assert desk.client.request("HEAD", f"{ORDERS}/undeclared", headers=desk.key(*Scope)).status_code == 405


def test_a_head_of_what_streams_for_ever_ends() -> None:
    router = APIRouter()

    @router.get("/stream")
    async def stream(request: Request) -> StreamingResponse:
        async def lines() -> AsyncIterator[bytes]:
            while not await request.is_disconnected():
                yield b"again\n"
                await asyncio.sleep(0)

        return StreamingResponse(lines(), media_type="text/event-stream")

    desk = a_desk()
    desk.client.app = create_app(desk.runtime, modules=[SimpleNamespace(router=router)])
    answer = desk.client.request("HEAD", "/stream")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize("size", [100_000, 1_000_000])
def test_a_huge_header_is_only_a_header(size: int) -> None:
    desk = a_desk()
    assert desk.client.get(ORDERS, headers={"x-much": "x" * size}).status_code == 200
    assert desk.client.get(ORDERS, headers={"authorization": "Bearer pr_" + "x" * size}).status_code == 401
    assert desk.client.get(ORDERS, headers={"if-none-match": '"' + "x" * size}).status_code == 200
    assert desk.client.get(ORDERS, headers={"cookie": "a=b; " * (size // 5)}).status_code == 200
    assert desk.order(headers={"idempotency-key": "x" * size}).status_code == 400
