"""Webhooks of any service that signs its requests with an HMAC: what is signed and where things stand are settings."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pressroom.engagement import Notice
from pressroom.errors import BadInput
from pressroom.http_answers import Answer
from pressroom.publishers._rest_hook import Hook
from pressroom.publishers._rest_replies import Reply, text_of
from pressroom.webhooks import NotGenuine, Webhook, hmac_sha256, is_signed

_MOST_ITEMS = 1_000


class RestWebhook(Webhook):
    def __init__(self, hook: Hook, secret: str, now: Callable[[], datetime], where: str) -> None:
        self._hook, self._secret, self._now, self._where = hook, secret, now, where

    def __repr__(self) -> str:
        return f"RestWebhook({self._where!r})"

    def handshake(self, query: Mapping[str, str]) -> tuple[str, str]:
        if not self._hook.challenge or self._hook.challenge not in query:
            raise BadInput(
                "There is no question to answer.",
                where=self._where,
                todo="If the service asks one, name its parameter: webhook.challenge.",
            )
        return query[self._hook.challenge][:500], "text/plain"

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        signed = body
        if self._hook.timestamp_header:
            stamp = headers.get(self._hook.timestamp_header.lower(), "")
            self._refuse_old(stamp)
            signed = stamp.encode("utf-8", "surrogateescape") + b"." + body
        digest = hmac_sha256(self._secret, signed)
        expected = self._hook.signature.replace("{hex}", digest.hexdigest())
        expected = expected.replace("{base64}", base64.b64encode(digest.digest()).decode())
        if not is_signed(expected, headers.get(self._hook.signature_header.lower(), "")):
            raise self._not_genuine("The webhook's signature is missing or wrong.")

    def notices(self, body: bytes) -> Iterable[Notice]:
        found = Reply(Answer(200, body=body)).at(self._hook.items)
        if found is None:
            raise BadInput(
                f"The webhook's body has nothing at {self._hook.items}.",
                where=self._where,
                todo="Is webhook.items the path to the notices?",
            )
        items = found if isinstance(found, list) else [found]
        return [notice for item in items[:_MOST_ITEMS] if (notice := self._notice(item)) is not None]

    def _notice(self, item: Any) -> Notice | None:
        encoded = json.dumps(item, sort_keys=True).encode()
        reply = Reply(Answer(200, body=encoded))

        def at(path: str) -> str:
            return text_of(reply.at(path)) if path else ""

        kind = at(self._hook.kind)
        if not at(self._hook.post) or not kind:
            return None
        return Notice(
            # What a service gives no id is told by its content: the same again is the same.
            id=at(self._hook.id) or hashlib.sha256(encoded).hexdigest(),
            remote_id=at(self._hook.post),
            kind=self._hook.kinds.get(kind, kind),
            at=_moment(at(self._hook.at)),
            text=at(self._hook.text),
        )

    def _refuse_old(self, stamp: str) -> None:
        moment = _moment(stamp)
        limit = timedelta(seconds=self._hook.max_age_seconds)
        if moment is None or abs(self._now() - moment) > limit:
            raise self._not_genuine("The webhook's time is missing, or too far away.")

    def _not_genuine(self, what: str) -> NotGenuine:
        secret = f"channels.{self._where.removeprefix('channel ')}.webhook_secret"
        return NotGenuine(what, where=self._where, todo=f"Is {secret} what the service signs with?")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromtimestamp(float(text), UTC) if _is_number(text) else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit()
