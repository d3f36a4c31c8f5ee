"""What the tests of several of Meta's networks ask alike."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from pressroom.http_answers import Answer
from pressroom.publishers.base import Publisher


class Saying:
    """Calls that all have the same answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def call(self, request: object, deadline: object) -> Answer:
        return self.answer


def let_it_say(publisher: Publisher, status: int, error: dict[str, Any], headers: dict[str, str] | None = None) -> None:
    """Have every call of the publisher be answered with this error of the Graph API."""
    answer = Answer(status, headers or {}, json.dumps({"error": {"message": "No.", **error}}).encode())
    vars(vars(publisher)["_api"])["_calls"] = Saying(answer)


def signed(secret: str, body: bytes) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}
