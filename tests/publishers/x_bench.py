"""X's publisher in front of the fake X, for the contract and for the tests of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.server_answers import POSTED, ServerAnswer
from pressroom.publications import Post
from pressroom.publishers.base import Channel
from pressroom.publishers.x import X, XSettings
from pressroom.testing.clock import ManualClock
from tests.fakes.x import FakeX
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, free_port, jpeg


@dataclass(kw_only=True)
class XBench(FakeBench):
    x: FakeX
    public_path = "/2/tweets"

    def revoke(self) -> None:
        self.x.account.is_revoked = True

    def count_posts(self) -> int:
        return len(self.x.posts)


def oauth1_secrets(x: FakeX, name: str = "main") -> dict[str, str]:
    names = ("api_key", "api_secret", "access_token", "access_token_secret")
    return {f"channels.{name}.{key}": getattr(x.account, key) for key in names}


def oauth2_secrets(x: FakeX, name: str = "main") -> dict[str, str]:
    access, refresh = x.connect(x.account)
    values = {
        "client_id": x.account.client_id,
        "client_secret": x.account.client_secret or "",
        "access_token": access.text,
        "refresh_token": refresh.text,
    }
    return {f"channels.{name}.{key}": value for key, value in values.items() if value}


@contextmanager
def a_bench(
    post: Post | None = None, *, oauth: int = 2, settings: dict[str, Any] | None = None, **fake: Any
) -> Iterator[XBench]:
    with FakeX(port=free_port(), **fake) as x:
        secrets = MemorySecrets(oauth1_secrets(x) if oauth == 1 else oauth2_secrets(x))
        values = {"base_url": x.base_url, "timeout_seconds": PATIENT_SECONDS} | (settings or {})
        channel = Channel("main", XSettings(network="x", **values), secrets, ManualClock(datetime.now(UTC)))
        yield XBench(
            publisher=X(channel),
            post=post or Post(text="Happy Halloween!", media=(PICTURE,)),
            expected={ServerAnswer.TOKEN_EXPIRED: POSTED} if oauth == 2 else {},
            refuses_the_same_words=True,
            fake=x,
            x=x,
            picture=jpeg(),
        )
