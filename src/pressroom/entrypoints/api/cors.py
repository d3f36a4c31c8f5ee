"""What pages of other sites may do here: nothing, until their origin is named in the settings. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ASKED_HEADERS = "authorization, content-type, idempotency-key, if-match, if-none-match, last-event-id, range"
SHOWN_HEADERS = "content-range, etag, idempotency-replayed, link, location, retry-after, www-authenticate"
_KEPT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Cors:
    """The rules of one server. Cookies never count for another site: its pages bring a key, or nothing."""

    origins: tuple[str, ...] = ()
    """As browsers write them, `https://app.example`; `*` for all."""

    def allows(self, origin: str) -> bool:
        return origin in self.origins or ("*" in self.origins and bool(origin))

    def trusts(self, origin: str) -> bool:
        """Say whether an origin is named itself, so that on this machine its pages may do what ours may."""
        return origin in self.origins and origin != "*"

    def headers(self, request: Mapping[str, str]) -> dict[str, str]:
        """Return what an answer says of who may read it."""
        if not self.origins:
            return {}
        origin = request.get("origin", "")
        # Whoever asks gets an answer of its own, so caches must tell them apart.
        found = {} if self.origins == ("*",) else {"vary": "origin"}
        if self.allows(origin):
            allowed = "*" if "*" in self.origins else origin
            found |= {"access-control-allow-origin": allowed, "access-control-expose-headers": SHOWN_HEADERS}
        return found

    def preflight(self, request: Mapping[str, str], methods: list[str]) -> dict[str, str] | None:
        """Return what answers a browser's question before it sends, beside `headers`; None if it asks none."""
        if "access-control-request-method" not in request or not self.allows(request.get("origin", "")):
            return None
        return {
            "access-control-allow-methods": ", ".join(methods),
            "access-control-allow-headers": ASKED_HEADERS,
            "access-control-max-age": str(_KEPT_SECONDS),
        }
