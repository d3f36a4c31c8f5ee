"""Signed paths of assets below the server's root: what stands in them, and whether one is genuine. Pure."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

_LONGEST_TIME = 12
"""Digits of the second at which a URL ends."""


def signed_path(secret: bytes, key: str, revision: int, expires_at: datetime) -> str:
    if expires_at.tzinfo is None:
        raise ValueError("the time at which a signed URL ends needs a zone")
    expires = str(int(expires_at.timestamp()))
    query = {"revision": revision, "expires": expires, "signature": _signature(secret, key, revision, expires)}
    return f"/assets/{quote(key)}?{urlencode(query)}"


def is_genuine(secret: bytes, key: str, revision: int, expires: str, signature: str, now: datetime) -> bool:
    """Say whether a path was signed with this secret and is not over. Everything but the secret comes from outside."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= _LONGEST_TIME):
        return False
    given = signature.encode("utf-8", "surrogatepass")
    genuine = hmac.compare_digest(_signature(secret, key, revision, expires).encode(), given)
    return genuine and now < datetime.fromtimestamp(int(expires), UTC)


def _signature(secret: bytes, key: str, revision: int, expires: str) -> str:
    # A key holds no line breaks, so two different things never sign the same text.
    text = f"GET\n{key}\n{revision}\n{expires}"
    return hmac.new(secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
