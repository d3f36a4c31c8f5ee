"""What a Mastodon server tells by its administrator's webhooks: replies to posts, boosts of them, and their edits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pressroom.engagement import Notice
from pressroom.errors import BadInput
from pressroom.publishers._mastodon_text import plain
from pressroom.webhooks import NotGenuine, Webhook, hmac_sha256, is_signed

# docs.joinmastodon.org admin/webhooks, 2026-11-20
SIGNATURE = "x-hub-signature"
_SHOWN_TO_EVERYBODY = ("public", "unlisted")


class MastodonWebhook(Webhook):
    def __init__(self, secret: str, where: str) -> None:
        self._secret, self._where = secret, where

    def handshake(self, query: Mapping[str, str]) -> tuple[str, str]:
        raise BadInput(
            "Mastodon asks no question before it sends webhooks.",
            where=self._where,
            todo="Enter this address under Administration, Webhooks; nothing else is needed.",
        )

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        if not is_signed(f"sha256={hmac_sha256(self._secret, body).hexdigest()}", headers.get(SIGNATURE, "")):
            raise NotGenuine(
                "The webhook's signature is missing or wrong.",
                where=self._where,
                todo="Store the signing secret that the server shows: `pressroom secrets set "
                f"{self._where.replace('channel ', 'channels.')}.webhook_secret`.",
            )

    def notices(self, body: bytes) -> Iterable[Notice]:
        """Give a notice for a status that is about another, and for one that was edited; whose they are is not told.

        The server tells of favourites by no webhook: those are counted by polling.
        """
        try:
            document = json.loads(body)
        except ValueError:
            document = None
        status = document.get("object") if isinstance(document, dict) else None
        if not isinstance(document, dict) or not isinstance(document.get("event"), str) or not isinstance(status, dict):
            raise BadInput(
                "The webhook's body is not what Mastodon sends.",
                where=self._where,
                todo="Leave the webhook's template empty at the server.",
            )
        if not status.get("id"):
            return []
        if document["event"] == "status.created":
            return _of_new(status)
        return _of_edited(status) if document["event"] == "status.updated" else []


def _of_new(status: dict[str, Any]) -> list[Notice]:
    at = _moment(status.get("created_at"))
    boosted = status.get("reblog")
    if isinstance(boosted, dict) and boosted.get("id"):
        return [Notice(id=f"status:{status['id']}", remote_id=str(boosted["id"]), kind="share", at=at)]
    if not status.get("in_reply_to_id"):
        return []
    is_shown = status.get("visibility") in _SHOWN_TO_EVERYBODY
    text = plain(str(status.get("content") or "")) if is_shown else ""
    remote_id = str(status["in_reply_to_id"])
    return [Notice(id=f"status:{status['id']}", remote_id=remote_id, kind="comment", at=at, text=text)]


def _of_edited(status: dict[str, Any]) -> list[Notice]:
    edited_at = str(status.get("edited_at") or status.get("updated_at") or "")
    identity = f"status:{status['id']}:{edited_at}"
    return [Notice(id=identity, remote_id=str(status["id"]), kind="edit", at=_moment(edited_at))]


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
