"""What a publisher is: its network's limits as data, and the few calls that the publishing protocol makes.

A publisher never retries, never decides to send again and never stores anything: `pressroom.publishing` does.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from pressroom.channel_settings import ChannelSettings as ChannelSettings
from pressroom.engagement import Engagement
from pressroom.findings import Finding as Finding
from pressroom.oauth import OAuth, TokenInfo
from pressroom.ports import Clock, Secrets
from pressroom.publications import Attempt, Post, PostMedia, Receipt
from pressroom.webhooks import Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRules:
    """What the network imposes on a post's words, counted by the publisher's own `length`."""

    limit: int
    counted_in: str
    """For people: "weighted characters", "graphemes"."""
    alt_text_limit: int = 0
    """0: the network takes no alt text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRules:
    """What the network imposes on a picture; fitting, validation, docs and tests read this one declaration."""

    formats: tuple[str, ...]
    """Media types, the preferred one first."""
    max_bytes: int
    most: int
    """Pictures a post may carry."""
    max_width: int = 0
    """Pixels; 0 for no limit known."""
    max_height: int = 0
    max_pixels: int = 0
    """Width times height; 0 for no limit known."""
    min_width: int = 0
    narrowest: float = 0.0
    """Least width divided by height; 0 for no limit known."""
    widest: float = 0.0
    best_width: int = 1600
    """The size a variant is made in when nothing else is asked for."""
    best_height: int = 900


@dataclass(frozen=True, slots=True)
class Found:
    """This very post is there."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Absent:
    """This reading did not find it. Only two of them after the settling time count."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The network lets nobody find out, or more than one post could be it."""

    why: str
    known: dict[str, Any] = field(default_factory=dict)


Reading = Found | Absent | CannotTell


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The post as the network would show it."""

    network: str
    text: str
    length: int
    limit: int
    media: tuple[PostMedia, ...]
    warnings: tuple[str, ...] = ()
    """What would be refused, cut or charged."""
    account: str = ""


MediaUrl = Callable[[PostMedia, datetime], str]
"""Returns a signed URL that opens a picture until then; without `public_base_url` one that is only local."""


@dataclass(frozen=True)
class Channel:
    """What a publisher is given: one configured destination."""

    name: str
    settings: ChannelSettings
    secrets: Secrets
    clock: Clock

    media_url: MediaUrl | None = field(default=None, repr=False)
    """For networks that fetch pictures themselves; None if nothing of ours can be reached from outside."""

    def secret(self, name: str) -> str | None:
        return self.secrets.get(f"channels.{self.name}.{name}")


Keep = Callable[[dict[str, Any]], None]
"""Stores what preparation has got so far, durably, before the next call is made."""
ReadMedia = Callable[[PostMedia], bytes]


class Publisher(ABC):
    """The adapter for one network, made for one channel. A module holds one, named by its module."""

    Settings: ClassVar[type[ChannelSettings]] = ChannelSettings
    title: ClassVar[str]
    """The network's name as people write it: "X"."""
    text_rules: ClassVar[TextRules]
    image_rules: ClassVar[ImageRules]
    needs_secrets: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Sets of names under the channel's section, one of which must be complete."""
    takes_secrets: ClassVar[tuple[str, ...]] = ()
    """Further names that it reads where they are set: of webhooks, of what renews a token."""
    takes_letters: ClassVar[bool] = False
    """Whether a post can go to one reader alone, and nobody else sees it."""
    repeatable: ClassVar[bool] = False
    """Whether `publish` may be called again with the same `prepared`: the network knows our key."""
    measured_at_once: ClassVar[int] = 0
    """How many posts one call of `measure` may be about; 0 if the network tells no counts."""
    price_of_reading: ClassVar[Decimal] = Decimal(0)
    """What the network charges for the counts of one post, in US dollars."""
    settling_time: ClassVar[timedelta | None] = None
    """Overrides `settle_seconds` where the network is known to need longer."""

    settings: ChannelSettings
    """Of the publisher's own `Settings`; a publisher declares it anew with that type."""

    def __init__(self, channel: Channel) -> None:
        if not isinstance(channel.settings, self.Settings):
            given = type(channel.settings).__name__
            raise TypeError(f"{type(self).__name__} needs {self.Settings.__name__}, not {given}")
        self.channel, self.settings = channel, channel.settings

    @property
    def settles_in(self) -> timedelta:
        if self.settling_time is not None:
            return self.settling_time
        return timedelta(seconds=self.channel.settings.settle_seconds)

    @property
    def timeout(self) -> timedelta:
        return timedelta(seconds=self.channel.settings.timeout_seconds)

    def length(self, text: str) -> int:
        """Count the text as the network does."""
        return len(text)

    def fits(self, text: str) -> bool:
        """Say whether a text needs no shortening."""
        return self.length(text) <= self.text_rules.limit

    def price(self, post: Post) -> Decimal:
        """Return what the network charges for this post, in US dollars."""
        return Decimal(0)

    def warnings(self, post: Post) -> tuple[str, ...]:
        """Return what somebody should know before sending: a charge, a cut, a rule nearly broken."""
        return ()

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        """Do everything before the public call that may be repeated (upload, container), going on from `prepared`.

        Calls `keep` after each call whose result must not be lost, and returns what `publish` needs.
        """
        return prepared

    @abstractmethod
    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        """Make the one call that makes the post public.

        Raises `PostRejected`, `AccountDisconnected`, `OutOfCredit`, `RateLimited` or `Unavailable` only if the
        post surely is not there, else `OutcomeUnknown`. Any other exception counts as `OutcomeUnknown`.
        """

    @abstractmethod
    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        """Look once whether this very post is there, since `attempt` has no result; raises if it cannot look."""

    def may_repeat(self, prepared: dict[str, Any], attempt: Attempt) -> bool:
        """Say whether `publish` may be called again although nobody knows what became of this attempt.

        Only where the network still knows our key, and so makes the same post of the same call.
        """
        return self.repeatable

    def forget_attempt(self, prepared: dict[str, Any]) -> dict[str, Any]:
        """Return what of `prepared` the next attempt may use, now that the last one surely came to nothing."""
        return prepared

    def measure(self, remote_ids: Sequence[str]) -> dict[str, Engagement]:
        """Return the counts of these posts as they are now, by id; a post that is gone is left out.

        At most `measured_at_once` ids. Raises what `http_api` raises.
        """
        return {}

    def webhook(self) -> Webhook | None:
        """Return the channel's side of the network's webhooks; None if it sends none, or its secrets are missing."""
        return None

    def oauth(self) -> OAuth | None:
        """Return how an account is connected in a browser; None if there is no such way.

        Raises `ConfigurationError` if a client id or the like is missing.
        """
        return None

    def tokens(self) -> list[TokenInfo]:
        """Return what ends and when: tokens, versions of the API."""
        return []

    def preview(self, post: Post) -> Preview:
        return Preview(
            network=self.title,
            text=post.text,
            length=self.length(post.text),
            limit=self.text_rules.limit,
            media=post.media,
            warnings=self.warnings(post),
        )

    def check(self) -> list[Finding]:
        """Look, without publishing, whether a post would go through: credentials, reachability, versions."""
        return []

    def dry_run(self) -> tuple[str, ...]:
        """Return each request that a sample post would be sent by, as text for people, with secrets masked.

        Nothing is sent. Empty where nobody chose what the requests look like.
        """
        return ()
