"""What a Mastodon server says of its own limits, beside those that are set. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pressroom.findings import Finding
from pressroom.publishers.base import ImageRules

# Where `GET /api/v2/instance` has them; docs.joinmastodon.org entities/Instance, 2026-11-20
_PLACES = {
    "character_limit": ("statuses", "max_characters"),
    "max_image_bytes": ("media_attachments", "image_size_limit"),
}
_UNITS = {"character_limit": "characters", "max_image_bytes": "bytes a picture"}
_USEFUL_TO_KNOW = ("character_limit",)
"""Of which it is said too if the server takes more than is set."""


def findings_of(
    instance: dict[str, Any], settings: Mapping[str, int], rules: ImageRules, section: str
) -> Iterator[Finding]:
    """Give a finding for each limit of the server that is not the one that is set."""
    configuration = instance.get("configuration")
    known = configuration if isinstance(configuration, dict) else {}
    for name, (group, field) in _PLACES.items():
        takes = _of(known, group).get(field)
        if not isinstance(takes, int) or takes == settings[name]:
            continue
        what = f"The server takes {takes:,} {_UNITS[name]}, and {name} is {settings[name]:,}."
        if takes < settings[name]:
            yield Finding(ok=False, what=what, todo=f"Set {name} = {takes} in {section}.")
        elif name in _USEFUL_TO_KNOW:
            yield Finding(ok=True, what=what, todo=f"Set {name} = {takes} in {section} to use it.")
    most = _of(known, "statuses").get("max_media_attachments")
    if isinstance(most, int) and most < rules.most:
        yield Finding(ok=True, what=f"The server takes {most} pictures a post.", todo="Give a post no more than that.")
    formats = _of(known, "media_attachments").get("supported_mime_types")
    if isinstance(formats, list) and formats and rules.formats[0] not in formats:
        yield Finding(ok=False, what=f"The server does not take {rules.formats[0]}.", todo="Ask who runs it.")


def _of(known: dict[str, Any], group: str) -> dict[str, Any]:
    found = known.get(group)
    return found if isinstance(found, dict) else {}
