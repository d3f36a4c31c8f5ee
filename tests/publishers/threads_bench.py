"""Threads' publisher in front of the fake Threads, and a small server that its pictures lie on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.publications import Post
from pressroom.publishers.base import Channel
from pressroom.publishers.threads import Threads, ThreadsSettings
from pressroom.testing.clock import ManualClock
from tests.fakes.meta_media_host import MediaHost
from tests.fakes.threads import FakeThreads
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, free_port, jpeg
from tests.publishers.meta_checks import app_secrets, puts_pictures_on

PICTURES = tuple(
    replace(PICTURE, key=f"images/{number}.jpg", width=640, height=360, alt_text=f"Pumpkin {number}")
    for number in range(3)
)


@dataclass(kw_only=True)
class ThreadsBench(FakeBench):
    threads: FakeThreads
    host: MediaHost
    public_path = "/v*/threads_publish"

    def revoke(self) -> None:
        self.threads.revoke()

    def count_posts(self) -> int:
        return len(self.threads.posts)


@contextmanager
def a_bench(post: Post | None = None, *, settings: dict[str, Any] | None = None, **fake: Any) -> Iterator[ThreadsBench]:
    with MediaHost() as host, FakeThreads(port=free_port(), **fake) as threads:
        picture = jpeg()
        values = {"base_url": threads.base_url, "timeout_seconds": PATIENT_SECONDS} | (settings or {})
        channel = Channel(
            "main",
            ThreadsSettings(network="threads", **values),
            MemorySecrets(app_secrets(threads)),
            ManualClock(datetime.now(UTC)),
            puts_pictures_on(host, picture),
        )
        yield ThreadsBench(
            publisher=Threads(channel),
            post=post or Post(text="Happy Halloween!", media=PICTURES[:1]),
            fake=threads,
            threads=threads,
            host=host,
            picture=picture,
        )
