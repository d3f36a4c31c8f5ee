"""The mail publisher in front of the fake mail server, for the contract and for the tests of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.server_answers import Expected, ServerAnswer
from pressroom.errors import RateLimited, Unavailable
from pressroom.publications import Post
from pressroom.publishers._smtp_settings import SmtpSettings
from pressroom.publishers.base import Channel
from pressroom.publishers.smtp import Smtp
from pressroom.testing.clock import ManualClock
from tests.fakes.faults import Fault
from tests.fakes.smtp import FakeSmtp
from tests.publishers.fake_bench import PATIENT_SECONDS, PICTURE, FakeBench, jpeg

DIFFERENT = {
    # No mail server asks for money. What comes closest is the quota of a day, which is over by itself.
    ServerAnswer.OUT_OF_CREDIT: Expected(raises=RateLimited),
    # A reply of the 400s other than 421 says that the mail was not taken: RFC 5321, 4.2.1. HTTP promises nothing alike.
    ServerAnswer.SERVER_ERROR: Expected(raises=Unavailable),
}


@dataclass(kw_only=True)
class SmtpBench(FakeBench):
    smtp: FakeSmtp
    prepared: dict[str, Any] = field(default_factory=dict)
    public_method = "DOT"
    public_path = "*"

    def revoke(self) -> None:
        self.smtp.password = "another password"

    def count_posts(self) -> int:
        return len(self.smtp.mails)

    def prepare(self, prepared: dict[str, Any] | None = None) -> dict[str, Any]:
        self.prepared = super().prepare(prepared)
        return self.prepared

    def arrange(self, answer: ServerAnswer) -> None:
        if answer is ServerAnswer.TOKEN_EXPIRED:
            self.script(Fault.TOKEN_EXPIRED, method="AUTH", path="*")
        else:
            super().arrange(answer)

    def script(self, fault: Fault, **where: Any) -> None:
        """As always; a publisher with other settings is another one, which makes its mail anew."""
        super().script(fault, **where)
        if self.prepared:
            self.prepared = super().prepare(self.prepared)


@contextmanager
def a_bench(
    post: Post | None = None, *, settings: dict[str, Any] | None = None, signs_in: bool = True, **fake: Any
) -> Iterator[SmtpBench]:
    fake = fake if signs_in else fake | {"password": ""}
    with FakeSmtp(**fake) as smtp:
        values = {
            "host": "localhost",
            "port": smtp.smtp_port,
            "security": "none",
            "sender": "The Press <press@example.com>",
            "to": ("Ann <ann@example.com>",),
            "bcc": ("bob@example.com",),
            "timeout_seconds": PATIENT_SECONDS,
        }
        stored = {"channels.main.username": smtp.username, "channels.main.password": smtp.password} if signs_in else {}
        channel = Channel(
            "main",
            SmtpSettings(network="smtp", **(values | (settings or {}))),
            MemorySecrets(stored),
            ManualClock(datetime.now(UTC)),
        )
        yield SmtpBench(
            publisher=Smtp(channel),
            post=post or Post(text="Happy Halloween!\n\nBoo.", title="Boo at midnight", media=(PICTURE,)),
            expected=dict(DIFFERENT),
            can_look=False,
            fake=smtp,
            smtp=smtp,
            picture=jpeg(),
        )
