"""Slack's publisher in front of the fake Slack, for the contract and for the tests of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.publications import Post
from pressroom.publishers.base import Channel, MediaUrl
from pressroom.publishers.slack import Slack, SlackSettings
from pressroom.testing.clock import ManualClock
from tests.fakes.slack import WEBHOOK_PATH, FakeSlack
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, free_port, jpeg

CHANNEL_ID = "C0PRESS001"


@dataclass(kw_only=True)
class SlackBench(FakeBench):
    slack: FakeSlack
    public_path = "/api/chat.postMessage"

    def revoke(self) -> None:
        self.slack.bot.is_revoked = True

    def count_posts(self) -> int:
        return len(self.slack.posts)


@dataclass(kw_only=True)
class WebhookBench(SlackBench):
    public_path = WEBHOOK_PATH

    def revoke(self) -> None:
        self.slack.has_webhook = False


@contextmanager
def a_bench(
    post: Post | None = None,
    *,
    webhook: bool = False,
    settings: dict[str, Any] | None = None,
    media_url: MediaUrl | None = None,
    **fake: Any,
) -> Iterator[SlackBench]:
    with FakeSlack(port=free_port(), **fake) as slack:
        values = {
            "base_url": f"{slack.base_url}/api",
            "channel_id": "" if webhook else CHANNEL_ID,
            "timeout_seconds": PATIENT_SECONDS,
        }
        stored = {"webhook_url": slack.base_url + WEBHOOK_PATH} if webhook else {"bot_token": slack.bot.token}
        channel = Channel(
            "main",
            SlackSettings(network="slack", **(values | (settings or {}))),
            MemorySecrets({f"channels.main.{name}": value for name, value in stored.items()}),
            ManualClock(datetime.now(UTC)),
            media_url,
        )
        yield (WebhookBench if webhook else SlackBench)(
            publisher=Slack(channel),
            post=post or Post(text="Happy <Halloween> & boo!", media=(PICTURE,)),
            can_look=not webhook,
            fake=slack,
            slack=slack,
            picture=jpeg(),
        )
