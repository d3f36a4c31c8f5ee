"""Signed URLs that take one file: what stands in them, and whether it is genuine. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from pressroom.incoming import SignedPut, UploadTerms

_EXACT, _AT_MOST = "bytes", "max_bytes"


def signed_put(secret: bytes, terms: UploadTerms) -> SignedPut:
    """Return the URL of these terms below the server's root; it is read by `terms_of_url`."""
    if terms.expires_at.tzinfo is None:
        raise ValueError("the time at which a signed URL ends needs a zone")
    name, size = (_AT_MOST, terms.max_bytes) if terms.bytes is None else (_EXACT, terms.bytes)
    stated = {name: str(size), "expires": str(int(terms.expires_at.timestamp())), "type": terms.media_type}
    query = stated | {"signature": _signature(secret, terms.key, stated)}
    return SignedPut(url=f"/{quote(terms.key)}?{urlencode(query)}", headers={"Content-Type": terms.media_type})


def terms_of_url(secret: bytes, key: str, query: Mapping[str, str]) -> UploadTerms | None:
    """Return what a URL was signed for; None if it is not genuine."""
    stated = {name: value for name, value in query.items() if name != "signature"}
    # Everything comes from outside here: a line break could make two different things sign the same text.
    if not all(map(str.isprintable, (key, *stated, *stated.values()))):
        return None
    given = query.get("signature", "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(_signature(secret, key, stated).encode(), given):
        return None
    # It is ours, so it is what we write.
    size_name = _EXACT if _EXACT in stated else _AT_MOST
    size, expires = stated[size_name], stated["expires"]
    return UploadTerms(
        key=key,
        media_type=stated["type"],
        max_bytes=int(size),
        bytes=int(size) if size_name == _EXACT else None,
        expires_at=datetime.fromtimestamp(int(expires), UTC),
    )


def _signature(secret: bytes, key: str, stated: Mapping[str, str]) -> str:
    text = "\n".join(["PUT", key, *(f"{name}={value}" for name, value in sorted(stated.items()))])
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
