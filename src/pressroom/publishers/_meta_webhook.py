"""Webhooks of Meta's networks: the handshake, the signature over the raw body, and batches taken apart.

Graph API, webhooks, get started, 2026-11-20.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pressroom.engagement import Notice
from pressroom.errors import BadInput
from pressroom.publishers.base import Channel
from pressroom.webhooks import NotGenuine, Webhook, hmac_sha256, is_signed

Change = tuple[str, dict[str, Any], dict[str, Any]]
"""A field's name, its value, and the entry that it came in."""
ReadChanges = Callable[[dict[str, Any]], Iterable[Notice]]

_SIGNATURE = "x-hub-signature-256"


@dataclass(frozen=True)
class MetaWebhook(Webhook):
    service: str
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    read: ReadChanges

    def handshake(self, query: Mapping[str, str]) -> tuple[str, str]:
        if query.get("hub.mode") != "subscribe" or not query.get("hub.challenge"):
            raise BadInput(f"This is not the question that {self.service} asks before it sends anything.")
        if not is_signed(self.verify_token, query.get("hub.verify_token", "")):
            raise NotGenuine(
                f"The verify token is not the one of this channel; {self.service} asks with the one of its app.",
                todo="Store the token of the app's webhook settings as webhook_verify_token.",
            )
        return query["hub.challenge"], "text/plain"

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        given = headers.get(_SIGNATURE, "")
        if not is_signed(f"sha256={hmac_sha256(self.app_secret, body).hexdigest()}", given):
            raise NotGenuine(
                f"The signature is not {self.service}'s over this body.",
                todo="If it is from there, store the app's own secret as app_secret.",
            )

    def notices(self, body: bytes) -> Iterator[Notice]:
        try:
            document = json.loads(body)
        except ValueError as error:
            raise BadInput(f"A notice of {self.service} is not JSON.") from error
        if not isinstance(document, dict):
            raise BadInput(f"A notice of {self.service} is not a JSON object.")
        yield from self.read(document)


def webhook(channel: Channel, service: str, read: ReadChanges) -> MetaWebhook | None:
    """Return the channel's webhook; None if one of its secrets is missing."""
    secret, token = channel.secret("app_secret"), channel.secret("webhook_verify_token")
    if not secret or not token:
        return None
    return MetaWebhook(service, secret.strip(), token.strip(), read)


def changes(document: dict[str, Any], account_id: str) -> Iterator[Change]:
    """Give each change of one account; one app may be told of many accounts in one body."""
    entries = document.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or (account_id and str(entry.get("id", "")) != account_id):
            continue
        for change in entry.get("changes") or []:
            if isinstance(change, dict) and isinstance(change.get("value"), dict):
                yield str(change.get("field", "")), change["value"], entry


def made_id(*parts: object) -> str:
    """Return an id of what has none, the same for the same parts; it names nobody."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def text_of(value: Mapping[str, Any], *names: str) -> str:
    """Return the first of these that is there, as text."""
    return next((str(value[name]) for name in names if value.get(name) not in (None, "")), "")


def inner(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}
