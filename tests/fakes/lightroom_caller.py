"""A client of the fake Lightroom with key and token, for tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx

from tests.fakes.lightroom import FakeLightroom
from tests.fakes.lightroom_answers import PREFIX
from tests.fakes.lightroom_auth import CLIENT_ID


@dataclass
class Caller:
    lightroom: FakeLightroom

    def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        token = self.lightroom.connected[0].text
        headers = {"x-api-key": CLIENT_ID, "authorization": f"Bearer {token}", **more.pop("headers", {})}
        return httpx.request(method, self.lightroom.base_url + path, headers=headers, **more)

    def in_catalog(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        return self(method, f"/v2/catalogs/{self.lightroom.state.catalog_id}/{path}", **more)

    def listed(self, path: str = "assets", **query: Any) -> list[str]:
        """The titles, or the names, of one page."""
        resources = document(self.in_catalog(path, params=query))["resources"]
        payloads = [one.get("asset", one).get("payload", {}) for one in resources]
        return [payload.get("name") or payload["xmp"]["dc"]["title"] for payload in payloads]


def document(answer: httpx.Response) -> Any:
    """What stands behind the prefix, which must be there."""
    assert answer.content.startswith(PREFIX), answer.content[:100]
    return json.loads(answer.content.removeprefix(PREFIX))
