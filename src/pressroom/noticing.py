"""Webhooks: takes a network's verified notices in, and turns each into one event, however often it is told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pressroom.bus import Bus, Subscription
from pressroom.changes import Change, Claim
from pressroom.channel_desk import ChannelDesk
from pressroom.engagement import Notice
from pressroom.errors import BadInput, Conflict, NotFound
from pressroom.events import Event
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

    def webhook(self, channel: str) -> Webhook:
        """Return a channel's side of the webhooks; raises `NotFound` for a channel that takes none."""
        found = self._channels.publisher(channel).webhook() if channel in self._channels.names() else None
        if found is None:
            raise NotFound(
                "No webhook is taken here.",
                where=channel,
                todo="Its address is /webhooks/CHANNEL, and the channel must have the webhook's secret.",
            )
        return found

    def receive(self, channel: str, headers: Mapping[str, str], body: bytes) -> bool:
        """Store a request that the network has signed, to be read by a worker; False if it came before.

        Raises `NotGenuine`, `NotFound`, or `BadInput` for a body that is none.
        """
        webhook = self.webhook(channel)
        if len(body) > LARGEST_BODY_BYTES:
            raise BadInput(f"The body has {len(body):,} bytes; {LARGEST_BODY_BYTES:,} are taken.", where=channel)
        webhook.verify(headers, body)
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise BadInput("The body is no text.", where=channel) from error
        key = f"webhook:{channel}:{hashlib.sha256(body).hexdigest()}"
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
        for notice in self.webhook(channel).notices(received.data["body"].encode()):
            publication = self._ours(channel, notice)
            if publication is not None:
                self._note(publication, notice, received)

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
        claim = Claim(f"notice:{publication.channel}:{notice.id}", {"event_id": event.id})
        try:
            self._bus.commit(Change(events=(event,), claims=(claim,)))
        except Conflict:
            return  # told before: a network repeats what it is not sure of
