"""X's publisher in front of the fake X, for the contract and for the tests of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.publisher import Bench
from pressroom.contracts.server_answers import POSTED, ServerAnswer
from pressroom.publications import Post, PostMedia
from pressroom.publishers.base import Channel
from pressroom.publishers.x import X, XSettings
from pressroom.testing.clock import ManualClock
from tests.fakes.faults import Fault, Reply
from tests.fakes.x import FakeX

FAULTS = {
    ServerAnswer.BAD_REQUEST: Fault.BAD_REQUEST,
    ServerAnswer.TOKEN_EXPIRED: Fault.TOKEN_EXPIRED,
    ServerAnswer.OUT_OF_CREDIT: Fault.OUT_OF_CREDIT,
    ServerAnswer.DUPLICATE: Fault.DUPLICATE,
    ServerAnswer.TOO_LARGE: Fault.TOO_LARGE,
    ServerAnswer.RATE_LIMITED: Fault.RATE_LIMITED,
    ServerAnswer.RATE_LIMITED_BARE: Fault.RATE_LIMITED_BARE,
    ServerAnswer.SERVER_ERROR: Fault.SERVER_ERROR,
    ServerAnswer.UNAVAILABLE: Fault.UNAVAILABLE,
    ServerAnswer.JUNK_BODY: Fault.JUNK_BODY,
    ServerAnswer.EMPTY_BODY: Fault.EMPTY_BODY,
    ServerAnswer.CUT_UNDONE: Fault.CUT_BEFORE_PROCESSING,
    ServerAnswer.CUT_DONE: Fault.CUT_AFTER_PROCESSING,
    ServerAnswer.TIMED_OUT: Fault.TIMEOUT_AFTER_PROCESSING,
    ServerAnswer.ACCEPTED_LATE: Fault.ACCEPTED_LATE,
    ServerAnswer.DONE_BUT_500: Fault.PROCESSED_BUT_500,
    ServerAnswer.DONE_BUT_JUNK: Fault.PROCESSED_BUT_JUNK,
    ServerAnswer.DONE_BUT_EMPTY: Fault.PROCESSED_BUT_EMPTY,
}
PATIENT_SECONDS = 20.0
HOLDS_BACK_SECONDS = 0.5
PICTURE = PostMedia(
    key="images/october_31_0_Halloween.jpg",
    revision=1,
    media_type="image/jpeg",
    width=64,
    height=36,
    alt_text="A pumpkin under a full moon",
)


def jpeg() -> bytes:
    import pyvips

    noise = pyvips.Image.gaussnoise(PICTURE.width, PICTURE.height, mean=128, sigma=30)
    data: bytes = noise.cast("uchar").write_to_buffer(".jpg")
    return data


@dataclass(kw_only=True)
class XBench(Bench):
    x: FakeX
    picture: bytes
    is_down: bool = False

    def arrange(self, answer: ServerAnswer) -> None:
        if answer is ServerAnswer.TOKEN_REVOKED:
            self.x.account.is_revoked = True
        elif answer is ServerAnswer.NOT_LISTENING:
            self.x.stop()
            self.is_down = True
        elif answer is not ServerAnswer.SUCCESS:
            self.script(FAULTS[answer], method="POST", path="/2/tweets")

    def script(self, fault: Fault, **where: Any) -> None:
        """Let the next matching request meet a fault; one that holds the answer back is not waited for long."""
        self.x.script(fault, **where)
        patience = HOLDS_BACK_SECONDS if fault.reply is Reply.HOLD else PATIENT_SECONDS
        channel = self.publisher.channel
        settings = channel.settings.model_copy(update={"timeout_seconds": patience})
        self.publisher = X(replace(channel, settings=settings))

    def recover(self) -> None:
        if self.is_down:
            self.x.start()

    def count_posts(self) -> int:
        return len(self.x.posts)

    def let_late_post_arrive(self) -> None:
        self.x.release()
        self.x.wait_until(lambda: self.x.posts)

    def read(self, media: PostMedia) -> bytes:
        return self.picture

    @property
    def secrets(self) -> MemorySecrets:
        found = self.publisher.channel.secrets
        assert isinstance(found, MemorySecrets)
        return found

    @property
    def clock(self) -> ManualClock:
        found = self.publisher.channel.clock
        assert isinstance(found, ManualClock)
        return found

    def calls(self, path: str = "") -> list[tuple[str, str]]:
        return [(one.method, one.path) for one in self.x.requests if path in one.path]


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
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with FakeX(port=port, **fake) as x:
        secrets = MemorySecrets(oauth1_secrets(x) if oauth == 1 else oauth2_secrets(x))
        values = {"base_url": x.base_url, "timeout_seconds": PATIENT_SECONDS} | (settings or {})
        channel = Channel("main", XSettings(network="x", **values), secrets, ManualClock(datetime.now(UTC)))
        yield XBench(
            publisher=X(channel),
            post=post or Post(text="Happy Halloween!", media=(PICTURE,)),
            expected={ServerAnswer.TOKEN_EXPIRED: POSTED} if oauth == 2 else {},
            x=x,
            picture=jpeg(),
        )
