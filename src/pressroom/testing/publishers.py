"""A publisher that keeps the posts it was given instead of sending them, and fails when told to."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.errors import OutcomeUnknown
from pressroom.publications import Attempt, Post, Receipt
from pressroom.publishers.base import (
    Absent,
    CannotTell,
    Channel,
    ChannelSettings,
    Found,
    ImageRules,
    Keep,
    Publisher,
    Reading,
    ReadMedia,
    TextRules,
)
from pressroom.testing.clock import ManualClock


@dataclass(frozen=True, slots=True)
class Lost:
    """An outcome: no clear answer comes back. Whether the post arrived all the same is `arrived`."""

    arrived: bool


Outcome = Lost | Exception


class RecordingPublisher(Publisher):
    """A network in memory: `.posts` is what is public there, `enqueue` scripts how the next calls end.

    Without a script every call goes well. Its posts bear our key, so `reconcile` finds this very post and no
    look-alike; readings can be scripted too.
    """

    title = "Recording"
    text_rules = TextRules(limit=280, counted_in="characters", alt_text_limit=1000)
    image_rules = ImageRules(formats=("image/png", "image/jpeg"), max_bytes=5_000_000, most=4)

    def __init__(self, channel: Channel | None = None) -> None:
        super().__init__(channel or a_channel())
        self.posts: list[Post] = []
        """What is public, the oldest first."""
        self.calls: list[Post] = []
        """Every call of `publish`, whatever came of it."""
        self.uploads: dict[str, bytes] = {}
        """What was uploaded in preparation, by media id."""
        self._outcomes: deque[Outcome | None] = deque()
        self._readings: deque[Absent | CannotTell | Exception] = deque()
        self._receipts: dict[str, Receipt] = {}
        self._keys = itertools.count(1)

    def enqueue(self, *outcomes: Outcome | None) -> None:
        """Script how the next calls of `publish` end; None means that all goes well."""
        self._outcomes.extend(outcomes)

    def enqueue_readings(self, *readings: Absent | CannotTell | Exception) -> None:
        """Script what the next calls of `reconcile` say before they look at what is really there."""
        self._readings.extend(readings)

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        if "key" not in prepared:
            prepared = prepared | {"key": f"key-{next(self._keys)}"}
            keep(prepared)
        for media in post.media:
            ids = prepared.get("media", {})
            if media.key not in ids:
                media_id = f"media-{len(self.uploads) + 1}"
                self.uploads[media_id] = read(media)
                prepared = prepared | {"media": ids | {media.key: media_id}}
                keep(prepared)
        return prepared

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        self.calls.append(post)
        outcome = self._outcomes.popleft() if self._outcomes else None
        if isinstance(outcome, Lost):
            if outcome.arrived:
                self._accept(post, prepared["key"])
            raise OutcomeUnknown("The recording network gave no answer.")
        if outcome is not None:
            raise outcome
        return self._accept(post, prepared["key"])

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        if self._readings:
            reading = self._readings.popleft()
            if isinstance(reading, Exception):
                raise reading
            return reading
        receipt = self._receipts.get(prepared["key"])
        return Found(receipt) if receipt else Absent()

    def _accept(self, post: Post, key: str) -> Receipt:
        self.posts.append(post)
        number = len(self.posts)
        receipt = Receipt(remote_id=str(number), url=f"memory://posts/{number}", at=self.channel.clock.now())
        self._receipts[key] = receipt
        return receipt


def a_channel(name: str = "main", network: str = "recording", **settings: Any) -> Channel:
    """Return a channel with secrets in memory and a clock that stands still."""
    return Channel(name, ChannelSettings(network=network, **settings), MemorySecrets(), ManualClock())
