"""What X lets a user do and what it charges: windows of 15 minutes, and prices in thousandths of a dollar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.fakes.x_problems import out_of_credit, too_many_requests
from tests.fakes.x_state import Account, Charge, State

WINDOW_SECONDS = 15 * 60
DAY_SECONDS = 86_400
PER_DAY = " per day"
# docs.x.com rate limits, 2026-11-20; per user and 15 minutes, or per app and day.
# What is not listed there has the limit of its neighbours.
LIMITS = {
    "POST /2/tweets per day": 10_000,
    "POST /2/tweets": 100,
    "POST /2/media/upload": 500,
    "POST /2/media/metadata": 500,
    "GET /2/users/me": 75,
    "GET /2/users/{id}/tweets": 900,
    "GET /2/tweets": 900,
    "GET /2/tweets/{id}": 900,
}
# docs.x.com pricing, 2026-11-20
CREATE_MILLS = 15
CREATE_WITH_LINK_MILLS = 200
METADATA_MILLS = 5
OWNED_READ_MILLS = 1


@dataclass
class _Window:
    ends_at: float
    used: int = 0


class RateLimits:
    """Counts requests by route and user."""

    def __init__(self, limits: Mapping[str, int] | None = None) -> None:
        self._limits = {**LIMITS, **(limits or {})}
        self._windows: dict[tuple[str, str], _Window] = {}

    def count(self, route: str, account: Account, now: float) -> dict[str, str]:
        """Count one request and give the headers that say so; 429 with the same headers if it is one too many."""
        said = self._count(route, account.id, WINDOW_SECONDS, now, "x-rate-limit-{}")
        if route + PER_DAY in self._limits:
            said |= self._count(route + PER_DAY, account.api_key, DAY_SECONDS, now, "x-app-limit-24hour-{}")
        return said

    def _count(self, what: str, who: str, seconds: float, now: float, names: str) -> dict[str, str]:
        limit = self._limits[what]
        window = self._windows.get((what, who))
        if window is None or window.ends_at <= now:
            window = self._windows[what, who] = _Window(now + seconds)
        if window.used >= limit:
            raise too_many_requests(headers(limit, 0, window.ends_at, names))
        window.used += 1
        return headers(limit, limit - window.used, window.ends_at, names)


def headers(limit: int, remaining: int, ends_at: float, names: str = "x-rate-limit-{}") -> dict[str, str]:
    values = {"limit": limit, "remaining": remaining, "reset": int(ends_at)}
    return {names.format(name): str(value) for name, value in values.items()}


class Till:
    """Takes the money; `credit_mills` None is a credit without end."""

    def __init__(self, credit_mills: int | None = None) -> None:
        self.credit_mills = credit_mills

    def check(self, state: State, account: Account, mills: int) -> None:
        """402 if there is not enough left; nothing is taken yet."""
        if self.credit_mills is not None and spent(state) + mills > self.credit_mills:
            raise out_of_credit(account.id)

    def charge(self, state: State, what: str, mills: int, now: float) -> None:
        state.charges.append(Charge(what, mills, now))

    def charge_reads(self, state: State, post_ids: list[str], now: float) -> bool:
        """Charge the posts that a read gave, each once per UTC day; whether any was charged."""
        day = now // DAY_SECONDS
        paid = {charge.what for charge in state.charges if charge.at // DAY_SECONDS == day}
        fresh = [post_id for post_id in post_ids if f"read {post_id}" not in paid]
        for post_id in fresh:
            self.charge(state, f"read {post_id}", OWNED_READ_MILLS, now)
        return bool(fresh)


def spent(state: State) -> int:
    return sum(charge.mills for charge in state.charges)
