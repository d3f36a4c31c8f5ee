"""Facebook's publisher in front of the fake Page, for the contract and for the tests of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.publications import Post
from pressroom.publishers.base import Channel
from pressroom.publishers.facebook import Facebook, FacebookSettings
from pressroom.testing.clock import ManualClock
from tests.fakes.facebook import FakeFacebook
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, free_port, jpeg
from tests.publishers.meta_checks import app_secrets

PICTURES = tuple(replace(PICTURE, key=f"images/{number}.jpg", alt_text=f"Pumpkin {number}") for number in range(3))


@dataclass(kw_only=True)
class FacebookBench(FakeBench):
    facebook: FakeFacebook
    public_path = "/v*/feed"

    def revoke(self) -> None:
        self.facebook.revoke()

    def count_posts(self) -> int:
        return len(self.facebook.posts)


@contextmanager
def a_bench(
    post: Post | None = None, *, settings: dict[str, Any] | None = None, **fake: Any
) -> Iterator[FacebookBench]:
    with FakeFacebook(port=free_port(), **fake) as facebook:
        values = {"base_url": facebook.base_url, "timeout_seconds": PATIENT_SECONDS} | (settings or {})
        channel = Channel(
            "main",
            FacebookSettings(network="facebook", **values),
            MemorySecrets(app_secrets(facebook)),
            ManualClock(datetime.now(UTC)),
        )
        post = post or Post(text="Happy Halloween!", media=(PICTURE,))
        yield FacebookBench(
            publisher=Facebook(channel),
            post=post,
            refuses_the_same_words=not post.media and facebook.refuse_repeats,
            fake=facebook,
            facebook=facebook,
            picture=jpeg(),
        )
