"""Instagram's publisher in front of the fake Instagram, and a small server that its pictures lie on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.publications import Post
from pressroom.publishers.base import Channel
from pressroom.publishers.instagram import Instagram, InstagramSettings
from pressroom.testing.clock import ManualClock
from tests.fakes.instagram import FakeInstagram
from tests.fakes.meta_media_host import MediaHost
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, free_port, jpeg
from tests.publishers.meta_checks import app_secrets, puts_pictures_on

PICTURES = tuple(
    replace(PICTURE, key=f"images/{number}.jpg", width=640, height=360, alt_text=f"Pumpkin {number}")
    for number in range(3)
)


@dataclass(kw_only=True)
class InstagramBench(FakeBench):
    instagram: FakeInstagram
    host: MediaHost
    public_path = "/v*/media_publish"

    def revoke(self) -> None:
        self.instagram.revoke()

    def count_posts(self) -> int:
        return len(self.instagram.posts)


@contextmanager
def a_bench(
    post: Post | None = None, *, settings: dict[str, Any] | None = None, **fake: Any
) -> Iterator[InstagramBench]:
    with MediaHost() as host, FakeInstagram(port=free_port(), **fake) as instagram:
        picture = jpeg()
        values = {"base_url": instagram.base_url, "timeout_seconds": PATIENT_SECONDS} | (settings or {})
        channel = Channel(
            "main",
            InstagramSettings(network="instagram", **values),
            MemorySecrets(app_secrets(instagram)),
            ManualClock(datetime.now(UTC)),
            puts_pictures_on(host, picture),
        )
        yield InstagramBench(
            publisher=Instagram(channel),
            post=post or Post(text="Happy Halloween!", media=PICTURES[:1]),
            fake=instagram,
            instagram=instagram,
            host=host,
            picture=picture,
        )
