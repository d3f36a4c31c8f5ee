"""X's webhooks: its challenge, its signature, and the events of its Activity API that are about posts of ours."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pressroom.engagement import Notice
from pressroom.errors import BadInput
from pressroom.webhooks import NotGenuine, Webhook, hmac_sha256, is_signed

# docs.x.com webhooks and activity event payloads, 2026-11-20. Which post a reply or a repost is about is documented
# by the fields of a post only, so each form of them is read.
SIGNATURE = "x-twitter-webhooks-signature"
_KINDS = {"replied_to": "comment", "retweeted": "share", "quoted": "share"}


class XWebhook(Webhook):
    def __init__(self, consumer_secret: str) -> None:
        self._secret = consumer_secret

    def __repr__(self) -> str:
        return "XWebhook()"

    def handshake(self, query: Mapping[str, str]) -> tuple[str, str]:
        token = query.get("crc_token", "")
        if not token:
            raise BadInput("There is no crc_token to answer.", todo="X sends one when the webhook is registered.")
        return json.dumps({"response_token": self._signature(token.encode())}), "application/json"

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        if not is_signed(self._signature(body), headers.get(SIGNATURE, "")):
            raise NotGenuine(
                "This is not signed by X, or with another secret than the app's.",
                todo="Is channels.NAME.api_secret (or webhook_secret) the consumer secret of the app?",
            )

    def notices(self, body: bytes) -> Iterator[Notice]:
        try:
            document = json.loads(body)
        except ValueError as error:
            raise BadInput("X sent a notice that is not JSON.") from error
        found = document.get("data") if isinstance(document, dict) else None
        for event in found if isinstance(found, list) else [found]:
            if isinstance(event, dict) and isinstance(event.get("payload"), dict):
                yield from _notices(event, event["payload"])

    def _signature(self, data: bytes) -> str:
        return "sha256=" + base64.b64encode(hmac_sha256(self._secret, data).digest()).decode()


def _notices(event: dict[str, Any], payload: dict[str, Any]) -> Iterator[Notice]:
    kind, id = str(event.get("event_type", "")), str(event.get("event_uuid") or "")
    at = _moment(payload.get("created_at"))
    if kind == "like.create" and id and payload.get("liked_tweet_id"):
        yield Notice(id=id, remote_id=str(payload["liked_tweet_id"]), kind="like", at=at)
    elif kind.startswith("post.") and kind.endswith("create"):
        post = str(payload.get("id") or payload.get("tweet_id") or id)
        for what, about in _referred(payload):
            # The post's own id, since a mention and a reply may tell of the same post.
            yield Notice(id=f"{post}:{about}", remote_id=about, kind=what, at=at, text=str(payload.get("text") or ""))


def _referred(payload: dict[str, Any]) -> Iterator[tuple[str, str]]:
    references = payload.get("referenced_tweets")
    for reference in references if isinstance(references, list) else []:
        if isinstance(reference, dict) and reference.get("type") in _KINDS and reference.get("id"):
            yield _KINDS[reference["type"]], str(reference["id"])
    if not references:
        parent = payload.get("in_reply_to_status_id") or payload.get("in_reply_to_tweet_id")
        if parent:
            yield "comment", str(parent)


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
