"""A client of a fake of Meta with a token, for tests of the fakes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.fakes.meta import FakeMeta


@dataclass
class Caller:
    fake: FakeMeta
    token: str

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return httpx.request(method, f"{self.fake.base_url}/{self.fake.versions[-1]}{path}", headers=headers, **more)

    def made(self, path: str, **fields: Any) -> str:
        """Make something with a form and return its id."""
        answer = self("POST", path, data=fields)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])


def caller(fake: FakeMeta) -> Caller:
    return Caller(fake, fake.access_token)


def codes(answer: httpx.Response) -> tuple[int, int | None]:
    """The code and the subcode of a refusal."""
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode")


def picture(kind: str = ".jpg", width: int = 64, height: int = 36) -> bytes:
    import pyvips

    data: bytes = (pyvips.Image.gaussnoise(width, height) + 100).cast("uchar").write_to_buffer(kind)
    return data
