"""What the tests of several of Meta's networks ask alike."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from pressroom.http_answers import Answer
from pressroom.publications import PostMedia
from pressroom.publishers.base import MediaUrl, Publisher
from tests.fakes.meta import FakeMeta
from tests.fakes.meta_media_host import MediaHost
from tests.fakes.meta_state import APP_ID, APP_SECRET


class Saying:
    """Calls that all have the same answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def call(self, request: object, deadline: object, largest_answer_bytes: int = 0) -> Answer:
        return self.answer


def let_it_say(publisher: Publisher, status: int, error: dict[str, Any], headers: dict[str, str] | None = None) -> None:
    """Have every call of the publisher be answered with this error of the Graph API."""
    answer = Answer(status, headers or {}, json.dumps({"error": {"message": "No.", **error}}).encode())
    vars(vars(publisher)["_api"])["_calls"] = Saying(answer)


def signed(secret: str, body: bytes) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


def app_secrets(fake: FakeMeta, name: str = "main") -> dict[str, str]:
    """What a channel on this fake needs, and what its webhooks and its connecting need besides."""
    values = {
        "access_token": fake.access_token,
        "client_id": APP_ID,
        "app_secret": APP_SECRET,
        "webhook_verify_token": "verify-token-of-pressroom",
    }
    return {f"channels.{name}.{key}": value for key, value in values.items()}


def puts_pictures_on(host: MediaHost, picture: bytes) -> MediaUrl:
    """An address for each picture, on a server that gives it out."""

    def url(media: PostMedia, until: datetime) -> str:
        return host.put(media.key, media.media_type, picture)

    return url
