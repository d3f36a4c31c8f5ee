"""A client of the fake X with a bearer token, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.fakes.x import FakeX


@dataclass
class Caller:
    """A client with a bearer token."""

    x: FakeX
    token: str

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return httpx.request(method, self.x.base_url + path, headers=headers, **more)

    def upload(self, data: bytes, category: str = "tweet_image") -> httpx.Response:
        fields = {"media_category": category}
        return self("POST", "/2/media/upload", data=fields, files={"media": ("a.bin", data)})

    def post(self, text: str = "", *media_ids: str, **more: Any) -> httpx.Response:
        media = {"media": {"media_ids": list(media_ids)}} if media_ids else {}
        return self("POST", "/2/tweets", json={"text": text} | media | more)


def picture(kind: str = ".png", width: int = 40, height: int = 30) -> bytes:
    """Noise in the format of that suffix."""
    import pyvips

    data: bytes = (pyvips.Image.gaussnoise(width, height) + 100).cast("uchar").write_to_buffer(kind)
    return data


def message(answer: httpx.Response) -> str:
    """The first error of an invalid request."""
    text: str = answer.json()["errors"][0]["message"]
    return text
