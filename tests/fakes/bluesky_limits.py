"""How much Bluesky lets somebody do, and the headers that say what is left."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fakes.bluesky_errors import refused

# Bluesky's rate limits and atproto pds createSession.ts, 2026-11-20: points (or requests) and seconds
LIMITS = {
    "requests": (3_000, 300),
    "sessions": (30, 300),
    "sessions per day": (300, 86_400),
    "writes": (5_000, 3_600),
    "writes per day": (35_000, 86_400),
}
PUT_POINTS = 2  # atproto pds putRecord.ts, 2026-11-20


class RateLimits:
    """Counts what was done, by limit and by who did it."""

    def __init__(self, limits: Mapping[str, int] | None = None) -> None:
        self._limits = {name: ((limits or {}).get(name, most), seconds) for name, (most, seconds) in LIMITS.items()}
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def count(self, names: tuple[str, ...], who: str, points: int, now: float) -> dict[str, str]:
        """Count on each of the limits and give the headers of the tightest; 429 if one is exceeded."""
        said: list[tuple[int, dict[str, str]]] = []
        for name in names:
            most, seconds = self._limits[name]
            ends_at, used = self._windows.get((name, who), (0.0, 0))
            if ends_at <= now:
                ends_at, used = now + seconds, 0
            if used + points > most:
                raise refused(429, "RateLimitExceeded", "Rate Limit Exceeded", headers(most, 0, ends_at, seconds))
            self._windows[name, who] = (ends_at, used + points)
            said.append((most - used - points, headers(most, most - used - points, ends_at, seconds)))
        return min(said, key=lambda one: one[0])[1]


def headers(limit: int, remaining: int, ends_at: float, seconds: int) -> dict[str, str]:
    return {
        "ratelimit-limit": str(limit),
        "ratelimit-remaining": str(remaining),
        "ratelimit-reset": str(int(ends_at)),
        "ratelimit-policy": f"{limit};w={seconds}",
    }
