"""The `base_url` of an outside service: what is one, and what to say of one that credentials are not safe on."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from pressroom.findings import Finding
from pressroom.unencrypted import is_open_to_listeners


def _checked(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("must begin with https://")
    return value.rstrip("/")


BaseUrl = Annotated[str, AfterValidator(_checked)]
"""A setting's type: an address with its scheme, kept without a slash at the end."""


def warnings_about(base_url: str) -> list[Finding]:
    """Return what `check` says of an address before it asks anything there; nothing if it is encrypted or local."""
    if not is_open_to_listeners(base_url):
        return []
    return [
        Finding(
            ok=True,
            what=f"{base_url} is not encrypted: credentials can be read on the way.",
            todo="Use https:// for anything that is not on this machine.",
        )
    ]
