"""URLs of S3 that carry their own signature (Signature Version 4 in the query). Pure.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html, 2026-11-21
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
LONGEST_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Whose signature it is; what a role signs ends with the role's session, however long the URL says."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)
    """Of a session; empty for a user's own keys."""


def presigned(
    method: str,
    url: str,
    keys: SigningKeys,
    region: str,
    *,
    begins_at: datetime,
    seconds: int,
    headers: Mapping[str, str],
    query: Mapping[str, str],
) -> str:
    """Return a URL that S3 obeys from `begins_at` for so many seconds, if it comes with these very headers.

    `url` has no query; its path is what it stands for, not encoded. The same arguments give the same URL.
    """
    parts = urlsplit(url)
    stamp = begins_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    signed = {name.lower(): " ".join(value.split()) for name, value in headers.items()} | {"host": parts.netloc}
    names = ";".join(sorted(signed))
    told = {
        **query,
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{keys.access_key}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": names,
    }
    if keys.token:
        told["X-Amz-Security-Token"] = keys.token
    path = quote(parts.path, safe="/-_.~")
    in_query = "&".join(f"{name}={value}" for name, value in sorted((_coded(n), _coded(v)) for n, v in told.items()))
    lines = [f"{name}:{signed[name]}\n" for name in sorted(signed)]
    canonical = "\n".join([method, path, in_query, "".join(lines), names, "UNSIGNED-PAYLOAD"])
    to_sign = "\n".join([ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{keys.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{parts.scheme}://{parts.netloc}{path}?{in_query}&X-Amz-Signature={signature}"


def _coded(text: str) -> str:
    return quote(text, safe="-_.~")
