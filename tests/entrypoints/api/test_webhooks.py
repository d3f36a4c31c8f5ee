"""`/webhooks/CHANNEL`: open to networks, and to nobody without their signature."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator

import pytest

from pressroom.entrypoints.api.app import create_app
from pressroom.noticing import RECEIVED
from pressroom.webhooks import LARGEST_BODY_BYTES, hmac_sha256
from tests.entrypoints.site import Client
from tests.press import Press
from tests.test_noticing import Telling, Told


@pytest.fixture
def told() -> Told:
    return Told()


def client(told: Told, base_url: str = "http://127.0.0.1:8080") -> Client:
    return Client(create_app(told.press.runtime), base_url)


def signed(body: bytes) -> dict[str, str]:
    return {"Signature": hmac_sha256("secret", body).hexdigest()}


def received(told: Told) -> int:
    return len(told.press.ports.events.after(0, types=[RECEIVED]))


def test_a_signed_notice_is_stored_and_answered_at_once(told: Told) -> None:
    body = told.body("1")
    answer = client(told).post("/webhooks/main", content=body, headers=signed(body))
    assert (answer.status_code, received(told)) == (200, 1)
    assert client(told).post("/webhooks/main", content=body, headers=signed(body)).status_code == 200
    assert received(told) == 1


def test_without_the_signature_nobody_is_let_in(told: Told) -> None:
    body = told.body("1")
    for headers in ({}, {"Signature": "0" * 64}, signed(b"{}")):
        answer = client(told).post("/webhooks/main", content=body, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["message"]
    assert received(told) == 0


@pytest.mark.parametrize("channel", ["nobody", "preview", "..%2f..%2fsecrets", "%00"])
def test_a_channel_without_webhooks_and_one_that_is_not_there_are_answered_alike(told: Told, channel: str) -> None:
    answer = client(told).post(f"/webhooks/{channel}", content=b"{}", headers=signed(b"{}"))
    assert answer.status_code == 404
    assert channel not in json.dumps(answer.json() | {"instance": ""})


def test_a_body_that_is_too_large_is_refused_before_it_is_read_whole(told: Told) -> None:
    body = b"[" + b" " * LARGEST_BODY_BYTES + b"]"
    answer = client(told).post("/webhooks/main", content=body, headers=signed(body))
    assert (answer.status_code, received(told)) == (413, 0)


def test_the_question_of_the_network_is_answered_as_plain_text(told: Told) -> None:
    answer = client(told).get("/webhooks/main", params={"challenge": "<script>alert(1)</script>"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_webhooks_are_open_where_everything_else_asks_for_the_key(told: Told) -> None:
    outside = {"server": {"host": "0.0.0.0", "public_base_url": "https://press.example"}}
    object.__setattr__(
        told.press.runtime, "config", told.press.runtime.config.model_validate({"workspace": ".", **outside})
    )
    body = told.body("1")
    web = client(told, "https://press.example")
    assert web.post("/webhooks/main", content=body, headers=signed(body)).status_code == 200
    assert web.get("/jobs", headers={"accept": "application/json"}).status_code in (401, 403)
    assert web.post("/webhooks", content=body, headers=signed(body)).status_code in (401, 403, 404)


def test_what_the_body_says_is_read_by_a_worker_not_by_the_answer(told: Told) -> None:
    body = json.dumps({"not": "a list"}).encode()
    assert client(told).post("/webhooks/main", content=body, headers=signed(body)).status_code == 200


def test_a_body_that_never_ends_is_given_up(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressroom.entrypoints.api.webhooks.BODY_SECONDS", 0.05)
    given_up = threading.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"["
        try:
            await asyncio.sleep(60)
        finally:
            given_up.set()

    answer = client(told).post("/webhooks/main", content=body(), headers=signed(b"["))
    assert (answer.status_code, answer.headers["connection"], received(told)) == (408, "close", 0)
    assert given_up.is_set()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_mistake_in_the_settings_is_not_shown_to_strangers(told: Told, method: str) -> None:
    sections = {"wrong": {"network": "x", "base_uri": "?"}, "strange": {"network": "y"}}
    press = Press(Telling(told.press.clock), clock=told.press.clock, channels=sections)
    web = Client(create_app(press.runtime), "http://127.0.0.1:8080")
    wrong, strange, nobody = (web.request(method, f"/webhooks/{name}") for name in ("wrong", "strange", "nobody"))
    assert nobody.status_code == 404
    said = [(one.status_code, one.json() | {"instance": ""}) for one in (wrong, strange, nobody)]
    assert said == [said[2]] * 3
