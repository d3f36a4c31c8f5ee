"""LinkedIn's publisher in front of the fake LinkedIn, for the contract and for the tests of its own."""

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
from pressroom.publishers.linkedin import LinkedIn, LinkedInSettings
from pressroom.testing.clock import ManualClock
from tests.fakes.linkedin import FakeLinkedIn
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, free_port, jpeg


@dataclass(kw_only=True)
class LinkedInBench(FakeBench):
    linkedin: FakeLinkedIn
    public_path = "/rest/posts"

    def revoke(self) -> None:
        self.linkedin.member.is_revoked = True

    def count_posts(self) -> int:
        return len(self.linkedin.posts)


def secrets_of(linkedin: FakeLinkedIn, *, renewable: bool = False) -> dict[str, str]:
    access, refresh = linkedin.connect()
    values = {"access_token": access.text}
    if renewable:
        member = linkedin.member
        values |= {
            "refresh_token": refresh.text,
            "client_id": member.client_id,
            "client_secret": member.client_secret,
        }
    return {f"channels.main.{name}": value for name, value in values.items()}


@contextmanager
def a_bench(
    post: Post | None = None,
    *,
    organization: bool = True,
    renewable: bool = False,
    settings: dict[str, Any] | None = None,
    **fake: Any,
) -> Iterator[LinkedInBench]:
    with FakeLinkedIn(port=free_port(), **fake) as linkedin:
        values = {
            "base_url": linkedin.base_url,
            "oauth_url": f"{linkedin.base_url}/oauth/v2",
            "author": linkedin.organization if organization else linkedin.member.urn,
            "timeout_seconds": PATIENT_SECONDS,
        }
        secrets = MemorySecrets(secrets_of(linkedin, renewable=renewable))
        channel = Channel(
            "main",
            LinkedInSettings(network="linkedin", **(values | (settings or {}))),
            secrets,
            ManualClock(datetime.now(UTC)),
        )
        yield LinkedInBench(
            publisher=LinkedIn(channel),
            post=post or Post(text="Happy Halloween! #boo", media=(PICTURE,)),
            expected={ServerAnswer.TOKEN_EXPIRED: POSTED} if renewable else {},
            refuses_the_same_words=True,
            can_look=organization,
            fake=linkedin,
            linkedin=linkedin,
            picture=jpeg(),
        )
