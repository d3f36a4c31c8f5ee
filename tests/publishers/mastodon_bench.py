"""Mastodon's publisher in front of the fake Mastodon, for the contract and for the tests of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.publications import Post
from pressroom.publishers.base import Channel
from pressroom.publishers.mastodon import Mastodon, MastodonSettings
from pressroom.testing.clock import ManualClock
from tests.fakes.mastodon import FakeMastodon
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, free_port, jpeg

STATUSES, MEDIA = "/api/v1/statuses", "/api/v2/media"


@dataclass(kw_only=True)
class MastodonBench(FakeBench):
    server: FakeMastodon
    public_path = STATUSES

    def revoke(self) -> None:
        self.server.revoke(self.server.account)

    def count_posts(self) -> int:
        return len(self.server.posts)

    def let_time_pass(self, time: timedelta) -> None:
        """For us and for the network."""
        self.clock.advance(time)
        self.server.advance(time.total_seconds())


@contextmanager
def a_bench(
    post: Post | None = None, *, settings: dict[str, Any] | None = None, **fake: Any
) -> Iterator[MastodonBench]:
    with FakeMastodon(port=free_port(), **fake) as server:
        values = {"base_url": server.base_url, "timeout_seconds": PATIENT_SECONDS} | (settings or {})
        secrets = MemorySecrets({"channels.toots.access_token": server.token.text})
        clock = ManualClock(datetime.now(UTC))
        channel = Channel("toots", MastodonSettings(network="mastodon", **values), secrets, clock)
        yield MastodonBench(
            publisher=Mastodon(channel),
            post=post or Post(text="Happy Halloween!", media=(PICTURE,)),
            fake=server,
            server=server,
            picture=jpeg(),
        )
