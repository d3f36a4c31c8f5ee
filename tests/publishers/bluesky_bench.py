"""Bluesky's publisher in front of the fake Bluesky, for the contract and for the tests of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.server_answers import POSTED, ServerAnswer
from pressroom.publications import Post
from pressroom.publishers.base import Channel
from pressroom.publishers.bluesky import Bluesky, BlueskySettings
from pressroom.testing.clock import ManualClock
from tests.fakes.bluesky import FakeBluesky
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, free_port, jpeg

PUT = "/xrpc/com.atproto.repo.putRecord"
OPEN = "/xrpc/com.atproto.server.createSession"
RENEW = "/xrpc/com.atproto.server.refreshSession"
UPLOAD = "/xrpc/com.atproto.repo.uploadBlob"


@dataclass(kw_only=True)
class BlueskyBench(FakeBench):
    sky: FakeBluesky
    public_path = PUT

    def revoke(self) -> None:
        self.sky.revoke(self.sky.account)

    def count_posts(self) -> int:
        return len(self.sky.posts)

    def let_time_pass(self, time: timedelta) -> None:
        """For us and for the network."""
        self.clock.advance(time)
        self.sky.advance(time.total_seconds())

    @property
    def record(self) -> dict[str, Any]:
        """What was posted last."""
        return self.sky.posts[-1].value


def credentials(sky: FakeBluesky, name: str = "sky") -> dict[str, str]:
    account = sky.account
    return {f"channels.{name}.identifier": account.handle, f"channels.{name}.app_password": account.app_password}


@contextmanager
def a_bench(post: Post | None = None, *, settings: dict[str, Any] | None = None, **fake: Any) -> Iterator[BlueskyBench]:
    with FakeBluesky(port=free_port(), **fake) as sky:
        values = {"base_url": sky.base_url, "timeout_seconds": PATIENT_SECONDS} | (settings or {})
        secrets, clock = MemorySecrets(credentials(sky)), ManualClock(datetime.now(UTC))
        channel = Channel("sky", BlueskySettings(network="bluesky", **values), secrets, clock)
        yield BlueskyBench(
            publisher=Bluesky(channel),
            post=post or Post(text="Happy Halloween!", media=(PICTURE,)),
            # Its tokens can be renewed.
            expected={ServerAnswer.TOKEN_EXPIRED: POSTED},
            fake=sky,
            sky=sky,
            picture=jpeg(),
        )
