"""The security headers of every answer."""

from __future__ import annotations

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""For what is no page: whatever a browser takes it for, it loads and runs nothing."""

SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Signed URLs must not travel to the networks that the pages link to.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def security_headers(media_type: str) -> dict[str, str]:
    """Return the headers of an answer of this type; data gets stricter ones than a page, its styles and scripts."""
    if not media_type.startswith(("application/json", "application/problem+json", "text/csv", "text/event-stream")):
        return SECURITY_HEADERS
    # Reading it across sites is for the settings to allow, not for a <script> or an <img> elsewhere.
    return SECURITY_HEADERS | {
        "content-security-policy": DATA_POLICY,
        "cross-origin-resource-policy": "same-origin",
    }
