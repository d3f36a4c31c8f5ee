"""The state of one channel: its circuit breaker, its pace and whether it is paused. Pure decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pressroom.posting_windows import Window, next_open, start_of_next_day
from pressroom.retry import doubled

CLOCKS_DIFFER = timedelta(minutes=1)
"""What is noted for a time further ahead than this was noted by a clock that was wrong, and keeps nobody waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a channel wants to be treated; settings of `[channels.NAME]`."""

    failures: int = 5
    """Failures in a row, on whichever posts, that open the breaker."""
    first_break: timedelta = timedelta(seconds=30)
    longest_break: timedelta = timedelta(minutes=15)
    minimum_gap: timedelta = timedelta(0)
    """Between two posts on the channel."""
    windows: tuple[Window, ...] = ()
    """When posts may go out; at any time if there are none."""
    per_day: int = 0
    """Posts that may go out on one day; 0 for any number."""
    zone: str = "UTC"
    """The IANA zone of windows and days."""

    def without_wishes(self) -> Pace:
        """Return what is left where only the network's state counts, not when the user likes posts to go out."""
        return replace(self, minimum_gap=timedelta(0), windows=(), per_day=0)

    def day_of(self, at: datetime) -> str:
        return at.astimezone(ZoneInfo(self.zone)).date().isoformat()


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
    day: str = ""
    """The day, in the zone of the pace, that `posts` are of."""
    posts: tuple[str, ...] = ()
    """The publications that have taken a place among those of the day; each takes one, however often it is tried."""
    version: int = 0

    def waits_until(self, now: datetime, pace: Pace, post: str = "") -> datetime | None:
        """Return when this post, or any, may be sent; None for at once."""
        due = [now]
        if self.is_full(now, pace, post):
            due.append(start_of_next_day(pace.zone, now))
        if self.closed_until:
            due.append(self.closed_until)
        if self.last_sent_at and pace.minimum_gap and self.last_sent_at <= now + CLOCKS_DIFFER:
            due.append(self.last_sent_at + pace.minimum_gap)
        latest = next_open(pace.windows, pace.zone, max(due))
        return latest if latest > now else None

    def lets_go(self, now: datetime, pace: Pace, most: int) -> int:
        """Return how many of the posts that wait for the channel may be tried now: one after the other with a gap."""
        if self.paused or self.waits_until(now, pace):
            return 0
        if pace.minimum_gap or self.failures >= pace.failures:
            return min(most, 1)
        if pace.per_day:
            return min(most, pace.per_day - (len(self.posts) if self.day == pace.day_of(now) else 0))
        return most

    def taken(self, now: datetime, pace: Pace, post: str = "") -> ChannelState:
        """Return the state once a post has been let go: it keeps others waiting for the gap, and as a probe."""
        state = replace(self, last_sent_at=now) if pace.minimum_gap else self
        if pace.per_day:
            day = pace.day_of(now)
            known = self.posts if self.day == day else ()
            state = replace(state, day=day, posts=(*known, post) if post not in known else known)
        is_probe = self.failures >= pace.failures
        return replace(state, closed_until=now + pace.first_break) if is_probe else state

    def given_back(self, *posts: str) -> ChannelState:
        """Return the state once it is known that these posts go out on no day: their places are others'."""
        return replace(self, posts=tuple(other for other in self.posts if other not in posts))

    def why_waits(self, now: datetime, pace: Pace, post: str = "") -> str:
        """Return why this post does not go out yet, in one sentence."""
        if self._is_closed(now):
            return self.why or "The network is left alone for a while."
        if self.is_full(now, pace, post):
            return f"{pace.per_day} a day go out, and those of today have."
        if next_open(pace.windows, pace.zone, now) > now:
            return "Its window is not open."
        return "It keeps the time between two posts that was asked for."

    def _is_closed(self, now: datetime) -> bool:
        return self.closed_until is not None and self.closed_until > now

    def is_full(self, now: datetime, pace: Pace, post: str = "") -> bool:
        """Say whether this post, or any, finds no place among those of the day."""
        if not pace.per_day or self.day != pace.day_of(now) or post in self.posts:
            return False
        return len(self.posts) >= pace.per_day

    def failed(self, now: datetime, pace: Pace, why: str) -> ChannelState:
        """Count a failure of the network; from `pace.failures` on, leave it alone for longer and longer.

        When a break is over one post goes out as a probe, and the others wait for what becomes of it: its failure
        opens the breaker again at once, since the count is not forgotten before a success.
        """
        failures = self.failures + 1
        if failures < pace.failures:
            # Until the network is asked again, the reason is still why it is left alone.
            return replace(self, failures=failures, why=self.why if self._is_closed(now) else why)
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
        return replace(self, paused="", failures=0, closed_until=None, limit_until="", why="", last_sent_at=None)


def _later(one: datetime, other: datetime | None) -> datetime:
    return max(one, other) if other else one
