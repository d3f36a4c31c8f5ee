"""The publisher of mail through Amazon SES in front of the fake one, for the contract and for the tests of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.server_answers import Expected, ServerAnswer
from pressroom.errors import AccountDisconnected
from pressroom.publications import Post
from pressroom.publishers.base import Channel
from pressroom.publishers.ses import Ses, SesSettings
from pressroom.testing.clock import ManualClock
from tests.fakes.aws_signatures import Keys
from tests.fakes.faults import Fault
from tests.fakes.ses import FakeSes
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, free_port, jpeg

REGION = "eu-central-1"
DIFFERENT = {
    # It is paid afterwards. What comes closest is an account that is suspended.
    ServerAnswer.OUT_OF_CREDIT: Expected(raises=AccountDisconnected),
}


@dataclass(kw_only=True)
class SesBench(FakeBench):
    ses: FakeSes
    prepared: dict[str, Any] = field(default_factory=dict)
    public_path = "/v2/email/outbound-emails"

    def revoke(self) -> None:
        self.ses.keys = Keys("AKIDOFSOMEBODYELSE", "another")

    def count_posts(self) -> int:
        return len(self.ses.mails)

    def prepare(self, prepared: dict[str, Any] | None = None) -> dict[str, Any]:
        self.prepared = super().prepare(prepared)
        return self.prepared

    def script(self, fault: Fault, **where: Any) -> None:
        """As always; a publisher with other settings is another one, which makes its mail anew."""
        super().script(fault, **where)
        if self.prepared:
            self.prepared = super().prepare(self.prepared)


@contextmanager
def a_bench(
    post: Post | None = None, *, settings: dict[str, Any] | None = None, keys: Keys | None = None, **fake: Any
) -> Iterator[SesBench]:
    with FakeSes(port=free_port(), **fake) as ses:
        keys = keys or ses.keys
        values = {
            "base_url": ses.base_url,
            "region": REGION,
            "sender": "The Press <press@example.com>",
            "to": ("Ann <ann@example.com>",),
            "bcc": ("bob@example.com",),
            "configuration_set": "press",
            "timeout_seconds": PATIENT_SECONDS,
        }
        named = {"access_key_id": keys.key_id, "secret_access_key": keys.secret}
        stored = {f"channels.main.{name}": value for name, value in named.items() if value}
        channel = Channel(
            "main",
            SesSettings(network="ses", **(values | (settings or {}))),
            MemorySecrets(stored),
            ManualClock(datetime.now(UTC)),
        )
        yield SesBench(
            publisher=Ses(channel),
            post=post or Post(text="Happy Halloween!\n\nBoo.", title="Boo at midnight", media=(PICTURE,)),
            expected=dict(DIFFERENT),
            can_look=False,
            fake=ses,
            ses=ses,
            picture=jpeg(),
        )
