"""How much a Mastodon server lets an account do, and the headers that say what is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tests.fakes.mastodon_errors import refused

# docs.joinmastodon.org api/rate-limits, 2026-11-20: requests and seconds
LIMITS = {"all": (300, 300), "media": (30, 1_800)}


class RateLimits:
    def __init__(self, limits: Mapping[str, int] | None = None) -> None:
        self._limits = {name: ((limits or {}).get(name, most), seconds) for name, (most, seconds) in LIMITS.items()}
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def count(self, name: str, who: str, now: float) -> dict[str, str]:
        """Count one request and give the headers that say so; 429 with the same headers if it is one too many."""
        most, seconds = self._limits[name]
        ends_at, used = self._windows.get((name, who), (0.0, 0))
        if ends_at <= now:
            ends_at, used = now + seconds, 0
        if used >= most:
            raise refused(429, "Too many requests", headers(most, 0, ends_at))
        self._windows[name, who] = (ends_at, used + 1)
        return headers(most, most - used - 1, ends_at)


def headers(limit: int, remaining: int, ends_at: float) -> dict[str, str]:
    reset = datetime.fromtimestamp(ends_at, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": reset,
    }
