"""What the soak must know of a network: how its fake is started, what a channel needs, and what is public there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar

from tests.soak.fake_process import FakeProcess

ENDLESS = 1_000_000
"""For the limits of a fake that are not what the soak is about."""
READ_LAG = ("--read-lag", "0.5")
"""What is written is not to be read at once; the channel takes longer to settle."""


@dataclass(frozen=True)
class Seen:
    """One public post, as somebody who looks at the network sees it."""

    id: str
    """As the receipt of the post names it."""
    text: str
    alt_texts: tuple[str, ...]
    """Of its pictures."""


class Network(ABC):
    """A subclass in a file of its own declares one; it takes no note of anything, so that all may share it."""

    fake: ClassVar[str]
    """The module of the fake."""
    options: ClassVar[tuple[str, ...]] = ()
    """How the fake is started: it takes a second post of the same words, else it would hide that we sent one."""
    public_call: ClassVar[tuple[str, str]]
    """Method and path, which may hold `*`, of the one call that makes a post public."""
    preparing_call: ClassVar[tuple[str, str]]
    """Of one that each post needs before that; the public call where there is none."""
    fetches_pictures: ClassVar[bool] = False
    """Whether the network fetches pictures from us, so that something must give them out."""
    public_base_url: ClassVar[str] = ""
    """What [server] says of it, where pictures are only named and not fetched."""
    tells_ids: ClassVar[bool] = True
    """Whether a receipt names a post as the network does."""
    is_read_back: ClassVar[bool] = False
    """Whether it tells, always, what became of a call: then nothing is sent again that is there, or may be.

    Some networks would refuse it, so that counting posts does not show it.
    """
    key_header: ClassVar[str] = ""
    """Of the public call, with a key of ours: a repeat bears the one that the call before it bore."""
    fault_rate: ClassVar[float] = 0.1
    """How many of the calls that make nothing public meet a fault."""

    def is_public(self, method: str, path: str) -> bool:
        """Say whether a call is the one that makes a post public."""
        return method == self.public_call[0] and fnmatchcase(path, self.public_call[1])

    @abstractmethod
    def section(self, fake: FakeProcess) -> str:
        """Return the lines of `[channels.main]` that only this network needs, as TOML."""

    @abstractmethod
    def secrets(self, fake: FakeProcess) -> dict[str, str]:
        """Return the secrets of the channel, by their names in its section."""

    @abstractmethod
    def seen(self, fake: FakeProcess) -> list[Seen]:
        """Return every public post, the oldest first."""

    def mistakes(self, fake: FakeProcess) -> list[str]:
        """Return what is wrong on the network beside posts that are there too often or not at all."""
        return []

    def remarks(self, fake: FakeProcess) -> list[str]:
        """Return what is worth knowing and not wrong."""
        return []
