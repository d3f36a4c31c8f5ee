"""A client of the fake OpenAI, for tests."""

from __future__ import annotations

from typing import Any

import httpx

from tests.fakes.openai import API_KEY, FakeOpenAI

IMAGE = {"model": "gpt-image-2.5-flare", "prompt": "a harbour at dusk", "size": "256x256"}
TEXT = {"model": "gpt-6-luna", "input": "Write a caption about bees."}


def connect(service: FakeOpenAI) -> httpx.Client:
    return httpx.Client(base_url=service.base_url_v1, headers={"authorization": f"Bearer {API_KEY}"}, timeout=10)


def draw(client: httpx.Client, **changes: Any) -> httpx.Response:
    return client.post("/images/generations", json=IMAGE | changes)


def write(client: httpx.Client, **changes: Any) -> httpx.Response:
    return client.post("/responses", json=TEXT | changes)


def error(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["error"]
    assert found.keys() == {"message", "type", "param", "code"}
    return found
