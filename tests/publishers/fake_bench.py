"""A publisher in front of a fake network, for the contract and for the tests of its own."""

from __future__ import annotations

import random
import socket
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from pressroom.backends.memory.secrets import MemorySecrets
from pressroom.contracts.publisher import Bench
from pressroom.contracts.server_answers import ServerAnswer
from pressroom.publications import PostMedia
from pressroom.testing.clock import ManualClock
from tests.fakes.faults import Fault, Reply
from tests.fakes.server import FakeServer

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


def free_port() -> int:
    """Return a port for a fake that is stopped and started again under the same address.

    Below those that systems give out by themselves, so that nothing else is given it while the fake is stopped.
    """
    while True:
        port = random.randint(10_000, 30_000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


@dataclass(kw_only=True)
class FakeBench(Bench):
    """A network's bench inherits from it, names the public call, and counts its fake's posts."""

    fake: FakeServer
    picture: bytes
    is_down: bool = False
    public_method: ClassVar[str] = "POST"
    public_path: ClassVar[str]
    """Of the one call that makes a post public; may hold `*`."""

    def revoke(self) -> None:
        """Have the network no longer accept the channel's credentials, nor renew them."""
        raise TypeError("A bench says how its fake revokes credentials.")

    def arrange(self, answer: ServerAnswer) -> None:
        if answer is ServerAnswer.TOKEN_REVOKED:
            self.revoke()
        elif answer is ServerAnswer.NOT_LISTENING:
            self.fake.stop()
            self.is_down = True
        elif answer is not ServerAnswer.SUCCESS:
            self.script(FAULTS[answer], method=self.public_method, path=self.public_path)

    def script(self, fault: Fault, **where: Any) -> None:
        """Let the next matching request meet a fault; one that holds the answer back is not waited for long."""
        self.fake.script(fault, **where)
        patience = HOLDS_BACK_SECONDS if fault.reply is Reply.HOLD else PATIENT_SECONDS
        channel = self.publisher.channel
        settings = channel.settings.model_copy(update={"timeout_seconds": patience})
        self.publisher = type(self.publisher)(replace(channel, settings=settings))

    def recover(self) -> None:
        if self.is_down:
            self.fake.start()

    def let_late_post_arrive(self) -> None:
        self.fake.release()
        self.fake.wait_until(lambda: self.count_posts())

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
        return [(one.method, one.path) for one in self.fake.requests if path in one.path]
