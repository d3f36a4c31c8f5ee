"""The network that needs no account: a post on it is its own stored row, which the pages show as a feed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from pressroom import registry
from pressroom.errors import ConfigurationError
from pressroom.ids import new_id
from pressroom.publications import Attempt, Post, Receipt
from pressroom.publishers.base import (
    Absent,
    Channel,
    ChannelSettings,
    Finding,
    ImageRules,
    Keep,
    Preview,
    Publisher,
    Reading,
    ReadMedia,
    TextRules,
)


class PreviewSettings(ChannelSettings):
    like: str = "x"
    """The network whose look and limits are shown: a publisher's module name."""


class PreviewFeed(Publisher):
    """Takes every post and says what the network that it is like would refuse, cut or charge."""

    Settings = PreviewSettings
    title = "Preview"
    # What the pages can show. A channel has the limits of the network that it is like.
    text_rules = TextRules(limit=100_000, counted_in="characters", alt_text_limit=10_000)
    image_rules = ImageRules(
        formats=("image/jpeg", "image/png", "image/webp", "image/gif"), max_bytes=50_000_000, most=20
    )
    takes_letters = True
    repeatable = True

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._like = _publisher_like(channel)
        vars(self).update(text_rules=self._like.text_rules, image_rules=self._like.image_rules)

    def length(self, text: str) -> int:
        return self._like.length(text)

    def price(self, post: Post) -> Decimal:
        """Return 0: only the network itself would charge, and the warnings say what."""
        return Decimal(0)

    def warnings(self, post: Post) -> tuple[str, ...]:
        return self._like.warnings(post)

    def preview(self, post: Post) -> Preview:
        return self._like.preview(post)

    def prepare(self, post: Post, read: ReadMedia, prepared: dict[str, Any], keep: Keep) -> dict[str, Any]:
        """Choose the key of the post, once: two posts with the same words are two posts."""
        if "id" not in prepared:
            prepared = prepared | {"id": new_id("preview")}
            keep(prepared)
        return prepared

    def publish(self, post: Post, prepared: dict[str, Any]) -> Receipt:
        remote_id = str(prepared["id"])
        return Receipt(remote_id=remote_id, url=f"/preview/{remote_id}", at=self.channel.clock.now())

    def reconcile(self, post: Post, prepared: dict[str, Any], attempt: Attempt) -> Reading:
        """Nothing is kept elsewhere: without a stored receipt there is no post."""
        return Absent()

    def check(self) -> list[Finding]:
        return [Finding(ok=True, what=f"Shows posts on the pages as {self._like.title} would; needs no account.")]


def _publisher_like(channel: Channel) -> Publisher:
    """Return the publisher whose look is shown, with its default settings; no call of it goes out."""
    like = getattr(channel.settings, "like", PreviewSettings.model_fields["like"].default)
    kind = registry.publisher(like)
    todo = f"Name another network at like = … in [channels.{channel.name}]."
    if issubclass(kind, PreviewFeed):
        raise ConfigurationError(f"The channel {channel.name} cannot be like itself.", todo=todo)
    try:
        settings = kind.Settings(network=like)
    except ValidationError as error:
        raise ConfigurationError(
            f"The channel {channel.name} cannot be like {like}: that network has no look without settings of its own.",
            todo=todo,
        ) from error
    return kind(Channel(channel.name, settings, channel.secrets, channel.clock))
