"""Webhooks: takes a network's verified notices in, and turns each into one event, however often it is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote

from pressroom.bus import Bus, Subscription
from pressroom.changes import Change, Claim
from pressroom.channel_desk import ChannelDesk
from pressroom.engagement import Notice
from pressroom.errors import BadInput, ConfigurationError, Conflict, NotFound, UnknownName
from pressroom.events import Event
from pressroom.log import log
from pressroom.ports import Clock, Ledger, Publications
from pressroom.publications import Publication
from pressroom.reconciling import receipt_key
from pressroom.webhooks import LARGEST_BODY_BYTES, Webhook

RECEIVED = "WebhookReceived"
NOTICED = "EngagementNoticed"


class Noticing:
    def __init__(
        self, bus: Bus, channels: ChannelDesk, ledger: Ledger, publications: Publications, clock: Clock
    ) -> None:
        self._bus, self._channels, self._clock = bus, channels, clock
        self._ledger, self._publications = ledger, publications
        self._told: dict[str, str] = {}
        """What was wrong with a channel's settings, so that each request does not log it anew."""

    def webhook(self, channel: str) -> Webhook:
        """Return a channel's side of the webhooks; raises `NotFound` for a channel that takes none.

        Anybody may ask, so that a mistake in the channel's settings is told to the log, and here it is none either.
        That a channel takes webhooks is no secret: a request without its signature is answered otherwise than here.
        """
        try:
            return self._webhook(channel)
        except (ConfigurationError, UnknownName) as error:
            why = f"{error.where}: {error}" if error.where else str(error)
            if self._told.get(channel) != why:
                self._told[channel] = why
                log.error("a channel takes no webhooks, because its settings are wrong", channel=channel, why=why)
        raise _none(channel)

    def receive(self, channel: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Store a request that the network has signed, to be read by a worker; False if it came before.

        Raises `NotGenuine`, `NotFound`, or `BadInput` for a body that is none.
        """
        webhook = self.webhook(channel)
        if len(body) > LARGEST_BODY_BYTES:
            raise BadInput(f"The body has {len(body):,} bytes; {LARGEST_BODY_BYTES:,} are taken.", where=channel)
        with _not_nested_too_deeply(channel):
            webhook.verify(headers, body)
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise BadInput("The body is no text.", where=channel) from error
        key = f"webhook:{quote(channel)}:{hashlib.sha256(body).hexdigest()}"
        event = Event(type=RECEIVED, subject=channel, time=self._clock.now(), data={"channel": channel, "body": text})
        try:
            self._bus.commit(Change(events=(event,), claims=(Claim(key, {"event_id": event.id}),)))
        except Conflict:
            return False
        return True

    def subscription(self) -> Subscription:
        return Subscription(name="webhooks", types=frozenset({RECEIVED}), handle=self.read)

    def read(self, received: Event) -> None:
        """Turn what was received into an event for each notice about a post of ours that is not known yet."""
        channel = received.data["channel"]
        for notice in self._notices(channel, received.data["body"].encode()):
            publication = self._ours(channel, notice)
            if publication is not None:
                self._note(publication, notice, received)

    def _webhook(self, channel: str) -> Webhook:
        found = self._channels.publisher(channel).webhook() if channel in self._channels.names() else None
        if found is None:
            raise _none(channel)
        return found

    def _notices(self, channel: str, body: bytes) -> Iterator[Notice]:
        with _not_nested_too_deeply(channel):
            yield from self._webhook(channel).notices(body)

    def _ours(self, channel: str, notice: Notice) -> Publication | None:
        entry = self._ledger.get(receipt_key(channel, notice.remote_id))
        return self._publications.get(entry.note["publication_id"]) if entry else None

    def _note(self, publication: Publication, notice: Notice, received: Event) -> None:
        event = Event(
            type=NOTICED,
            subject=publication.id,
            time=self._clock.now(),
            job_id=publication.job_id,
            cause_id=received.id,
            data={
                "publication_id": publication.id,
                "channel": publication.channel,
                "network": publication.network,
                "pipeline": publication.pipeline,
                "remote_id": notice.remote_id,
                "notice_id": notice.id,
                "kind": notice.kind,
                "at": notice.at.isoformat() if notice.at else None,
                "text": notice.text,
                **({"more": notice.data} if notice.data else {}),
            },
        )
        claim = Claim(f"notice:{quote(publication.channel)}:{notice.id}", {"event_id": event.id})
        try:
            self._bus.commit(Change(events=(event,), claims=(claim,)))
        except Conflict:
            return  # told before: a network repeats what it is not sure of


def _none(channel: str) -> NotFound:
    return NotFound(
        "No webhook is taken here.",
        where=channel,
        todo="Its address is /webhooks/CHANNEL, and the channel must have the webhook's secret.",
    )


@contextmanager
def _not_nested_too_deeply(channel: str) -> Iterator[None]:
    try:
        yield
    except RecursionError as error:
        raise BadInput("The body is nested too deeply to be read.", where=channel) from error
