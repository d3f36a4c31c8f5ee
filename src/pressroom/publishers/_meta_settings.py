"""What the settings and the check of every channel on one of Meta's networks have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pressroom.findings import Finding
from pressroom.publishers.base import ChannelSettings, ImageRules, Publisher, TextRules
from pressroom.unencrypted import is_open_to_listeners


class MetaSettings(ChannelSettings):
    text_limit: int | None = None
    """Of a post, counted as the network counts; for accounts that have another limit than the documented one."""
    pictures_limit: int | None = None
    """Pictures a post may carry, if that is not what the documentation says."""
    picture_bytes_limit: int | None = None
    """Of one picture, if that is not what the documentation says."""


def keep_to(settings: MetaSettings, text: TextRules, image: ImageRules) -> dict[str, TextRules | ImageRules]:
    """Return the declared limits with those that the user has set in their place."""
    if settings.text_limit is not None:
        text = replace(text, limit=settings.text_limit)
    if settings.pictures_limit is not None:
        image = replace(image, most=settings.pictures_limit)
    if settings.picture_bytes_limit is not None:
        image = replace(image, max_bytes=settings.picture_bytes_limit)
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
