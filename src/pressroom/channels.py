"""The state of one channel: its circuit breaker, its pace and whether it is paused. Pure decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pressroom.retry import doubled


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a channel wants to be treated; settings of `[channels.NAME]`."""

    failures: int = 5
    """Failures in a row, on whichever posts, that open the breaker."""
    first_break: timedelta = timedelta(seconds=30)
    longest_break: timedelta = timedelta(minutes=15)
    minimum_gap: timedelta = timedelta(0)
    """Between two posts on the channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    name: str
    failures: int = 0
    """In a row."""
    closed_until: datetime | None = None
    """Nothing is sent before: the breaker is open, or a rate limit was met; the later of both."""
    limit_until: str = ""
    """When the rate limit ends that was met last, in ISO 8601: a success ends what the breaker asks for, not this."""
    why: str = ""
    paused: str = ""
    """Why a person must act before anything is sent; empty if nobody must."""
    last_sent_at: datetime | None = None
    version: int = 0

    def waits_until(self, now: datetime, pace: Pace) -> datetime | None:
        """Return when the next post may be sent, or None for at once."""
        due = [now]
        if self.closed_until:
            due.append(self.closed_until)
        if self.last_sent_at and pace.minimum_gap:
            due.append(self.last_sent_at + pace.minimum_gap)
        latest = max(due)
        return latest if latest > now else None

    def taken(self, now: datetime, pace: Pace) -> ChannelState:
        """Return the state once a post has been let go: it keeps others waiting for the gap, and as a probe."""
        state = replace(self, last_sent_at=now) if pace.minimum_gap else self
        is_probe = self.failures >= pace.failures
        return replace(state, closed_until=now + pace.first_break) if is_probe else state

    def failed(self, now: datetime, pace: Pace, why: str) -> ChannelState:
        """Count a failure of the network; from `pace.failures` on, leave it alone for longer and longer.

        When a break is over one post goes out as a probe, and the others wait for what becomes of it: its failure
        opens the breaker again at once, since the count is not forgotten before a success.
        """
        failures = self.failures + 1
        if failures < pace.failures:
            return replace(self, failures=failures, why=why)
        rest = doubled(pace.first_break, failures - pace.failures, pace.longest_break)
        return replace(self, failures=failures, closed_until=_later(now + rest, self._limit), why=why)

    def limited(self, until: datetime, why: str) -> ChannelState:
        """Leave the network alone until then, or longer if it, or the breaker, has asked for longer already."""
        limit = _later(until, self._limit)
        return replace(self, limit_until=limit.isoformat(), closed_until=_later(limit, self.closed_until), why=why)

    def succeeded(self, now: datetime) -> ChannelState:
        state = replace(self, failures=0, last_sent_at=now)
        if self._limit and self._limit > now:
            return replace(state, closed_until=self._limit)
        return replace(state, closed_until=None, limit_until="", why="")

    @property
    def _limit(self) -> datetime | None:
        return datetime.fromisoformat(self.limit_until) if self.limit_until else None

    def pause(self, why: str) -> ChannelState:
        return replace(self, paused=why)

    def resume(self) -> ChannelState:
        return replace(self, paused="", failures=0, closed_until=None, limit_until="", why="")


def _later(one: datetime, other: datetime | None) -> datetime:
    return max(one, other) if other else one
