"""Whether what is sent to an address can be read on the way."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_open_to_listeners(url: str) -> bool:
    """Say whether what is sent there travels unencrypted beyond this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return False
    try:
        return not ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return True
