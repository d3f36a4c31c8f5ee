"""A server that says to the Lightroom source whatever a test wants it to say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.sources.lightroom import Lightroom
from pressroom.testing.clock import ManualClock
from tests.fakes.lightroom_answers import prefixed
from tests.fakes.messages import Answer, Request
from tests.fakes.server import FakeServer
from tests.sources.lightroom_bench import ACCESS, make_source

CATALOG = "18c23e15a2b94e6d8f0c3b1a5d7e9f42"


class Strange(FakeServer):
    """Knows its catalog, and lists whatever a test wants it to: answers, or documents, one after the other."""

    def __init__(self, *answers: Answer | dict[str, Any]) -> None:
        super().__init__()
        self.answers = answers
        self.listed = 0

    def answer(self, request: Request) -> Answer:
        if request.path == "/v2/catalog":
            return prefixed(200, {"id": CATALOG})
        said = self.answers[min(self.listed, len(self.answers) - 1)]
        self.listed += 1
        return said if isinstance(said, Answer) else prefixed(200, {"base": f"{self.base_url}/v2/", **said})

    def source(self, **settings: Any) -> Lightroom:
        secrets = MemorySecrets({"sources.lr.client_id": "client", ACCESS: "a-token-to-keep"})
        return make_source(secrets, ManualClock(datetime.now(UTC)), base_url=self.base_url, **settings)


def an_asset(number: int = 0, **changed: Any) -> dict[str, Any]:
    updated = f"2026-11-20T10:00:00.{number:06}Z"
    return {"id": f"{number:032x}", "subtype": "image", "updated": updated, "payload": {}} | changed


def a_page(*assets: object, next: object = None) -> dict[str, Any]:
    return {"resources": list(assets), "links": {"next": next} if next else {}}


def link(href: str) -> dict[str, str]:
    return {"href": href}
