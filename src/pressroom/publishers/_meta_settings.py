"""What the settings and the check of every channel on one of Meta's networks have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pydantic import Field

from pressroom.errors import ConfigurationError
from pressroom.findings import Finding
from pressroom.publications import PostMedia
from pressroom.publishers._meta_media_url import signed_address
from pressroom.publishers.base import ChannelSettings, ImageRules, Publisher, TextRules
from pressroom.unencrypted import is_open_to_listeners


class MetaSettings(ChannelSettings):
    text_limit: int | None = Field(None, gt=0)
    """Of a post, counted as the network counts; for accounts that have another limit than the documented one."""
    max_images: int | None = Field(None, gt=0)
    """Pictures a post may carry, if that is not what the documentation says."""
    max_image_bytes: int | None = Field(None, gt=0)
    """Of one picture, if that is not what the documentation says."""


def keep_to(settings: MetaSettings, text: TextRules, image: ImageRules) -> dict[str, TextRules | ImageRules]:
    """Return the declared limits with those that the user has set in their place."""
    if settings.text_limit is not None:
        text = replace(text, limit=settings.text_limit)
    if settings.max_images is not None:
        image = replace(image, most=settings.max_images)
    if settings.max_image_bytes is not None:
        image = replace(image, max_bytes=settings.max_image_bytes)
    return {"text_rules": text, "image_rules": image}


def account_findings(publisher: Publisher, setting: str, given: str, account_id: str, name: str) -> Iterator[Finding]:
    """Say whose account it is, and what is wrong with the address or with the id in the settings."""
    base_url = publisher.channel.settings.base_url
    if is_open_to_listeners(base_url):
        what = f"{base_url} is not encrypted: credentials can be read on the way."
        yield Finding(ok=True, what=what, todo="Use https:// for anything that is not on this machine.")
    yield Finding(ok=True, what=f"{publisher.title} accepts the credentials of {name}.")
    if given not in ("", account_id):
        yield Finding(
            ok=False,
            what=f"The setting {setting} is {given}, and the access token is one of {name}, which is {account_id}.",
            todo=f'Set {setting} = "{account_id}" in [channels.{publisher.channel.name}], or leave it out.',
        )


def address_findings(publisher: Publisher, *, must: bool) -> Iterator[Finding]:
    """Say what is wrong with the addresses under which the network would fetch pictures, as far as they tell.

    `must`: whether the channel can post nothing at all without them.
    """
    probe = PostMedia(key="check.jpg", revision=1, media_type="image/jpeg", width=1, height=1, alt_text="")
    try:
        signed_address(publisher.channel, publisher.title, probe)
    except ConfigurationError as error:
        yield Finding(ok=not must, what=error.what, todo=error.todo)
